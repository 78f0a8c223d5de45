/** Changes of rows. */
import type { Change, ChangeType } from './change.ts';
import { type Column, valueSql } from './columns.ts';
import { quoted, type SqlTarget, Untranslatable } from './names.ts';
import { tableOf } from './tables.ts';

const tableFields = ['catalogName', 'schemaName', 'tableName'] as const;

export const data: Readonly<Record<string, ChangeType>> = {
  insert: {
    texts: [...tableFields, 'dbms'],
    required: ['tableName'],
    hasColumns: true,
    sql: ({ fields, columns }, target) => {
      if (columns.length === 0) throw new Untranslatable('it has no column');
      const names = columns.map(({ name }) => quoted(name, target)).join(', ');
      const values = columns.map((column) => valueSql(column, target) ?? 'NULL').join(', ');
      return [`INSERT INTO ${tableOf(fields, target)} (${names}) VALUES (${values})`];
    },
  },
  update: {
    texts: [...tableFields, 'where'],
    required: ['tableName'],
    hasColumns: true,
    sql: (change, target) => {
      const { fields, columns } = change;
      if (columns.length === 0) throw new Untranslatable('it has no column');
      // In the order of the names, as Liquibase has them.
      const sorted = columns.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const set = sorted.map((column) => `${quoted(column.name, target)} = ${valueSql(column, target) ?? 'NULL'}`);
      return [`UPDATE ${tableOf(fields, target)} SET ${set.join(', ')}${where(change, target)}`];
    },
  },
  delete: {
    texts: [...tableFields, 'where'],
    required: ['tableName'],
    sql: (change, target) => [`DELETE FROM ${tableOf(change.fields, target)}${where(change, target)}`],
  },
};

/** `:name`, `:value` and `?` stand for the parameters in turn. */
function where({ fields, parameters }: Change, target: SqlTarget): string {
  const condition = fields['where']?.trim();
  if (condition === undefined || condition === '') return '';
  if (parameters.length === 0) return ` WHERE ${condition}`;
  const left = [...parameters];
  let current: Column | undefined;
  const next = (): Column => {
    const column = left.shift();
    if (column === undefined) throw new Untranslatable('its where has more marks than parameters');
    return column;
  };
  const filled = condition.replace(/:name\b|:value\b|\?/g, (mark) => {
    if (mark === ':name') {
      current = next();
      return quoted(current.name, target);
    }
    const column = mark === ':value' && current !== undefined ? current : next();
    current = undefined;
    return valueSql(column, target) ?? 'NULL';
  });
  return ` WHERE ${filled}`;
}
