/**
 * Bad input as a person meets it, on a database with one applied migration whose whole content is compared before and
 * after through the engine's own client.
 */
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, type TestContext } from 'vitest';
import type { RunRequest } from '../../electron/services/startRun.ts';
import type { SourceOverrides, TargetRequest } from '../../electron/services/target.ts';
import { type Problem, ProblemError, problemCodes } from '../../shared/problem.ts';
import { type CallOptions, type Finished, lockkeeper } from '../cli/lockkeeper.ts';
import { identity } from '../servers/identity.ts';
import { unavailable } from '../servers/index.ts';
import {
  run,
  type TestBackend,
  type TestDatabase,
  type TestEngine,
  testBackend,
  testDatabase,
} from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** The migration that the database already has, as dbmate writes it. */
export const applied: Files = {
  '1_people.sql':
    "-- migrate:up\ncreate table people (id integer primary key, name varchar(50));\ninsert into people values (1, 'Ada');\n-- migrate:down\ndrop table people;\n",
};

/** A pending migration with these statements; the first is on line 2. */
export const pending = (up: string): Files => ({ '2_towns.sql': `-- migrate:up\n${up}\n-- migrate:down\nselect 1;\n` });

/** One attempt to apply what is pending. */
export interface Attempt {
  readonly problem: Problem | null;
  readonly outcome: string;
  /** Null within this process. */
  readonly exitCode: number | null;
}

export interface AttemptOptions {
  /** Another address of the database. */
  readonly url?: string;
  readonly overrides?: SourceOverrides;
  readonly request?: Partial<RunRequest>;
}

export interface CommandOptions extends CallOptions {
  readonly url?: string;
  /** False: as a person reads it. */
  readonly json?: boolean;
}

export interface Desk extends AsyncDisposable {
  readonly folder: string;
  readonly source: string;
  readonly database: TestDatabase;
  readonly engine: TestEngine;
  /** Applies what is pending, within this process. */
  up(options?: AttemptOptions): Promise<Attempt>;
  /** Runs a command of the command line as a process, on the database and the source. */
  call(command: readonly string[], options?: CommandOptions): Promise<Finished>;
  /** Puts these files into the source in place of what is there. */
  fill(files: Files): Promise<void>;
  /** Forgets the migrations after the first, so that another one can be pending. */
  forget(): Promise<void>;
  /** Everything in the database but the journal, which tells of attempts. */
  contents(): Promise<unknown>;
}

/** Skips the test where the engine's server cannot run. */
export function requireServer(context: TestContext, engine: TestEngine): void {
  const reason = engine === 'sqlite' ? undefined : unavailable(engine);
  if (reason !== undefined) skipBecause(context, reason);
}

export async function openDesk(engine: TestEngine, opened?: TestDatabase): Promise<Desk> {
  const stack = await testBackend();
  const { backend, folder } = stack;
  const source = path.join(folder, 'migrations');
  const database = opened ?? (await testDatabase(engine));
  await execute(engine, database, seed);
  const desk: Desk = {
    folder,
    source,
    database,
    engine,
    up: ({ url = database.url, overrides, request } = {}) =>
      attempt(backend, { kind: 'adHoc', url, overrides: { path: source, ...overrides } }, request),
    call: (command, { url = database.url, json = true, ...options } = {}) =>
      lockkeeper(
        path.join(folder, 'home'),
        [...command, '--url-env', 'DB', '--source', source, ...(json ? ['--json'] : [])],
        { ...options, env: { DB: url, ...options.env } },
      ),
    async fill(files) {
      await rm(source, { recursive: true, force: true });
      await mkdir(source);
      for (const [name, text] of Object.entries(files)) await writeFile(path.join(source, name), text);
    },
    forget: () => execute(engine, database, ["delete from schema_migrations where version <> '1'"]),
    contents: () => contentsOf(engine, database),
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await stack[Symbol.asyncDispose]();
    },
  };
  await desk.fill(applied);
  return desk;
}

