// What a swap needs to know to be undone, kept on the server in the database of the kept tables: it outlives a crash of
// this computer and its loss.
import type { Session } from '../../../engine/ports.ts';
import { quoteName } from '../catalogue.ts';
import type { Definition } from './definitions.ts';

export const RECORD_TABLE = 'lockkeeper_restore';

export interface KeptRecord {
  /** Tables of the live database before the swap. */
  readonly oldTables: readonly string[];
  /** Tables of the restored one. */
  readonly newTables: readonly string[];
  /** Views, triggers, routines and events of the live database before the swap. */
  readonly definitions: readonly Definition[];
}

const tableOf = (database: string): string => `${quoteName(database)}.${quoteName(RECORD_TABLE)}`;

/** Creates the database and writes the record, whole or not at all. */
export async function writeRecord(session: Session, kept: string, record: KeptRecord): Promise<void> {
  await session.query(`CREATE DATABASE ${quoteName(kept)} ${await encodingOf(session)}`);
  await session.query(
    `CREATE TABLE ${tableOf(kept)} (place INT UNSIGNED NOT NULL PRIMARY KEY, kind VARCHAR(20) NOT NULL, content LONGTEXT NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='What Lockkeeper needs to undo a restore; drop it with this database'`,
  );
  const rows = [
    ...record.oldTables.map((name) => ['oldTable', name] as const),
    ...record.newTables.map((name) => ['newTable', name] as const),
    ...record.definitions.map((definition) => ['definition', JSON.stringify(definition)] as const),
    ['complete', ''] as const,
  ];
  await session.query('START TRANSACTION');
  for (const [place, [kind, content]] of rows.entries())
    await session.query(`INSERT INTO ${tableOf(kept)} VALUES (${place}, $1, $2)`, [kind, content]);
  await session.query('COMMIT');
}

/** Null: there is none, or its writing was interrupted, so that nothing after it was done either. */
export async function readRecord(session: Session, kept: string): Promise<KeptRecord | null> {
  if ((await tablesIn(session, kept, true)).every((name) => name !== RECORD_TABLE)) return null;
  const rows = await session.query(`SELECT kind, content FROM ${tableOf(kept)} ORDER BY place`);
  if (rows.at(-1)?.['kind'] !== 'complete') return null;
  const of = (kind: string) => rows.filter((row) => row['kind'] === kind).map((row) => String(row['content']));
  return {
    oldTables: of('oldTable'),
    newTables: of('newTable'),
    definitions: of('definition').map((text) => JSON.parse(text) as Definition),
  };
}

/** What RENAME TABLE takes: tables and sequences. */
export async function tablesIn(session: Session, database: string, withRecord = false): Promise<string[]> {
  const rows = await session.query(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = $1 AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE') ORDER BY TABLE_NAME",
    [database],
  );
  return rows.map((row) => String(row['name'])).filter((name) => withRecord || name !== RECORD_TABLE);
}

export async function databaseExists(session: Session, database: string): Promise<boolean> {
  const rows = await session.query('SELECT 1 AS found FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = $1', [
    database,
  ]);
  return rows.length > 0;
}

/** Character set and collation of the session's database, for another one like it. */
export async function encodingOf(session: Session): Promise<string> {
  const [row = {}] = await session.query(
    'SELECT DEFAULT_CHARACTER_SET_NAME AS characters, DEFAULT_COLLATION_NAME AS collation FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()',
  );
  return `DEFAULT CHARACTER SET ${String(row['characters'])} COLLATE ${String(row['collation'])}`;
}
