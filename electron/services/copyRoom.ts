/** Whether a server has room for a copy just now: disk, running statements, lag of its replicas. */
import { mkdir, stat, statfs } from 'node:fs/promises';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import { ServerFault, type Session } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { copiesFolder } from './copyRecords.ts';
import type { CopyServer } from './copyServer.ts';
import { isHere, type TargetDatabase } from './target.ts';

/** Accepts a server that has much to do. */
export const busyServer = 'busyServer';

/** Statements that run at the same time, and seconds that a replica is behind: beyond these nothing is restored beside. */
export const copyLimits = { runningStatements: 20, lagSeconds: 30 } as const;

/** A copy and what writing it leaves in the server's own logs. */
const ROOM = 1.5;

interface Wanted {
  readonly target: TargetDatabase;
  readonly server: CopyServer;
  readonly options: {
    readonly accept: readonly string[];
    /** What cannot be seen from here, in words. */
    warn(message: string): void;
  };
}

/** `session`: null for a file. @throws {ProblemError} `backup.diskFull`, `backup.serverBusy` */
export async function requireRoom(context: Context, wanted: Wanted, session: Session | null): Promise<void> {
  const { target, server, options } = wanted;
  const { connection } = target.environment;
  if (session === null) {
    if (connection.engine !== 'sqlite') return;
    await mkdir(copiesFolder(context), { recursive: true, mode: 0o700 });
    const bytes = (await stat(connection.file)).size;
    const free = await freeIn(copiesFolder(context));
    return free === null ? undefined : requireFree(copiesFolder(context), bytes * ROOM, free);
  }
  if (server.proving) return;
  await requireDisk(wanted, session);
  if (!options.accept.includes(busyServer)) await requireQuiet(session, options);
}

async function requireDisk({ server, options }: Wanted, session: Session): Promise<void> {
  const needed = (await databaseBytes(session)) * ROOM;
  const folder = await dataFolderOf(server.target, session);
  const free = folder === null ? null : await freeIn(folder);
  if (folder !== null && free !== null) return requireFree(folder, needed, free);
  options.warn(
    `How much room the server’s disk has cannot be seen from here: the copy needs about ${megabytes(needed)} for a while.`,
  );
}

function requireFree(folder: string, needed: number, free: number): void {
  if (free >= needed) return;
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
  if (connection.engine === 'sqlite' || !isHere(connection)) return null;
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

async function requireQuiet(session: Session, { warn }: Wanted['options']): Promise<void> {
  const { running, lagSeconds, unseen } = await (session.identity.product === 'PostgreSQL'
    ? postgresLoad(session)
    : mysqlLoad(session));
  if (running > copyLimits.runningStatements)
    throw new ProblemError(
      busy(`${running} statements run on the server, more than ${copyLimits.runningStatements} at the same time`),
    );
  if (lagSeconds > copyLimits.lagSeconds)
    throw new ProblemError(
      busy(`a replica is ${Math.round(lagSeconds)} s behind, more than ${copyLimits.lagSeconds} s`),
    );
  for (const what of unseen) warn(`${what}: mind it while the copy is made.`);
}

interface Load {
  readonly running: number;
  readonly lagSeconds: number;
  /** What this account may not see, in words. */
  readonly unseen: readonly string[];
}

const busy = (why: string): Problem => ({
  code: 'backup.serverBusy',
  message: `The backup is not restored beside its database now: ${why}.`,
  state: 'Nothing was changed; the backup itself is kept.',
  hint: `Try again later, set a proving server for this environment, or accept it: --accept ${busyServer}`,
});

async function postgresLoad(session: Session): Promise<Load> {
  const [row] = await orNothing(
    session.query(`SELECT pg_has_role('pg_read_all_stats', 'USAGE') AS sees,
 (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()) AS running,
 (SELECT coalesce(max(extract(epoch FROM replay_lag)), 0)::double precision FROM pg_catalog.pg_stat_replication) AS lag`),
  );
  return {
    running: Number(row?.['running'] ?? 0),
    lagSeconds: Number(row?.['lag'] ?? 0),
    unseen:
      row?.['sees'] === true
        ? []
        : [
            'How busy the server is and how far its replicas are behind is hidden from this account (pg_read_all_stats)',
          ],
  };
}

async function mysqlLoad(session: Session): Promise<Load> {
  const [row] = await session.query(`SELECT
 EXISTS (SELECT 1 FROM information_schema.USER_PRIVILEGES WHERE PRIVILEGE_TYPE = 'PROCESS') AS sees,
 SUM(COMMAND NOT IN ('Sleep', 'Daemon', 'Binlog Dump', 'Binlog Dump GTID', 'Slave_IO', 'Slave_SQL', 'Slave_worker') AND USER <> 'system user' AND ID <> CONNECTION_ID()) AS running,
 SUM(COMMAND LIKE 'Binlog Dump%') AS replicas FROM information_schema.PROCESSLIST`);
  const replicas = Number(row?.['replicas'] ?? 0);
  const lag = await ownLag(session);
  return {
    running: Number(row?.['running'] ?? 0),
    lagSeconds: lag ?? 0,
    unseen: [
      ...(Number(row?.['sees']) === 1 ? [] : ['How busy the server is is hidden from this account (PROCESS)']),
      ...(lag === null ? ['How far this server is behind its source cannot be seen by this account'] : []),
      ...(replicas === 0
        ? []
        : [`Replicas read from this server (${replicas}), and it does not know how far they are behind`]),
    ],
  };
}

/** A server tells only how far it is behind its own source; null: this account may not know, or replication stands still. */
async function ownLag(session: Session): Promise<number | null> {
  const rows =
    (await orNull(session.query('SHOW REPLICA STATUS'))) ?? (await orNull(session.query('SHOW SLAVE STATUS')));
  if (rows === null) return null;
  const behind = rows.map((row) => row['Seconds_Behind_Master'] ?? row['Seconds_Behind_Source'] ?? null);
  return behind.includes(null) ? null : Math.max(0, ...behind.map(Number));
}

/** What this account may not ask is not known, and is no reason to stop. */
const orNothing = async (asked: Asked): Asked => (await orNull(asked)) ?? [];

async function orNull(asked: Asked): Promise<Awaited<Asked> | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ServerFault && error.kind !== 'connectionLost') return null;
    throw error;
  }
}

type Asked = ReturnType<Session['query']>;
