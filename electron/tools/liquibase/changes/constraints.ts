/** Changes of keys and of constraints over several columns. */
import { type Change, type ChangeType, undoing } from './change.ts';
import { namesOf, refuseOnSqlite } from './columnChanges.ts';
import { isMysql, qualified, quoted, type SqlTarget, Untranslatable } from './names.ts';
import { tableOf } from './tables.ts';

const tableFields = ['catalogName', 'schemaName', 'tableName'] as const;

export const constraints: Readonly<Record<string, ChangeType>> = {
  addUniqueConstraint: {
    texts: [
      ...tableFields,
      'columnNames',
      'constraintName',
      'tablespace',
      'forIndexName',
      'forIndexCatalogName',
      'forIndexSchemaName',
    ],
    truths: ['deferrable', 'initiallyDeferred', 'disabled', 'clustered', 'validate'],
    required: ['tableName', 'columnNames'],
    sql: ({ type, fields }, target) => {
      refuseOnSqlite(type, target);
      if (fields['forIndexName'] !== undefined) throw new Untranslatable('forIndexName is not supported');
      const deferring = target.dbms === 'postgresql' ? deferred(fields) : '';
      const tablespace =
        fields['tablespace'] === undefined || isMysql(target)
          ? ''
          : ` USING INDEX TABLESPACE ${quoted(fields['tablespace'], target)}`;
      return [
        `ALTER TABLE ${tableOf(fields, target)} ADD ${named(fields, target)}UNIQUE (${namesOf(fields, 'columnNames', target)})${deferring}${tablespace}`,
      ];
    },
    inverse: dropNamed('dropUniqueConstraint'),
  },
  dropUniqueConstraint: {
    texts: [...tableFields, 'constraintName', 'uniqueColumns'],
    required: ['tableName', 'constraintName'],
    sql: ({ type, fields }, target) => {
      refuseOnSqlite(type, target);
      return [
        `ALTER TABLE ${tableOf(fields, target)} DROP ${isMysql(target) ? 'KEY' : 'CONSTRAINT'} ${quoted(fields['constraintName'] ?? '', target)}`,
      ];
    },
  },
  addPrimaryKey: {
    texts: [
      ...tableFields,
      'columnNames',
      'constraintName',
      'tablespace',
      'forIndexName',
      'forIndexCatalogName',
      'forIndexSchemaName',
    ],
    truths: ['clustered', 'validate'],
    required: ['tableName', 'columnNames'],
    sql: ({ type, fields }, target) => {
      refuseOnSqlite(type, target);
      if (fields['forIndexName'] !== undefined) throw new Untranslatable('forIndexName is not supported');
      // MySQL's primary keys have no names.
      const name = isMysql(target) ? '' : named(fields, target);
      const tablespace =
        fields['tablespace'] === undefined || isMysql(target)
          ? ''
          : ` USING INDEX TABLESPACE ${quoted(fields['tablespace'], target)}`;
      return [
        `ALTER TABLE ${tableOf(fields, target)} ADD ${name}PRIMARY KEY (${namesOf(fields, 'columnNames', target)})${tablespace}`,
      ];
    },
    inverse: (change) => {
      const { catalogName, schemaName, tableName, constraintName } = change.fields;
      return [undoing(change, 'dropPrimaryKey', { catalogName, schemaName, tableName, constraintName })];
    },
  },
  dropPrimaryKey: {
    texts: [...tableFields, 'constraintName'],
    truths: ['dropIndex'],
    required: ['tableName'],
    sql: ({ type, fields }, target) => {
      refuseOnSqlite(type, target);
      const table = tableOf(fields, target);
      if (isMysql(target)) return [`ALTER TABLE ${table} DROP PRIMARY KEY`];
      if (fields['constraintName'] === undefined)
        throw new Untranslatable('without a constraintName Liquibase looks the key up in the database');
      return [`ALTER TABLE ${table} DROP CONSTRAINT ${quoted(fields['constraintName'], target)}`];
    },
  },
  addForeignKeyConstraint: {
    texts: [
      'baseTableCatalogName',
      'baseTableSchemaName',
      'baseTableName',
      'baseColumnNames',
      'constraintName',
      'referencedTableCatalogName',
      'referencedTableSchemaName',
      'referencedTableName',
      'referencedColumnNames',
      'onDelete',
      'onUpdate',
    ],
    truths: ['deferrable', 'initiallyDeferred', 'validate', 'deleteCascade', 'referencesUniqueColumn'],
    required: ['baseTableName', 'baseColumnNames', 'constraintName', 'referencedTableName', 'referencedColumnNames'],
    sql: addForeignKey,
    inverse: (change) => {
      const { baseTableCatalogName, baseTableSchemaName, baseTableName, constraintName } = change.fields;
      return [
        undoing(change, 'dropForeignKeyConstraint', {
          baseTableCatalogName,
          baseTableSchemaName,
          baseTableName,
          constraintName,
        }),
      ];
    },
    // deleteCascade only sets onDelete.
    forChecksum: ({ deleteCascade, referencesUniqueColumn, ...fields }) =>
      deleteCascade === 'true' ? { ...fields, onDelete: 'CASCADE' } : fields,
  },
  dropForeignKeyConstraint: {
    texts: ['baseTableCatalogName', 'baseTableSchemaName', 'baseTableName', 'constraintName'],
    required: ['baseTableName', 'constraintName'],
    sql: ({ type, fields }, target) => {
      refuseOnSqlite(type, target);
      return [
        `ALTER TABLE ${baseTable(fields, target)} DROP ${isMysql(target) ? 'FOREIGN KEY' : 'CONSTRAINT'} ${quoted(fields['constraintName'] ?? '', target)}`,
      ];
    },
  },
};

