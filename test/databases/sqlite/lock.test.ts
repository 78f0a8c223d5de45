import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { lockFileOf } from '../../../electron/databases/sqlite/lock.ts';
import { control, emptyDatabase, faultOf, holder, openSession, send, statement } from './support.ts';

const program = fileURLToPath(new URL('./lockHolder.ts', import.meta.url));

/** Another Lockkeeper process that tries the lock; resolves with what it got. */
async function otherProcess(
  file: string,
  work: 'idle' | 'busy' | 'waiting' = 'idle',
): Promise<{ child: ChildProcess; got: string }> {
  const child = spawn(process.execPath, [program, file, work], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [output] = await once(child.stdout ?? child, 'data');
  return { child, got: String(output).trim() };
}

test('one session at a time; the other sees who has it', async () => {
  const file = await emptyDatabase();
  const [first, second] = [await openSession(file), await openSession(file)];
  expect(await first.lockInfo('history')).toEqual({ held: false, holder: null });
  expect(await first.tryLock('history', holder('anna'))).toBeNull();
  expect(await second.tryLock('history', holder('bert'))).toEqual({ held: true, holder: holder('anna') });
  expect(await second.lockInfo('history')).toEqual({ held: true, holder: holder('anna') });
  expect(await first.lockInfo('history')).toEqual({ held: true, holder: holder('anna') });
  await first.unlock('history');
  expect(await second.lockInfo('history')).toEqual({ held: false, holder: null });
  expect(await second.tryLock('history', holder('bert'))).toBeNull();
});

test('closing a session frees its lock', async () => {
  const file = await emptyDatabase();
  const first = await openSession(file);
  await first.tryLock('history', holder('anna'));
  await first.close();
  expect(await (await openSession(file)).tryLock('history', holder('bert'))).toBeNull();
});

test('a session may take it again under a second name, and keeps it until both are given back', async () => {
  const file = await emptyDatabase();
  const [first, second] = [await openSession(file), await openSession(file)];
  await first.tryLock('history', holder('anna'));
  expect(await first.tryLock('tool', holder('anna'))).toBeNull();
  await first.unlock('tool');
  expect(await second.tryLock('history', holder('bert'))).not.toBeNull();
  await first.unlock('history');
  expect(await second.tryLock('history', holder('bert'))).toBeNull();
});

test('two processes exclude each other', async () => {
  const file = await emptyDatabase();
  expect((await otherProcess(file)).got).toBe('held');
  expect((await otherProcess(file)).got).toBe('refused');
  expect(await (await openSession(file)).tryLock('history', holder('bert'))).toMatchObject({
    held: true,
    holder: { person: 'holder', alive: true },
  });
});

test.each(['idle', 'busy', 'waiting'] as const)('a holder killed while %s leaves no lock', async (work) => {
  const file = await emptyDatabase();
  const other = new Database(file);
  onTestFinished(() => void other.close());
  if (work === 'waiting') other.exec('BEGIN IMMEDIATE');
  const { child } = await otherProcess(file, work);
  const session = await openSession(file);
  expect(await session.lockInfo('history')).toMatchObject({ held: true });
  child.kill('SIGKILL');
  await vi.waitFor(async () => expect((await session.lockInfo('history')).held).toBe(false), {
    timeout: 20_000,
    interval: 50,
  });
  expect(await session.lockInfo('history')).toMatchObject({ holder: { person: 'holder', alive: false } });
  expect(await session.tryLock('history', holder('bert'))).toBeNull();
  if (other.inTransaction) other.exec('ROLLBACK');
  await send(session, control('BEGIN IMMEDIATE'), statement('CREATE TABLE t (a)'), control('COMMIT'));
});

test('of many that try at once exactly one gets it, and its name stands there', async () => {
  const file = await emptyDatabase();
  const sessions = await Promise.all(Array.from({ length: 6 }, () => openSession(file)));
  for (let round = 0; round < 10; round++) {
    const answers = await Promise.all(
      sessions.map((session, index) => session.tryLock('history', holder(`person ${String(index)}`))),
    );
    const winners = answers.flatMap((answer, index) => (answer === null ? [index] : []));
    expect(winners).toHaveLength(1);
    const [winner = 0] = winners;
    expect((await sessions[(winner + 1) % 6]?.lockInfo('history'))?.holder?.person).toBe(`person ${String(winner)}`);
    await sessions[winner]?.unlock('history');
  }
});

test('the application reads and writes while the lock is held', async () => {
  const file = await emptyDatabase();
  const session = await openSession(file);
  await session.tryLock('history', holder('anna'));
  const application = new Database(file, { timeout: 0 });
  application.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
  expect(application.prepare('SELECT a FROM t').all()).toEqual([{ a: 1 }]);
  application.close();
});

test('a damaged lock file is told with what to do', async () => {
  const file = await emptyDatabase();
  writeFileSync(lockFileOf(file), 'no lock file at all '.repeat(100));
  const fault = await faultOf((await openSession(file)).tryLock('history', holder('anna')));
  expect(fault).toMatchObject({ kind: 'rights', code: 'SQLITE_NOTADB' });
  expect(fault.message).toContain(lockFileOf(file));
});

test('asking who has the lock makes no file', async () => {
  const file = await emptyDatabase();
  await (await openSession(file)).lockInfo('history');
  expect(existsSync(lockFileOf(file))).toBe(false);
});
