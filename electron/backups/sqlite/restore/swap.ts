// Renames files while the live one is locked: whoever opens the database finds the old one or the new one, whole.
import { type Problem, ProblemError } from '../../../../shared/problem.ts';
import { ServerFault, type Session } from '../../../engine/ports.ts';
import { liveUntouched, loadFailed } from '../../restore/failures.ts';
import type { SwapRequest } from '../../restorer.ts';
import { addName, leaveExtraName, renameOver, sameAccess } from './files.ts';
import { programsUsing } from './openHandles.ts';

/**
 * `live` is kept as `aside`, `other` becomes `live`. First `aside` becomes a second name of the live file, then `other`
 * is renamed over `live`: a name that were missing for a moment, the next program would create as an empty database.
 * Closes `request.session`.
 */
export async function exchange(request: SwapRequest, aside: string, other: string): Promise<void> {
  const { session, names } = request;
  const { live } = names;
  const wasWal = await takeExclusively(session, live);
  try {
    await requireUnused(live);
    await sameAccess(live, other);
    // Windows renames no file that is open. The migration lock is on a file of its own, but held by the same session.
    if (process.platform === 'win32') await release(session);
    await request.note(`keeping ${live} as ${aside}`);
    await addName(live, aside);
    await request.note(`renaming ${other} to ${live}`);
    await renameOver(other, live);
  } catch (error) {
    await leaveExtraName(live, aside);
    await giveBack(session, wasWal);
    throw loadFailed(error, null, live);
  }
  await release(session);
  if (wasWal) await setWal(request, live);
}

/** Leaving WAL needs that nobody else has the file open, and leaves no -wal and -shm file beside it. */
async function takeExclusively(session: Session, live: string): Promise<boolean> {
  try {
    const [before] = await session.query('PRAGMA journal_mode');
    const wasWal = before?.['journal_mode'] === 'wal';
    if (wasWal) {
      const [after] = await session.query('PRAGMA journal_mode = DELETE');
      if (after?.['journal_mode'] !== 'delete') throw new ProblemError(inUse(live, ''));
    }
    await session.query('BEGIN EXCLUSIVE');
    return wasWal;
  } catch (error) {
    if (error instanceof ServerFault && error.kind === 'lockTimeout')
      throw new ProblemError(inUse(live, error.message), { cause: error });
    throw error;
  }
}

/** A program without a transaction holds no lock, yet would go on with the file it has opened. */
export async function requireUnused(live: string): Promise<void> {
  const programs = await programsUsing(live);
  if (programs.length === 0) return;
  const names = programs.map(({ id, program }) => `${program} (process ${id})`).join(', ');
  throw new ProblemError(inUse(live, `Open in: ${names}`));
}

async function release(session: Session): Promise<void> {
  await session.query('ROLLBACK');
  await session.close();
}

/** What failed first matters more; a session that is gone has let go of everything. */
async function giveBack(session: Session, wasWal: boolean): Promise<void> {
  await session.query('ROLLBACK').catch(() => undefined);
  if (wasWal) await session.query('PRAGMA journal_mode = WAL').catch(() => undefined);
}

async function setWal({ open }: SwapRequest, live: string): Promise<void> {
  const session = await open(live);
  try {
    await session.query('PRAGMA journal_mode = WAL');
  } finally {
    await session.close();
  }
}

const inUse = (live: string, detail: string): Problem => ({
  code: 'restore.inUse',
  message: `Another program has ${live} open.`,
  state: liveUntouched(live),
  hint: 'End the programs that use the database, then restore again.',
  ...(detail === '' ? {} : { serverMessage: detail }),
});