const named = (fields: Change['fields'], target: SqlTarget): string =>
  fields['constraintName'] === undefined ? '' : `CONSTRAINT ${quoted(fields['constraintName'], target)} `;

const deferred = (fields: Change['fields']): string =>
  `${fields['deferrable'] === 'true' ? ' DEFERRABLE' : ''}${fields['initiallyDeferred'] === 'true' ? ' INITIALLY DEFERRED' : ''}`;

/** Null: without a name there is nothing that could be dropped. */
function dropNamed(type: string): NonNullable<ChangeType['inverse']> {
  return (change) => {
    const { catalogName, schemaName, tableName, constraintName } = change.fields;
    return constraintName === undefined
      ? null
      : [undoing(change, type, { catalogName, schemaName, tableName, constraintName })];
  };
}

const baseTable = (fields: Change['fields'], target: SqlTarget): string =>
  qualified(
    fields['baseTableName'] ?? '',
    { schema: fields['baseTableSchemaName'] ?? null, catalog: fields['baseTableCatalogName'] ?? null },
    target,
  );

const actions: ReadonlySet<string> = new Set(['CASCADE', 'SET NULL', 'SET DEFAULT', 'RESTRICT', 'NO ACTION']);

function addForeignKey({ type, fields }: Change, target: SqlTarget): string[] {
  refuseOnSqlite(type, target);
  if (isMysql(target) && (fields['deferrable'] === 'true' || fields['initiallyDeferred'] === 'true'))
    throw new Untranslatable(`deferrable and initiallyDeferred are not allowed on ${target.dbms}`);
  const referenced = qualified(
    fields['referencedTableName'] ?? '',
    { schema: fields['referencedTableSchemaName'] ?? null, catalog: fields['referencedTableCatalogName'] ?? null },
    target,
  );
  const onDelete = fields['deleteCascade'] === 'true' ? 'CASCADE' : fields['onDelete'];
  return [
    [
      `ALTER TABLE ${baseTable(fields, target)} ADD CONSTRAINT ${quoted(fields['constraintName'] ?? '', target)}`,
      `FOREIGN KEY (${namesOf(fields, 'baseColumnNames', target)})`,
      `REFERENCES ${referenced} (${namesOf(fields, 'referencedColumnNames', target)})`,
      ...action('UPDATE', fields['onUpdate']),
      ...action('DELETE', onDelete),
    ].join(' ') + (target.dbms === 'postgresql' ? deferred(fields) : ''),
  ];
}

function action(on: string, given: string | undefined): string[] {
  if (given === undefined) return [];
  const wanted = given.trim().toUpperCase();
  if (!actions.has(wanted)) throw new Untranslatable(`“${given}” is no action of a foreign key`);
  return [`ON ${on} ${wanted}`];
}
