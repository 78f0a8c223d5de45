/** The locks that tools hold by a number or a name on the server's session; taken beside ours, never waited for there. */
import type { LockInfo } from '../../../shared/model/lock.ts';
import type { Session } from '../../engine/ports.ts';

const heldBySomebody: LockInfo = { held: true, holder: null };

/** PostgreSQL's session lock by a 64-bit number. Null: taken. */
export async function tryAdvisoryLock(session: Session, key: bigint): Promise<LockInfo | null> {
  const [row] = await session.query(`SELECT pg_try_advisory_lock(${signed(key)}) AS taken`);
  return row?.taken === true ? null : await advisoryHolder(session, key);
}

/** All of them or, where one is held by somebody, none. */
export async function tryAdvisoryLocks(session: Session, keys: readonly bigint[]): Promise<LockInfo | null> {
  for (const [index, key] of keys.entries()) {
    const held = await tryAdvisoryLock(session, key);
    if (held === null) continue;
    await releaseAdvisoryLocks(session, keys.slice(0, index));
    return held;
  }
  return null;
}

export async function releaseAdvisoryLocks(session: Session, keys: readonly bigint[]): Promise<void> {
  for (const key of keys) await releaseAdvisoryLock(session, key);
}

export async function releaseAdvisoryLock(session: Session, key: bigint): Promise<void> {
  await session.query(`SELECT pg_advisory_unlock(${signed(key)})`);
}

/** MySQL's lock by name. Null: taken. */
export async function tryNamedLock(session: Session, name: string): Promise<LockInfo | null> {
  const [row] = await session.query('SELECT GET_LOCK($1, 0) AS taken', [name]);
  if (Number(row?.taken ?? 0) === 1) return null;
  const [holder] = await session.query('SELECT IS_USED_LOCK($1) AS session', [name]);
  const id = holder?.session ?? null;
  if (id === null) return heldBySomebody;
  return { held: true, holder: { person: null, host: null, process: `session ${id}`, since: null, alive: true } };
}

export async function releaseNamedLock(session: Session, name: string): Promise<void> {
  await session.query('SELECT RELEASE_LOCK($1)', [name]);
}

async function advisoryHolder(session: Session, key: bigint): Promise<LockInfo> {
  const [row] = await session.query(
    `SELECT l.pid AS pid, a.usename AS person, host(a.client_addr) AS host
       FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (l.classid::bigint << 32) | l.objid::bigint = ${signed(key)}`,
  );
  if (row === undefined) return heldBySomebody;
  const text = (value: (typeof row)[string] | undefined) => (value == null ? null : String(value));
  const holder = { person: text(row.person), host: text(row.host), process: `session ${row.pid}` };
  return { held: true, holder: { ...holder, since: null, alive: true } };
}

/** As the server's bigint; the smallest one has no literal. */
const signed = (key: bigint): string => `'${BigInt.asIntN(64, key)}'::bigint`;
