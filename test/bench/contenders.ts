/** Who runs against whom: Lockkeeper's own command line, the limit, the server's own client and another tool. */
import {
  createWriteStream,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { resolveBinary } from 'dbmate';
import { findProgram } from '../servers/programs.ts';
import type { BenchDatabase, BenchEngine } from './engines.ts';
import type { Program } from './measure.ts';
import type { Workload } from './workloads.ts';

export type ContenderId = 'limit' | 'limitDurable' | 'lockkeeper' | 'client' | 'dbmate';

export interface Contender {
  readonly id: ContenderId;
  readonly title: string;
  /** Null where it has no way to do this work. */
  program(task: Task): Program | null;
}

export interface Task {
  readonly engine: BenchEngine;
  readonly workload: Workload;
  readonly database: BenchDatabase;
  /** Address to reach the server at; another than its own when a proxy is between. */
  readonly port: number | null;
  /** The migrations, and the same as one script for the server's own client. */
  readonly folder: string;
  readonly script: string;
  /** Where Lockkeeper keeps its workspace and the limit its journal. */
  readonly home: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const built = join(root, 'dist', 'cli.js');
const source = join(root, 'electron', 'cli', 'main.ts');

/** What of Lockkeeper is measured. */
export const measuredFile = existsSync(built) ? built : source;

/** Sources changed after the build: its figures would be those of yesterday. */
export const buildIsOld = (): boolean =>
  measuredFile === built &&
  globSync(['electron/**/*.ts', 'shared/**/*.ts'], { cwd: root }).some((file) => isNewer(join(root, file), built));

export async function contenders(cache: string): Promise<readonly Contender[]> {
  const limit = stripped(cache);
  // Node starts faster with it, and Lockkeeper uses it too.
  const environment = { NODE_COMPILE_CACHE: join(cache, 'compiled') };
  const limitProgram = (task: Task, ...more: string[]): Program => ({
    file: process.execPath,
    arguments: [limit, task.engine.id, urlFor(task, ''), task.folder, ...more],
    environment,
  });
  return [
    { id: 'limit', title: 'limit, bare', program: (task) => limitProgram(task) },
    { id: 'limitDurable', title: 'limit, same durable writes', program: (task) => limitProgram(task, task.home) },
    { id: 'lockkeeper', title: 'Lockkeeper', program: lockkeeper },
    { id: 'client', title: 'psql / mariadb / sqlite3', program: client },
    { id: 'dbmate', title: 'dbmate', program: dbmate },
  ];
}

/** Without its types, so that the limit does not pay for removing them; where it finds the drivers. */
export function stripped(cache: string): string {
  mkdirSync(cache, { recursive: true });
  const file = join(cache, 'limit.mjs');
  writeFileSync(file, stripTypeScriptTypes(readFileSync(new URL('./limit.ts', import.meta.url), 'utf8')));
  return file;
}

function lockkeeper(task: Task): Program {
  return {
    file: process.execPath,
    arguments: [measuredFile, 'up', '--json', '--non-interactive', '--url-env', 'DB', '--source', task.folder],
    environment: {
      DB: urlFor(task, task.engine.id === 'postgres' ? '?sslmode=disable' : '?ssl-mode=DISABLED'),
      LOCKKEEPER_HOME: join(task.home, 'workspace'),
    },
  };
}

function dbmate(task: Task): Program | null {
  // On SQLite its time grows with the square of the statements; no server would take 100 MB in its one message.
  const long = task.workload.setup !== null;
  if (task.workload.id === 'large' || (long && task.engine.server === null)) return null;
  const url = urlFor(task, task.engine.id === 'postgres' ? '?sslmode=disable' : '');
  return {
    file: resolveBinary(),
    arguments: ['--url', url, '-d', task.folder, '--no-dump-schema', 'migrate'],
    folder: task.folder,
  };
}

function client(task: Task): Program | null {
  if (task.workload.appliedBefore) return null;
  const { server } = task.engine;
  if (server === null) {
    const sqlite = findProgram('sqlite3');
    return sqlite === undefined ? null : { file: sqlite, arguments: ['-bail', task.database.name], input: task.script };
  }
  const address = ['-h', server.host, '-u', server.superuser.user, '-P', String(task.port ?? server.port)];
  if (server.programs === undefined) return null;
  return task.engine.id === 'postgres'
    ? {
        file: server.programs.client,
        arguments: ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', task.script, urlFor(task, '?sslmode=disable')],
      }
    : {
        file: server.programs.client,
        arguments: ['--no-defaults', ...address, task.database.name],
        environment: { MYSQL_PWD: server.superuser.password },
        input: task.script,
      };
}

/** `parameters` are of no meaning to SQLite. */
function urlFor({ engine, database, port }: Task, parameters: string): string {
  if (engine.server === null) return database.url;
  const url = new URL(database.url);
  if (port !== null) url.port = String(port);
  return `${url.href}${parameters}`;
}

/** All migrations as one script, each a transaction with its history row, for a client that knows nothing of migrations. */
export async function writeScript(folder: string, script: string): Promise<void> {
  const file = createWriteStream(script);
  file.write('CREATE TABLE IF NOT EXISTS schema_migrations (version varchar(128) PRIMARY KEY);\n');
  for (const name of readdirSync(folder).sort()) {
    const text = readFileSync(join(folder, name));
    const sql = text.subarray(text.indexOf('\n') + 1, text.lastIndexOf('-- migrate:down'));
    file.write('BEGIN;\n');
    file.write(sql);
    file.write(`INSERT INTO schema_migrations (version) VALUES ('${Number.parseInt(name, 10)}');\nCOMMIT;\n`);
  }
  file.end();
  await finished(file);
}

const isNewer = (file: string, other: string): boolean => statSync(file).mtimeMs > statSync(other).mtimeMs;
