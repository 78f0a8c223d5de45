import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ServerFault } from '../../electron/engine/ports.ts';
import { skipBecause } from '../setup/skip.ts';
import type { Engine } from './drivers.ts';
import type { LockOrder } from './lockHolder.ts';
import { holder } from './sessionOptions.ts';
import { control, expectFault, listen, open, run, statements } from './sessions.ts';

const name = 'shop/public.migrations';
const free = { held: false, holder: null };

export function locking(engine: Engine): void {
  const { begin, rollback, resetSession } = engine.driver.control;

  test('a lock is one session’s at a time, and its holder is told', async () => {
    await using database = await engine.createDatabase();
    await using first = await open(engine, database, { applicationName: `lockkeeper first@here#${process.pid}` });
    await using second = await open(engine, database);
    // Where the server shows too little of a session, the holder's name is kept beside the journal.
    await engine.driver.journal.prepare(first);
    expect(await second.lockInfo(name)).toEqual(free);
    expect(await first.tryLock(name, holder('first'))).toBeNull();
    const theirs = { held: true, holder: { person: 'first', host: 'here', process: String(process.pid), alive: true } };
    expect(await second.tryLock(name, holder('second'))).toMatchObject(theirs);
    expect(await second.lockInfo(name)).toMatchObject(theirs);
    expect(await first.lockInfo(name)).toMatchObject(theirs);
    await first.unlock(name);
    expect(await second.lockInfo(name)).toEqual(free);
    expect(await second.tryLock(name, holder('second'))).toBeNull();
  });

  test('a lock taken twice is freed once', async () => {
    await using database = await engine.createDatabase();
    await using first = await open(engine, database);
    await using second = await open(engine, database);
    expect(await first.tryLock(name, holder('first'))).toBeNull();
    expect(await first.tryLock(name, holder('first'))).toBeNull();
    await first.unlock(name);
    expect(await second.tryLock(name, holder('second'))).toBeNull();
  });

  test('the same lock of another database is free', async () => {
    await using database = await engine.createDatabase();
    await using other = await engine.createDatabase();
    await using session = await open(engine, database);
    await using stranger = await open(engine, other);
    expect(await session.tryLock(name, holder('first'))).toBeNull();
    expect(await stranger.tryLock(name, holder('stranger'))).toBeNull();
  });

  test('another lock of the same database is free', async (context) => {
    if (engine.oneLock !== null) skipBecause(context, engine.oneLock);
    await using database = await engine.createDatabase();
    await using first = await open(engine, database);
    await using second = await open(engine, database);
    expect(await first.tryLock(name, holder('first'))).toBeNull();
    expect(await second.tryLock(`${name} of another tenant`, holder('second'))).toBeNull();
  });

  test('a lock outlives a rollback and a reset of its session', async () => {
    await using database = await engine.createDatabase();
    await using first = await open(engine, database);
    await using second = await open(engine, database);
    expect(await first.tryLock(name, holder('first'))).toBeNull();
    await first.send(control(...begin, rollback, ...resetSession), listen());
    expect(await second.tryLock(name, holder('second'))).toMatchObject({ held: true });
  });

  test('a closed session holds nothing', async () => {
    await using database = await engine.createDatabase();
    const first = await open(engine, database);
    await using second = await open(engine, database);
    expect(await first.tryLock(name, holder('first'))).toBeNull();
    await first.close();
    await expect.poll(() => second.lockInfo(name), { timeout: 20_000 }).toEqual(free);
    expect(await second.tryLock(name, holder('second'))).toBeNull();
  });

  test('a lock keeps other processes out, and is free once its process was killed', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    const process = fork(resolve(import.meta.dirname, 'lockHolder.ts'), { execArgv: [] });
    process.send({
      connection: database.connection,
      password: database.password,
      name,
      limits: engine.limits,
    } satisfies LockOrder);
    expect(await once(process, 'message')).toEqual(['holding', undefined]);
    expect(await session.tryLock(name, holder('second'))).toMatchObject({ held: true, holder: { alive: true } });
    process.kill('SIGKILL');
    await once(process, 'exit');
    await expect.poll(() => session.tryLock(name, holder('second')), { timeout: 20_000 }).toBeNull();
  });

  test('a lock that a script freed is noticed, and freeing it again says so', async (context) => {
    const { freeLocks } = engine.sql;
    if (freeLocks === null) skipBecause(context, `no statement frees the lock of ${engine.name}`);
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    expect(await session.tryLock(name, holder('first'))).toBeNull();
    await run(session, 'SELECT 1');
    await session.confirmLocks(false);
    await session.confirmLocks(true);
    await run(session, freeLocks);
    await expectFault(session.confirmLocks(false), 'lockLost');
    await expectFault(session.unlock(name), 'lockLost');
  });

  test('a session that was given up is a lost connection at once, and holds nothing', async () => {
    await using database = await engine.createDatabase();
    await using first = await open(engine, database);
    await using second = await open(engine, database);
    expect(await first.tryLock(name, holder('first'))).toBeNull();
    const heard = listen(() => first.abandon(new ServerFault('connectionLost', 'No answer came.')));
    await expectFault(first.send(statements('SELECT 1', engine.sql.long), heard), 'connectionLost');
    await expectFault(first.query('SELECT 1 AS value'), 'connectionLost');
    await expectFault(first.confirmLocks(true), 'connectionLost');
    if (engine.product === 'MariaDB') await database.terminate(first.identity);
    await expect.poll(() => second.tryLock(name, holder('second')), { timeout: 20_000 }).toBeNull();
  });
}
