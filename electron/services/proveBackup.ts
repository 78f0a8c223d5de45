/** Restores a backup into a copy, compares that with what was recorded when it was taken, and writes down the result. */
import type { Backup } from '../../shared/model/backup.ts';
import type { BackupContent, BackupProof } from '../../shared/model/proof.ts';
import { nothingChanged, type Problem, ProblemError, raise } from '../../shared/problem.ts';
import { differences, type FoundContent } from '../backups/content/compareContent.ts';
import { contentReaderFor } from '../backups/content/contentReaders.ts';
import type { Context } from './context.ts';
import { removeAbandonedCopies } from './removeAbandonedCopies.ts';
import type { LiveRun } from './runRegistry.ts';
import { openSession, type TargetDatabase } from './target.ts';
import { type RestoredCopy, withRestoredCopy } from './withRestoredCopy.ts';

/** Differences that are told one by one. */
const TOLD = 20;

/**
 * Resolves with the proven backup. A backup that does not prove is marked in the catalogue.
 * @param checked the archive was checked before; else that is made up for
 * @throws {ProblemError} `backup.notProven`, `backup.noContent`, and what `withRestoredCopy` throws
 */
export async function proveBackup(
  context: Context,
  target: TargetDatabase,
  backup: Backup,
  live: LiveRun,
  accept: readonly string[],
  checked: boolean,
): Promise<Backup> {
  requireRecorded(backup);
  await removeAbandonedCopies(context, target);
  const startedAt = context.clock.elapsed();
  try {
    const compared = await withRestoredCopy(context, target, backup, optionsOf(live, accept), async (copy) => {
      if (!checked) await contentReaderFor(backup.engine).check?.(backup, copy.connection, live.signal);
      return proveOn(context, backup, copy, live.signal);
    });
    return rememberProof(context, checked ? backup : withCheck(context, backup), compared, startedAt);
  } catch (thrown) {
    throw live.signal.aborted ? cancelled(thrown) : remembered(context, backup, thrown);
  }
}

/**
 * The same on a copy that was made for something else, before that begins.
 * @param startedAt when restoring began, by the clock's `elapsed`
 * @throws {ProblemError} `backup.notProven`
 */
export async function proveRestored(
  context: Context,
  backup: Backup,
  copy: RestoredCopy,
  startedAt: number,
  signal: AbortSignal,
): Promise<Backup> {
  try {
    return rememberProof(context, backup, await proveOn(context, backup, copy, signal), startedAt);
  } catch (thrown) {
    throw signal.aborted ? thrown : remembered(context, backup, thrown);
  }
}

/** It was read to its end. */
const withCheck = (context: Context, backup: Backup): Backup => ({
  ...backup,
  checkedAt: new Date(context.clock.now()).toISOString(),
});

function rememberProof(context: Context, backup: Backup, compared: Compared, startedAt: number): Backup {
  const proof: BackupProof = {
    ...compared,
    provenAt: new Date(context.clock.now()).toISOString(),
    durationMs: Math.round(context.clock.elapsed() - startedAt),
  };
  const proven: Backup = { ...backup, level: 'proven', proof, problem: null };
  context.workspace.backups.update(proven);
  return proven;
}

function requireRecorded({ content, covers }: Backup): void {
  if (content !== undefined) return;
  raise({
    code: 'backup.noContent',
    message:
      covers === 'everything'
        ? 'Nothing was recorded of what this backup must hold, so it cannot be proven.'
        : 'Only a backup of everything can be proven.',
    hint: 'Take a new backup of everything: lockkeeper backup create',
  });
}

const optionsOf = (live: LiveRun, accept: readonly string[]) => ({
  signal: live.signal,
  accept,
  progress: (bytes: number, current: string | null) => live.emit({ type: 'restoreProgress', bytes, current }),
  warn: (message: string) => live.emit({ type: 'warning', message }),
});

const cancelled = (thrown: unknown): ProblemError =>
  new ProblemError(
    {
      code: 'backup.cancelled',
      message: 'Proving the backup was cancelled.',
      state: `${nothingChanged} The backup is kept, the copy was removed.`,
      hint: 'Prove it when it suits.',
    },
    { cause: thrown },
  );

