/** What hazard rules ask of a MySQL or MariaDB database, in one round trip. */
import {
  type CatalogueFacts,
  type ColumnLayout,
  type HazardExtent,
  noFacts,
  type TableLayout,
  type TableSize,
} from '../../engine/hazards.ts';
import { type Row, ServerFault, type Session } from '../../engine/ports.ts';
import { mysqlVersionOf } from './version.ts';

const tables = `
SELECT TABLE_NAME AS name, ENGINE AS engine, ROW_FORMAT AS row_format, TABLE_COLLATION AS collation,
       TABLE_ROWS AS table_rows, COALESCE(DATA_LENGTH, 0) + COALESCE(INDEX_LENGTH, 0) AS bytes
  FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')`;

const columns = `
SELECT TABLE_NAME AS table_name, COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, COLLATION_NAME AS collation, EXTRA AS extra
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION`;

const indexes = `
SELECT TABLE_NAME AS table_name, COLUMN_NAME AS name, INDEX_NAME AS index_name, SEQ_IN_INDEX AS place, LOWER(INDEX_TYPE) AS type
  FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()`;

const settings = `
SELECT @@SESSION.sql_mode AS sql_mode, @@SESSION.foreign_key_checks AS foreign_key_checks,
       @@SESSION.default_storage_engine AS default_storage_engine, @@character_set_database AS character_set_database`;

export async function readFacts(session: Session, extent: HazardExtent): Promise<CatalogueFacts> {
  if (extent === 'mustAccept') return noFacts;
  const [tableRows, columnRows, indexRows, settingRows, versions] = await Promise.all([
    session.query(tables),
    session.query(columns),
    session.query(indexes),
    session.query(settings),
    rowVersions(session),
  ]);
  const [columnsOf, indexesOf] = [byTable(columnRows), byTable(indexRows)];
  const sizes = tableRows.map((row): [string, TableSize] => {
    const name = nameOf(row['name']);
    const layout = layoutOf(row, columnsOf.get(name) ?? [], indexesOf.get(name) ?? []);
    const known = versions.get(name);
    return [
      name,
      {
        rows: row['table_rows'] === null ? null : Number(row['table_rows']),
        bytes: Number(row['bytes']),
        layout: known === undefined ? layout : { ...layout, rowVersions: known },
      },
    ];
  });
  const { product, version } = session.identity;
  const set = Object.entries(settingRows[0] ?? {}).map(([name, value]) => [name, String(value)] as const);
  return { product, version, timeZone: null, tables: new Map(sizes), settings: new Map(set) };
}

const nameOf = (value: unknown): string => String(value).toLowerCase();

const byTable = (rows: readonly Row[]): ReadonlyMap<string, Row[]> =>
  Map.groupBy(rows, (row) => nameOf(row['table_name']));

function layoutOf(table: Row, columnRows: readonly Row[], indexRows: readonly Row[]): TableLayout {
  const isPrimary = (row: Row): boolean => row['index_name'] === 'PRIMARY';
  const indexed = new Set(indexRows.map((row) => nameOf(row['name'])));
  const primary = new Set(indexRows.filter(isPrimary).map((row) => nameOf(row['name'])));
  return {
    storage: String(table['engine']),
    collation: textOrNull(table['collation']),
    rowFormat: nameOf(table['row_format']),
    columns: new Map(columnRows.map((row) => [nameOf(row['name']), columnOf(row, indexed, primary)])),
    indexes: indexRows
      .filter((row) => row['place'] === 1)
      .map((row) => (isPrimary(row) ? 'primary' : String(row['type']))),
  };
}

const textOrNull = (value: unknown): string | null => (value === null ? null : String(value));

function columnOf(row: Row, indexed: ReadonlySet<string>, primary: ReadonlySet<string>): ColumnLayout {
  const name = nameOf(row['name']);
  const extra = String(row['extra']).toUpperCase();
  return {
    type: String(row['type']),
    nullable: row['nullable'] === 'YES',
    collation: textOrNull(row['collation']),
    generated: /\bVIRTUAL\b/.test(extra) ? 'virtual' : /\bSTORED\b|\bPERSISTENT\b/.test(extra) ? 'stored' : null,
    indexed: indexed.has(name),
    primary: primary.has(name),
    autoIncrement: extra.includes('AUTO_INCREMENT'),
  };
}

/** MySQL's alone, and told to accounts with PROCESS only: unknown to others. */
async function rowVersions(session: Session): Promise<ReadonlyMap<string, number>> {
  if (!mysqlVersionOf(session.identity).isMysql(8, 0, 29)) return new Map();
  try {
    const rows = await session.query(
      "SELECT SUBSTRING_INDEX(NAME, '/', -1) AS name, TOTAL_ROW_VERSIONS AS versions FROM information_schema.INNODB_TABLES WHERE NAME LIKE CONCAT(DATABASE(), '/%')",
    );
    return new Map(rows.map((row) => [nameOf(row['name']), Number(row['versions'])]));
  } catch (error) {
    if (error instanceof ServerFault && error.kind === 'rights') return new Map();
    throw error;
  }
}