async function attempt(
  backend: TestBackend['backend'],
  target: TargetRequest,
  request?: Partial<RunRequest>,
): Promise<Attempt> {
  try {
    const { run: ended } = await run(backend, target, request);
    return { problem: ended.problem, outcome: ended.outcome ?? '', exitCode: null };
  } catch (thrown) {
    if (thrown instanceof ProblemError) return { problem: thrown.problem, outcome: 'refused', exitCode: null };
    throw thrown;
  }
}

/** What a command's document says. */
export function attemptOf(finished: Finished): Attempt {
  if (finished.stdout === '') throw new Error(`no document: ${finished.stderr}`);
  const { problem = null, outcome = '' } = finished.json() as { problem?: Problem | null; outcome?: string };
  return { problem, outcome, exitCode: finished.code };
}

const seed = [
  'create table schema_migrations (version varchar(128) primary key)',
  "insert into schema_migrations values ('1')",
  'create table people (id integer primary key, name varchar(50))',
  "insert into people values (1, 'Ada')",
];

/** Sends statements directly, not through Lockkeeper. */
export async function execute(engine: TestEngine, database: TestDatabase, statements: readonly string[]) {
  if (engine !== 'sqlite') {
    for (const sql of statements) await database.query(sql);
    return;
  }
  const file = new Sqlite(fileOf(database));
  for (const sql of statements) file.exec(sql);
  file.close();
}

export const fileOf = (database: TestDatabase): string => database.url.slice('sqlite:'.length);

async function contentsOf(engine: TestEngine, database: TestDatabase): Promise<unknown> {
  const tables = await database.query(
    tablesOf[engine === 'postgres15' || engine === 'postgres18' ? 'postgres' : engine],
  );
  const contents: Record<string, unknown> = {};
  for (const { table, definition } of tables) {
    const name = String(table);
    contents[name] = { definition, rows: await database.query(`select * from ${name}`) };
  }
  return contents;
}

const tablesOf = {
  postgres: `select format('%I.%I', table_schema, table_name) as table,
      string_agg(column_name || ' ' || data_type, ', ' order by ordinal_position) as definition
    from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema', 'lockkeeper')
    group by 1 order by 1`,
  mariadb: `select table_name as \`table\`, group_concat(column_name, ' ', column_type order by ordinal_position) as definition
    from information_schema.columns where table_schema = database() group by 1 order by 1`,
  sqlite: `select name as "table", sql as definition from sqlite_schema where type = 'table' and name not like 'lockkeeper_%' order by 1`,
} as const;

/** What a refusal must say. */
export type Told = Partial<Record<keyof Problem, unknown>> & Pick<Problem, 'code'>;

/** Expects this refusal of the attempt, with its code's exit code, and that the database is what it was. */
export async function expectRefusal(
  desk: Desk,
  told: Told,
  attempting: () => Promise<Attempt> = () => desk.up(),
): Promise<Problem> {
  const before = await desk.contents();
  const { problem, outcome, exitCode } = await attempting();
  expect(problem).toMatchObject({ state: 'Nothing was changed.', ...told });
  expect(outcome).not.toBe('succeeded');
  expect(exitCode ?? problemCodes[told.code]).toBe(problemCodes[told.code]);
  expect(await desk.contents()).toEqual(before);
  if (problem === null) throw new Error('unreachable: a problem was expected');
  for (const sentence of [problem.message, problem.state, problem.hint]) expect(sentence).toMatch(/^\S.*\S$/s);
  return problem;
}

/** The hint was followed: now it works. */
export async function expectSuccess(attempting: Promise<Attempt>): Promise<void> {
  expect(await attempting).toMatchObject({ problem: null, outcome: 'succeeded' });
}

/** User and group without rights on this computer's files; the folder's files become theirs. */
export async function strangerIn(...paths: readonly string[]): Promise<{ uid?: number; gid?: number }> {
  const { uid, gid } = identity;
  if (uid === undefined || gid === undefined) return {};
  for (const one of paths) await chown(one, uid, gid);
  return { uid, gid };
}
