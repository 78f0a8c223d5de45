/** Changes of columns. On SQLite, Liquibase copies the table where we use SQLite's own ALTER TABLE. */
import { type Change, type ChangeType, undoing } from './change.ts';
import { type Column, defaultSql, valueSql } from './columns.ts';
import { isMysql, literal, qualified, quoted, quotedList, type SqlTarget, Untranslatable } from './names.ts';
import { columnRemark, isNumbered, numbering, place, referenced, tableOf, typeOf } from './tables.ts';
import { dataType } from './types.ts';

const tableFields = ['catalogName', 'schemaName', 'tableName'] as const;

export const columnChanges: Readonly<Record<string, ChangeType>> = {
  addColumn: {
    texts: tableFields,
    required: ['tableName'],
    hasColumns: true,
    sql: addColumn,
    inverse: (change) => {
      // A table with named defaults would keep them otherwise (AddColumnChange.createInverses).
      const defaults = change.columns.filter(({ fields }) =>
        Object.keys(fields).some((field) => /^defaultValue(?!ConstraintName)/.test(field)),
      );
      const at = {
        catalogName: change.fields['catalogName'],
        schemaName: change.fields['schemaName'],
        tableName: change.fields['tableName'],
      };
      return [
        ...defaults.map(({ name, fields }) =>
          undoing(change, 'dropDefaultValue', {
            ...at,
            columnName: name,
            columnDataType: fields['type'],
            withColumn: 'true',
          }),
        ),
        {
          ...undoing(change, 'dropColumn', at),
          columns: change.columns.map(({ name, line }) => ({ name, fields: { name }, constraints: null, line })),
        },
      ];
    },
  },
  dropColumn: {
    texts: [...tableFields, 'columnName'],
    required: ['tableName'],
    hasColumns: true,
    sql: dropColumn,
  },
  renameColumn: {
    texts: [...tableFields, 'oldColumnName', 'newColumnName', 'columnDataType', 'remarks'],
    required: ['tableName', 'oldColumnName', 'newColumnName'],
    sql: ({ fields }, target) => {
      const [old, name] = [fields['oldColumnName'] ?? '', fields['newColumnName'] ?? ''].map((one) =>
        quoted(one, target),
      );
      const table = tableOf(fields, target);
      if (!isMysql(target)) return [`ALTER TABLE ${table} RENAME COLUMN ${old} TO ${name}`];
      const remark = fields['remarks'] === undefined ? '' : ` COMMENT ${literal(fields['remarks'], target)}`;
      return [`ALTER TABLE ${table} CHANGE ${old} ${name} ${typeFor(fields, 'columnDataType', target)}${remark}`];
    },
    inverse: (change) => {
      const { oldColumnName, newColumnName, ...rest } = change.fields;
      return [undoing(change, 'renameColumn', { ...rest, oldColumnName: newColumnName, newColumnName: oldColumnName })];
    },
  },
  modifyDataType: {
    texts: [...tableFields, 'columnName', 'newDataType'],
    required: ['tableName', 'columnName', 'newDataType'],
    sql: ({ fields }, target) => {
      const [table, column] = [tableOf(fields, target), quoted(fields['columnName'] ?? '', target)];
      const type = typeFor(fields, 'newDataType', target);
      if (isMysql(target)) return [`ALTER TABLE ${table} MODIFY ${column} ${type}`];
      refuseOnSqlite('modifyDataType', target);
      return [`ALTER TABLE ${table} ALTER COLUMN ${column} TYPE ${type} USING (${column}::${type})`];
    },
  },
  addNotNullConstraint: {
    texts: [...tableFields, 'columnName', 'columnDataType', 'defaultNullValue', 'constraintName'],
    truths: ['validate'],
    required: ['tableName', 'columnName'],
    sql: (change, target) => setNullable(change, false, target),
    inverse: (change) => {
      const { catalogName, schemaName, tableName, columnName, columnDataType } = change.fields;
      return [
        undoing(change, 'dropNotNullConstraint', { catalogName, schemaName, tableName, columnName, columnDataType }),
      ];
    },
  },
  dropNotNullConstraint: {
    texts: [...tableFields, 'columnName', 'columnDataType', 'constraintName'],
    required: ['tableName', 'columnName'],
    sql: (change, target) => setNullable(change, true, target),
    inverse: (change) => {
      const { catalogName, schemaName, tableName, columnName, columnDataType } = change.fields;
      return [
        undoing(change, 'addNotNullConstraint', { catalogName, schemaName, tableName, columnName, columnDataType }),
      ];
    },
  },
  addDefaultValue: {
    texts: [
      ...tableFields,
      'columnName',
      'columnDataType',
      'defaultValue',
      'defaultValueNumeric',
      'defaultValueDate',
      'defaultValueBoolean',
      'defaultValueComputed',
      'defaultValueSequenceNext',
      'defaultValueConstraintName',
    ],
    required: ['tableName', 'columnName'],
    sql: addDefaultValue,
    inverse: (change) => {
      const { catalogName, schemaName, tableName, columnName, columnDataType } = change.fields;
      return [undoing(change, 'dropDefaultValue', { catalogName, schemaName, tableName, columnName, columnDataType })];
    },
  },
  dropDefaultValue: {
    texts: [...tableFields, 'columnName', 'columnDataType'],
    required: ['tableName', 'columnName'],
    sql: ({ fields }, target) => {
      if (target.dbms === 'sqlite' && fields['withColumn'] === 'true') return [];
      refuseOnSqlite('dropDefaultValue', target);
      const column = quoted(fields['columnName'] ?? '', target);
      return [`ALTER TABLE ${tableOf(fields, target)} ALTER ${isMysql(target) ? '' : 'COLUMN '}${column} DROP DEFAULT`];
    },
  },
  setColumnRemarks: {
    texts: [...tableFields, 'columnName', 'columnDataType', 'remarks', 'columnParentType'],
    required: ['tableName', 'columnName', 'remarks'],
    sql: ({ fields }, target) => {
      const [table, column] = [tableOf(fields, target), quoted(fields['columnName'] ?? '', target)];
      const remarks = literal(fields['remarks'] ?? '', target);
      if (isMysql(target))
        return [
          `ALTER TABLE ${table} MODIFY COLUMN ${column} ${typeFor(fields, 'columnDataType', target)} COMMENT ${remarks}`,
        ];
      if (target.dbms === 'sqlite') throw new Untranslatable('SQLite has no remarks');
      return [`COMMENT ON COLUMN ${table}.${column} IS ${remarks}`];
    },
  },
};

