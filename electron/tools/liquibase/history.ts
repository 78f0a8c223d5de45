/** Liquibase's history table (changelog/StandardChangeLogHistoryService.java, sqlgenerator/core/MarkChangeSetRanGenerator.java). */
import { decodeTime, isValid } from 'ulid';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { HistoryEntry } from '../../../shared/model/history.ts';
import type { Dialect, HistoryTable, HistoryWrite, Row, TableName } from '../../engine/ports.ts';
import { plainEntry, readRows, textOf, utcText } from '../common/historyRows.ts';
import { releaseLockRow, tryLockRow } from './lock.ts';
import { keyOf, normalPath, partsOf } from './model.ts';

export const defaultTable = 'DATABASECHANGELOG';

export const columns = ['ID', 'AUTHOR', 'FILENAME', 'DATEEXECUTED', 'ORDEREXECUTED', 'EXECTYPE', 'MD5SUM'] as const;

/** The version whose way of writing this is. */
const liquibaseVersion = '4.28.0';

export function liquibaseHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: engine === 'postgres' ? defaultTable.toLowerCase() : defaultTable };
  const quoted = dialect.quoteTable(table);
  const text = (value: string | null) => dialect.quoteLiteral(value);
  const order = `COALESCE(MAX(ORDEREXECUTED), 0) + 1`;
  const matching = (key: string): string => {
    const { id, author, path } = partsOf(key);
    // Rows of older versions name the class path.
    return `ID = ${text(id)} AND AUTHOR = ${text(author)} AND FILENAME IN (${text(path)}, ${text(`classpath:${path}`)}, ${text(`/${path}`)})`;
  };
  const values = (write: HistoryWrite): Record<string, string> => {
    const { step, runId } = write;
    const { recorded = {} } = step.migration;
    return {
      DATEEXECUTED: dialect.now,
      // Of what Liquibase would compute otherwise it fills in its own.
      MD5SUM: text(step.checksum),
      COMMENTS: text(recorded['comments'] ?? ''),
      CONTEXTS: text(recorded['contexts'] ?? null),
      LABELS: text(recorded['labels'] ?? null),
      DEPLOYMENT_ID: text(deploymentId(runId)),
      ...(recorded['tag'] == null ? {} : { TAG: text(recorded['tag']) }),
    };
  };
  const insert = (write: HistoryWrite, where = ''): string => {
    const { id, author, path } = partsOf(write.step.historyKey);
    const { recorded = {} } = write.step.migration;
    const all = {
      ID: text(id),
      AUTHOR: text(author),
      FILENAME: text(path),
      ORDEREXECUTED: order,
      EXECTYPE: text(write.unrun ? 'MARK_RAN' : (recorded['execType'] ?? 'EXECUTED')),
      DESCRIPTION: text(recorded['description'] ?? ''),
      LIQUIBASE: text(liquibaseVersion),
      ...values(write),
    };
    return `INSERT INTO ${quoted} (${Object.keys(all).join(', ')}) SELECT ${Object.values(all).join(', ')} FROM ${quoted}${where}`;
  };
  const applied = (write: HistoryWrite): string[] => {
    const { step } = write;
    const again = step.migration.runAlways === true || step.migration.runOnChange === true;
    // One that is not run after it ran before has a row for each.
    if (!again || write.unrun) return [insert(write)];
    // Of one that ran before, the row is kept and told of.
    const set = {
      ...values(write),
      EXECTYPE: text('RERAN'),
      // MySQL reads no table that it changes, but a table derived from it.
      ORDEREXECUTED: `(SELECT next FROM (SELECT ${order} AS next FROM ${quoted}) AS executed)`,
    };
    const assignments = Object.entries(set).map(([name, value]) => `${name} = ${value}`);
    const absent = ` HAVING COUNT(CASE WHEN ${matching(step.historyKey)} THEN 1 END) = 0`;
    return [`UPDATE ${quoted} SET ${assignments.join(', ')} WHERE ${matching(step.historyKey)}`, insert(write, absent)];
  };
  const remove = ({ step }: HistoryWrite) => [`DELETE FROM ${quoted} WHERE ${matching(step.historyKey)}`];
  return {
    table,
    beside: [lockTableOf(table, engine)],
    async read(session) {
      const query = `SELECT ID AS id, AUTHOR AS author, FILENAME AS filename, ${utcText(engine, 'DATEEXECUTED')} AS applied_at, MD5SUM AS checksum, DEPLOYMENT_ID AS deployment FROM ${quoted} ORDER BY DATEEXECUTED, ORDEREXECUTED`;
      const rows = await readRows(session, table, [...columns, 'DEPLOYMENT_ID'], query);
      return rows === null ? null : entriesOf(rows);
    },
    create: () => [createTable(engine, quoted)],
    applied,
    reverted: remove,
    repairs: {
      markApplied: (write) => [insert(write)],
      markReverted: remove,
      updateChecksum: (write) => [
        `UPDATE ${quoted} SET MD5SUM = ${text(write.step.checksum)} WHERE ${matching(write.step.historyKey)}`,
      ],
    },
    tryToolLock: (session) => tryLockRow(session, engine, dialect, lockTableOf(table, engine)),
    releaseToolLock: (session) => releaseLockRow(session, dialect, lockTableOf(table, engine)),
  };
}

