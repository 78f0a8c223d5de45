/** A whole backend on a temporary data directory, and fresh databases of every engine to use it on. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ulid } from 'ulid';
import { type Backend, compose } from '../../electron/compose.ts';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { type RunRequest, startRun } from '../../electron/services/startRun.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import type { Tier } from '../../shared/model/environment.ts';
import type { Run, RunRecord } from '../../shared/model/run.ts';
import { mariadb, postgres15, postgres18 } from '../servers/index.ts';

export interface TestBackend extends AsyncDisposable {
  readonly backend: Backend;
  readonly folder: string;
}

export async function testBackend(): Promise<TestBackend> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-test-'));
  const backend = await compose({ dataDirectory: path.join(folder, 'data'), shell: 'commandLine' });
  return {
    backend,
    folder,
    async [Symbol.asyncDispose]() {
      await backend.close();
      // A watcher that has just been left may still write its last line.
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

export const engines = ['postgres15', 'postgres18', 'mariadb', 'sqlite'] as const;
export type TestEngine = (typeof engines)[number];

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  /** Asks the database directly, not through Lockkeeper. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export async function testDatabase(engine: TestEngine): Promise<TestDatabase> {
  if (engine === 'sqlite') return sqliteDatabase();
  const server = await { postgres15, postgres18, mariadb }[engine]();
  const database = await server.createDatabase();
  return {
    url: database.url,
    query: (sql) => database.query(sql),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

async function sqliteDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-sqlite-'));
  const file = path.join(folder, `${ulid()}.db`);
  await createDatabase(file);
  const { default: Sqlite } = await import('better-sqlite3');
  return {
    url: `sqlite:${file}`,
    async query(sql) {
      const database = new Sqlite(file);
      try {
        const statement = database.prepare(sql);
        if (statement.reader) return statement.all() as Record<string, unknown>[];
        statement.run();
        return [];
      } finally {
        database.close();
      }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Writes a migration folder; the format is chosen by the names. */
export async function writeFolder(parent: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = path.join(parent, `source-${ulid()}`);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  return folder;
}

export const adHoc = (url: string, source: string, tier?: Tier): TargetRequest => ({
  kind: 'adHoc',
  url,
  overrides: { path: source },
  ...(tier === undefined ? {} : { tier }),
});

export async function run(
  backend: Backend,
  target: TargetRequest,
  request: Partial<RunRequest> = {},
): Promise<{ run: Run; records: readonly RunRecord[] }> {
  const started = await startRun(backend.context, {
    target,
    wanted: { direction: 'up' },
    fingerprint: null,
    backup: false,
    confirm: null,
    reason: null,
    accept: ['dataLoss', 'retryFailed'],
    continueOnError: false,
    ...request,
  });
  const finished = await started.finished;
  return { run: finished, records: await backend.context.runs.records(started.id) };
}
