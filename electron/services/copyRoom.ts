/** Whether a server has room for a copy just now: disk, running statements, lag of its replicas. */
import { mkdir, stat, statfs } from 'node:fs/promises';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import { ServerFault, type Session } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { copiesFolder } from './copyRecords.ts';
import type { CopyServer } from './copyServer.ts';
import { isLoopback, type TargetDatabase } from './target.ts';

/** Accepts a server that has much to do. */
export const busyServer = 'busyServer';

/** Statements that run at the same time, and seconds that a replica is behind: beyond these nothing is restored beside. */
export const copyLimits = { runningStatements: 20, lagSeconds: 30 } as const;

/** A copy and what writing it leaves in the server's own logs. */
const ROOM = 1.5;

interface Wanted {
  readonly target: TargetDatabase;
  readonly server: CopyServer;
  readonly options: { readonly accept: readonly string[] };
}

/** `session`: null for a file. @throws {ProblemError} `backup.diskFull`, `backup.serverBusy` */
export async function requireRoom(context: Context, wanted: Wanted, session: Session | null): Promise<void> {
  const { target, server, options } = wanted;
  const { connection } = target.environment;
  if (session === null) {
    if (connection.engine !== 'sqlite') return;
    await mkdir(copiesFolder(context), { recursive: true, mode: 0o700 });
    const bytes = (await stat(connection.file)).size;
    return requireFree(copiesFolder(context), bytes * ROOM, await freeIn(copiesFolder(context)));
  }
  const folder = await dataFolderOf(server.target, session);
  const free = folder === null ? null : await freeIn(folder);
  if (!server.proving && folder !== null) requireFree(folder, (await databaseBytes(session)) * ROOM, free);
  if (!server.proving && !options.accept.includes(busyServer)) await requireQuiet(session);
}

function requireFree(folder: string, needed: number, free: number | null): void {
  if (free === null || free >= needed) return;
  throw new ProblemError({
    code: 'backup.diskFull',
    message: `A copy needs about ${megabytes(needed)}, but only ${megabytes(free)} are free in ${folder}.`,
    state: 'Nothing was changed; the backup itself is kept.',
    hint: 'Free some space, or set a proving server for this environment.',
  });
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Null: it cannot be seen from here. */
async function freeIn(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** Where a server of this computer keeps its data; null: on another one, or the account may not know. */
async function dataFolderOf({ environment }: TargetDatabase, session: Session): Promise<string | null> {
  const { connection } = environment;
  if (connection.engine === 'sqlite' || !isLoopback(connection.host)) return null;
  const sql = connection.engine === 'postgres' ? 'SHOW data_directory' : 'SELECT @@datadir AS data_directory';
  const [row] = await orNothing(session.query(sql));
  return row === undefined ? null : String(row['data_directory']);
}

async function databaseBytes(session: Session): Promise<number> {
  const sql =
    session.identity.product === 'PostgreSQL'
      ? 'SELECT pg_database_size(current_database()) AS bytes'
      : 'SELECT coalesce(sum(DATA_LENGTH + INDEX_LENGTH), 0) AS bytes FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()';
  const [row] = await orNothing(session.query(sql));
  return Number(row?.['bytes'] ?? 0);
}

async function requireQuiet(session: Session): Promise<void> {
  const running = await runningStatements(session);
  const lag = await lagSeconds(session);
  if (running > copyLimits.runningStatements)
    throw new ProblemError(
      busy(`${running} statements run on the server, more than ${copyLimits.runningStatements} at the same time`),
    );
  if (lag > copyLimits.lagSeconds)
    throw new ProblemError(busy(`a replica is ${Math.round(lag)} s behind, more than ${copyLimits.lagSeconds} s`));
}

const busy = (why: string): Problem => ({
  code: 'backup.serverBusy',
  message: `The backup is not restored beside its database now: ${why}.`,
  state: 'Nothing was changed; the backup itself is kept.',
  hint: `Try again later, set a proving server for this environment, or accept it: --accept ${busyServer}`,
});

async function runningStatements(session: Session): Promise<number> {
  const sql =
    session.identity.product === 'PostgreSQL'
      ? `SELECT count(*) AS running FROM pg_catalog.pg_stat_activity WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()`
      : `SELECT count(*) AS running FROM information_schema.PROCESSLIST WHERE COMMAND NOT IN ('Sleep', 'Daemon', 'Binlog Dump') AND ID <> CONNECTION_ID()`;
  const [row] = await orNothing(session.query(sql));
  return Number(row?.['running'] ?? 0);
}

async function lagSeconds(session: Session): Promise<number> {
  if (session.identity.product === 'PostgreSQL') {
    const [row] = await orNothing(
      session.query(
        'SELECT coalesce(max(extract(epoch FROM replay_lag)), 0)::double precision AS lag FROM pg_catalog.pg_stat_replication',
      ),
    );
    return Number(row?.['lag'] ?? 0);
  }
  // A server tells only of its own lag behind its source.
  const rows = await orNothing(session.query('SHOW SLAVE STATUS'));
  return Math.max(0, ...rows.map((row) => Number(row['Seconds_Behind_Master'] ?? row['Seconds_Behind_Source'] ?? 0)));
}

/** What this account may not ask is not known, and is no reason to stop. */
async function orNothing(asked: ReturnType<Session['query']>): ReturnType<Session['query']> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ServerFault) return [];
    throw error;
  }
}
