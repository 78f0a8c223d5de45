/**
 * HMIS's history table: the JPA entity DatabaseMigration as EclipseLink maps it by default, names in upper case. One row a
 * version, which is kept through failure and rollback (DatabaseMigrationController.executeSingleMigration, rollbackMigration).
 */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { HistoryEntry } from '../../../shared/model/history.ts';
import { raise } from '../../../shared/problem.ts';
import type { Dialect, HistoryTable, HistoryWrite, Row, Session, TableName } from '../../engine/ports.ts';
import { numberOf, plainEntry, readRows, shortened, textOf, utcText } from '../common/historyRows.ts';
import { compareSegments } from '../common/versions.ts';
import { downName, numbersOf, upName } from './files.ts';

/** Those read or always written. */
export const columns = [
  'VERSION',
  'DESCRIPTION',
  'FILENAME',
  'STATUS',
  'EXECUTEDAT',
  'EXECUTIONTIMEMS',
  'ERRORMESSAGE',
  'ROLLBACKAT',
] as const;

/** A row that is PENDING tells of nothing done. */
const states: Readonly<Record<string, HistoryEntry['state']>> = {
  EXECUTING: 'executing',
  SUCCESS: 'applied',
  FAILED: 'failed',
  ROLLED_BACK: 'reverted',
  ROLLBACK_FAILED: 'failed',
};

export function hmisHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: 'DATABASEMIGRATION' };
  const quoted = dialect.quoteTable(table);
  const text = (value: string) => dialect.quoteLiteral(value);
  const update = ({ step }: HistoryWrite, assignments: string): string =>
    `UPDATE ${quoted} SET ${assignments} WHERE VERSION = ${text(step.historyKey)}`;
  /** The entity's VERSION is unique, but a table made by hand may not be: hence no ON DUPLICATE KEY. */
  const insertMissing = (write: HistoryWrite): string => {
    const values = newRow(write, dialect);
    return `INSERT INTO ${quoted} (${Object.keys(values).join(', ')}) SELECT ${Object.values(values).join(', ')} FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM ${quoted} WHERE VERSION = ${text(write.step.historyKey)})`;
  };
  return {
    table,
    async read(session) {
      const sql = `SELECT VERSION AS version, DESCRIPTION AS description, STATUS AS status, ${utcText(engine, 'EXECUTEDAT')} AS executed_at, EXECUTIONTIMEMS AS duration, ERRORMESSAGE AS message FROM ${quoted}`;
      const rows = await readRows(session, table, columns, sql);
      if (rows === null && given === null) await refuseLowerCase(session, table.name);
      return (
        rows?.flatMap(entryOf).sort((a, b) => compareSegments(numbersOf(a.historyKey), numbersOf(b.historyKey))) ?? null
      );
    },
    create: () => [createTable(quoted)],
    started(write) {
      // A rollback has no state of its own there: the row says SUCCESS until it ends.
      if (write.step.action === 'revert') return [];
      return [
        insertMissing(write),
        update(write, `STATUS = 'EXECUTING', EXECUTEDAT = ${dialect.now}, ERRORMESSAGE = NULL`),
      ];
    },
    applied: (write) => [
      insertMissing(write),
      update(write, `STATUS = 'SUCCESS', EXECUTIONTIMEMS = ${write.dialect.elapsedMs}, ERRORMESSAGE = NULL`),
    ],
    reverted: (write) => [
      update(write, `STATUS = 'ROLLED_BACK', ROLLBACKAT = ${dialect.now}, ROLLBACKFILENAME = ${text(downName)}`),
    ],
    failed(write, message) {
      const told = shortened(message.replaceAll('\0', ''), 8000);
      if (write.step.action === 'revert')
        return [update(write, `STATUS = 'ROLLBACK_FAILED', ERRORMESSAGE = ${text(`Rollback failed: ${told}`)}`)];
      return [insertMissing(write), update(write, `STATUS = 'FAILED', ERRORMESSAGE = ${text(told)}`)];
    },
    repairs: {
      markApplied: (write) => [insertMissing(write), update(write, "STATUS = 'SUCCESS', ERRORMESSAGE = NULL")],
      markReverted: (write) => [update(write, `STATUS = 'ROLLED_BACK', ROLLBACKAT = ${dialect.now}`)],
      // A rollback that failed leaves what was applied in doubt: that entry is not simply taken away.
      removeFailed: ({ step }) => [
        `DELETE FROM ${quoted} WHERE VERSION = ${text(step.historyKey)} AND STATUS IN ('FAILED', 'EXECUTING')`,
      ],
    },
  };
}

/** SQL expressions by column. EXECUTEDBY_ID stays NULL: we know nobody of the application's users. */
function newRow({ step }: HistoryWrite, dialect: Dialect): Record<string, string> {
  const { metadata } = step.migration;
  return {
    VERSION: dialect.quoteLiteral(step.historyKey),
    DESCRIPTION: dialect.quoteLiteral(shortened(step.name, 255)),
    FILENAME: dialect.quoteLiteral(upName),
    STATUS: dialect.quoteLiteral('PENDING'),
    EXECUTEDAT: dialect.now,
    REQUIRESDOWNTIME: metadata.requiresDowntime === true ? '1' : '0',
    ESTIMATEDDURATIONMS: dialect.quoteLiteral(metadata.estimatedMs ?? null),
    MIGRATIONMETADATA: dialect.quoteLiteral(JSON.stringify(metadata)),
  };
}

function entryOf(row: Row): HistoryEntry[] {
  const version = textOf(row.version) ?? '';
  const state = states[textOf(row.status) ?? ''];
  if (state === undefined) return [];
  return [
    {
      ...plainEntry(version),
      version,
      name: textOf(row.description),
      state,
      appliedAt: textOf(row.executed_at),
      durationMs: numberOf(row.duration),
      message: textOf(row.message),
    },
  ];
}

/** Some sites have their tables in lower case; beside such a table a second history must not begin. */
async function refuseLowerCase(session: Session, name: string): Promise<void> {
  const lower = name.toLowerCase();
  if ((await session.columns({ schema: null, name: lower })) === null) return;
  raise({
    code: 'database.historyTable',
    message: `There is no table ${name} in this database, but one called ${lower}: its tables are in lower case.`,
    hint: `Name it with --history-table ${lower}, and check that the scripts name tables in lower case too.`,
  });
}

function createTable(quoted: string): string {
  return `CREATE TABLE IF NOT EXISTS ${quoted} (
  ID BIGINT AUTO_INCREMENT NOT NULL,
  DESCRIPTION VARCHAR(255) NOT NULL,
  ERRORMESSAGE LONGTEXT,
  ESTIMATEDDURATIONMS BIGINT,
  EXECUTEDAT DATETIME NOT NULL,
  EXECUTIONLOG LONGTEXT,
  EXECUTIONTIMEMS BIGINT,
  FILENAME VARCHAR(100) NOT NULL,
  MIGRATIONMETADATA LONGTEXT,
  REQUIRESDOWNTIME TINYINT(1) DEFAULT 0 NOT NULL,
  ROLLBACKAT DATETIME,
  ROLLBACKFILENAME VARCHAR(100),
  STATUS VARCHAR(255) NOT NULL,
  VERSION VARCHAR(50) NOT NULL UNIQUE,
  EXECUTEDBY_ID BIGINT,
  ROLLBACKBY_ID BIGINT,
  PRIMARY KEY (ID)
)`;
}
