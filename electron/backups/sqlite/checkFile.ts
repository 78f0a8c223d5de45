// What SQLite finds in a file.
import Database from 'better-sqlite3';
import type { ObjectCounts, TableRows } from '../../../shared/model/backup.ts';
import { countsQuery } from './countsQuery.ts';
import type { CheckResult } from './protocol.ts';

/** Findings of `PRAGMA integrity_check` that are kept. */
const KEPT_FINDINGS = 10;

export function checkFile(file: string): Omit<CheckResult, 'kind'> {
  const database = new Database(file, { fileMustExist: true });
  try {
    const found = database.prepare(`PRAGMA integrity_check(${KEPT_FINDINGS})`).pluck().all().map(String);
    const damage = found.length === 1 && found[0] === 'ok' ? [] : found;
    return {
      objects: countObjects(database),
      danglingReferences: danglingReferences(database),
      rows: countRows(database),
      damage,
    };
  } finally {
    database.close();
  }
}

export function countObjects(database: Database.Database): ObjectCounts {
  const rows = database.prepare(countsQuery).all() as { kind: string; number: number }[];
  return Object.fromEntries(rows.map(({ kind, number }) => [kind, number]));
}

/** Of every table that has rows of its own; those of extensions (virtual tables) lie in tables beside them. */
export function countRows(database: Database.Database): TableRows[] {
  const names = database.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
  );
  return names
    .pluck()
    .all()
    .map((name) => {
      const table = String(name);
      const count = database.prepare(`SELECT count(*) FROM "${table.replaceAll('"', '""')}"`).pluck();
      return { table, rows: Number(count.get()), source: 'counted' };
    });
}

/** Rows that refer to missing rows. `integrity_check` does not look for them (measured on SQLite 3.53). */
export function danglingReferences(database: Database.Database): number {
  let count = 0;
  for (const _violation of database.prepare('PRAGMA foreign_key_check').iterate()) count += 1;
  return count;
}
