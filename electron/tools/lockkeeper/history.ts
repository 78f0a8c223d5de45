/**
 * Our own history table: a log that is only ever added to. Every attempt keeps its row, so the table alone tells who did
 * what, when, in which run and with what result; the state of a migration is what its last rows say.
 */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { HistoryEntry } from '../../../shared/model/history.ts';
import type { Dialect, HistoryTable, HistoryWrite, Row, TableName } from '../../engine/ports.ts';
import { carrying } from '../common/carrying.ts';
import { insertInto, numberOf, plainEntry, readRows, shortened, textOf } from '../common/historyRows.ts';

const defaultTable = 'lockkeeper_history';

export const columns = [
  'id',
  'version',
  'name',
  'kind',
  'action',
  'state',
  'checksum',
  'statements',
  'duration_ms',
  'recorded_at',
  'recorded_by',
  'run_id',
  'message',
] as const;

/**
 * `executing`: begun outside a transaction. `failed`: part of it may remain. `rolled_back`: failed, and nothing remains:
 * the state is what it was before. `checksum`: another checksum counts from here on. `removed`: what was told of the
 * version so far no longer counts.
 */
type LoggedState =
  | 'executing'
  | 'applied'
  | 'reverted'
  | 'failed'
  | 'rolled_back'
  | 'baseline'
  | 'checksum'
  | 'removed';

interface EngineSql {
  readonly id: string;
  readonly time: string;
  readonly now: string;
  readonly read: string;
  readonly table: string;
  /** A time in ISO 8601, which has nothing to quote. */
  readonly known: (iso: string) => string;
}

