/** Reading and releasing the migration lock. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readLock, releaseLock } from '../../electron/services/lockStatus.ts';
import { ProblemError } from '../../shared/problem.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, engines, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
let source: string;
beforeAll(async () => {
  test = await testBackend();
  source = await writeFolder(test.folder, { '1_a.sql': '-- migrate:up\n-- migrate:down\n' });
});
afterAll(() => test[Symbol.asyncDispose]());

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : thrown),
  );

/** Another process that holds the lock of this database until it is told to end. */
async function holder(url: string, process_ = String(process.pid)): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('./holdLockProcess.ts', import.meta.url)), [
    url,
    source,
    hostname(),
    process_,
  ]);
  await once(child, 'message');
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('is free, then held by a living holder who is named, and not simply taken away', async () => {
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, source);
    const { context } = test.backend;
    expect(await readLock(context, target)).toMatchObject({ held: false });
    const child = await holder(database.url);
    try {
      expect(await readLock(context, target)).toMatchObject({
        held: true,
        holder: { person: 'ada', host: hostname(), process: String(process.pid), alive: true },
      });
      const request = { confirm: null, force: false, reason: null };
      const refused = await problemOf(releaseLock(context, target, request));
      expect(refused).toMatchObject({ code: 'gate.confirmation' });
      const name = /--confirm "(.+)"$/.exec((refused as { hint: string }).hint)?.[1] ?? '';
      const alive = await problemOf(releaseLock(context, target, { ...request, confirm: name }));
      expect(alive).toMatchObject({ code: 'lock.held' });
      const unreasoned = releaseLock(context, target, { ...request, confirm: name, force: true });
      expect(await problemOf(unreasoned)).toMatchObject({ code: 'gate.reason' });
      const reason = 'it hangs';
      const forced = releaseLock(context, target, { confirm: name, force: true, reason });
      if (engine === 'sqlite') expect(await problemOf(forced)).toMatchObject({ code: 'lock.held' });
      else expect(await forced).toMatchObject({ released: true, held: false, before: { person: 'ada' } });
    } finally {
      await end(child);
    }
  });

  it('of a dead program is released without force', async () => {
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, source);
    const { context } = test.backend;
    // A number that no process has: the session of a program that is gone.
    const child = await holder(database.url, '99999999');
    if (engine === 'sqlite') await end(child);
    try {
      // SQLite's own process ends a moment after the program it belongs to.
      await expect
        .poll(() => readLock(context, target))
        .toMatchObject({ held: engine !== 'sqlite', holder: { alive: false } });
      const request = { force: false, reason: null };
      const refused = await problemOf(releaseLock(context, target, { ...request, confirm: 'wrong' }));
      const name = /--confirm "(.+)"$/.exec((refused as { hint: string }).hint)?.[1] ?? '';
      expect(await releaseLock(context, target, { ...request, confirm: name })).toMatchObject({
        released: true,
        held: false,
      });
      expect(await readLock(context, target)).toEqual({ held: false, holder: null });
    } finally {
      await end(child);
    }
  });
});

describe('a script that frees every lock of its session', () => {
  it.each([
    ['postgres15', '-- migrate:up\nDO $$ BEGIN PERFORM pg_advisory_unlock_all(); END $$;\n-- migrate:down\n'],
    ['postgres15', '-- migrate:up transaction:false\nDISCARD ALL;\n-- migrate:down\n'],
    ['mariadb', '-- migrate:up\nDO RELEASE_ALL_LOCKS();\n-- migrate:down\n'],
  ] as const)('ends the run before its next migration on %s: %s', async (engine, sql) => {
    await using database = await testDatabase(engine);
    const folder = await writeFolder(test.folder, {
      '1_a.sql': sql,
      '2_b.sql': '-- migrate:up\nCREATE TABLE patient (id integer);\n-- migrate:down\n',
      '3_c.sql': '-- migrate:up\nCREATE TABLE ward (id integer);\n-- migrate:down\n',
    });
    const { run: ended } = await run(test.backend, adHoc(database.url, folder), { continueOnError: true });
    expect(ended).toMatchObject({ outcome: 'failed', problem: { code: 'lock.lost' } });
    expect(ended.steps.map(({ outcome }) => outcome)).toEqual(['succeeded', 'rolledBack', 'notExecuted']);
    expect(await database.query('SELECT version FROM schema_migrations')).toEqual([{ version: '1' }]);
  });
});
