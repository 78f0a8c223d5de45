/** `meta/_journal.json`: which migrations there are, in which order (drizzle-orm/src/migrator.ts). */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Problem } from '../../../shared/problem.ts';
import { invalidMetadata, type JsonObject, readJsonFile } from '../common/json.ts';
import { printable } from '../common/problems.ts';

export const journalFile = 'meta/_journal.json';

export interface JournalEntry {
  /** Name of the file, without `.sql`. */
  readonly tag: string;
  /** Milliseconds since 1970; what the history table is compared by. */
  readonly when: number;
}

export interface Journal {
  readonly dialect: string | null;
  readonly entries: readonly JournalEntry[];
}

/** Null with a Problem when it is missing or not what it should be. */
export async function readJournal(root: string, problems: Problem[]): Promise<Journal | null> {
  const read = await readJsonFile(root, journalFile, problems);
  if (read === null) return null;
  if (!Array.isArray(read['entries'])) {
    problems.push(wrong('holds no list “entries”'));
    return null;
  }
  const entries: JournalEntry[] = [];
  for (const [index, value] of read['entries'].entries()) {
    const entry = entryOf(value);
    if (entry === null)
      problems.push(wrong(`has an entry, number ${index + 1}, without a tag or a whole number “when”`));
    else entries.push(entry);
  }
  return { dialect: typeof read['dialect'] === 'string' ? read['dialect'] : null, entries };
}

function entryOf(value: unknown): JournalEntry | null {
  if (typeof value !== 'object' || value === null) return null;
  const { tag, when } = value as JsonObject;
  const named = typeof tag === 'string' && tag !== '' && !/[\\/\0]/.test(tag);
  return named && typeof when === 'number' && Number.isSafeInteger(when) ? { tag, when } : null;
}

const wrong = (what: string): Problem =>
  invalidMetadata(
    journalFile,
    `${journalFile} ${what}.`,
    'Get the file back from version control, or run drizzle-kit check.',
  );

const engines: Readonly<Record<string, EngineId>> = {
  postgresql: 'postgres',
  pg: 'postgres',
  mysql: 'mysql',
  sqlite: 'sqlite',
};

/** A Problem when the migrations were written for another kind of database. */
export function otherDialect({ dialect }: Journal, engine: EngineId | null): Problem[] {
  if (dialect === null || engine === null || engines[dialect] === engine) return [];
  const message = `${journalFile} says that these migrations are for ${printable(dialect)}, which this database is not.`;
  return [invalidMetadata(journalFile, message, 'Choose the folder of this database’s own migrations.')];
}
