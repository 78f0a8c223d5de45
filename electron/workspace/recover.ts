/** What can still be read of a damaged workspace, taken over into a new one. Trust in programs and keys is not: a person gives that. */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';

/** Tables whose rows are taken over, with their columns that hold JSON: of half a value nothing is kept. */
const tables: Readonly<Record<string, readonly string[]>> = {
  environments: ['environment'],
  settings: ['value'],
  backups: ['backup'],
  runs: ['versions', 'run'],
  audit: ['detail'],
  audit_checkpoints: ['head'],
};

/** Rows taken over, by table. */
export type Recovered = ReadonlyMap<string, number>;

/** Reads copies of `damaged` and its siblings, which stay as they are. `into` has this version's schema, and no rows. */
export function recover(damaged: string, into: Database.Database): Recovered {
  const copy = `${into.name}.source`;
  try {
    for (const suffix of siblings) if (existsSync(damaged + suffix)) copyFileSync(damaged + suffix, copy + suffix);
    const source = new Database(copy);
    try {
      return into.transaction(
        () => new Map(Object.keys(tables).map((table) => [table, takeOver(table, source, into)])),
      )();
    } finally {
      source.close();
    }
  } finally {
    for (const suffix of [...siblings, '-shm']) rmSync(copy + suffix, { force: true });
  }
}

const siblings = ['', '-wal', '-journal'];

type Cells = Readonly<Record<string, unknown>>;

function takeOver(table: string, source: Database.Database, into: Database.Database): number {
  let taken = 0;
  // From both ends: a damaged page hides what is behind it.
  for (const order of ['ASC', 'DESC'])
    for (const row of readable(source, `SELECT * FROM ${table} ORDER BY rowid ${order}`))
      if (isWhole(table, row)) taken += insert(table, row, into);
  return taken;
}

/** Until the first that cannot be read. */
function* readable(source: Database.Database, sql: string): Generator<Cells> {
  try {
    for (const row of source.prepare<[], Cells>(sql).iterate()) yield row;
  } catch (error) {
    if (!isSqliteError(error)) throw error;
  }
}

function isWhole(table: string, row: Cells): boolean {
  try {
    return (tables[table] ?? []).every((column) => JSON.parse(String(row[column])) !== null);
  } catch {
    return false;
  }
}

/** 0: it is there already, or breaks a rule of its table. */
function insert(table: string, row: Cells, into: Database.Database): number {
  const known = into.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
  const columns = known.filter((column) => row[column] !== undefined);
  const sql = `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
  return into.prepare(sql).run(...columns.map((column) => row[column])).changes;
}

const isSqliteError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_');
