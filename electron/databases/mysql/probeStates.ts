// What the catalogue says of one object, as one short text; `schema` and `name` are SQL expressions.

/** What the catalogue says of several rows, whatever their order and number: GROUP_CONCAT would cut it. */
const digestOf = (columns: readonly string[]): string =>
  `CONCAT(COUNT(*), ':', BIT_XOR(CAST(CONV(LEFT(MD5(CONCAT_WS(',', ${quoted(columns)})), 16), 16, 10) AS UNSIGNED)))`;

/** NULL and text must differ. */
const quoted = (columns: readonly string[]): string => columns.map((column) => `QUOTE(${column})`).join(', ');

const words = (text: string): string[] => text.split(' ');

const rows = (table: string, where: string, columns: string): string =>
  `(SELECT ${digestOf(words(columns))} FROM information_schema.${table} WHERE ${where})`;

const absent = (state: string): string => `COALESCE(${state}, 'absent')`;

/** Parts of a table that few statements change, and that cost the server as much as all others together. */
export interface TableParts {
  readonly checks: boolean;
  readonly partitions: boolean;
  /** When it was made: what is dropped and made again may look as before. */
  readonly time: boolean;
  /** The next AUTO_INCREMENT, which others change too. */
  readonly counter: boolean;
}

/** A rehearsal's copy has another name: of a table in the same database it is not told. */
const referencedElsewhere = 'NULLIF(REFERENCED_TABLE_SCHEMA,TABLE_SCHEMA)';

export function tableState(schema: string, name: string, include: TableParts): string {
  const here = tableHere(schema, name);
  const parts = [
    rows(
      'COLUMNS',
      here,
      'ORDINAL_POSITION COLUMN_NAME COLUMN_TYPE IS_NULLABLE COLUMN_DEFAULT EXTRA CHARACTER_SET_NAME COLLATION_NAME COLUMN_COMMENT GENERATION_EXPRESSION',
    ),
    indexes(here),
    rows(
      'KEY_COLUMN_USAGE',
      here,
      `CONSTRAINT_NAME ORDINAL_POSITION COLUMN_NAME ${referencedElsewhere} REFERENCED_TABLE_NAME REFERENCED_COLUMN_NAME`,
    ),
    rows(
      'REFERENTIAL_CONSTRAINTS',
      `CONSTRAINT_SCHEMA = ${schema} AND TABLE_NAME = ${name}`,
      'CONSTRAINT_NAME UPDATE_RULE DELETE_RULE',
    ),
    ...(include.time ? ['CREATE_TIME'] : []),
    ...(include.counter ? ['AUTO_INCREMENT'] : []),
    ...(include.partitions ? [partitions(here)] : []),
    ...(include.checks ? [checks(schema, name)] : []),
  ];
  const own = quoted(words('TABLE_TYPE ENGINE ROW_FORMAT TABLE_COLLATION CREATE_OPTIONS TABLE_COMMENT'));
  return absent(
    `(SELECT MD5(CONCAT_WS(' ', ${own}, ${parts.join(', ')})) FROM information_schema.TABLES WHERE ${here})`,
  );
}

const tableHere = (schema: string, name: string): string => `TABLE_SCHEMA = ${schema} AND TABLE_NAME = ${name}`;

const indexes = (here: string): string =>
  rows(
    'STATISTICS',
    here,
    'INDEX_NAME NON_UNIQUE SEQ_IN_INDEX COLUMN_NAME COLLATION SUB_PART INDEX_TYPE COMMENT INDEX_COMMENT',
  );

/** Enough where nothing but these changes, and much cheaper than all of a table. */
export const indexState = (schema: string, name: string): string => `MD5(${indexes(tableHere(schema, name))})`;

/**
 * Whether it is there, and since when: never as on a rehearsal's copy, so that of a table that is there its effect must
 * tell. The server needs half a millisecond for all of a table, even where there is none.
 */
export const presence = (schema: string, name: string): string =>
  absent(
    `(SELECT CONCAT('made ', COALESCE(CREATE_TIME + 0, 'once')) FROM information_schema.TABLES WHERE ${tableHere(schema, name)})`,
  );

const partitions = (here: string): string =>
  rows(
    'PARTITIONS',
    `${here} AND PARTITION_NAME IS NOT NULL`,
    'PARTITION_NAME SUBPARTITION_NAME PARTITION_METHOD PARTITION_EXPRESSION PARTITION_DESCRIPTION',
  );

