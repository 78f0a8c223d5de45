// Messages that are stopped, by us or by others, on a real server.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mariadb } from '../../servers/index.ts';
import { control, controls, faultOf, messageFaultOf, open, recorder } from './support.ts';

describe('cancel', () => {
  test('stops the running statement and nothing after it', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const started = Promise.withResolvers<void>();
    // DML, since SLEEP alone ends without an error.
    const sending = opened.session.send(
      [control('CREATE TABLE t AS SELECT 1 AS a'), control('INSERT INTO t SELECT SLEEP(60)'), control('SELECT 1')],
      {
        completed: () => started.resolve(),
        notice: () => undefined,
      },
    );
    const failed = messageFaultOf(sending);
    await started.promise;
    // Until the server has begun with it there is nothing to stop.
    await expect
      .poll(
        async () =>
          (
            await server.query(
              "SELECT 1 FROM information_schema.PROCESSLIST WHERE INFO LIKE 'INSERT INTO t SELECT SLEEP%'",
            )
          ).length,
      )
      .toBe(1);
    await opened.session.cancel();
    expect(await failed).toMatchObject({ unit: 1, fault: { kind: 'cancelled' } });
    expect(await opened.session.query('SELECT COUNT(*) AS count FROM t')).toEqual([{ count: 1 }]);
  });

  test('stops a message whose statement takes no notice, and harms no message after it', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const started = Promise.withResolvers<void>();
    // SLEEP ends early and as if it had succeeded.
    const sleeps = Array.from({ length: 20 }, () => control('DO SLEEP(60)'));
    const sending = opened.session.send(
      [control('CREATE TABLE t (a INT)'), ...sleeps, control('INSERT INTO t SELECT SLEEP(60)')],
      { completed: () => started.resolve(), notice: () => undefined },
    );
    const failed = messageFaultOf(sending);
    await started.promise;
    await opened.session.cancel();
    expect(await failed).toMatchObject({ unit: 21, fault: { kind: 'cancelled' } });
    await opened.session.send(
      controls(...Array.from({ length: 200 }, (_, index) => `INSERT INTO t VALUES (${index})`)),
      recorder(),
    );
    expect(await opened.session.query('SELECT COUNT(*) AS count FROM t')).toEqual([{ count: 200 }]);
  });

  /** Statements in autocommit, so that each that completed has left its row. */
  const rows = (count: number) =>
    controls(
      ...Array.from({ length: count }, (_, index) =>
        index % 7 === 3 ? 'SELECT 1' : `INSERT INTO t VALUES (${index})`,
      ),
    );
  const rowsOf = (units: number) =>
    Array.from({ length: units }, (_, index) => index).filter((index) => index % 7 !== 3).length;

  test('at any moment: what was told complete is what is there', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const { session } = opened;
    await session.query('CREATE TABLE t (a INT)');
    const sizes = fc.integer({ min: 0, max: 60 });
    await fc.assert(
      fc.asyncProperty(sizes, async (stopAfter) => {
        await session.query('TRUNCATE t');
        const told: number[] = [];
        let asked: Promise<void> = Promise.resolve();
        const failed = messageFaultOf(
          session.send(rows(3000), {
            completed: (unit) => {
              told.push(unit);
              if (unit === stopAfter) asked = session.cancel();
            },
            notice: () => undefined,
          }),
        );
        const { unit, fault } = await failed;
        await asked;
        expect(fault.kind).toBe('cancelled');
        expect(told).toEqual(Array.from({ length: unit }, (_, index) => index));
        expect(await session.query('SELECT COUNT(*) AS count FROM t')).toEqual([{ count: rowsOf(unit) }]);
      }),
      { numRuns: 15 },
    );
  });

  test('by somebody else, at a statement’s end, is noticed although the server says nothing', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    await using other = await open({ server, database: database.name });
    await opened.session.query('CREATE TABLE t (a INT)');
    const [row] = await opened.session.query('SELECT CONNECTION_ID() AS id');
    let asked: Promise<unknown> = Promise.resolve();
    const failed = messageFaultOf(
      opened.session.send(rows(5000), {
        completed: (unit) => {
          if (unit === 20) asked = other.session.query(`KILL QUERY ${row?.id}`);
        },
        notice: () => undefined,
      }),
    );
    const { unit, fault } = await failed;
    await asked;
    expect(fault.kind).toBe('cancelled');
    expect(await opened.session.query('SELECT COUNT(*) AS count FROM t')).toEqual([{ count: rowsOf(unit) }]);
  });

  test('of a session that is gone is no failure', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    const opened = await open({ server, database: database.name });
    await opened.session.close();
    await opened.session.cancel();
  });
});

describe('a session that is killed', () => {
  test('in a statement: the outcome is unknown, and later messages fail at once', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const [row] = await opened.session.query('SELECT CONNECTION_ID() AS id');
    const failed = messageFaultOf(opened.session.send(controls('SELECT 1', 'DO SLEEP(60)', 'SELECT 2'), recorder()));
    await expect
      .poll(
        async () =>
          (
            await server.query(
              `SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = ${row?.id} AND STATE = 'User sleep'`,
            )
          ).length,
      )
      .toBe(1);
    await server.query(`KILL ${row?.id}`);
    expect(await failed).toMatchObject({ unit: 1, fault: { kind: 'connectionLost' } });
    expect(await faultOf(opened.session.query('SELECT 1'))).toMatchObject({ kind: 'connectionLost' });
  });

  test('while idle', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const [row] = await opened.session.query('SELECT CONNECTION_ID() AS id');
    await server.query(`KILL ${row?.id}`);
    expect(await faultOf(opened.session.query('SELECT 1'))).toMatchObject({ kind: 'connectionLost' });
  });
});
