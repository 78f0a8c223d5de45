/** refinery's history table: one row per migration, times and checksums as text (refinery_core/src/traits/mod.rs). */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { HistoryEntry } from '../../../shared/model/history.ts';
import type { Migration } from '../../../shared/model/migration.ts';
import type { Dialect, HistoryTable, HistoryWrite, Row, TableName } from '../../engine/ports.ts';
import { insertInto, plainEntry, readRows, textOf } from '../common/historyRows.ts';
import { isWide } from './files.ts';

export const columns = ['version', 'name', 'applied_on', 'checksum'] as const;

/** The server's time as RFC 3339. */
const now: Readonly<Record<EngineId, string>> = {
  postgres: `to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
  mysql: `DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ')`,
  sqlite: `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`,
};

export function refineryHistory(
  engine: EngineId,
  dialect: Dialect,
  given: TableName | null,
  migrations: readonly Migration[] = [],
): HistoryTable {
  const table = given ?? { schema: null, name: 'refinery_schema_history' };
  const quoted = dialect.quoteTable(table);
  const isStep = ({ step }: HistoryWrite) => `version = ${dialect.quoteLiteral(step.historyKey)}`;
  const insert = ({ step }: HistoryWrite) => [
    insertInto(dialect, table, {
      version: dialect.quoteLiteral(step.historyKey),
      name: dialect.quoteLiteral(step.name),
      applied_on: now[engine],
      checksum: dialect.quoteLiteral(step.checksum ?? ''),
    }),
  ];
  const remove = (write: HistoryWrite) => [`DELETE FROM ${quoted} WHERE ${isStep(write)}`];
  // The type of its feature int8-versions, which versions beyond 32 bits need.
  const number = migrations.some(({ version }) => isWide(version)) ? 'INT8' : 'INT4';
  return {
    table,
    async read(session) {
      const query = `SELECT version, name, applied_on, checksum FROM ${quoted} ORDER BY version`;
      const rows = await readRows(session, table, columns, query);
      return rows?.map(entryOf) ?? null;
    },
    create: () => [
      `CREATE TABLE IF NOT EXISTS ${quoted} (
    version ${number} PRIMARY KEY,
    name VARCHAR(255),
    applied_on VARCHAR(255),
    checksum VARCHAR(255)
)`,
    ],
    applied: insert,
    reverted: remove,
    repairs: {
      updateChecksum: (write) => [
        `UPDATE ${quoted} SET checksum = ${dialect.quoteLiteral(write.step.checksum)} WHERE ${isStep(write)}`,
      ],
      markApplied: insert,
      markReverted: remove,
    },
  };
}

function entryOf(row: Row): HistoryEntry {
  const version = textOf(row.version) ?? '';
  const time = Date.parse(textOf(row.applied_on) ?? '');
  const checksum = textOf(row.checksum);
  return {
    ...plainEntry(version),
    version,
    name: textOf(row.name),
    appliedAt: Number.isNaN(time) ? null : new Date(time).toISOString(),
    checksum: checksum === '' ? null : checksum,
  };
}
