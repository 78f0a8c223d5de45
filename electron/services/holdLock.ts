/** Takes the migration lock on the session that executes, and the tool's own beside it; polls, never blocks on the server. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LockHolder, LockInfo } from '../../shared/model/lock.ts';
import { raise } from '../../shared/problem.ts';
import type { Session } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { lockName } from './lockName.ts';
import type { OpenSource } from './readSource.ts';
import type { LiveRun } from './runRegistry.ts';

/** Whoever waits for a lock: a run, or somebody who asks about one. */
export type Waiting = Pick<LiveRun, 'signal' | 'emit'>;

/** Milliseconds between two tries, and until we give up. */
const pollMs = 250;
const patienceMs = 5_000;

/** @throws {ProblemError} `lock.held`, `run.cancelled` */
export async function holdLock(context: Context, session: Session, source: OpenSource, live: Waiting): Promise<void> {
  await holdNamed(context, session, lockName(session, source), live);
  if (source.history.tryToolLock === undefined) return;
  await poll(context, live, async () => (await source.history.tryToolLock?.(session)) ?? null);
  toolLocks.set(session, [...(toolLocks.get(session) ?? []), source]);
}

/** Taken and freed by the first thing that is asked: what is asked next finds it so. */
export const isOneQuestion = (session: Session, { history }: OpenSource): boolean =>
  session.capabilities.runnerLock === 'session' && history.tryToolLock === undefined;

/**
 * The same, with questions whose answers hold under the lock: asked right behind it, where its first answer decides
 * whether it is taken, which is one round trip on a network; else once it is.
 * @throws {ProblemError} also what `ask` throws
 */
export async function holdLockAsking<T>(
  context: Context,
  session: Session,
  source: OpenSource,
  live: Waiting,
  ask: () => Promise<T>,
): Promise<T> {
  if (isOneQuestion(session, source)) {
    const trying = session.tryLock(lockName(session, source), holderOf(context));
    const asked = ask();
    // Answered without the lock they do not count.
    asked.catch(() => undefined);
    if ((await trying) === null) return await asked;
    await Promise.allSettled([asked]);
  }
  await holdLock(context, session, source, live);
  return await ask();
}

/** Of sessions that hold tools' own locks: where one is a row, it would outlive them. */
const toolLocks = new WeakMap<Session, readonly OpenSource[]>();

/** @throws {ProblemError} `lock.held`, `run.cancelled` */
export const holdNamed = (context: Context, session: Session, name: string, live: Waiting): Promise<void> =>
  poll(context, live, () => session.tryLock(name, holderOf(context)));

export async function releaseLock(session: Session, source: OpenSource): Promise<void> {
  if (source.history.releaseToolLock !== undefined) await source.history.releaseToolLock(session);
  toolLocks.set(
    session,
    (toolLocks.get(session) ?? []).filter((one) => one !== source),
  );
  await session.unlock(lockName(session, source));
}

/** Whatever happened: frees tools' own locks that are still held, and closes the session. */
export async function closeHolder(session: Session): Promise<void> {
  const sources = toolLocks.get(session) ?? [];
  toolLocks.delete(session);
  // Over a lost connection nothing can be freed; whoever comes next is told of the lock.
  for (const source of sources) await source.history.releaseToolLock?.(session).catch(() => undefined);
  await session.close();
}

export const holderOf = (context: Context): LockHolder => ({
  person: context.host.user,
  host: context.host.hostName,
  process: String(context.host.process),
  since: new Date(context.clock.now()).toISOString(),
  alive: true,
});

async function poll(context: Context, live: Waiting, attempt: () => Promise<LockInfo | null>): Promise<void> {
  const deadline = context.clock.elapsed() + patienceMs;
  let told = false;
  let isAlive = false;
  let before = 0;
  for (;;) {
    const taken = await attempt();
    if (taken === null) return;
    if (live.signal.aborted)
      raise({
        code: 'run.cancelled',
        message: 'Cancelled while waiting for the lock.',
        hint: 'Start again when the other run has ended.',
      });
    // Of a holder that may have died it is waited for a sign of life, or until it is out of the way.
    isAlive ||= taken.freeInMs === undefined || (before > 0 && taken.freeInMs > before);
    before = taken.freeInMs ?? 0;
    if (isAlive && context.clock.elapsed() >= deadline) raise(held(taken.holder));
    if (!told) live.emit({ type: 'lockWaiting', holder: taken.holder });
    told = true;
    await delay(pollMs);
  }
}

/** `ada on desk (process 17)`. */
export function describeHolder(holder: LockHolder | null): string {
  if (holder === null) return 'Somebody else';
  const { person, host, process } = holder;
  const parts = [
    person ?? 'Somebody',
    host === null ? '' : `on ${host}`,
    process === null ? '' : `(process ${process})`,
  ];
  return parts.filter(Boolean).join(' ');
}

function held(holder: LockHolder | null) {
  const who = describeHolder(holder);
  const since = holder?.since == null ? '' : ` since ${holder.since}`;
  return {
    code: 'lock.held',
    message: `${who} is migrating this database${since}.`,
    hint: holder?.remedy ?? 'Wait until that run has ended; the lock is freed with it, also when it crashes.',
  } as const;
}
