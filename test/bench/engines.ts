/** The databases that are measured: fresh ones for every run, on servers with their durable default settings. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type PrivateServer, startMariadb, startPostgres, unavailable } from '../servers/index.ts';

export type Engine = 'postgres' | 'mariadb' | 'sqlite';

export interface BenchDatabase extends AsyncDisposable {
  /** As each program writes it. */
  readonly url: string;
  readonly name: string;
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export interface BenchEngine extends AsyncDisposable {
  readonly id: Engine;
  readonly title: string;
  readonly server: PrivateServer | null;
  createDatabase(): Promise<BenchDatabase>;
}

/** Null, and the reason printed, where this machine cannot run it. */
export async function openEngine(id: Engine): Promise<BenchEngine | null> {
  if (id === 'sqlite') return openSqlite();
  const reason = unavailable(id === 'postgres' ? 'postgres15' : 'mariadb');
  if (reason !== undefined) {
    console.log(`${id} is left out: ${reason}`);
    return null;
  }
  const server = await (id === 'postgres' ? startPostgres({ version: 15 }) : startMariadb());
  const [row] = await server.query('SELECT version() AS version');
  const version = /\d+\.\d+(\.\d+)?/.exec(String(row?.['version']))?.[0] ?? '';
  return {
    id,
    title: `${id === 'postgres' ? 'PostgreSQL' : 'MariaDB'} ${version}`,
    server,
    createDatabase: () => server.createDatabase(),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

function openSqlite(): BenchEngine {
  const memory = new Database(':memory:');
  const version = String(memory.prepare('SELECT sqlite_version()').pluck().get());
  memory.close();
  return {
    id: 'sqlite',
    title: `SQLite ${version}`,
    server: null,
    createDatabase: createFile,
    async [Symbol.asyncDispose]() {},
  };
}

async function createFile(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-bench-'));
  const file = join(folder, 'bench.db');
  const query = async (sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const database = new Database(file);
    try {
      const statement = database.prepare<[], Record<string, unknown>>(sql);
      if (statement.reader) return statement.all();
      statement.run();
      return [];
    } finally {
      database.close();
    }
  };
  // Lockkeeper refuses a file that is not there.
  await query('CREATE TABLE made (id integer)');
  await query('DROP TABLE made');
  return {
    url: `sqlite:${file}`,
    name: file,
    query,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