/** What the engines write differently. Times are UTC from the server's clock. */
const engineSql: Readonly<Record<EngineId, EngineSql>> = {
  postgres: {
    id: 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
    time: 'timestamptz',
    now: 'clock_timestamp()',
    known: (iso) => `${isoLiteral(iso)}::timestamptz`,
    read: `to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
    table: '',
  },
  mysql: {
    id: 'bigint AUTO_INCREMENT PRIMARY KEY',
    time: 'datetime(3)',
    now: 'UTC_TIMESTAMP(3)',
    known: (iso) => isoLiteral(iso).replace('T', ' ').replace('Z', ''),
    read: `CONCAT(LEFT(DATE_FORMAT(recorded_at, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')`,
    table: ' ENGINE=InnoDB DEFAULT CHARSET=utf8mb4',
  },
  sqlite: {
    id: 'integer PRIMARY KEY AUTOINCREMENT',
    time: 'text',
    now: `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`,
    known: (iso) => isoLiteral(iso),
    read: 'recorded_at',
    table: '',
  },
};

/** Whatever it was: only a time comes out. */
const isoLiteral = (iso: string): string => `'${new Date(iso).toISOString()}'`;

export function lockkeeperHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: defaultTable };
  const sql = engineSql[engine];
  const quoted = dialect.quoteTable(table);
  const row = (write: HistoryWrite, state: LoggedState, more: { duration?: string; message?: string } = {}): string => {
    const { step } = write;
    return insertInto(dialect, table, {
      version: dialect.quoteLiteral(step.historyKey),
      name: dialect.quoteLiteral(step.name),
      kind: dialect.quoteLiteral(step.migration.kind),
      action: dialect.quoteLiteral(step.action),
      state: dialect.quoteLiteral(state),
      checksum: dialect.quoteLiteral(step.checksum),
      statements: String(step.statements),
      duration_ms: more.duration ?? 'NULL',
      recorded_at: sql.now,
      recorded_by: dialect.quoteLiteral(shortened(write.actor, 255)),
      run_id: dialect.quoteLiteral(write.runId),
      message: dialect.quoteLiteral(
        more.message === undefined ? null : shortened(more.message.replaceAll('\0', ''), 4000),
      ),
    });
  };
  return {
    table,
    async read(session) {
      const query = `SELECT version, name, state, checksum, duration_ms, ${sql.read} AS recorded_at, recorded_by, run_id, message FROM ${quoted} ORDER BY id`;
      const rows = await readRows(session, table, columns, query);
      return rows === null ? null : entriesOf(rows);
    },
    create: () => [createTable(quoted, sql)],
    started: (write) => [row(write, 'executing')],
    applied: (write) => [row(write, 'applied', { duration: write.dialect.elapsedMs })],
    reverted: (write) => [row(write, 'reverted', { duration: write.dialect.elapsedMs })],
    failed: (write, message) => [row(write, write.step.transactional ? 'rolled_back' : 'failed', { message })],
    repairs: {
      updateChecksum: (write) => [row(write, 'checksum', { message: write.reason })],
      markApplied: (write) => [row(write, 'applied', { message: write.reason })],
      markReverted: (write) => [row(write, 'reverted', { message: write.reason })],
      removeFailed: (write) => [row(write, 'removed', { message: write.reason })],
      baseline: (write) => [row(write, 'baseline', { message: write.reason })],
      ...carrying({
        engine,
        dialect,
        table: quoted,
        isEntry: ({ step, runId }) =>
          `version = ${dialect.quoteLiteral(step.historyKey)} AND run_id = ${dialect.quoteLiteral(runId)}`,
        appliedAt: 'recorded_at',
        appliedBy: 'recorded_by',
        durationMs: 'duration_ms',
        timeAs: sql.known,
      }),
    },
  };
}

function createTable(quoted: string, sql: EngineSql): string {
  return `CREATE TABLE IF NOT EXISTS ${quoted} (
  id ${sql.id},
  version varchar(255) NOT NULL,
  name varchar(255) NOT NULL,
  kind varchar(20) NOT NULL,
  action varchar(20) NOT NULL,
  state varchar(20) NOT NULL,
  checksum char(64),
  statements integer NOT NULL,
  duration_ms bigint,
  recorded_at ${sql.time} NOT NULL,
  recorded_by varchar(255) NOT NULL,
  run_id varchar(64) NOT NULL,
  message text
)${sql.table}`;
}

/** The log, oldest first, as one entry for each version, in the order in which they were last applied. */
export function entriesOf(rows: readonly Row[]): HistoryEntry[] {
  const entries = new Map<string, HistoryEntry>();
  const batches = new Map<string, number>();
  for (const row of rows) {
    const version = textOf(row.version) ?? '';
    const state = textOf(row.state) ?? '';
    if (state === 'rolled_back') continue;
    const before = entries.get(version);
    if (state === 'checksum') {
      if (before !== undefined) entries.set(version, { ...before, checksum: textOf(row.checksum) });
      continue;
    }
    if (state === 'removed') {
      entries.delete(version);
      continue;
    }
    if (state !== 'reverted') entries.delete(version);
    const entry = entryOf(row, version, state, before);
    entries.set(version, state === 'applied' ? { ...entry, batch: batchOf(row, batches) } : entry);
  }
  return [...entries.values()];
}

/** Migrations applied in one run are one batch; batches count from 1. */
function batchOf(row: Row, batches: Map<string, number>): number {
  const run = textOf(row.run_id) ?? '';
  const batch = batches.get(run) ?? batches.size + 1;
  batches.set(run, batch);
  return batch;
}

function entryOf(row: Row, version: string, state: string, before: HistoryEntry | undefined): HistoryEntry {
  const entry: HistoryEntry = {
    ...plainEntry(version),
    version,
    name: textOf(row.name),
    state: knownStates[state] ?? 'failed',
    appliedAt: textOf(row.recorded_at),
    appliedBy: textOf(row.recorded_by),
    durationMs: numberOf(row.duration_ms),
    checksum: textOf(row.checksum),
    message: textOf(row.message),
  };
  // Of a migration that was reverted, people ask when it had been applied, and by whom.
  return state !== 'reverted' || before === undefined ? entry : { ...before, state: 'reverted' };
}

/** A state that a newer version may write counts as failed: it must not pass for applied. */
const knownStates: Readonly<Record<string, HistoryEntry['state']>> = {
  executing: 'executing',
  applied: 'applied',
  reverted: 'reverted',
  failed: 'failed',
  baseline: 'baseline',
};
