/** Flyway's history table: a log with a rank, which only its repair corrects (JdbcTableSchemaHistory, MigrationInfoServiceImpl). */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { HistoryEntry } from '../../../shared/model/history.ts';
import type { Step } from '../../../shared/model/plan.ts';
import type { Dialect, HistoryTable, HistoryWrite, Row, Session, TableName } from '../../engine/ports.ts';
import { carrying } from '../common/carrying.ts';
import {
  createSchema,
  elapsedMs32,
  numberOf,
  plainEntry,
  readRows,
  textOf,
  truthOf,
  utcText,
} from '../common/historyRows.ts';
import { releaseAdvisoryLock, releaseNamedLock, tryAdvisoryLock, tryNamedLock } from '../common/toolLocks.ts';
import { canonicalSegments } from '../common/versions.ts';
import { baselineKey, repeatableKey } from './files.ts';
import { defaultTable } from './settings.ts';
import { createTable } from './table.ts';

export const columns = [
  'installed_rank',
  'version',
  'description',
  'type',
  'script',
  'checksum',
  'installed_by',
  'installed_on',
  'execution_time',
  'success',
] as const;

export function flywayHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: defaultTable };
  const quoted = dialect.quoteTable(table);
  const text = (value: string | null) => dialect.quoteLiteral(value);
  const insert = (
    { step }: HistoryWrite,
    row: { type: string; checksum: string | null; ms: string; success: boolean },
  ) => {
    const values = [
      'COALESCE(MAX(installed_rank), 0) + 1',
      text(versionOf(step)),
      text(fitting(step.name, 200)),
      text(row.type),
      text(scriptOf(step)),
      text(row.checksum),
      installedBy[engine],
      row.ms,
      engine === 'sqlite' ? String(Number(row.success)) : String(row.success),
    ];
    const names = columns.filter((name) => name !== 'installed_on').join(', ');
    return `INSERT INTO ${quoted} (${names}) SELECT ${values.join(', ')} FROM ${quoted}`;
  };
  const isStep = (step: Step) =>
    step.migration.kind === 'repeatable'
      ? `version IS NULL AND description = ${text(fitting(step.name, 200))} AND type <> 'SCHEMA'`
      : `version = ${text(versionOf(step))} AND type <> 'BASELINE'`;
  const removeFailed = ({ step }: HistoryWrite) =>
    `DELETE FROM ${quoted} WHERE ${isStep(step)} AND success = ${engine === 'sqlite' ? '0' : 'false'}`;
  const applied = (write: HistoryWrite, ms: string) => [
    removeFailed(write),
    insert(write, { type: typeOf(write.step), checksum: write.step.checksum, ms, success: true }),
  ];
  // What its repair writes of a migration that is gone: from then on it is pending again, in every edition.
  const deleted = (write: HistoryWrite) => [
    insert(write, { type: 'DELETE', checksum: write.step.checksum, ms: '0', success: true }),
  ];
  const lock = toolLock(engine, table, dialect);
  return {
    table,
    async read(session) {
      const query = `SELECT version, description, type, checksum, installed_by, ${utcText(engine, 'installed_on')} AS applied_at, execution_time, success FROM ${quoted} ORDER BY installed_rank`;
      const rows = await readRows(session, table, columns, query);
      return rows === null ? null : entriesOf(rows);
    },
    create: () => [
      ...(engine === 'postgres' && table.schema !== null ? [createSchema(dialect, table.schema)] : []),
      ...createTable(engine, dialect, table),
    ],
    applied: (write) => applied(write, elapsedMs32(engine, dialect)),
    reverted: deleted,
    failed(write) {
      // A transaction that was rolled back leaves no row; Flyway's editions differ in what a failed undo leaves.
      if (write.step.transactional || write.step.action === 'revert') return [];
      const row = { type: typeOf(write.step), checksum: write.step.checksum, ms: '0', success: false };
      return [removeFailed(write), insert(write, row)];
    },
    repairs: {
      updateChecksum: ({ step }) => [
        `UPDATE ${quoted} SET checksum = ${text(step.checksum)}, description = ${text(fitting(step.name, 200))} WHERE ${isStep(step)} AND type <> 'DELETE'`,
      ],
      markApplied: (write) => applied(write, '0'),
      markReverted: deleted,
      removeFailed: (write) => [removeFailed(write)],
      ...carrying({
        engine,
        dialect,
        table: quoted,
        isEntry: ({ step }) => `${isStep(step)} AND type <> 'DELETE'`,
        appliedAt: 'installed_on',
        // It knows nobody there.
        ...(engine === 'sqlite' ? {} : { appliedBy: 'installed_by' }),
        durationMs: 'execution_time',
        durationAs: (ms) => String(Math.min(Math.round(ms), 2_147_483_647)),
      }),
    },
    ...lock,
  };
}

