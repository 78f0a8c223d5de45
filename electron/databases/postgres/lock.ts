// One runner per name: an advisory lock of the session that executes, so that it ends with the session's last statement.
import { createHash } from 'node:crypto';
import type { LockHolder, LockInfo } from '../../../shared/model/lock.ts';
import type { Row } from '../../engine/ports.ts';
import { holderName, readHolderName } from '../common/holderName.ts';

type Query = (sql: string, parameters: readonly string[]) => Promise<Row[]>;

/** The 64-bit number that stands for a name, as decimal text. */
export const lockKey = (name: string): string =>
  createHash('sha256').update(`lockkeeper:${name}`).digest().readBigInt64BE().toString();

/**
 * Tries once: waiting in the server would be a query whose snapshot a concurrent index build has to wait for, while the
 * build's session holds the lock: a deadlock.
 * @returns whether this session has it now.
 */
export async function tryAdvisoryLock(query: Query, name: string, holder: LockHolder): Promise<boolean> {
  const rows = await query(
    "SELECT CASE WHEN pg_try_advisory_lock($1) THEN set_config('application_name', $2, false) END AS name",
    [lockKey(name), holderName(holder)],
  );
  return rows[0]?.['name'] !== null;
}

/** @returns false when this session did not have it. */
export async function advisoryUnlock(query: Query, name: string): Promise<boolean> {
  const rows = await query('SELECT pg_advisory_unlock($1) AS unlocked', [lockKey(name)]);
  return rows[0]?.['unlocked'] === true;
}

/** Words of statements, also in the body of a DO, that may free locks of the session. */
export const freesLocks = /advisory_unlock|\bDISCARD\b/i;

/** How many of these locks this session holds; also a sign of life. */
export async function heldLocks(query: Query, names: readonly string[]): Promise<number> {
  const [row] = await query(
    `SELECT count(DISTINCT (classid, objid))::int AS held FROM pg_locks
      WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND pid = pg_backend_pid()
        AND (classid::bigint << 32) | objid::bigint = ANY ($1::bigint[])`,
    [`{${names.map(lockKey).join(',')}}`],
  );
  return Number(row?.['held']);
}

/** Ends the sessions that hold it. A role may end sessions of its own, or of others with pg_signal_backend. */
export async function endLockHolder(query: Query, name: string): Promise<'ended' | 'free'> {
  const rows = await query(`SELECT pg_terminate_backend(h.pid) AS ended FROM (${holderQuestion}) h`, [lockKey(name)]);
  return rows.length === 0 ? 'free' : 'ended';
}

/** A 64-bit key is shown in two halves; objsubid 1 tells it from a pair of 32-bit keys. */
const holderQuestion = `
  SELECT l.pid, a.application_name AS name, pg_get_userbyid(a.usesysid) AS person, host(a.client_addr) AS host, a.backend_start AS since
    FROM pg_locks l LEFT JOIN LATERAL pg_stat_get_activity(l.pid) a ON true
   WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
     AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
     AND (l.classid::bigint << 32) | l.objid::bigint = $1::bigint`;

export async function readLock(query: Query, name: string): Promise<LockInfo> {
  const [row] = await query(holderQuestion, [lockKey(name)]);
  return row === undefined ? { held: false, holder: null } : { held: true, holder: holderOf(row) };
}

function holderOf(row: Row): LockHolder {
  const named = readHolderName(textOf(row['name']) ?? '');
  return {
    person: named?.person ?? textOf(row['person']),
    host: named?.host ?? textOf(row['host']),
    process: named?.process ?? `session ${row['pid']}`,
    since: textOf(row['since']),
    // The server frees the lock with the session; as long as it is held, its session lives.
    alive: true,
  };
}

const textOf = (value: Row[string] | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;
