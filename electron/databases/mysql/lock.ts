// Named locks of the server (GET_LOCK): they belong to the session and end with it. Who holds one is told by a row of
// our own where there is one, else by the server's list of sessions.
import { createHash } from 'node:crypto';
import type { LockHolder, LockInfo } from '../../../shared/model/lock.ts';
import type { Row, Session } from '../../engine/ports.ts';
import { ServerFault } from '../../engine/ports.ts';
import { creations, holderTable, lacksJournal } from './journal.ts';

export type Locking = Pick<Session, 'query' | 'identity'>;

/** MySQL takes 64 characters, of any letter case; the lock is the server's, so the database is part of it. */
export function lockKey(database: string, name: string): string {
  const digest = createHash('sha256').update(database).update('\0').update(name).digest('hex');
  return `lockkeeper:${digest.slice(0, 40)}`;
}

/** Of the last attempt to take a lock. A replica is told its value, and could not ask for a lock of this server. */
const takenVariable = '@lockkeeper_taken';

export async function tryLock(session: Locking, name: string, holder: LockHolder): Promise<LockInfo | null> {
  const key = lockKey(session.identity.database, name);
  const [, rows] = await Promise.all([
    // A lock is counted: taken twice, it must be released twice.
    session.query(`SET ${takenVariable} = IF(IS_USED_LOCK($1) = CONNECTION_ID(), 1, GET_LOCK($1, 0))`, [key]),
    session.query(`SELECT ${takenVariable} AS taken`),
    recordHolder(session, key, holder),
  ]);
  const taken = rows[0]?.taken;
  if (taken === null) throw new ServerFault('statement', 'The server could not say whether the lock is free.');
  if (taken === 1) return null;
  const info = await lockInfo(session, name);
  return { held: true, holder: info.holder };
}

/** @returns false when this session did not have it. */
export async function unlock(session: Locking, name: string): Promise<boolean> {
  const key = lockKey(session.identity.database, name);
  // Whoever took it meanwhile has a row of its own.
  const remove = `DELETE FROM ${holderTable} WHERE lock_key = $1 AND connection_id = CONNECTION_ID()`;
  const [rows] = await Promise.all([
    session.query('SELECT RELEASE_LOCK($1) AS freed', [key]),
    session.query(remove, [key]).catch(unlessRefused),
  ]);
  return rows[0]?.freed === 1;
}

/** Words of statements that may free locks of the session. */
export const freesLocks = /\bRELEASE_(?:ALL_)?LOCKS?\b/i;

/** Whether this session holds them all; also a sign of life. */
export async function holdsAll(session: Locking, names: readonly string[]): Promise<boolean> {
  const held = names.map((_, index) => `(IS_USED_LOCK($${index + 1}) <=> CONNECTION_ID())`);
  const keys = names.map((name) => lockKey(session.identity.database, name));
  const [row] = await session.query(`SELECT ${['1', ...held].join(' AND ')} AS held`, keys);
  return row?.held === 1;
}

/** Another account's session may be ended with CONNECTION ADMIN (MariaDB), CONNECTION_ADMIN (MySQL) or SUPER. */
export async function endHolder(session: Locking, name: string): Promise<'ended' | 'free'> {
  const [row] = await session.query('SELECT IS_USED_LOCK($1) AS id', [lockKey(session.identity.database, name)]);
  if (row?.id === null || row?.id === undefined) return 'free';
  try {
    await session.query(`KILL CONNECTION ${Number(row.id)}`);
    return 'ended';
  } catch (error) {
    // ER_NO_SUCH_THREAD: it ended by itself.
    if (error instanceof ServerFault && error.code === '1094') return 'free';
    throw error;
  }
}

export async function lockInfo(session: Locking, name: string): Promise<LockInfo> {
  const key = lockKey(session.identity.database, name);
  const [process] = await session.query(
    'SELECT l.id, p.USER AS person, p.HOST AS host FROM (SELECT IS_USED_LOCK($1) AS id) l LEFT JOIN information_schema.PROCESSLIST p ON p.ID = l.id',
    [key],
  );
  if (process === undefined || process.id === null || process.id === undefined) return { held: false, holder: null };
  const recorded = await readHolder(session, key, Number(process.id));
  return { held: true, holder: recorded ?? holderOf(process) };
}

/** Without the right PROCESS only the session's number is known. */
const holderOf = (process: Row): LockHolder => ({
  person: text(process.person),
  // The port is of no use to a person.
  host: text(process.host)?.replace(/:\d+$/, '') ?? null,
  process: `connection ${process.id}`,
  since: null,
  alive: true,
});

const text = (value: Row[string] | undefined): string | null =>
  value === null || value === undefined ? null : String(value);

/** If the lock was taken. The row only makes a message more helpful; the lock holds without it. */
async function recordHolder(session: Locking, key: string, holder: LockHolder): Promise<void> {
  const sql = `REPLACE INTO ${holderTable} (lock_key, connection_id, person, host, process, since)
 SELECT $1, CONNECTION_ID(), $2, $3, $4, UTC_TIMESTAMP(3) FROM (SELECT 1) one WHERE ${takenVariable} = 1`;
  const write = () => session.query(sql, [key, holder.person, holder.host, holder.process]);
  const createFirst = () => Promise.all([...creations.map((statement) => session.query(statement)), write()]);
  const creating = (error: unknown) => {
    if (!isMissing(error)) throw error;
    return createFirst();
  };
  await (lacksJournal(session) ? createFirst() : write().catch(creating)).catch(unlessRefused);
}

/** The row of this lock, if the session that wrote it is the one that holds it. */
async function readHolder(session: Locking, key: string, connectionId: number): Promise<LockHolder | null> {
  // Numbers of connections begin anew with the server, so a row from before its start (give or take) is another's.
  const started = session.identity.backend.split(' ')[1] ?? '';
  const sql = `SELECT person, host, process, DATE_FORMAT(since, '%Y-%m-%dT%H:%i:%s.%fZ') AS since FROM ${holderTable}
 WHERE lock_key = $1 AND connection_id = $2 AND since >= CAST($3 AS DATETIME) - INTERVAL 5 SECOND`;
  try {
    const [row] = await session.query(sql, [key, connectionId, started.replace('T', ' ').replace('Z', '')]);
    if (row === undefined) return null;
    return {
      person: text(row.person),
      host: text(row.host),
      process: text(row.process),
      since: text(row.since),
      alive: true,
    };
  } catch (error) {
    if (isRefused(error)) return null;
    throw error;
  }
}

const isMissing = (error: unknown): boolean => error instanceof ServerFault && error.kind === 'noSuchTable';

const isRefused = (error: unknown): boolean =>
  error instanceof ServerFault &&
  (error.kind === 'rights' || error.kind === 'noSuchTable' || error.kind === 'readOnly');

function unlessRefused(error: unknown): void {
  if (!isRefused(error)) throw error;
}
