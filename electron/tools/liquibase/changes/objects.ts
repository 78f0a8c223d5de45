/** Changes of indexes, views and sequences. */
import type { SerialisableObject } from '../checksum.ts';
import { type Change, type ChangeType, undoing } from './change.ts';
import { isMysql, literal, qualified, quoted, type SqlTarget, Untranslatable } from './names.ts';
import { integer, place, tableOf } from './tables.ts';

const places = ['catalogName', 'schemaName'] as const;

export const objects: Readonly<Record<string, ChangeType>> = {
  createIndex: {
    texts: [...places, 'tableName', 'indexName', 'tablespace', 'associatedWith', 'using'],
    truths: ['unique', 'clustered'],
    required: ['tableName'],
    hasColumns: true,
    sql: createIndex,
    inverse: (change) => {
      const { catalogName, schemaName, tableName, indexName } = change.fields;
      return indexName === undefined
        ? null
        : [undoing(change, 'dropIndex', { catalogName, schemaName, tableName, indexName })];
    },
    forChecksum: ({ associatedWith, columns, ...fields }) => ({
      ...fields,
      ...(associatedWith === '' || associatedWith === undefined ? {} : { associatedWith }),
      columns: Array.isArray(columns) ? columns.map(indexedColumn) : null,
    }),
  },
  dropIndex: {
    texts: [...places, 'tableName', 'indexName', 'associatedWith'],
    required: ['indexName'],
    sql: ({ fields }, target) => {
      const name = fields['indexName'] ?? '';
      if (isMysql(target)) return [`DROP INDEX ${quoted(name, target)} ON ${tableOf(fields, target)}`];
      return [`DROP INDEX ${qualified(name, place(fields), target)}`];
    },
  },
  dropView: {
    texts: [...places, 'viewName'],
    truths: ['ifExists'],
    required: ['viewName'],
    sql: ({ fields }, target) => [
      `DROP VIEW ${fields['ifExists'] === 'true' ? 'IF EXISTS ' : ''}${qualified(fields['viewName'] ?? '', place(fields), target)}`,
    ],
  },
  renameView: {
    texts: [...places, 'oldViewName', 'newViewName'],
    required: ['oldViewName', 'newViewName'],
    sql: ({ fields }, target) => {
      const old = qualified(fields['oldViewName'] ?? '', place(fields), target);
      if (isMysql(target))
        return [`RENAME TABLE ${old} TO ${qualified(fields['newViewName'] ?? '', place(fields), target)}`];
      if (target.dbms === 'sqlite')
        throw new Untranslatable('renameView is not supported on SQLite, by Liquibase neither');
      return [`ALTER TABLE ${old} RENAME TO ${quoted(fields['newViewName'] ?? '', target)}`];
    },
    inverse: (change) => {
      const { oldViewName, newViewName, ...rest } = change.fields;
      return [undoing(change, 'renameView', { ...rest, oldViewName: newViewName, newViewName: oldViewName })];
    },
  },
  createSequence: {
    texts: [...places, 'sequenceName', 'startValue', 'incrementBy', 'maxValue', 'minValue', 'cacheSize', 'dataType'],
    truths: ['cycle', 'ordered'],
    required: ['sequenceName'],
    sql: createSequence,
    inverse: (change) => {
      const { catalogName, schemaName, sequenceName } = change.fields;
      return [undoing(change, 'dropSequence', { catalogName, schemaName, sequenceName })];
    },
  },
  dropSequence: {
    texts: [...places, 'sequenceName'],
    required: ['sequenceName'],
    sql: ({ type, fields }, target) => {
      requireSequences(type, target);
      return [`DROP SEQUENCE ${sequence(fields, target)}${target.dbms === 'postgresql' ? ' CASCADE' : ''}`];
    },
  },
  alterSequence: {
    texts: [...places, 'sequenceName', 'incrementBy', 'maxValue', 'minValue', 'cacheSize', 'dataType'],
    truths: ['cycle', 'ordered'],
    required: ['sequenceName'],
    sql: ({ type, fields }, target) => {
      requireSequences(type, target);
      if (target.dbms !== 'postgresql') throw new Untranslatable(`alterSequence is not supported on ${target.dbms}`);
      if (fields['dataType'] !== undefined || fields['cacheSize'] !== undefined || fields['cycle'] !== undefined)
        throw new Untranslatable('dataType, cacheSize and cycle are not supported');
      return [`ALTER SEQUENCE ${sequence(fields, target)}${limits(fields, ['incrementBy', 'minValue', 'maxValue'])}`];
    },
  },
  renameSequence: {
    texts: [...places, 'oldSequenceName', 'newSequenceName'],
    required: ['oldSequenceName', 'newSequenceName'],
    sql: ({ type, fields }, target) => {
      if (target.dbms !== 'postgresql') throw new Untranslatable(`${type} is not supported on ${target.dbms}`);
      const old = qualified(fields['oldSequenceName'] ?? '', place(fields), target);
      return [`ALTER SEQUENCE ${old} RENAME TO ${quoted(fields['newSequenceName'] ?? '', target)}`];
    },
    inverse: (change) => {
      const { oldSequenceName, newSequenceName, ...rest } = change.fields;
      return [
        undoing(change, 'renameSequence', {
          ...rest,
          oldSequenceName: newSequenceName,
          newSequenceName: oldSequenceName,
        }),
      ];
    },
  },
};

