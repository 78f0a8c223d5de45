// The databases that runs are killed on: fresh ones for every shot, on servers of our own that may be killed, too.
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type PrivateServer, startMariadb, startPostgres, unavailable } from '../servers/index.ts';
import { mariadbClient } from '../servers/mariadb.ts';
import { postgresClient } from '../servers/postgres.ts';
import type { Protocol } from './framing.ts';
import { inDatabase } from './statementMix.ts';
import type { Target, Workload } from './workload.ts';

export interface CrashDatabase extends AsyncDisposable {
  readonly name: string;
  readonly workload: Workload;
  /** `port`: of a proxy; null: the server itself. */
  url(port: number | null): string;
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Another one that goes when this one does: what to restore into, and its address. */
  beside(suffix: string): { readonly into: string; readonly url: string };
  /** Ends the sessions of the program that runs here, as an administrator would. */
  endSessions(): Promise<void>;
}

export interface CrashTarget extends AsyncDisposable {
  readonly id: Target;
  readonly title: string;
  readonly server: PrivateServer | null;
  readonly protocol: Protocol | null;
  /** Folder of its data. */
  readonly folder: string;
  /** What must be found nowhere. */
  readonly secret: string | null;
  createDatabase(workload: Workload): Promise<CrashDatabase>;
}

/** A text: why this machine cannot run it. */
export async function openTarget(id: Target): Promise<CrashTarget | string> {
  if (id === 'sqlite' || id === 'sqlite-wal') return openSqlite(id);
  const reason = unavailable(id === 'postgres' ? 'postgres15' : 'mariadb');
  if (reason !== undefined) return reason;
  const server = await (id === 'postgres' ? startPostgres({ version: 15 }) : startMariadb());
  const [row] = await server.query('SELECT version() AS version');
  const version = /\d+\.\d+(\.\d+)?/.exec(String(row?.['version']))?.[0] ?? '';
  const parts = id === 'postgres' ? postgresParts(server) : mysqlParts(server);
  return {
    id,
    title: `${id === 'postgres' ? 'PostgreSQL' : 'MariaDB'} ${version}`,
    server,
    folder: server.folder,
    secret: server.superuser.password,
    ...parts,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

type Parts = Pick<CrashTarget, 'protocol' | 'createDatabase'>;

const nextName = (
  (count) => () =>
    `crash_${String(count++)}`
)(1);

function postgresParts(server: PrivateServer): Parts {
  const templates = new Map<string, Promise<string>>();

  async function makeTemplate({ id, setup }: Workload): Promise<string> {
    const name = `template_${id.replaceAll(/\W+/g, '_').toLowerCase()}`;
    await server.query(`CREATE DATABASE ${name}`);
    await postgresClient.query(server.url(name), setup.filter((sql) => !isOwn(sql)).join(';\n'));
    return name;
  }

  /** What is named after the database, or may not be copied with it: statements of their own, as some refuse a transaction. */
  async function runEach(statements: readonly string[], name: string): Promise<void> {
    for (const sql of statements) await postgresClient.query(server.url(name), inDatabase(sql, name));
  }

  return {
    protocol: 'postgres',
    async createDatabase(workload) {
      const template = templates.get(workload.id) ?? makeTemplate(workload);
      templates.set(workload.id, template);
      const name = nextName();
      await server.query(`CREATE DATABASE ${name} TEMPLATE ${await template} STRATEGY file_copy`);
      await runEach(workload.setup.filter(isOwn), name);
      return {
        name,
        workload,
        url: (port) => `${withPort(server.url(name), port)}?sslmode=disable`,
        query: (sql) => postgresClient.query(server.url(name), sql),
        beside: (suffix) => ({ into: `${name}_${suffix}`, url: `${server.url(`${name}_${suffix}`)}?sslmode=disable` }),
        async endSessions() {
          await server.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`,
          );
        },
        async [Symbol.asyncDispose]() {
          await runEach(workload.teardown ?? [], name);
          // A restore makes others beside it.
          const all = await server.query(`SELECT datname AS name FROM pg_database WHERE datname ~ '^${name}(_|$)'`);
          for (const one of all) await server.query(`DROP DATABASE "${String(one['name'])}" WITH (FORCE)`);
        },
      };
    },
  };
}

const isOwn = (sql: string): boolean => sql.includes('{db}');

function mysqlParts(server: PrivateServer): Parts {
  return {
    protocol: 'mysql',
    async createDatabase(workload) {
      const name = nextName();
      const setup = workload.setup.map((sql) => inDatabase(sql, name));
      await server.query([`CREATE DATABASE ${name}`, `USE ${name}`, ...setup].join(';\n'));
      return {
        name,
        workload,
        url: (port) => `${withPort(server.url(name), port)}?ssl-mode=DISABLED`,
        query: (sql) => mariadbClient.query(server.url(name), sql),
        beside: (suffix) => ({
          into: `${name}_${suffix}`,
          url: `${server.url(`${name}_${suffix}`)}?ssl-mode=DISABLED`,
        }),
        async endSessions() {
          const rows = await server.query(`SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = '${name}'`);
          // One that has ended by itself meanwhile is an error to the server.
          for (const { id } of rows) await server.query(`KILL CONNECTION ${String(id)}`).catch(() => undefined);
        },
        async [Symbol.asyncDispose]() {
          const all = await server.query(
            `SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME REGEXP '^${name}(_|$)'`,
          );
          for (const one of all) await server.query(`DROP DATABASE \`${String(one['name'])}\``);
          for (const sql of workload.teardown ?? []) await server.query(inDatabase(sql, name));
        },
      };
    },
  };
}

function withPort(address: string, port: number | null): string {
  const url = new URL(address);
  if (port !== null) url.port = String(port);
  return url.href;
}

async function openSqlite(id: 'sqlite' | 'sqlite-wal'): Promise<CrashTarget> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-crash-sqlite-'));
  const templates = new Map<string, string>();
  const mode = id === 'sqlite' ? 'DELETE' : 'WAL';

  function templateOf({ id: workload, setup }: Workload): string {
    const file = templates.get(workload) ?? join(folder, `template-${workload.replaceAll(/\W+/g, '_')}.db`);
    if (templates.has(workload)) return file;
    const database = new Database(file);
    database.pragma(`journal_mode = ${mode}`);
    database.exec(setup.join(';\n'));
    database.close();
    templates.set(workload, file);
    return file;
  }

  const memory = new Database(':memory:');
  const version = memory.prepare('SELECT sqlite_version()').pluck().get();
  memory.close();
  return {
    id,
    title: `SQLite ${String(version)}, journal_mode ${mode}`,
    server: null,
    folder,
    protocol: null,
    secret: null,
    async createDatabase(workload) {
      const name = nextName();
      const own = join(folder, name);
      await rm(own, { recursive: true, force: true });
      await mkdir(own);
      const file = join(own, 'crash.db');
      await copyFile(templateOf(workload), file);
      return {
        name,
        workload,
        url: () => `sqlite:${file}`,
        query: async (sql) => {
          const database = new Database(file, { timeout: 5_000 });
          try {
            return database.prepare<[], Record<string, unknown>>(sql).all();
          } finally {
            database.close();
          }
        },
        beside: (suffix) => ({ into: join(own, `${suffix}.db`), url: `sqlite:${join(own, `${suffix}.db`)}` }),
        endSessions: async () => undefined,
        [Symbol.asyncDispose]: () => rm(own, { recursive: true, force: true }),
      };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
