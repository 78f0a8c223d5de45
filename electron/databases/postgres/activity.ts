import type { ServerProgress } from '../../../shared/model/activity.ts';
import type { Row } from '../../engine/ports.ts';
import type { DatabaseActivity } from '../activity.ts';
import { ageOf, numberOf, shownQuery, textOf, withBlocks } from '../common/activityRows.ts';

const milliseconds = (since: string): string => `extract(epoch FROM clock_timestamp() - ${since}) * 1000`;

/** pg_blocking_pids() looks through all locks, so it is asked only of sessions that wait for one. */
const sessions = `
  SELECT a.pid, a.usename AS "user", coalesce(a.client_hostname, host(a.client_addr)) AS host, a.application_name AS application,
    coalesce(a.state, a.backend_type) AS state, left(a.query, ${shownQuery}) AS query,
    ${milliseconds("CASE WHEN a.state = 'active' THEN a.query_start ELSE a.state_change END")} AS age,
    ${milliseconds('a.xact_start')} AS transaction_age,
    CASE WHEN a.wait_event_type = 'Lock' THEN array_to_string(pg_blocking_pids(a.pid), ',') END AS blockers,
    CASE WHEN a.wait_event_type = 'Lock' THEN coalesce(
      (SELECT l.mode || ' on ' || coalesce(l.relation::regclass::text, 'a ' || l.locktype)
         FROM pg_locks l WHERE l.pid = a.pid AND NOT l.granted LIMIT 1), a.wait_event) END AS waiting_for
  FROM pg_stat_activity a WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() ORDER BY a.pid`;

/** https://www.postgresql.org/docs/current/progress-reporting.html */
const createIndexPhases = [
  'initializing',
  'waiting for writers before build',
  'building index',
  'waiting for writers before validation',
  'index validation: scanning index',
  'index validation: sorting tuples',
  'index validation: scanning table',
  'waiting for old snapshots',
  'waiting for readers before marking dead',
  'waiting for readers before dropping',
];
const clusterPhases = [
  'initializing',
  'seq scanning heap',
  'index scanning heap',
  'sorting tuples',
  'writing new heap',
  'swapping relation files',
  'rebuilding index',
  'performing final cleanup',
];
const vacuumPhases = [
  'initializing',
  'scanning heap',
  'vacuuming indexes',
  'vacuuming heap',
  'cleaning up indexes',
  'truncating heap',
  'performing final cleanup',
];

/** One row where the session does one of these; what a server's version does not have is left out by `to_jsonb`. */
const progressOf = `
  SELECT p.operation, p.facts ->> 'phase' AS phase,
    coalesce(nullif((p.facts ->> 'blocks_total')::numeric, 0), nullif((p.facts ->> 'tuples_total')::numeric, 0),
      nullif((p.facts ->> 'heap_blks_total')::numeric, 0), nullif((p.facts ->> 'bytes_total')::numeric, 0),
      nullif((p.facts ->> 'lockers_total')::numeric, 0)) AS total,
    CASE WHEN (p.facts ->> 'blocks_total')::numeric > 0 THEN (p.facts ->> 'blocks_done')::numeric
         WHEN (p.facts ->> 'tuples_total')::numeric > 0 THEN (p.facts ->> 'tuples_done')::numeric
         WHEN (p.facts ->> 'heap_blks_total')::numeric > 0 THEN (p.facts ->> 'heap_blks_scanned')::numeric
         WHEN (p.facts ->> 'bytes_total')::numeric > 0 THEN (p.facts ->> 'bytes_processed')::numeric
         ELSE (p.facts ->> 'lockers_done')::numeric END AS done
  FROM (
    SELECT pid, command AS operation, to_jsonb(x) AS facts FROM pg_stat_progress_create_index x
    UNION ALL SELECT pid, command, to_jsonb(x) FROM pg_stat_progress_cluster x
    UNION ALL SELECT pid, 'VACUUM', to_jsonb(x) FROM pg_stat_progress_vacuum x
    UNION ALL SELECT pid, 'COPY', to_jsonb(x) FROM pg_stat_progress_copy x
  ) p WHERE p.pid = $1::int`;

export const activity: DatabaseActivity = {
  async list(session) {
    const rows = await session.query(sessions);
    const blockedBy = rows.flatMap(({ pid, blockers }) =>
      (textOf(blockers)?.split(',') ?? []).map((one) => [Number(pid), Number(one)] as const),
    );
    return withBlocks(rows.map(sessionOf), blockedBy);
  },

  async progress(session, pid) {
    // Before version 14 there is no view of COPY.
    const text =
      Number.parseInt(session.identity.version, 10) >= 14
        ? progressOf
        : progressOf.replace(/\n.*pg_stat_progress_copy.*/, '');
    const [row] = await session.query(text, [pid]);
    return row === undefined ? null : progress(row);
  },

  async end(session, pid, how) {
    const call = how === 'cancel' ? 'pg_cancel_backend' : 'pg_terminate_backend';
    const [row] = await session.query(`SELECT ${call}($1::int) AS asked`, [pid]);
    return row?.['asked'] === true ? 'asked' : 'gone';
  },
};

const sessionOf = (row: Row) => ({
  pid: Number(row['pid']),
  user: textOf(row['user']),
  host: textOf(row['host']),
  application: textOf(row['application']),
  state: textOf(row['state']),
  query: textOf(row['query']),
  ageMs: ageOf(row['age']),
  transactionMs: ageOf(row['transaction_age']),
  waitingFor: textOf(row['waiting_for']),
  inferred: false,
});

function progress({ operation, phase, done, total }: Row): ServerProgress {
  const name = textOf(phase);
  const phases = phasesOf(String(operation));
  // "building index: scanning table" is a part of "building index".
  const index = phases.findIndex((one) => name === one || name?.startsWith(`${one}: `) === true);
  const whole = numberOf(total);
  return {
    operation: String(operation),
    phase: name,
    phaseNumber: index === -1 ? null : index + 1,
    phases: index === -1 ? null : phases.length,
    percent: whole === null ? null : Math.min(100, Math.floor((100 * (numberOf(done) ?? 0)) / whole)),
    estimated: false,
  };
}

function phasesOf(operation: string): readonly string[] {
  switch (operation) {
    case 'VACUUM':
      return vacuumPhases;
    case 'CLUSTER':
    case 'VACUUM FULL':
      return clusterPhases;
    case 'CREATE INDEX':
    case 'REINDEX':
      return createIndexPhases.slice(0, 3).filter((phase) => !phase.startsWith('waiting'));
    case 'CREATE INDEX CONCURRENTLY':
      return createIndexPhases.slice(0, 8);
    default:
      return createIndexPhases;
  }
}
