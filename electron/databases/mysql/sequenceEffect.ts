// What a sequence must say of itself when its creation has taken effect (MariaDB); information_schema does not tell it.
import { type ObjectName, Unreadable, type Words } from '../splitting/words.ts';
import { mysqlDialect } from './dialect.ts';
import { all, found, here } from './effectSql.ts';

/** After the name. @throws {Unreadable} */
export function createSequence(words: Words, sequence: ObjectName): string {
  const values = new Map<string, string>([
    ['increment', '1'],
    ['cycle_option', '0'],
    ['cache_size', '1000'],
  ]);
  while (!words.ended) {
    const option = words.oneOf('START', 'INCREMENT', 'MINVALUE', 'MAXVALUE', 'CACHE', 'NOCACHE', 'CYCLE', 'NOCYCLE');
    words.oneOf('WITH', 'BY', '=');
    if (option === '') throw new Unreadable(words.peek());
    if (option === 'NOCACHE') values.set('cache_size', '0');
    else if (option.endsWith('CYCLE')) values.set('cycle_option', option === 'CYCLE' ? '1' : '0');
    else values.set(columns[option] ?? '', (words.accept('-') ? '-' : '') + words.number());
  }
  // Where it starts by default depends on its direction.
  if (!values.has('start_value') && values.get('increment') === '1' && !values.has('minimum_value'))
    values.set('start_value', '1');
  const conditions = [...values].map(([column, value]) => `${column} = ${value}`);
  const own = `EXISTS (SELECT 1 FROM ${mysqlDialect.quoteTable(sequence)} WHERE ${conditions.join(' AND ')})`;
  return all([found('TABLES', here(sequence), "TABLE_TYPE = 'SEQUENCE'"), own]);
}

const columns: Readonly<Record<string, string>> = {
  START: 'start_value',
  INCREMENT: 'increment',
  MINVALUE: 'minimum_value',
  MAXVALUE: 'maximum_value',
  CACHE: 'cache_size',
};
