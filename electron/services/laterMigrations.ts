/** Which migrations a database had when a backup of it was taken, and which came later: by its history, whoever ran them. */
import type { HistoryEntry } from '../../shared/model/history.ts';
import type { LaterMigration } from '../../shared/model/restore.ts';
import { ProblemError } from '../../shared/problem.ts';
import type { Archive } from '../backups/restore/archive.ts';
import { ServerFault, type Session } from '../engine/ports.ts';
import { readSource } from './readSource.ts';
import type { TargetDatabase } from './target.ts';

/** Keys of its history; null: it could not be read, for want of a migration folder for example. */
export async function appliedNow(target: TargetDatabase, session: Session): Promise<readonly string[] | null> {
  return (await historyOf(target, session))?.entries.map(({ historyKey }) => historyKey) ?? null;
}

/** In the order of the history; null: not known. */
export async function migrationsSince(
  target: TargetDatabase,
  session: Session,
  archive: Archive,
): Promise<readonly LaterMigration[] | null> {
  if (archive.kind === 'foreign') return null;
  const { takenAt, applied } = archive.backup;
  const history = await historyOf(target, session);
  if (history === null) return null;
  const { entries, nameOf } = history;
  if (applied === undefined && entries.some(({ appliedAt }) => appliedAt === null)) return null;
  const before = new Set(applied ?? entries.map(({ historyKey }) => historyKey));
  return entries
    .filter(({ historyKey, appliedAt }) => !before.has(historyKey) || (appliedAt !== null && appliedAt > takenAt))
    .map(({ version, historyKey, name, appliedAt }) => ({
      version: version ?? historyKey,
      name: name ?? nameOf(historyKey),
      appliedAt,
    }));
}

interface KnownHistory {
  readonly entries: readonly HistoryEntry[];
  /** By the migration's file. */
  nameOf(historyKey: string): string | null;
}

async function historyOf(target: TargetDatabase, session: Session): Promise<KnownHistory | null> {
  try {
    const { history, migrations } = await readSource(target);
    const names = new Map(migrations.map((migration) => [migration.historyKey, migration.name]));
    const entries = ((await history.read(session)) ?? []).filter(({ state }) => state !== 'reverted');
    return { entries, nameOf: (key) => names.get(key) ?? null };
  } catch (thrown) {
    const unreadable =
      thrown instanceof ProblemError || (thrown instanceof ServerFault && thrown.kind !== 'connectionLost');
    if (unreadable) return null;
    throw thrown;
  }
}