const typeFor = (fields: Readonly<Record<string, string>>, field: string, target: SqlTarget): string => {
  const type = fields[field];
  if (type === undefined) throw new Untranslatable(`it has no “${field}”, which ${target.dbms} needs`);
  return dataType(type, target).sql;
};

export function refuseOnSqlite(type: string, { dbms }: SqlTarget): void {
  if (dbms === 'sqlite') throw new Untranslatable(`${type} is not supported on SQLite, by Liquibase neither`);
}

/** sqlgenerator/core/AddColumnGenerator.java: one statement for all columns on MySQL, one for each elsewhere. */
function addColumn({ fields, columns }: Change, target: SqlTarget): string[] {
  const table = tableOf(fields, target);
  if (columns.length === 0) throw new Untranslatable('it has no column');
  const added = columns.map(
    (column) => `ADD ${target.dbms === 'sqlite' ? 'COLUMN ' : ''}${addedColumn(column, target)}`,
  );
  const after = columns.map((column) => constraintsOf(column, fields, table, target));
  const values = columns.flatMap((column) => {
    const value = valueSql(column, target);
    return value === null ? [] : [`UPDATE ${table} SET ${quoted(column.name, target)} = ${value}`];
  });
  if (isMysql(target)) return [`ALTER TABLE ${table} ${added.join(', ')}`, ...after.flat(), ...values];
  return [...added.flatMap((one, index) => [`ALTER TABLE ${table} ${one}`, ...(after[index] ?? [])]), ...values];
}

function addedColumn(column: Column, target: SqlTarget): string {
  const type = typeOf(column, target);
  const numbered = isNumbered(column, type);
  const value = numbered ? null : defaultSql(column, type, target);
  const { fields, constraints } = column;
  const isKey = constraints?.['primaryKey'] === 'true';
  const nullable = !isKey && constraints?.['nullable'] !== 'false';
  if (target.dbms === 'sqlite' && (isKey || numbered || constraints?.['unique'] === 'true'))
    throw new Untranslatable('SQLite cannot add such a column: Liquibase copies the table for it');
  if (!isMysql(target) && (fields['afterColumn'] ?? fields['beforeColumn'] ?? fields['position']) !== undefined)
    throw new Untranslatable(`a place among the columns is not allowed on ${target.dbms}`);
  if (fields['beforeColumn'] !== undefined || fields['position'] !== undefined)
    throw new Untranslatable(`beforeColumn and position are not supported on ${target.dbms}`);
  return [
    quoted(column.name, target),
    type.sql,
    ...(numbered ? [numbering(column, target)] : []),
    ...(value === null ? [] : [`DEFAULT ${value}`]),
    ...(nullable ? (isMysql(target) ? ['NULL'] : []) : ['NOT NULL']),
    ...(isKey ? ['PRIMARY KEY'] : []),
    ...(isMysql(target) && fields['remarks'] !== undefined ? [`COMMENT ${literal(fields['remarks'], target)}`] : []),
    ...(fields['afterColumn'] === undefined ? [] : [`AFTER ${quoted(fields['afterColumn'], target)}`]),
  ].join(' ');
}

