import { expect, test } from 'vitest';
import { MessageFault } from '../../electron/engine/ports.ts';
import { skipBecause } from '../setup/skip.ts';
import type { Engine } from './drivers.ts';
import { control, expectFault, listen, open, run, scalar, statements } from './sessions.ts';

export function sending(engine: Engine): void {
  const { begin, commit, rollback, resetSession } = engine.driver.control;
  const { capabilities } = engine.driver;

  test('units complete in order, each with its own result', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    const heard = listen();
    await session.send(
      statements(
        'CREATE TABLE patient (id integer) -- a comment at the end',
        '/* nothing but a comment */',
        'INSERT INTO patient VALUES (1), (2), (3)',
        'SELECT id, NULL AS absent FROM patient WHERE id < 3 ORDER BY id',
        'UPDATE patient SET id = id + 10 WHERE id > 1',
        'DELETE FROM patient',
      ),
      heard,
    );
    expect(heard.units).toEqual([0, 1, 2, 3, 4, 5]);
    const [, , inserted, selected, updated, deleted] = heard.results;
    expect([inserted, updated, deleted].map((result) => result?.affectedRows)).toEqual([3, 2, 3]);
    expect(selected?.resultSet).toEqual({
      columns: ['id', 'absent'],
      rows: [
        ['1', null],
        ['2', null],
      ],
      rowCount: 2,
    });
    expect([inserted, updated, deleted].map((result) => result?.resultSet)).toEqual([null, null, null]);
  });

  test('a unit is told complete while the next one runs, and that one can be cancelled', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    let cancelled: Promise<void> = Promise.resolve();
    const heard = listen(() => {
      cancelled = session.cancel();
    });
    const thrown: unknown = await session
      .send(statements('SELECT 1', engine.sql.long), heard)
      .catch((error: unknown) => error);
    await cancelled;
    expect(heard.units).toEqual([0]);
    expect(thrown).toMatchObject({ unit: 1, fault: { kind: 'cancelled' } });
    expect(await scalar(session, 'SELECT 5 AS value')).toBe(5);
  });

  test('cancelling a session that runs nothing harms nothing', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    await session.cancel();
    expect(await scalar(session, 'SELECT 5 AS value')).toBe(5);
  });

  test('a cancel in the same turn as what it is meant for is not lost', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    const sending = session.send(statements(engine.sql.long), listen());
    const cancelled = session.cancel();
    await expectFault(sending, 'cancelled');
    await cancelled;
    const asking = session.query(engine.sql.long);
    await Promise.all([session.cancel(), expectFault(asking, 'cancelled')]);
    expect(await scalar(session, 'SELECT 5 AS value')).toBe(5);
  });

  test('the failing unit and the place in it are exact, and the rest does not run', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    await run(session, 'CREATE TABLE patient (name varchar(99))');
    const heard = listen();
    const failing = "INSERT INTO patient\nVALUES ('😀 é') nonsense";
    const units = statements(
      "INSERT INTO patient VALUES ('a')",
      '-- nothing',
      "INSERT INTO patient VALUES ('b')",
      failing,
      'DELETE FROM patient',
    );
    const thrown: unknown = await session.send(units, heard).catch((error: unknown) => error);
    if (!(thrown instanceof MessageFault)) throw thrown;
    expect(heard.units).toEqual([0, 1, 2]);
    expect(thrown.unit).toBe(3);
    expect(thrown.fault).toMatchObject({ kind: 'statement' });
    expect(failing.slice(thrown.fault.position ?? 0)).toBe('nonsense');
    expect(await session.columns({ schema: null, name: 'patient' })).toEqual(['name']);
  });

  test('a missing table is its own kind of fault', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    await expectFault(session.query('SELECT * FROM nowhere'), 'noSuchTable');
    await expectFault(run(session, 'INSERT INTO nowhere VALUES (1)'), 'noSuchTable');
  });

  test('notices arrive', async (context) => {
    const { notice } = engine.sql;
    if (notice === null) skipBecause(context, `${engine.name} has no notices`);
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    const heard = listen();
    await session.send(statements('SELECT 1', notice.sql), heard);
    expect(heard.notices.join('\n')).toContain(notice.words);
  });

  test('a result set of any size is shortened and counted', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    const heard = listen();
    await session.send(statements(engine.sql.wide(150, 5000)), heard);
    const result = heard.results[0]?.resultSet;
    expect(result?.rowCount).toBe(150);
    expect(result?.rows).toHaveLength(100);
    for (const [, wide] of result?.rows ?? []) expect(wide).toMatch(/^x{1900,1999}.?$/);
  });

  test('rows of a rolled back transaction are gone, those of a committed one stay', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    await run(session, 'CREATE TABLE patient (id integer)');
    await session.send(
      control(...begin, 'INSERT INTO patient VALUES (1)', rollback, ...begin, 'INSERT INTO patient VALUES (2)', commit),
      listen(),
    );
    expect(await session.query('SELECT id FROM patient')).toEqual([{ id: 2 }]);
  });

  test('a table of a rolled back transaction is gone', async (context) => {
    if (!capabilities.transactionalDdl)
      skipBecause(context, `${engine.name} commits before and after it changes a schema`);
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    await session.send(control(...begin, 'CREATE TABLE patient (id integer)', rollback), listen());
    expect(await session.columns({ schema: null, name: 'patient' })).toBeNull();
  });

  test('the end of a failed transaction is never taken for a commit', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    await run(session, 'CREATE TABLE patient (id integer PRIMARY KEY)');
    await expectFault(
      session.send(
        control(...begin, 'INSERT INTO patient VALUES (1)', 'INSERT INTO patient VALUES (1)', commit),
        listen(),
      ),
      'statement',
    );
    await session.send(control(rollback), listen());
    expect(await session.query('SELECT id FROM patient')).toEqual([]);
  });

  test('a reset session has its settings back', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    const { change, read } = engine.sql.setting;
    const before = await scalar(session, read);
    await run(session, change);
    expect(await scalar(session, read)).not.toBe(before);
    await session.send(control(...resetSession), listen());
    expect(await scalar(session, read)).toBe(before);
  });

  test('a statement larger than a message goes through', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    const sql = `SELECT 1 AS value, '${'x'.repeat(capabilities.maxMessageBytes)}' AS large`;
    const heard = listen();
    await session.send(statements('SELECT 0', sql), heard);
    expect(heard.results[1]?.resultSet?.rows[0]?.[0]).toBe('1');
  });

  test('waiting for a lock ends after the time given', async () => {
    await using database = await engine.createDatabase();
    await using first = await open(engine, database);
    await using second = await open(engine, database, { lockTimeoutMs: 300 });
    await run(first, 'CREATE TABLE patient (id integer PRIMARY KEY)', 'INSERT INTO patient VALUES (1)');
    await first.send(control(...begin, 'UPDATE patient SET id = 2'), listen());
    await expectFault(second.send(control(...begin, 'UPDATE patient SET id = 3', commit), listen()), 'lockTimeout');
    await second.send(control(rollback), listen());
    await first.send(control(commit), listen());
    expect(await second.query('SELECT id FROM patient')).toEqual([{ id: 2 }]);
  });

  test('COPY takes its data as it comes, and a failing source leaves nothing behind', async (context) => {
    if (!capabilities.copyFromStdin) skipBecause(context, `${engine.name} has no COPY`);
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    await run(session, 'CREATE TABLE patient (id integer)');
    const result = await session.copyIn('COPY patient FROM stdin', lines(20_000, null));
    expect(result.affectedRows).toBe(20_000);
    await expect(session.copyIn('COPY patient FROM stdin', lines(20_000, new RangeError('torn file')))).rejects.toThrow(
      'torn file',
    );
    await expectFault(session.copyIn('COPY patient FROM stdin', text('1\nnot a number\n')), 'statement');
    expect(await scalar(session, 'SELECT count(*)::integer AS value FROM patient')).toBe(20_000);
  });
}

async function* lines(count: number, failure: Error | null): AsyncGenerator<string> {
  for (let line = 1; line <= count; line += 1) yield `${line}\n`;
  if (failure !== null) throw failure;
}

async function* text(data: string): AsyncGenerator<string> {
  yield data;
}
