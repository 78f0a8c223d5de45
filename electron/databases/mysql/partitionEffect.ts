// What the catalogue must say of a table's partitions when a change of them has taken effect.
import { type ObjectName, Unreadable, type Words } from '../splitting/words.ts';
import { found, here, missing, quoteLiteral } from './effectSql.ts';
import type { TableEffect } from './keyEffect.ts';

const partition = (table: ObjectName, name: string): [string, string, string] => [
  'PARTITIONS',
  here(table),
  `PARTITION_NAME = ${quoteLiteral(name)}`,
];

const part = (name: string): string => `partition ${name.toLowerCase()}`;

/** PARTITION BY …, or REMOVE PARTITIONING; false when neither follows. @throws {Unreadable} */
export function addPartitioning(words: Words, effect: TableEffect): boolean {
  if (words.accept('REMOVE PARTITIONING')) {
    effect.expect('partitioning', (table) => missing('PARTITIONS', here(table), 'PARTITION_NAME IS NOT NULL'));
    return true;
  }
  if (!words.accept('PARTITION BY')) return false;
  const method = words.oneOf(
    'LINEAR HASH',
    'LINEAR KEY',
    'HASH',
    'KEY',
    'RANGE COLUMNS',
    'LIST COLUMNS',
    'RANGE',
    'LIST',
  );
  if (method === '') throw new Unreadable(words.peek());
  words.group();
  const count = words.accept('PARTITIONS') ? Number(words.number()) : null;
  const names = words.peek() === '(' ? partitionNames(words.group()) : [];
  if (count === null && names.length === 0) throw new Unreadable('one partition');
  const expected = count ?? names.length;
  effect.expect(
    'partitioning',
    (table) =>
      `(SELECT COUNT(DISTINCT PARTITION_NAME) FROM information_schema.PARTITIONS WHERE ${here(table)} AND PARTITION_METHOD = ${quoteLiteral(method)}) = ${expected}`,
  );
  for (const name of names) effect.expect(part(name), (table) => found(...partition(table, name)));
  return true;
}

/** `PARTITION p VALUES …, PARTITION q …` */
function partitionNames(words: Words): string[] {
  return words.list(() => {
    words.expect('PARTITION');
    const name = words.name();
    for (let depth = 0; !words.ended && (depth > 0 || words.peek() !== ','); ) {
      const { text } = words.next();
      if (text === 'SUBPARTITION') throw new Unreadable(text);
      if (text === '(') depth++;
      if (text === ')') depth--;
    }
    return name;
  });
}

/** A clause on partitions after `verb`, if one follows. @throws {Unreadable} */
export function alterPartitions(words: Words, effect: TableEffect, verb = ''): boolean {
  if (verb === 'ADD') {
    if (!words.accept('PARTITION')) return false;
    words.accept('IF NOT EXISTS');
    // Where only a number is given, the names are the server's choice.
    for (const name of partitionNames(words.group())) expected(name, effect);
    return true;
  }
  if (verb === 'DROP') {
    if (!words.accept('PARTITION')) return false;
    words.accept('IF EXISTS');
    for (const name of words.list(() => words.name())) gone(name, effect);
    return true;
  }
  if (
    words.oneOf(
      'ANALYZE PARTITION',
      'CHECK PARTITION',
      'OPTIMIZE PARTITION',
      'REBUILD PARTITION',
      'REPAIR PARTITION',
    ) !== ''
  ) {
    words.list(() => words.name());
    return true;
  }
  if (!words.accept('REORGANIZE PARTITION')) return addPartitioning(words, effect);
  for (const name of words.list(() => words.name())) gone(name, effect);
  words.expect('INTO');
  for (const name of partitionNames(words.group())) expected(name, effect);
  return true;
}

const expected = (name: string, effect: TableEffect): void =>
  effect.expect(part(name), (table) => found(...partition(table, name)));

const gone = (name: string, effect: TableEffect): void =>
  effect.expectDropped(part(name), (table) => missing(...partition(table, name)));
