/** Changes of tables. */
import { type ChangeType, undoing } from './change.ts';
import { type Column, defaultSql } from './columns.ts';
import { isMysql, literal, qualified, quoted, quotedList, type SqlTarget, Untranslatable } from './names.ts';
import { type DataType, dataType } from './types.ts';

export const place = (fields: Readonly<Record<string, string>>) => ({
  schema: fields['schemaName'] ?? null,
  catalog: fields['catalogName'] ?? null,
});

export const tableOf = (fields: Readonly<Record<string, string>>, target: SqlTarget): string =>
  qualified(fields['tableName'] ?? '', place(fields), target);

export const tables: Readonly<Record<string, ChangeType>> = {
  createTable: {
    texts: ['catalogName', 'schemaName', 'tableName', 'tablespace', 'remarks', 'tableType'],
    truths: ['ifNotExists', 'rowDependencies'],
    required: ['tableName'],
    hasColumns: true,
    sql: (change, target) => createTable(change.fields, change.columns, target),
    forChecksum: ({ ifNotExists, ...fields }) => fields,
    inverse: (change) => {
      const { catalogName, schemaName, tableName } = change.fields;
      return [undoing(change, 'dropTable', { catalogName, schemaName, tableName })];
    },
  },
  dropTable: {
    texts: ['catalogName', 'schemaName', 'tableName'],
    truths: ['cascadeConstraints'],
    required: ['tableName'],
    sql: ({ fields }, target) => {
      const cascade = fields['cascadeConstraints'] === 'true' && target.dbms === 'postgresql' ? ' CASCADE' : '';
      return [`DROP TABLE ${tableOf(fields, target)}${cascade}`];
    },
  },
  renameTable: {
    texts: ['catalogName', 'schemaName', 'oldTableName', 'newTableName'],
    required: ['oldTableName', 'newTableName'],
    sql: ({ fields }, target) => {
      const old = qualified(fields['oldTableName'] ?? '', place(fields), target);
      const to = isMysql(target) ? 'RENAME' : 'RENAME TO';
      const name = isMysql(target)
        ? qualified(fields['newTableName'] ?? '', place(fields), target)
        : quoted(fields['newTableName'] ?? '', target);
      return [`ALTER TABLE ${old} ${to} ${name}`];
    },
    inverse: (change) => {
      const { catalogName, schemaName, oldTableName, newTableName } = change.fields;
      const swapped = { catalogName, schemaName, oldTableName: newTableName, newTableName: oldTableName };
      return [undoing(change, 'renameTable', swapped)];
    },
  },
  setTableRemarks: {
    texts: ['catalogName', 'schemaName', 'tableName', 'remarks'],
    required: ['tableName', 'remarks'],
    sql: ({ fields }, target) => {
      const remarks = literal(fields['remarks'] ?? '', target);
      if (isMysql(target)) return [`ALTER TABLE ${tableOf(fields, target)} COMMENT = ${remarks}`];
      if (target.dbms === 'sqlite') throw new Untranslatable('SQLite has no remarks');
      return [`COMMENT ON TABLE ${tableOf(fields, target)} IS ${remarks}`];
    },
  },
};

/** sqlgenerator/core/CreateTableGenerator.java. */
function createTable(
  fields: Readonly<Record<string, string>>,
  columns: readonly Column[],
  target: SqlTarget,
): string[] {
  if (columns.length === 0) throw new Untranslatable('it has no column');
  if (fields['tableType'] !== undefined) throw new Untranslatable('tableType is not supported');
  const table = tableOf(fields, target);
  const typed = columns.map((column) => ({ column, type: typeOf(column, target) }));
  const keys = columns.filter(({ constraints }) => constraints?.['primaryKey'] === 'true');
  // SQLite numbers rows only in a key that is declared with its column.
  const inline =
    target.dbms === 'sqlite' &&
    keys.length === 1 &&
    typed.some(({ column, type }) => column === keys[0] && isNumbered(column, type));
  const definitions = typed.map(({ column, type }) =>
    definition(column, type, target, inline && column === keys[0] ? keyName(fields, keys, target) : null),
  );
  if (keys.length > 0 && !inline)
    definitions.push(
      `CONSTRAINT ${keyName(fields, keys, target)} PRIMARY KEY (${keys.map(({ name }) => quoted(name, target)).join(', ')})${usingTablespace(keys, target)}`,
    );
  definitions.push(
    ...columns.flatMap((column) => foreignKey(column, fields, target)),
    ...uniqueConstraints(columns, target),
  );
  const ifMissing = fields['ifNotExists'] === 'true' ? 'IF NOT EXISTS ' : '';
  const tablespace =
    fields['tablespace'] !== undefined && target.dbms === 'postgresql'
      ? ` TABLESPACE ${quoted(fields['tablespace'], target)}`
      : '';
  const options = isMysql(target) ? mysqlOptions(fields, columns, target) : '';
  return [
    `CREATE TABLE ${ifMissing}${table} (${definitions.join(', ')})${tablespace}${options}`,
    ...remarks(fields, columns, table, target),
  ];
}

