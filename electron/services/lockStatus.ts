/** Who holds an environment's migration lock, and ending a holder that died or must go. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ReleasedLock } from '../../shared/contract/views.ts';
import type { LockHolder, LockInfo } from '../../shared/model/lock.ts';
import { raise } from '../../shared/problem.ts';
import type { Session } from '../engine/ports.ts';
import { type Confirmation, requireConfirmed, requireReason } from './confirmed.ts';
import type { Context } from './context.ts';
import { describeHolder } from './holdLock.ts';
import { lockName } from './lockName.ts';
import { asProblem } from './problems.ts';
import { readSource } from './readSource.ts';
import { recordAudit } from './recordAudit.ts';
import { openSession, resolveTarget, type TargetRequest, withSession } from './target.ts';

/** Milliseconds between two looks, and until an ended session must have let go. */
const pollMs = 100;
const patienceMs = 10_000;

export interface ReleaseRequest extends Confirmation {
  /** Also a holder that is alive: then with a reason. */
  readonly force: boolean;
}

/** A question: takes nothing and writes nothing. */
export async function readLock(context: Context, request: TargetRequest): Promise<LockInfo> {
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  return withSession(context, target, async (session) =>
    withLife(context, await session.lockInfo(lockName(session, source))),
  );
}

/**
 * Frees a lock whose holder is dead; with `force` whoever holds it.
 * @throws {ProblemError} `gate.confirmation`, `gate.readOnly`, `gate.reason`, `lock.held` when the holder lives, `database.rights`
 */
export async function releaseLock(
  context: Context,
  request: TargetRequest,
  { confirm, force, reason }: ReleaseRequest,
): Promise<ReleasedLock> {
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  const session = await openSession(context, target, false);
  try {
    requireConfirmed(context, target, session, { confirm }, 'Releasing the lock');
    const name = lockName(session, source);
    const found = withLife(context, await session.lockInfo(name));
    if (found.held && found.holder?.alive !== false) {
      if (!force) raise(stillAlive(found.holder));
      requireReason({ reason }, 'Taking the lock from a holder that is alive');
    }
    const ended = await session.endHolder(name);
    if (ended === 'refused') raise(cannotEnd(found.holder));
    if (ended === 'ended')
      recordAudit(context, {
        action: 'lock released',
        environment: target.environment.name,
        run: null,
        detail: { holder: found.holder, force, reason },
      });
    const now = await untilFree(context, session, name);
    return { ...now, released: ended === 'ended', before: found.holder };
  } catch (thrown) {
    throw asProblem(thrown, target.environment.connection);
  } finally {
    await session.close();
  }
}

/** An ended session rolls its work back first, which may take a while. */
async function untilFree(context: Context, session: Session, name: string): Promise<LockInfo> {
  const deadline = context.clock.elapsed() + patienceMs;
  for (;;) {
    const info = await session.lockInfo(name);
    if (!info.held || context.clock.elapsed() >= deadline) return info;
    await delay(pollMs);
  }
}

/** A server knows its sessions only; of a program on this computer we can see whether it still runs. */
function withLife(context: Context, info: LockInfo): LockInfo {
  const { holder } = info;
  if (!info.held || holder === null || holder.host !== context.host.hostName) return info;
  return { held: true, holder: { ...holder, alive: holder.alive && runs(holder.process) } };
}

function runs(process_: string | null): boolean {
  if (process_ === null || !/^\d+$/.test(process_)) return true;
  try {
    process.kill(Number(process_), 0);
    return true;
  } catch (thrown) {
    // EPERM: it runs, under another account.
    return !(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH');
  }
}

const stillAlive = (holder: LockHolder | null) =>
  ({
    code: 'lock.held',
    message: `${describeHolder(holder)} holds the lock and is alive.`,
    hint: 'Wait until that run has ended. To end its session on the server, add --force and --reason: what it has not committed is rolled back.',
  }) as const;

const cannotEnd = (holder: LockHolder | null) =>
  ({
    code: 'lock.held',
    message: `${describeHolder(holder)} holds the lock of the file and is alive.`,
    hint: 'End that process itself; the lock is freed with it.',
  }) as const;
