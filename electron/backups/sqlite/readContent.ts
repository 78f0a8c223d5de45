// Rows of a SQLite file, digested in the worker.
import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import type { TableRead } from '../content/readTables.ts';
import { countRows } from './checkFile.ts';
import type { ContentFound } from './protocol.ts';

/** Milliseconds for digests: meanwhile a file without WAL cannot be written. */
const BUDGET_MS = 5_000;

export function contentOfFile(file: string, digested: ReadonlySet<string>): ContentFound {
  const database = new Database(file, { fileMustExist: true });
  try {
    return readContent(database, digested);
  } finally {
    database.close();
  }
}

/** `digested`: the tables whose content is read; null: as many as the time is enough for, small ones first. */
export function readContent(database: Database.Database, digested: ReadonlySet<string> | null): ContentFound {
  const until = performance.now() + BUDGET_MS;
  const digests = new Map<string, string | null>();
  const counted = countRows(database);
  for (const { table } of counted.toSorted((a, b) => a.rows - b.rows))
    if (digested?.has(table) ?? performance.now() < until)
      digests.set(table, digestOf(database, table, digested === null ? until : Number.POSITIVE_INFINITY));
  const tables: TableRead[] = counted.map(({ table, rows }) => ({ table, rows, digest: digests.get(table) ?? null }));
  return { tables, sequences: positions(database) };
}

/** Of the rows in any order; null: there was not time enough. */
function digestOf(database: Database.Database, table: string, until: number): string | null {
  const rows = database
    .prepare(`SELECT * FROM "${table.replaceAll('"', '""')}"`)
    .safeIntegers()
    .raw();
  let sum = 0n;
  let read = 0;
  for (const row of rows.iterate() as Iterable<unknown[]>) {
    const hash = createHash('sha256');
    for (const value of row) addValue(hash, value);
    sum += hash.digest().readBigUInt64BE();
    read += 1;
    if (read % 1000 === 0 && performance.now() > until) return null;
  }
  return sum.toString();
}

function addValue(hash: ReturnType<typeof createHash>, value: unknown): void {
  if (Buffer.isBuffer(value)) hash.update(`b${value.length}:`).update(value);
  else {
    const text = String(value);
    hash.update(`${value === null ? 'n' : (typeof value)[0]}${Buffer.byteLength(text)}:${text}`);
  }
}

function positions(database: Database.Database): [string, string][] {
  const there = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").get();
  if (there === undefined) return [];
  const rows = database
    .prepare('SELECT name, CAST(max(seq) AS TEXT) AS position FROM sqlite_sequence GROUP BY name')
    .all();
  return (rows as { name: string; position: string }[]).map(({ name, position }) => [name, position]);
}