/** MariaDB tells a check's table in its own row, MySQL in another one. */
const checks = (schema: string, name: string): string =>
  `(SELECT ${digestOf(['c.CONSTRAINT_NAME', 'c.CHECK_CLAUSE'])} FROM information_schema.CHECK_CONSTRAINTS c
 /*!80016 JOIN information_schema.TABLE_CONSTRAINTS t ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME AND t.CONSTRAINT_TYPE = 'CHECK' */
 WHERE c.CONSTRAINT_SCHEMA = ${schema} AND /*M!100000 c.TABLE_NAME *//*!80016 t.TABLE_NAME */ = ${name})`;

const one = (table: string, where: string, columns: string): string =>
  absent(`(SELECT MD5(CONCAT_WS(',', ${quoted(words(columns))})) FROM information_schema.${table} WHERE ${where})`);

export const viewState = (schema: string, name: string): string =>
  one(
    'VIEWS',
    `TABLE_SCHEMA = ${schema} AND TABLE_NAME = ${name}`,
    'VIEW_DEFINITION CHECK_OPTION DEFINER SECURITY_TYPE',
  );

export function routineState(type: 'PROCEDURE' | 'FUNCTION', schema: string, name: string): string {
  const parameters = rows(
    'PARAMETERS',
    `SPECIFIC_SCHEMA = ${schema} AND SPECIFIC_NAME = ${name} AND ROUTINE_TYPE = '${type}'`,
    'ORDINAL_POSITION PARAMETER_MODE PARAMETER_NAME DTD_IDENTIFIER',
  );
  const own = quoted(
    words(
      'ROUTINE_DEFINITION DTD_IDENTIFIER IS_DETERMINISTIC SQL_DATA_ACCESS SECURITY_TYPE DEFINER ROUTINE_COMMENT SQL_MODE',
    ),
  );
  return absent(
    `(SELECT MD5(CONCAT_WS(',', ${own}, ${parameters})) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ${schema} AND ROUTINE_NAME = ${name} AND ROUTINE_TYPE = '${type}')`,
  );
}

/** Without the table's name the server has to open every table of the schema. */
export const triggerState = (schema: string, name: string, table: string | null): string =>
  one(
    'TRIGGERS',
    `TRIGGER_SCHEMA = ${schema} AND TRIGGER_NAME = ${name}${table === null ? '' : ` AND EVENT_OBJECT_SCHEMA = ${schema} AND EVENT_OBJECT_TABLE = ${table}`}`,
    'EVENT_OBJECT_TABLE ACTION_TIMING EVENT_MANIPULATION ACTION_ORDER ACTION_STATEMENT DEFINER SQL_MODE',
  );

export const eventState = (schema: string, name: string): string =>
  one(
    'EVENTS',
    `EVENT_SCHEMA = ${schema} AND EVENT_NAME = ${name}`,
    'EVENT_DEFINITION EVENT_TYPE EXECUTE_AT INTERVAL_VALUE INTERVAL_FIELD STARTS ENDS STATUS ON_COMPLETION EVENT_COMMENT DEFINER SQL_MODE',
  );

export const schemaState = (name: string): string =>
  one('SCHEMATA', `SCHEMA_NAME = ${name}`, 'DEFAULT_CHARACTER_SET_NAME DEFAULT_COLLATION_NAME');

/** The columns of a table, whatever its name. */
export const columnsDigest = (here: string): string =>
  rows('COLUMNS', here, 'ORDINAL_POSITION COLUMN_NAME COLUMN_TYPE IS_NULLABLE COLUMN_DEFAULT EXTRA COLLATION_NAME');

/** `which`: a condition on rows of PLUGINS. */
export const pluginState = (which: string): string =>
  rows('PLUGINS', which, 'PLUGIN_NAME PLUGIN_STATUS PLUGIN_LIBRARY');

const ownRight = (right: string): string =>
  `EXISTS (SELECT 1 FROM information_schema.USER_PRIVILEGES WHERE PRIVILEGE_TYPE = '${right}' AND GRANTEE = CONCAT(QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', 1)), '@', QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', -1))))`;

/**
 * Emptying a table gives it another file. MariaDB tells which one to those with the right PROCESS, and fails for others;
 * MySQL tells when it was made. NULL, which is evidence for nothing, where neither is known.
 */
export const truncationState = (schema: string, name: string): string =>
  `(/*M!100000 IF(${ownRight('PROCESS')}, (SELECT CONCAT('table ', TABLE_ID) FROM information_schema.INNODB_SYS_TABLES WHERE NAME = CONCAT(${schema}, '/', ${name})), NULL) *//*!80000 (SELECT CONCAT('made ', CREATE_TIME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${schema} AND TABLE_NAME = ${name}) */)`;
