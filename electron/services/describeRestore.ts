/** What a restore would lose and what speaks against it, from the backup's record and what is there now. */
import type { Backup, TableRows } from '../../shared/model/backup.ts';
import type { Hazard } from '../../shared/model/plan.ts';
import type { OpenSession, RestorePlacement, RestorePlan, RowDifference } from '../../shared/model/restore.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { nothingChanged, type Problem } from '../../shared/problem.ts';
import { type Archive, pathOf } from '../backups/restore/archive.ts';
import type { RestoreNames } from '../backups/restorer.ts';
import type { Context } from './context.ts';
import type { TargetDatabase } from './target.ts';

const RUNS_SHOWN = 50;

export function hazardsOf(
  archive: Archive,
  { environment }: TargetDatabase,
  placement: RestorePlacement,
  names: RestoreNames,
  sessions: readonly OpenSession[],
): Hazard[] {
  const hazard = (code: string, message: string, mustAccept: boolean): Hazard => ({
    code,
    severity: 'danger',
    message,
    mustAccept,
    line: null,
  });
  const since = archive.kind === 'backup' ? `after ${archive.backup.takenAt}` : 'since the dump was taken';
  const { connection } = environment;
  const sameDatabase =
    archive.kind === 'foreign' || connection.engine === 'sqlite' || archive.backup.database === connection.database;
  const swaps = placement === 'swap';
  return [
    ...(archive.kind === 'foreign'
      ? [
          hazard(
            'foreignDump',
            `${archive.path} was not taken here: it can hold code that runs with the rights of this account.`,
            true,
          ),
        ]
      : []),
    ...(swaps && !sameDatabase
      ? [hazard('otherDatabase', `The backup is of another database: ${archive.backup.database}.`, true)]
      : []),
    ...(swaps
      ? [
          hazard(
            'restoreLosesChanges',
            `What was written to ${names.live} ${since} is not in the restored database; it is kept aside in ${names.kept}.`,
            false,
          ),
        ]
      : []),
    ...(sessions.length > 0 ? [closesSessions(sessions, names.live)] : []),
  ];
}

export const closesSessions = (sessions: readonly OpenSession[], live: string): Hazard => ({
  code: 'closesSessions',
  severity: 'danger',
  message: `${sessions.length} session${sessions.length === 1 ? '' : 's'} of others on ${live} will be ended.`,
  mustAccept: true,
  line: null,
});

export function unfit(archive: Archive, { driver }: TargetDatabase, placement: RestorePlacement): Problem[] {
  if (archive.kind === 'foreign') return [];
  const { engine, covers, problem } = archive.backup;
  const refused = (message: string, hint: string): Problem => ({
    code: 'restore.unfit',
    message,
    state: nothingChanged,
    hint,
  });
  return [
    ...(engine === driver.id
      ? []
      : [refused(`The backup is of another engine than ${driver.title}.`, 'Choose one of this database.')]),
    ...(covers !== 'everything' && placement === 'swap'
      ? [
          refused(
            covers === 'schema' ? 'The backup holds no rows, only the schema.' : 'The backup holds only some tables.',
            'It cannot replace a database; restore it beside, with --into NAME.',
          ),
        ]
      : []),
    ...(problem === null ? [] : [problem]),
  ];
}

export function viewArchive(
  archive: Archive,
  now: readonly TableRows[] | null,
): Pick<RestorePlan, 'backup' | 'file' | 'takenAt' | 'rows' | 'rowsKnown' | 'notCovered'> {
  const backup: Backup | null = archive.kind === 'backup' ? archive.backup : null;
  return {
    backup,
    file: pathOf(archive),
    takenAt: backup?.takenAt ?? null,
    rows: differences(backup?.rows, now),
    rowsKnown: backup?.rows !== undefined && now !== null,
    notCovered: backup?.notCovered ?? [],
  };
}

function differences(inBackup: readonly TableRows[] | undefined, now: readonly TableRows[] | null): RowDifference[] {
  if (inBackup === undefined || now === null) return [];
  const tables = new Set([...inBackup, ...now].map(({ table }) => table));
  return [...tables]
    .filter((table) => !isOwn(table))
    .sort()
    .map((table) => ({ table, inBackup: find(inBackup, table), now: find(now, table) }))
    .filter((one) => one.inBackup?.rows !== one.now?.rows);
}

/** Lockkeeper's journal is no data of the application. */
const isOwn = (table: string): boolean => /^lockkeeper[._]/.test(table);

const find = (rows: readonly TableRows[], table: string): TableRows | null =>
  rows.find((one) => one.table === table) ?? null;

export function runsSince(context: Context, { environment }: TargetDatabase, archive: Archive): RunSummary[] {
  if (archive.kind === 'foreign' || environment.id === '') return [];
  const { takenAt } = archive.backup;
  return (
    context.workspace.runs
      .list({ environmentId: environment.id, limit: RUNS_SHOWN })
      // The run that took the backup began before it, and changed the database after it.
      .filter(
        (run) =>
          (run.finishedAt === null || run.finishedAt > takenAt) &&
          ['up', 'down', 'restore', 'undoRestore'].includes(run.action),
      )
  );
}