const installedBy: Readonly<Record<EngineId, string>> = {
  postgres: 'current_user',
  mysql: "SUBSTRING_INDEX(USER(), '@', 1)",
  sqlite: "''",
};

/** Null for repeatable ones. */
function versionOf({ version, migration }: Step): string | null {
  if (migration.kind === 'repeatable') return null;
  return migration.kind === 'baseline' ? version.replace(/^B/, '') : version;
}

function typeOf({ migration }: Step): string {
  if (/\.(?:java|kt)$/.test(migration.up.path)) return 'JDBC';
  if (migration.notRunnable !== undefined && migration.checksum === null) return 'SCRIPT';
  return migration.kind === 'baseline' ? 'SQL_BASELINE' : 'SQL';
}

/** Too long a path loses its beginning. */
function scriptOf({ migration }: Step): string {
  const script = migration.recordedAs ?? migration.up.path;
  return script.length <= 1000 ? script : `...${script.slice(3 - 1000)}`;
}

const fitting = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 3)}...`);

/** The last word on a migration counts. */
function entriesOf(rows: readonly Row[]): HistoryEntry[] {
  const entries = new Map<string, HistoryEntry>();
  for (const row of rows) {
    const type = textOf(row.type) ?? '';
    if (type === 'SCHEMA') continue;
    const key = keyOf(row, type);
    const before = entries.get(key);
    entries.delete(key);
    if (type === 'DELETE' || type.startsWith('UNDO_')) {
      if (before !== undefined) entries.set(key, { ...before, state: truthOf(row.success) ? 'reverted' : 'failed' });
    } else entries.set(key, entryOf(row, key, type));
  }
  return [...entries.values()];
}

function keyOf(row: Row, type: string): string {
  const version = textOf(row.version);
  if (version === null) return repeatableKey(textOf(row.description) ?? '');
  return type === 'SQL_BASELINE' ? baselineKey(version) : canonicalSegments(version);
}

function entryOf(row: Row, key: string, type: string): HistoryEntry {
  const by = textOf(row.installed_by);
  return {
    ...plainEntry(key),
    version: textOf(row.version) ?? key,
    name: textOf(row.description),
    state: !truthOf(row.success) ? 'failed' : type === 'BASELINE' ? 'baseline' : 'applied',
    appliedAt: textOf(row.applied_at),
    appliedBy: by === '' ? null : by,
    durationMs: numberOf(row.execution_time),
    checksum: textOf(row.checksum),
  };
}

/** As Java computes it. */
const javaHash = (text: string): number => {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
};

/** PostgreSQLAdvisoryLockTemplate adds the hash of the table's name to this number. */
const magicNumber = 77431708279161n;

function toolLock(
  engine: EngineId,
  table: TableName,
  dialect: Dialect,
): Pick<HistoryTable, 'tryToolLock' | 'releaseToolLock'> {
  const hash = ({ identity }: Session) =>
    javaHash(dialect.quoteTable({ schema: table.schema ?? identity.schema ?? identity.database, name: table.name }));
  const key = (session: Session) => magicNumber + BigInt(hash(session));
  const name = (session: Session) => `Flyway-${hash(session)}`;
  switch (engine) {
    case 'postgres':
      return {
        tryToolLock: (session) => tryAdvisoryLock(session, key(session)),
        releaseToolLock: (session) => releaseAdvisoryLock(session, key(session)),
      };
    case 'mysql':
      return {
        tryToolLock: (session) => tryNamedLock(session, name(session)),
        releaseToolLock: (session) => releaseNamedLock(session, name(session)),
      };
    case 'sqlite':
      return {};
  }
}
