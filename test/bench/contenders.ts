/** Who runs against whom: Lockkeeper's own command line, the limit and the server's own client; peers are in `peers/`. */
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../servers/programs.ts';
import type { BenchEngine } from './engines.ts';
import type { Program } from './measure.ts';
import type { Workload } from './workloads.ts';

/** How scripts and history rows share transactions where the engine lets them; `apart`: the row has one of its own. */
export type Transactions = 'each' | 'all' | 'apart';

export interface Contender {
  readonly id: string;
  /** With its version if it is a peer. */
  readonly title: string;
  readonly kind: 'limit' | 'lockkeeper' | 'client' | 'peer';
  readonly transactions: Transactions;
  /** To machine code, which starts in no time. */
  readonly compiled: boolean;
  /** Why it has no part in this work; null: it has one. */
  leftOut(engine: BenchEngine, workload: Workload): string | null;
  /** What it reads, written before any clock starts, into an empty folder of its own. */
  prepare(project: Project): Promise<void>;
  program(task: Task): Program;
}

export interface Project {
  readonly engine: BenchEngine;
  readonly workload: Workload;
  /** Empty, of this contender alone. */
  readonly folder: string;
  /** The migrations as dbmate's files, and as one script for the server's own client. */
  readonly source: string;
  readonly script: string;
  /** Where Lockkeeper keeps its workspace and the limit its journal. */
  readonly home: string;
}

export interface Task extends Project {
  /** Of a fresh database, by a proxy's port where one is between: `postgres://…`, `mysql://…` or `sqlite:/path`. */
  readonly url: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const built = join(root, 'dist', 'cli.js');
const source = join(root, 'electron', 'cli', 'main.ts');

/** In the project, so that the limit finds the drivers. */
export const cacheFolder = join(root, 'node_modules', '.cache', 'lockkeeper-bench');

/** What of Lockkeeper is measured. */
export const measuredFile = existsSync(built) ? built : source;

/** Sources changed after the build: its figures would be those of yesterday. */
export const buildIsOld = (): boolean =>
  measuredFile === built &&
  globSync(['electron/**/*.ts', 'shared/**/*.ts'], { cwd: root }).some((file) => isNewer(join(root, file), built));

const isNewer = (file: string, other: string): boolean => statSync(file).mtimeMs > statSync(other).mtimeMs;

/** Migrations that share a message of the limit that has them share one. */
const together = 50;

export function ownContenders(cache: string): readonly Contender[] {
  const file = stripped(cache);
  const limit = (id: string, title: string, journal: boolean, count: number): Contender => ({
    ...common,
    id,
    title,
    kind: 'limit',
    leftOut: ({ server }, { migrations, appliedBefore }) =>
      count > 1 && (server === null || migrations === 1 || appliedBefore) ? 'nothing can share a message' : null,
    program: ({ engine, url, source: folder, home }) => ({
      file: process.execPath,
      arguments: [file, engine.id, url, folder, journal ? home : '', String(count)],
      // Node starts faster with it, and Lockkeeper uses it too.
      environment: { NODE_COMPILE_CACHE: join(cache, 'compiled') },
    }),
  });
  return [
    limit('limit', 'limit, bare', false, 1),
    limit('limitTogether', `limit, bare, ${together} a message`, false, together),
    limit(durableLimit, 'limit, same durable writes', true, 1),
    lockkeeper,
    client,
  ];
}

export const durableLimit = 'limitDurable';

const common = { transactions: 'each', compiled: false, leftOut: () => null, prepare: async () => undefined } as const;

/** Without its types, so that the limit does not pay for removing them; where it finds the drivers. */
export function stripped(cache: string): string {
  mkdirSync(cache, { recursive: true });
  const file = join(cache, 'limit.mjs');
  writeFileSync(file, stripTypeScriptTypes(readFileSync(new URL('./limit.ts', import.meta.url), 'utf8')));
  return file;
}

const lockkeeper: Contender = {
  ...common,
  id: 'lockkeeper',
  title: 'Lockkeeper',
  kind: 'lockkeeper',
  program: ({ engine, url, source: folder, home }) => ({
    file: process.execPath,
    arguments: [measuredFile, 'up', '--json', '--non-interactive', '--url-env', 'DB', '--source', folder],
    environment: {
      DB:
        engine.server === null ? url : `${url}${engine.id === 'postgres' ? '?sslmode=disable' : '?ssl-mode=DISABLED'}`,
      LOCKKEEPER_HOME: join(home, 'workspace'),
    },
  }),
};

const client: Contender = {
  ...common,
  id: 'client',
  title: 'psql / mariadb / sqlite3',
  kind: 'client',
  compiled: true,
  leftOut({ server }, { appliedBefore }) {
    if (appliedBefore) return 'it knows nothing of what is applied';
    const has = server === null ? findProgram('sqlite3') : server.programs;
    return has === undefined ? 'its program is not installed' : null;
  },
  program({ engine: { id, server }, url, script }) {
    if (server === null) return { file: 'sqlite3', arguments: ['-bail', url.replace(/^sqlite:/, '')], input: script };
    const file = server.programs?.client ?? '';
    if (id === 'postgres')
      return { file, arguments: ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', script, `${url}?sslmode=disable`] };
    const { hostname, port, username, password, pathname } = new URL(url);
    return {
      file,
      arguments: ['--no-defaults', '-h', hostname, '-P', port, '-u', username, pathname.slice(1)],
      environment: { MYSQL_PWD: decodeURIComponent(password) },
      input: script,
    };
  },
};