/** What is wrong with the backup itself; a server without room or rights says nothing of it. */
const ofTheBackup = /^(?:backup\.(?:notProven|damaged|notFound)|restore\.(?:failed|verification|unfit)|script\.)/;

function remembered(context: Context, backup: Backup, thrown: unknown): unknown {
  if (!(thrown instanceof ProblemError) || !ofTheBackup.test(thrown.problem.code)) return thrown;
  const { proof: _, ...unproven } = backup;
  const problem = thrown.problem.code === 'backup.notProven' ? thrown.problem : notRestored(thrown.problem);
  context.workspace.backups.update({ ...unproven, level: 'taken', problem });
  return new ProblemError(problem, { cause: thrown });
}

const notRestored = (problem: Problem): Problem => ({
  ...problem,
  code: 'backup.notProven',
  message: `The backup cannot be restored: ${problem.message}`,
  state: `${nothingChanged} The copy was removed.`,
  hint: 'Do not rely on this backup: take a new one.',
});

type Compared = Omit<BackupProof, 'provenAt' | 'durationMs'>;

/** Compares a copy on which nothing was changed yet. @throws {ProblemError} `backup.notProven` */
async function proveOn(context: Context, backup: Backup, copy: RestoredCopy, signal: AbortSignal): Promise<Compared> {
  const { content } = copy;
  if (content === null)
    return raise({ code: 'backup.noContent', message: 'Nothing was recorded.', hint: 'Take a new backup.' });
  const found = await readCopy(context, backup, copy, content, signal);
  const different = differences(content, found);
  if (different.length > 0) throw new ProblemError(notProven(different));
  return {
    isolation: copy.isolation,
    serverVersion: copy.session.identity.version,
    objects: countBy(content),
    tables: content.tables.length,
    rows: content.tables.reduce((sum, { rows }) => sum + rows, 0),
    sequences: content.sequences.length,
    digested: content.tables.filter(({ digest }) => digest !== null).map(({ table }) => table),
    notDigested: content.tables.filter(({ digest }) => digest === null).map(({ table }) => table),
    notCovered: [...new Set([...backup.notCovered, ...copy.leftOut, ...uncompared(content)])],
  };
}

async function readCopy(
  context: Context,
  backup: Backup,
  copy: RestoredCopy,
  content: BackupContent,
  signal: AbortSignal,
): Promise<FoundContent> {
  const abort = () => void copy.session.cancel().catch(() => undefined);
  signal.addEventListener('abort', abort, { once: true });
  try {
    const digested = new Set(content.tables.filter(({ digest }) => digest !== null).map(({ table }) => table));
    const schema = await copy.target.driver.readSnapshot(copy.session, []);
    const wanted = { tables: digested, form: content.digestForm ?? 1 };
    const readable = { ...copy, open: () => openSession(context, copy.target, true) };
    return { schema, ...(await contentReaderFor(backup.engine).read(readable, wanted, signal)) };
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function uncompared({ schema, tables, database }: BackupContent): string[] {
  const moving = tables.filter((table) => table.moving === true).map(({ table }) => table);
  const large = Number(database['largeObjects'] ?? 0);
  return [
    ...(moving.length === 0 ? [] : [`Rows of ${moving.join(', ')}: they were written to while the dump began`]),
    ...(schema.some(({ kind }) => kind === 'materializedView')
      ? ['Rows of materialized views: a restore makes them anew']
      : []),
    ...(large === 0 ? [] : [`Content of ${large} large objects`]),
  ];
}

const countBy = ({ schema }: BackupContent): Record<string, number> =>
  Object.fromEntries(
    Map.groupBy(schema, ({ kind }) => kind)
      .entries()
      .map(([kind, objects]) => [kind, objects.length]),
  );

const notProven = (different: readonly string[]): Problem => ({
  code: 'backup.notProven',
  message: `What was restored is not what was backed up (${different.length === 1 ? '1 difference' : `${different.length} differences`}).`,
  state: `${nothingChanged} The copy was removed.`,
  hint: 'Do not rely on this backup: take a new one, and look after the disk and the dump program.',
  serverMessage: [...different.slice(0, TOLD), ...(different.length > TOLD ? ['…'] : [])].join('\n'),
});
