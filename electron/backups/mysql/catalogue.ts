// What the server's catalogue says a dump must hold.
import type { ObjectCounts } from '../../../shared/model/backup.ts';
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import { raise } from '../../../shared/problem.ts';
import type { Session } from '../../engine/ports.ts';
import type { BackupRequest } from '../backupTaker.ts';
import { noSuchTable, requireSome } from '../chosenTables.ts';
import type { Countable } from '../countRows.ts';

/** The account sees only what it has rights on: `requireRights` first. */
export async function countObjects(session: Session): Promise<ObjectCounts> {
  const [row] = await session.query(`SELECT
  (SELECT count(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')) AS \`table\`,
  (SELECT count(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'VIEW') AS \`view\`,
  (SELECT count(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'SEQUENCE') AS \`sequence\`,
  (SELECT count(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()) AS \`trigger\`,
  (SELECT count(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()) AS \`routine\`,
  (SELECT count(*) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()) AS \`event\``);
  return Object.fromEntries(Object.entries(row ?? {}).map(([kind, count]) => [kind, Number(count)]));
}

/** With `covers: 'tables'` each must be there. @throws {ProblemError} `usage.invalid` */
export async function requireTables({
  session,
  connection,
  covers,
  tables,
}: BackupRequest<NetworkConnection>): Promise<void> {
  if (covers !== 'tables') return;
  requireSome(tables);
  const rows = await session.query(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')",
  );
  const known = new Set(rows.map((row) => String(row['name'])));
  const missing = tables.find((table) => !known.has(table));
  if (missing !== undefined) raise(noSuchTable(missing, connection.database));
}

/** Bytes of rows by the catalogue's statistics, without indexes. */
export async function dataBytes(session: Session): Promise<number> {
  const [row] = await session.query(
    'SELECT coalesce(sum(DATA_LENGTH), 0) AS bytes FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()',
  );
  return Number(row?.['bytes'] ?? 0);
}

/** Tables that --single-transaction does not hold still, with their engines. */
export async function inconsistentTables(session: Session): Promise<string[]> {
  const rows = await session.query(`SELECT TABLE_NAME AS name, ENGINE AS engine FROM information_schema.TABLES
WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' AND ENGINE <> 'InnoDB' ORDER BY TABLE_NAME`);
  return rows.map((row) => `${String(row['name'])} (${String(row['engine'])})`);
}

/** By the server's clock; ISO 8601 in UTC. */
export async function serverTime(session: Session): Promise<string> {
  const [row] = await session.query("SELECT DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%f') AS moment");
  return new Date(`${String(row?.['moment']).slice(0, 23)}Z`).toISOString();
}

/** Does our own connection speak TLS? */
export async function usesTls(session: Session): Promise<boolean> {
  const [row] = await session.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
  return String(row?.['Value'] ?? '') !== '';
}

/** Tables with rows of their own; InnoDB's numbers are statistics. */
export async function tablesToCount(session: Session): Promise<Countable[]> {
  const rows = await session.query(`SELECT TABLE_NAME AS name, coalesce(TABLE_ROWS, 0) AS estimate
FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME`);
  return rows.map((row) => ({
    table: String(row['name']),
    sql: quoteName(String(row['name'])),
    estimate: Number(row['estimate']),
  }));
}

/** As an identifier in SQL. */
export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