const usingTablespace = (keys: readonly Column[], target: SqlTarget): string => {
  const name = keys.map(({ constraints }) => constraints?.['primaryKeyTablespace']).find((one) => one !== undefined);
  return name === undefined || target.dbms !== 'postgresql' ? '' : ` USING INDEX TABLESPACE ${quoted(name, target)}`;
};

export function typeOf({ fields, name }: Column, target: SqlTarget): DataType {
  const type = fields['type'];
  if (type === undefined) throw new Untranslatable(`column ${name} has no type`);
  return dataType(type, target);
}

export const isNumbered = ({ fields }: Column, type: DataType): boolean =>
  fields['autoIncrement'] === 'true' || type.autoIncrement;

function keyName(fields: Readonly<Record<string, string>>, keys: readonly Column[], target: SqlTarget): string {
  const given = keys.map(({ constraints }) => constraints?.['primaryKeyName']).find((name) => name !== undefined);
  const table = fields['tableName'] ?? '';
  return quoted(given ?? (target.dbms === 'postgresql' ? pkey(table) : `PK_${table.toUpperCase()}`), target);
}

/** PostgresDatabase.generatePrimaryKeyName: a name of 63 bytes at most. */
function pkey(table: string): string {
  const bytes = Buffer.from(table);
  if (bytes.length <= 58) return `${table}_pkey`;
  return `${bytes.subarray(0, 58).toString('utf8').slice(0, -1)}_pkey`;
}

/** `keyName`: the column is declared as the primary key of that name. */
function definition(column: Column, type: DataType, target: SqlTarget, keyName: string | null): string {
  const given = column.constraints;
  const isKey = given?.['primaryKey'] === 'true';
  const nullable = !isKey && given?.['nullable'] !== 'false';
  const numbered = isNumbered(column, type);
  const value = numbered ? null : defaultSql(column, type, target);
  return [
    quoted(column.name, target),
    type.sql,
    ...(keyName === null ? [] : [`CONSTRAINT ${keyName} PRIMARY KEY AUTOINCREMENT`]),
    ...(value === null ? [] : [`DEFAULT ${value}`]),
    ...(numbered && keyName === null ? [numbering(column, target)] : []),
    ...(nullable ? (isMysql(target) ? ['NULL'] : []) : ['NOT NULL']),
    ...(isMysql(target) && column.fields['remarks'] !== undefined
      ? [`COMMENT ${literal(column.fields['remarks'], target)}`]
      : []),
  ].join(' ');
}

export function numbering({ fields }: Column, target: SqlTarget): string {
  if (isMysql(target)) {
    if (fields['incrementBy'] !== undefined) throw new Untranslatable(`incrementBy is not allowed on ${target.dbms}`);
    return 'AUTO_INCREMENT';
  }
  if (target.dbms === 'sqlite') return 'AUTOINCREMENT';
  const options = [
    ...(fields['startWith'] === undefined ? [] : [`START WITH ${integer(fields['startWith'])}`]),
    ...(fields['incrementBy'] === undefined ? [] : [`INCREMENT BY ${integer(fields['incrementBy'])}`]),
  ];
  const kind = /^always$/i.test(fields['generationType'] ?? '') ? 'ALWAYS' : 'BY DEFAULT';
  return `GENERATED ${kind} AS IDENTITY${options.length === 0 ? '' : ` (${options.join(' ')})`}`;
}