function constraintsOf(column: Column, fields: Change['fields'], table: string, target: SqlTarget): string[] {
  const given = column.constraints ?? {};
  const references = referenced(given, fields, target);
  if (target.dbms === 'sqlite' && references !== null)
    throw new Untranslatable('SQLite cannot add a foreign key: Liquibase copies the table for it');
  const unique = given['uniqueConstraintName'];
  const foreign = given['foreignKeyName'];
  if (references !== null && foreign === undefined)
    throw new Untranslatable(`the foreign key of column ${column.name} has no foreignKeyName`);
  const name = quoted(column.name, target);
  return [
    ...(given['unique'] === 'true'
      ? [
          `ALTER TABLE ${table} ADD ${unique === undefined ? '' : `CONSTRAINT ${quoted(unique, target)} `}UNIQUE (${name})`,
        ]
      : []),
    ...(target.dbms === 'postgresql' ? columnRemark(column, table, target) : []),
    ...(references === null
      ? []
      : [
          `ALTER TABLE ${table} ADD CONSTRAINT ${quoted(foreign ?? '', target)} FOREIGN KEY (${name}) REFERENCES ${references.replace('(', ' (')}${given['deleteCascade'] === 'true' ? ' ON DELETE CASCADE' : ''}`,
        ]),
  ];
}

function dropColumn({ fields, columns }: Change, target: SqlTarget): string[] {
  const names = columns.length > 0 ? columns.map(({ name }) => name) : [fields['columnName'] ?? ''];
  if (names.some((name) => name === '')) throw new Untranslatable('it names no column');
  const table = tableOf(fields, target);
  if (isMysql(target) && columns.length > 1)
    return [`ALTER TABLE ${table} ${names.map((name) => `DROP ${quoted(name, target)}`).join(', ')}`];
  return names.map((name) => `ALTER TABLE ${table} DROP COLUMN ${quoted(name, target)}`);
}

function setNullable({ type, fields }: Change, nullable: boolean, target: SqlTarget): string[] {
  refuseOnSqlite(type, target);
  const [table, column] = [tableOf(fields, target), quoted(fields['columnName'] ?? '', target)];
  const filler = fields['defaultNullValue'];
  const filled =
    filler === undefined || nullable
      ? []
      : [`UPDATE ${table} SET ${column} = ${literal(filler, target)} WHERE ${column} IS NULL`];
  const name = fields['constraintName'];
  if (isMysql(target))
    return [
      ...filled,
      `ALTER TABLE ${table} MODIFY ${column} ${typeFor(fields, 'columnDataType', target)} ${nullable ? 'NULL' : 'NOT NULL'}`,
    ];
  if (fields['validate'] === 'false' && name !== undefined) throw new Untranslatable('validate is not supported');
  return [...filled, `ALTER TABLE ${table} ALTER COLUMN ${column} ${nullable ? 'DROP' : 'SET'} NOT NULL`];
}

function addDefaultValue({ fields }: Change, target: SqlTarget): string[] {
  refuseOnSqlite('addDefaultValue', target);
  if (fields['defaultValueSequenceNext'] !== undefined && target.dbms !== 'postgresql')
    throw new Untranslatable(`defaultValueSequenceNext is not supported on ${target.dbms}`);
  const type = dataType(fields['columnDataType'] ?? 'varchar', target);
  const value = defaultSql({ fields }, type, target);
  if (value === null) throw new Untranslatable('it has no default');
  const column = quoted(fields['columnName'] ?? '', target);
  const table = qualified(fields['tableName'] ?? '', place(fields), target);
  if (!isMysql(target)) return [`ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT ${value}`];
  const computed = fields['defaultValueComputed'];
  return [`ALTER TABLE ${table} ALTER ${column} SET DEFAULT ${computed === undefined ? value : `(${computed})`}`];
}

export const namesOf = (fields: Change['fields'], field: string, target: SqlTarget): string =>
  quotedList(fields[field] ?? '', target);
