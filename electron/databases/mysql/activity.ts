import type { ActivitySession, ServerProgress } from '../../../shared/model/activity.ts';
import { type Row, ServerFault, type Session } from '../../engine/ports.ts';
import type { DatabaseActivity } from '../activity.ts';
import { ageOf, numberOf, shownQuery, textOf, withBlocks } from '../common/activityRows.ts';
import { tablesOf } from './classify.ts';

type Pair = readonly [waits: number, blocks: number];
type Listed = Omit<ActivitySession, 'blocks'> & { readonly database: string | null };

const isMariadb = ({ identity }: Session): boolean => identity.product === 'MariaDB';

const processes = (mariadb: boolean): string => `
  SELECT p.ID AS pid, p.USER AS user, p.HOST AS host, p.DB AS db, p.COMMAND AS command, p.STATE AS state,
    LEFT(p.INFO, ${shownQuery}) AS query, ${mariadb ? 'p.TIME_MS' : 'p.TIME * 1000'} AS age,
    TIMESTAMPDIFF(MICROSECOND, t.trx_started, NOW(6)) / 1000 AS transaction_age
  FROM information_schema.PROCESSLIST p LEFT JOIN information_schema.INNODB_TRX t ON t.trx_mysql_thread_id = p.ID
  WHERE p.ID <> CONNECTION_ID() AND p.COMMAND NOT IN ('Daemon', 'Binlog Dump') ORDER BY p.ID`;

/** Who waits for rows of whom. */
const rowLocks = (mariadb: boolean): string =>
  mariadb
    ? `SELECT r.trx_mysql_thread_id AS waits, b.trx_mysql_thread_id AS blocks FROM information_schema.INNODB_LOCK_WAITS w
         JOIN information_schema.INNODB_TRX r ON r.trx_id = w.requesting_trx_id
         JOIN information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id`
    : `SELECT r.PROCESSLIST_ID AS waits, b.PROCESSLIST_ID AS blocks FROM performance_schema.data_lock_waits w
         JOIN performance_schema.threads r ON r.THREAD_ID = w.REQUESTING_THREAD_ID
         JOIN performance_schema.threads b ON b.THREAD_ID = w.BLOCKING_THREAD_ID`;

/** Who has a lock of a table that somebody waits for: told by MySQL, and by MariaDB where this instrument was switched on. */
const tableLocks = `
  SELECT r.PROCESSLIST_ID AS waits, b.PROCESSLIST_ID AS blocks FROM performance_schema.metadata_locks w
    JOIN performance_schema.metadata_locks g ON g.OBJECT_TYPE = w.OBJECT_TYPE AND g.OBJECT_SCHEMA = w.OBJECT_SCHEMA
     AND g.OBJECT_NAME = w.OBJECT_NAME AND g.LOCK_STATUS = 'GRANTED' AND g.OWNER_THREAD_ID <> w.OWNER_THREAD_ID
    JOIN performance_schema.threads r ON r.THREAD_ID = w.OWNER_THREAD_ID
    JOIN performance_schema.threads b ON b.THREAD_ID = g.OWNER_THREAD_ID
   WHERE w.LOCK_STATUS = 'PENDING'`;

const stage = `
  SELECT e.EVENT_NAME AS operation, e.WORK_COMPLETED AS done, e.WORK_ESTIMATED AS total
    FROM performance_schema.events_stages_current e JOIN performance_schema.threads t ON t.THREAD_ID = e.THREAD_ID
   WHERE t.PROCESSLIST_ID = $1 AND e.EVENT_NAME LIKE 'stage/innodb/%' AND e.WORK_ESTIMATED > 0`;

export const mysqlActivity: DatabaseActivity = {
  async list(session) {
    const mariadb = isMariadb(session);
    const listed = (await askOr(session, processes(mariadb), processesAlone)).map(listedOf);
    const [rows, tables] = [await askOr(session, rowLocks(mariadb), null), await askOr(session, tableLocks, null)].map(
      (found) => found.map(pairOf),
    );
    const told = [...(rows ?? []), ...(tables ?? [])];
    const guessed = inferred(listed, told);
    const here = withBlocks(listed, [...told, ...guessed]).map((one, index) => ({
      ...one,
      inferred: guessed.some(([, blocks]) => blocks === one.pid),
      database: listed[index]?.database ?? null,
    }));
    return here
      .filter((one) => one.database === session.identity.database || one.blocks.length > 0)
      .map(({ database: _, ...one }) => one);
  },

  async progress(session, pid) {
    const [worked] = await askOr(session, stage, null, [pid]);
    if (worked !== undefined) return stageProgress(worked);
    if (!isMariadb(session)) return null;
    const [row] = await session.query(
      'SELECT COMMAND AS command, STATE AS state, STAGE AS stage, MAX_STAGE AS stages, PROGRESS AS percent FROM information_schema.PROCESSLIST WHERE ID = $1 AND MAX_STAGE > 0',
      [pid],
    );
    return row === undefined ? null : reported(row);
  },

  async end(session, pid, how) {
    try {
      await session.query(`KILL ${how === 'cancel' ? 'QUERY' : 'CONNECTION'} ${Math.trunc(pid)}`);
      return 'asked';
    } catch (error) {
      // ER_NO_SUCH_THREAD
      if (error instanceof ServerFault && error.code === '1094') return 'gone';
      throw error;
    }
  },
};