const lockTableOf = ({ schema }: TableName, engine: EngineId): TableName => ({
  schema,
  name: engine === 'postgres' ? 'databasechangeloglock' : 'DATABASECHANGELOGLOCK',
});

function createTable(engine: EngineId, quoted: string): string {
  const time = { postgres: 'TIMESTAMP WITHOUT TIME ZONE', mysql: 'datetime', sqlite: 'TEXT' }[engine];
  const whole = { postgres: 'INTEGER', mysql: 'INT', sqlite: 'INTEGER' }[engine];
  const parts = [
    'ID VARCHAR(255) NOT NULL',
    'AUTHOR VARCHAR(255) NOT NULL',
    'FILENAME VARCHAR(255) NOT NULL',
    `DATEEXECUTED ${time} NOT NULL`,
    `ORDEREXECUTED ${whole} NOT NULL`,
    'EXECTYPE VARCHAR(10) NOT NULL',
    'MD5SUM VARCHAR(35)',
    `${engine === 'mysql' ? '`DESCRIPTION`' : 'DESCRIPTION'} VARCHAR(255)`,
    'COMMENTS VARCHAR(255)',
    'TAG VARCHAR(255)',
    'LIQUIBASE VARCHAR(20)',
    'CONTEXTS VARCHAR(255)',
    'LABELS VARCHAR(255)',
    'DEPLOYMENT_ID VARCHAR(10)',
  ];
  return `CREATE TABLE IF NOT EXISTS ${quoted} (${parts.join(', ')})`;
}

/** Change sets that were deployed together are one batch; batches count from 1. */
function entriesOf(rows: readonly Row[]): HistoryEntry[] {
  const batches = new Map<string, number>();
  return rows.map((row) => {
    const key = keyOf(textOf(row['id']) ?? '', textOf(row['author']) ?? '', normalPath(textOf(row['filename']) ?? ''));
    const deployment = textOf(row['deployment']);
    if (deployment !== null && !batches.has(deployment)) batches.set(deployment, batches.size + 1);
    return {
      ...plainEntry(key),
      version: key,
      appliedAt: textOf(row['applied_at']),
      checksum: comparable(textOf(row['checksum'])),
      batch: deployment === null ? null : (batches.get(deployment) ?? null),
    };
  });
}

/** Checksums of older algorithms (`7:`, `8:`) tell nothing of the file; Liquibase replaces them by its own. */
const comparable = (checksum: string | null): string | null =>
  checksum === null || /^[1-8]:/.test(checksum) ? null : checksum;

/** The last ten digits of the milliseconds at which the run began. */
const deploymentId = (runId: string): string => String(isValid(runId) ? decodeTime(runId) : Date.now()).slice(-10);
