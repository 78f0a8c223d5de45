import { expect, test } from 'vitest';
import { ProblemError } from '../../shared/problem.ts';
import type { Engine } from './drivers.ts';
import { options } from './sessionOptions.ts';
import { disposable, expectFault, faultOf, listen, open, run, statements } from './sessions.ts';

export function connecting(engine: Engine): void {
  const { driver } = engine;

  test('a session tells which server and database it reached', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    const { identity } = session;
    expect(identity).toMatchObject({ product: engine.product, readOnly: false });
    expect(identity.version).toMatch(/^\d+\.\d+/);
    for (const fact of [identity.id, identity.database, identity.user, identity.backend]) expect(fact).not.toBe('');
  });

  test('one database has one identity by whatever name it is reached; another database has another', async () => {
    await using database = await engine.createDatabase();
    await using other = await engine.createDatabase();
    await using session = await open(engine, database);
    await using stranger = await open(engine, other);
    expect(stranger.identity.id).not.toBe(session.identity.id);
    for (const connection of database.otherNames) {
      await using again = disposable(await driver.connect(connection, { ...options, password: database.password }));
      expect(again.identity.id).toBe(session.identity.id);
      expect(again.identity.backend).not.toBe(session.identity.backend);
    }
  });

  test('what is wrong in a connection is told apart, without the password', async () => {
    await using database = await engine.createDatabase();
    for (const { what, connection, password, kind } of database.wrong) {
      const fault = await faultOf(driver.connect(connection, { ...options, password }));
      expect.soft({ what, kind: fault.kind }).toEqual({ what, kind });
      expect.soft(fault.message).not.toBe('');
      if (password !== null)
        expect.soft(JSON.stringify([fault.message, fault.detail, fault.code])).not.toContain(password);
    }
  });

  test('a read-only session reads, and refuses writes', async () => {
    await using database = await engine.createDatabase();
    await using writer = await open(engine, database);
    await run(writer, 'CREATE TABLE patient (id integer)', 'INSERT INTO patient VALUES (7)');
    await using reader = await open(engine, database, { readOnly: true });
    expect(await reader.query('SELECT id FROM patient')).toEqual([{ id: 7 }]);
    await expectFault(run(reader, 'INSERT INTO patient VALUES (8)'), 'readOnly');
    expect(await writer.query('SELECT id FROM patient')).toEqual([{ id: 7 }]);
  });

  test('a session ended from outside is a lost connection, now and later', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    await database.terminate(session.identity);
    await expectFault(session.query('SELECT 1 AS value'), 'connectionLost');
    await expectFault(run(session, 'SELECT 1'), 'connectionLost');
  });

  test('a session ended in the middle of a statement is a lost connection', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    let ended: Promise<void> = Promise.resolve();
    const heard = listen(() => {
      ended = database.terminate(session.identity);
    });
    const sending = session.send(statements('SELECT 1', engine.sql.long), heard);
    await expectFault(sending, 'connectionLost');
    await ended;
  });

  test('a connection survives the way through its URL, without the password', async () => {
    await using database = await engine.createDatabase();
    for (const connection of [database.connection, ...database.otherNames]) {
      expect(driver.parseUrl(driver.formatUrl(connection))).toEqual({ connection, password: null });
    }
  });

  test('a URL that cannot be read is refused without being repeated', () => {
    for (const scheme of driver.urlSchemes) {
      const url = `${scheme}://deploy:canary%zz@[half:port/`;
      expect(() => driver.parseUrl(url)).toThrow(ProblemError);
      expect(() => driver.parseUrl(url)).not.toThrow(/canary/);
    }
  });
}