/** Without the right PROCESS there are only the account's own sessions, and nothing of transactions. */
const processesAlone = `
  SELECT ID AS pid, USER AS user, HOST AS host, DB AS db, COMMAND AS command, STATE AS state,
    LEFT(INFO, ${shownQuery}) AS query, TIME * 1000 AS age, NULL AS transaction_age
  FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND COMMAND NOT IN ('Daemon', 'Binlog Dump') ORDER BY ID`;

/** Asks `otherwise` when the account may not, or the server has no such table. */
async function askOr(
  session: Session,
  sql: string,
  otherwise: string | null,
  parameters: readonly number[] = [],
): Promise<Row[]> {
  try {
    return await session.query(sql, parameters);
  } catch (error) {
    const known = error instanceof ServerFault && (error.kind === 'rights' || error.kind === 'noSuchTable');
    // ER_UNKNOWN_TABLE of information_schema.
    if (!known && !(error instanceof ServerFault && error.code === '1109')) throw error;
    return otherwise === null ? [] : session.query(otherwise, parameters);
  }
}

const pairOf = ({ waits, blocks }: Row): Pair => [Number(waits), Number(blocks)];

function listedOf(row: Row): Listed {
  const state = textOf(row['state']);
  const waits = state !== null && /^Waiting for .*lock/i.test(state);
  return {
    pid: Number(row['pid']),
    user: textOf(row['user']),
    host: textOf(row['host'])?.replace(/:\d+$/, '') ?? null,
    application: null,
    state: [textOf(row['command']), state].filter((one) => one !== null).join(': ') || null,
    query: textOf(row['query']),
    ageMs: ageOf(row['age']),
    transactionMs: ageOf(row['transaction_age']),
    waitingFor: waits ? state.replace(/^Waiting for /i, '') : null,
    inferred: false,
    database: textOf(row['db']),
  };
}

/**
 * Who holds the lock of a table that somebody waits for, where the server does not tell. Such a lock lives as long as
 * the transaction or statement that used the table: so whoever has had one open for longer than the waiting one waits is
 * suspected, unless its statement names other tables only.
 */
function inferred(sessions: readonly Listed[], told: readonly Pair[]): Pair[] {
  const explained = new Set(told.map(([waits]) => waits));
  const waiting = sessions.filter(
    ({ pid, waitingFor }) => waitingFor !== null && /table metadata/i.test(waitingFor) && !explained.has(pid),
  );
  return waiting.flatMap((waits) =>
    sessions.filter((other) => suspect(other, waits)).map(({ pid }) => [waits.pid, pid] as const),
  );
}

function suspect(other: Listed, waits: Listed): boolean {
  if (other.pid === waits.pid || other.waitingFor !== null) return false;
  const openFor = other.transactionMs ?? (other.query === null ? null : other.ageMs);
  if (openFor === null || openFor < (waits.ageMs ?? 0)) return false;
  if (other.query === null || other.transactionMs !== null) return other.database === waits.database;
  const wanted = new Set(tablesOf(waits.query ?? '').map(lastName));
  return tablesOf(other.query).some((table) => wanted.has(lastName(table)));
}

const lastName = (table: string): string => (table.split('.').at(-1) ?? table).replaceAll('`', '').toLowerCase();

const clamped = (percent: number): number => Math.max(0, Math.min(100, Math.floor(percent)));

const stageProgress = ({ operation, done, total }: Row): ServerProgress => ({
  operation: String(operation).replace(/^stage\/innodb\//, ''),
  phase: null,
  phaseNumber: null,
  phases: null,
  percent: clamped((100 * Number(done)) / Number(total)),
  estimated: true,
});

/** PROGRESS was seen to pass 100. */
const reported = (row: Row): ServerProgress => ({
  operation: textOf(row['state']) ?? 'statement',
  phase: null,
  phaseNumber: numberOf(row['stage']),
  phases: numberOf(row['stages']),
  percent: clamped(Number(row['percent'])),
  estimated: true,
});