/** Its type says nothing of an index. */
const indexedColumn = ({ name, computed, descending, included }: SerialisableObject): SerialisableObject => ({
  name: name ?? null,
  computed: computed ?? null,
  descending: descending ?? null,
  included: included ?? null,
});

function createIndex({ fields, columns }: Change, target: SqlTarget): string[] {
  if (columns.length === 0) throw new Untranslatable('it has no column');
  if (fields['using'] !== undefined) throw new Untranslatable('using is not supported');
  // Liquibase makes no index for what another constraint is said to have one for.
  if (/\b(?:primaryKey|foreignKey|uniqueConstraint)\b/.test(fields['associatedWith'] ?? '') && isMysql(target))
    return [];
  if (isMysql(target) && fields['indexName'] === undefined)
    throw new Untranslatable(`it has no “indexName”, which ${target.dbms} needs`);
  if (target.dbms === 'sqlite' && fields['indexName'] === undefined)
    throw new Untranslatable('it has no “indexName”, which SQLite needs');
  const listed = columns.map(({ name, fields: own }) => {
    if (own['included'] === 'true') throw new Untranslatable('included columns are not supported');
    const written = own['computed'] === 'true' ? name : quoted(name, target);
    return own['descending'] === 'true' ? `${written} DESC` : written;
  });
  const name = fields['indexName'];
  // PostgreSQL makes an index in its table's schema and allows no other.
  const index =
    name === undefined
      ? ''
      : `${target.dbms === 'sqlite' ? qualified(name, place(fields), target) : quoted(name, target)} `;
  const table = target.dbms === 'sqlite' ? quoted(fields['tableName'] ?? '', target) : tableOf(fields, target);
  const tablespace =
    fields['tablespace'] === undefined || target.dbms !== 'postgresql'
      ? ''
      : ` TABLESPACE ${quoted(fields['tablespace'], target)}`;
  return [
    `CREATE ${fields['unique'] === 'true' ? 'UNIQUE ' : ''}INDEX ${index}ON ${table}(${listed.join(', ')})${tablespace}`,
  ];
}

/** The query's own text comes from `rawSql`, for it may be in a file. */
export function createView(fields: Change['fields'], query: string, target: SqlTarget): string[] {
  const name = qualified(fields['viewName'] ?? '', place(fields), target);
  const text = query.trim().replace(/;+\s*$/, '');
  if (fields['fullDefinition'] === 'true') {
    if (fields['replaceIfExists'] === 'true')
      throw new Untranslatable('fullDefinition with replaceIfExists is not supported');
    return [text];
  }
  const replaces = fields['replaceIfExists'] === 'true';
  const dropped = replaces && target.dbms === 'sqlite' ? [`DROP VIEW IF EXISTS ${name}`] : [];
  const create = replaces && target.dbms !== 'sqlite' ? 'CREATE OR REPLACE VIEW' : 'CREATE VIEW';
  const remarks = fields['remarks'];
  const told =
    remarks === undefined || target.dbms !== 'postgresql'
      ? []
      : [`COMMENT ON VIEW ${name} IS ${literal(remarks, target)}`];
  return [...dropped, `${create} ${name} AS ${text}`, ...told];
}

const sequence = (fields: Change['fields'], target: SqlTarget): string =>
  qualified(fields['sequenceName'] ?? '', place(fields), target);

function requireSequences(type: string, { dbms }: SqlTarget): void {
  if (dbms === 'sqlite' || dbms === 'mysql')
    throw new Untranslatable(`${type} is not supported on ${dbms}, by Liquibase neither`);
}

const words: Readonly<Record<string, string>> = {
  startValue: 'START WITH',
  incrementBy: 'INCREMENT BY',
  minValue: 'MINVALUE',
  maxValue: 'MAXVALUE',
  cacheSize: 'CACHE',
};

const limits = (fields: Change['fields'], order: readonly string[]): string =>
  order
    .map((field) => (fields[field] === undefined ? '' : ` ${words[field] ?? ''} ${integer(fields[field])}`))
    .join('');

function createSequence({ type, fields }: Change, target: SqlTarget): string[] {
  requireSequences(type, target);
  const cycle = fields['cycle'] === 'true' ? ' CYCLE' : '';
  if (target.dbms === 'mariadb') {
    if (fields['dataType'] !== undefined) throw new Untranslatable('dataType is not allowed on mariadb');
    return [
      `CREATE SEQUENCE ${sequence(fields, target)}${limits(fields, ['incrementBy', 'minValue', 'maxValue', 'startValue', 'cacheSize'])}${cycle}`,
    ];
  }
  const dataType = fields['dataType'] ?? '';
  if (!/^\w*$/.test(dataType)) throw new Untranslatable(`“${dataType}” is no type of a sequence`);
  const typed = dataType === '' ? '' : ` AS ${dataType}`;
  return [
    `CREATE SEQUENCE IF NOT EXISTS ${sequence(fields, target)}${typed}${limits(fields, ['startValue', 'incrementBy', 'minValue', 'maxValue', 'cacheSize'])}${cycle}`,
  ];
}
