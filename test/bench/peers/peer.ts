/** What the benchmark must know of another tool: the adapter that each has, in a file of its own. */
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LibraryConnection, libraryConnection } from '../../peers/libraryConnection.ts';
import { runProgram } from '../../peers/runProgram.ts';
import type { Contender, Transactions } from '../contenders.ts';
import type { Engine } from '../engines.ts';
import type { Program } from '../measure.ts';
import { type BenchMigration, migrationsOf, type Workload, type WorkloadId } from '../workloads.ts';

export interface BenchPeer {
  /** As `--peer` names it. */
  readonly id: string;
  readonly transactions: Transactions;
  readonly compiled?: true;
  /** Gives where it is and its version; throws with the reason why it cannot be had. */
  readonly install: () => Promise<Installed>;
  /** Why it has no part in this; absent or null: it has one. */
  readonly leftOut?: (engine: Engine, workload: WorkloadId) => string | null;
  /** Writes its project with the same migrations. */
  readonly write: (project: PeerProject) => Promise<void>;
  /** Applies everything pending; it is run in the project's folder. */
  readonly program: (run: PeerRun) => Program;
}

export interface Installed {
  /** Has `node_modules`, if it is of npm. */
  readonly folder: string;
  readonly version: string;
}

export interface PeerProject {
  readonly engine: Engine;
  /** Empty but for `node_modules`, a link to the installation's where it has one. */
  readonly folder: string;
  readonly installed: string;
  readonly migrations: readonly BenchMigration[];
}

export interface PeerRun extends Omit<PeerProject, 'migrations'> {
  /** The migrations as dbmate's files. */
  readonly source: string;
  /** `postgres://…`, `mysql://…` or `sqlite:/path`. */
  readonly url: string;
  readonly connection: LibraryConnection;
}

export function contenderOf(peer: BenchPeer, { folder: installed, version }: Installed): Contender {
  return {
    id: peer.id,
    title: `${peer.id} ${version}`,
    kind: 'peer',
    transactions: peer.transactions,
    compiled: peer.compiled ?? false,
    leftOut: ({ id }, workload) => peer.leftOut?.(id, workload.id) ?? null,
    async prepare({ engine, workload, folder }) {
      if (installed !== debian) await symlink(join(installed, 'node_modules'), join(folder, 'node_modules'));
      await peer.write({ engine: engine.id, folder, installed, migrations: migrationsFor(workload) });
    },
    program({ engine: { id: engine }, folder, source, url }) {
      const connection = libraryConnection({ engine: engine === 'postgres' ? 'postgres15' : engine, url });
      const { environment, ...program } = peer.program({ engine, folder, installed, source, url, connection });
      return { ...program, folder, environment: { ...plain, ...environment } };
    },
  };
}

/** Of libpq: without asking for an encryption that the others do not have either, which would cost round trips. */
const plain = { PGSSLMODE: 'disable' };

const kept = new WeakMap<Workload, readonly BenchMigration[]>();

function migrationsFor(workload: Workload): readonly BenchMigration[] {
  const migrations = kept.get(workload) ?? migrationsOf(workload);
  kept.set(workload, migrations);
  return migrations;
}

/** Where Debian's packages are. */
const debian = '/';

/** A program or library of Debian's packages: `command` must tell its version. */
export async function ofDebian(packages: string, command: string, ...args: readonly string[]): Promise<Installed> {
  const surroundings = { cwd: '/', env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' } };
  const told = await runProgram(command, args, surroundings).catch((error: unknown) => {
    throw new Error(`Debian's ${packages} cannot be used here`, { cause: error });
  });
  return { folder: debian, version: /\d+(\.\d+)+(~\w+)?/.exec(told)?.[0] ?? '' };
}

/** `files`: of these names in the project's folder. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

/** Where a driver takes only one statement at a time: an array of them, else the whole script as one text. */
export const inParts = ({ engine }: { engine: Engine }, { statements, sql }: BenchMigration, one: readonly Engine[]) =>
  JSON.stringify(one.includes(engine) ? statements : [sql]);
