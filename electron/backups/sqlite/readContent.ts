// Rows of a SQLite file, digested in the worker.
import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import type { WantedDigests } from '../content/contentReader.ts';
import type { TableRead } from '../content/readTables.ts';
import { countRows } from './checkFile.ts';
import { type ContentFound, FORM } from './protocol.ts';

/** Milliseconds for digests: meanwhile a file without WAL cannot be written. */
const BUDGET_MS = 5_000;

export function contentOfFile(file: string, wanted: WantedDigests): ContentFound {
  const database = new Database(file, { fileMustExist: true });
  try {
    return readContent(database, wanted);
  } finally {
    database.close();
  }
}

/** `wanted`: null: as many tables as the time is enough for, small ones first. */
export function readContent(database: Database.Database, wanted: WantedDigests | null): ContentFound {
  const until = performance.now() + BUDGET_MS;
  const digests = new Map<string, string | null>();
  const counted = countRows(database);
  const digestOf = (wanted?.form ?? FORM) === 1 ? digestOfRows : digestInOrder;
  for (const { table } of counted.toSorted((a, b) => a.rows - b.rows))
    if (wanted?.tables.has(table) ?? performance.now() < until)
      digests.set(table, digestOf(database, table, wanted === null ? until : Number.POSITIVE_INFINITY));
  const tables: TableRead[] = counted.map(({ table, rows }) => ({ table, rows, digest: digests.get(table) ?? null }));
  return { tables, sequences: positions(database) };
}

/** Characters that are hashed at once. */
const HASHED_LENGTH = 1 << 16;

/**
 * The second form: of the rows as the file has them, which a copy of its pages has in the same order; three times as fast
 * as of each row by itself. Null: there was not time enough.
 */
function digestInOrder(database: Database.Database, table: string, until: number): string | null {
  const hash = createHash('sha256');
  let text = '';
  let read = 0;
  for (const row of rowsOf(database, table)) {
    for (const value of row) text += textOf(value);
    text += '\n';
    if (text.length > HASHED_LENGTH) {
      hash.update(text);
      text = '';
    }
    read += 1;
    if (read % 1000 === 0 && performance.now() > until) return null;
  }
  return hash.update(text).digest('hex');
}

/** With its type and length: no two rows have the same text. */
function textOf(value: unknown): string {
  if (Buffer.isBuffer(value)) return `b${value.length}:${value.toString('latin1')}`;
  const text = String(value);
  return `${value === null ? 'n' : (typeof value)[0]}${text.length}:${text}`;
}

const rowsOf = (database: Database.Database, table: string): Iterable<unknown[]> =>
  database
    .prepare(`SELECT * FROM "${table.replaceAll('"', '""')}"`)
    .safeIntegers()
    .raw()
    .iterate() as Iterable<unknown[]>;

/** The first form: of the rows in any order; null: there was not time enough. */
function digestOfRows(database: Database.Database, table: string, until: number): string | null {
  let sum = 0n;
  let read = 0;
  for (const row of rowsOf(database, table)) {
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