export function integer(text: string): string {
  if (/^[-+]?\d+$/.test(text)) return text;
  throw new Untranslatable(`“${text}” is no whole number`);
}

/** A constraint in a new table; empty where the column has none. */
function foreignKey(column: Column, fields: Readonly<Record<string, string>>, target: SqlTarget): string[] {
  const given = column.constraints ?? {};
  const references = referenced(given, fields, target);
  if (references === null) return [];
  const name = given['foreignKeyName'];
  if (name === undefined) throw new Untranslatable(`the foreign key of column ${column.name} has no foreignKeyName`);
  const parts = [
    `CONSTRAINT ${quoted(name, target)} FOREIGN KEY (${quoted(column.name, target)}) REFERENCES ${references}`,
    ...(given['deleteCascade'] === 'true' ? ['ON DELETE CASCADE'] : []),
    ...(given['initiallyDeferred'] === 'true' ? ['INITIALLY DEFERRED'] : []),
    ...(given['deferrable'] === 'true' ? ['DEFERRABLE'] : []),
  ];
  return [parts.join(' ')];
}

/** `references` is SQL already: `person(id)`. Null: there is no foreign key. */
export function referenced(
  given: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, string>>,
  target: SqlTarget,
): string | null {
  if (given['references'] !== undefined) {
    const [, schema, table = '', columns = ''] =
      /^\s*(?:([^.()\s]+)\.)?([^.()\s]+)\s*\(([^)]*)\)\s*$/.exec(given['references']) ?? [];
    if (table === '') throw new Untranslatable(`references “${given['references']}” cannot be read`);
    const within = { schema: schema ?? fields['schemaName'] ?? null, catalog: schema ?? null };
    return `${qualified(unquoted(table), schema === undefined ? { schema: null, catalog: null } : within, target)}(${quotedList(columns, target)})`;
  }
  const table = given['referencedTableName'];
  if (table === undefined) return null;
  const within = {
    schema: given['referencedTableSchemaName'] ?? null,
    catalog: given['referencedTableCatalogName'] ?? null,
  };
  return `${qualified(table, within, target)}(${quotedList(given['referencedColumnNames'] ?? '', target)})`;
}

const unquoted = (name: string): string => name.replace(/^["`](.*)["`]$/, '$1');

function uniqueConstraints(columns: readonly Column[], target: SqlTarget): string[] {
  const unique = columns.filter(({ constraints }) => constraints?.['unique'] === 'true');
  const byName = Map.groupBy(unique, ({ constraints, name }) => constraints?.['uniqueConstraintName'] ?? `\0${name}`);
  return [...byName].map(([name, members]) => {
    const named = name.startsWith('\0') ? '' : `CONSTRAINT ${quoted(name, target)} `;
    return `${named}UNIQUE (${members.map((column) => quoted(column.name, target)).join(', ')})`;
  });
}

function mysqlOptions(fields: Readonly<Record<string, string>>, columns: readonly Column[], target: SqlTarget): string {
  const start = columns.find(({ fields: own }) => own['autoIncrement'] === 'true')?.fields['startWith'];
  const remark = fields['remarks'];
  return [
    ...(start === undefined ? [] : [` AUTO_INCREMENT=${integer(start)}`]),
    ...(remark === undefined ? [] : [` COMMENT=${literal(remark, target)}`]),
  ].join('');
}

function remarks(
  fields: Readonly<Record<string, string>>,
  columns: readonly Column[],
  table: string,
  target: SqlTarget,
): string[] {
  if (target.dbms !== 'postgresql') return [];
  return [
    ...(fields['remarks'] === undefined ? [] : [`COMMENT ON TABLE ${table} IS ${literal(fields['remarks'], target)}`]),
    ...columns.flatMap((column) => columnRemark(column, table, target)),
  ];
}

export const columnRemark = ({ name, fields }: Column, table: string, target: SqlTarget): string[] =>
  fields['remarks'] === undefined
    ? []
    : [`COMMENT ON COLUMN ${table}.${quoted(name, target)} IS ${literal(fields['remarks'], target)}`];
