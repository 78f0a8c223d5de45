// Who holds a lock, with and without our own table of holders.
import { describe, expect, test } from 'vitest';
import { mysqlJournal } from '../../../electron/databases/mysql/journal.ts';
import type { LockHolder } from '../../../shared/model/lock.ts';
import { mariadb } from '../../servers/index.ts';
import { open } from './support.ts';

const ann: LockHolder = { person: 'ann', host: 'desk', process: '4711', since: null, alive: true };

describe('a lock', () => {
  test('is held once, told about, taken again by its holder, and freed', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using first = await open({ server, database: database.name });
    await using second = await open({ server, database: database.name });
    expect(await second.session.lockInfo('history')).toEqual({ held: false, holder: null });
    expect(await first.session.tryLock('history', ann)).toBeNull();
    expect(await first.session.tryLock('history', ann)).toBeNull();
    const held = {
      held: true,
      holder: { ...ann, since: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/) },
    };
    expect(await second.session.tryLock('history', ann)).toEqual(held);
    expect(await second.session.lockInfo('history')).toEqual(held);
    await first.session.unlock('history');
    expect(await second.session.tryLock('history', { ...ann, person: 'ben' })).toBeNull();
    expect(await first.session.lockInfo('history')).toMatchObject({ holder: { person: 'ben' } });
  });

  test('tells the time in UTC, whatever the session’s time zone', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    await mysqlJournal.prepare(opened.session);
    await opened.session.query("SET time_zone = '+11:00'");
    const before = Date.now();
    await opened.session.tryLock('history', ann);
    const { holder } = await opened.session.lockInfo('history');
    expect(Math.abs(new Date(holder?.since ?? '').getTime() - before)).toBeLessThan(600_000);
  });

  test('is another one for another history table and another database', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using elsewhere = await server.createDatabase();
    await using first = await open({ server, database: database.name });
    await using second = await open({ server, database: database.name });
    await using third = await open({ server, database: elsewhere.name });
    expect(await first.session.tryLock('a', ann)).toBeNull();
    expect(await second.session.tryLock('b', ann)).toBeNull();
    expect(await third.session.tryLock('a', ann)).toBeNull();
  });

  test('survives a rollback and ends with its session', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    const first = await open({ server, database: database.name });
    await using second = await open({ server, database: database.name });
    await first.session.query('START TRANSACTION');
    await first.session.tryLock('history', ann);
    await first.session.query('ROLLBACK');
    expect(await second.session.tryLock('history', ann)).not.toBeNull();
    await first.session.close();
    await expect.poll(() => second.session.tryLock('history', ann)).toBeNull();
  });

  test('works for those who may not write the table of holders: the server’s session is told', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    const account = await server.createUser();
    await server.query(`GRANT ALL ON ${database.name}.* TO ${account.user}`);
    await using first = await open({ server, database: database.name, account });
    await using second = await open({ server, database: database.name, account });
    const [row] = await first.session.query('SELECT CONNECTION_ID() AS id');
    expect(await first.session.tryLock('history', ann)).toBeNull();
    expect(await second.session.tryLock('history', ann)).toEqual({
      held: true,
      holder: { person: account.user, host: '127.0.0.1', process: `connection ${row?.id}`, since: null, alive: true },
    });
  });

  test('is not attributed to who held it before', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    const account = await server.createUser();
    await server.query(`GRANT ALL ON ${database.name}.* TO ${account.user}`);
    await using privileged = await open({ server, database: database.name });
    await using plain = await open({ server, database: database.name, account });
    await mysqlJournal.prepare(privileged.session);
    await privileged.session.tryLock('history', ann);
    await privileged.session.unlock('history');
    await plain.session.tryLock('history', { ...ann, person: 'ben' });
    expect(await privileged.session.lockInfo('history')).toMatchObject({
      holder: { person: account.user, since: null },
    });
  });

  test('in a read-only session can be looked at', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using first = await open({ server, database: database.name });
    await using second = await open({ server, database: database.name }, { readOnly: true });
    await first.session.tryLock('history', ann);
    expect(await second.session.lockInfo('history')).toMatchObject({ held: true });
  });
});
