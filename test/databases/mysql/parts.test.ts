import { describe, expect, test } from 'vitest';
import { partsOf } from '../../../electron/databases/mysql/parts.ts';
import { mariadb } from '../../servers/index.ts';

describe('a statement that drops several objects becomes', () => {
  test.each([
    ['DROP TABLE a, b', ['DROP TABLE a', 'DROP TABLE b']],
    [
      'drop table if exists `a,b`, s . `c``d` cascade',
      ['DROP TABLE IF EXISTS `a,b` CASCADE', 'DROP TABLE IF EXISTS s.`c``d` CASCADE'],
    ],
    ['DROP TEMPORARY TABLE a /* one */, -- two\n b', ['DROP TEMPORARY TABLE a', 'DROP TEMPORARY TABLE b']],
    ['/* why */ DROP VIEW v, w RESTRICT', ['DROP VIEW v RESTRICT', 'DROP VIEW w RESTRICT']],
    ['DROP TABLE a, b WAIT 5', ['DROP TABLE a WAIT 5', 'DROP TABLE b WAIT 5']],
    ['DROP SEQUENCE IF EXISTS a, b', ['DROP SEQUENCE IF EXISTS a', 'DROP SEQUENCE IF EXISTS b']],
  ])('%s', (statement, parts) => expect(partsOf(statement, 'MariaDB')).toEqual(parts));
});

test.each([
  'DROP TABLE a',
  'DROP TABLE a, b AND MORE',
  'DROP TABLE a /*!80000 , b */, c',
  'DROP TABLE a,',
  'DROP INDEX a ON b',
  'DROP USER a, b',
  'RENAME TABLE a TO c, b TO a, c TO b',
  'SELECT 1',
  '',
])('%s is sent as it is', (statement) => expect(partsOf(statement, 'MariaDB')).toBeNull());

test('MySQL drops all or none', () => expect(partsOf('DROP TABLE a, b', 'MySQL')).toBeNull());

test('RENAME TABLE of several needs no parts: it renames all or none, and exchanges names', async () => {
  const server = await mariadb();
  await using database = await server.createDatabase();
  await database.query('CREATE TABLE a (a INT); CREATE TABLE b (b INT); CREATE TABLE c (c INT)');
  await expect(database.query('RENAME TABLE a TO x, b TO c')).rejects.toThrow();
  const names = async () => (await database.query('SHOW TABLES')).map((row) => Object.values(row)[0]);
  expect(await names()).toEqual(['a', 'b', 'c']);
  await database.query('RENAME TABLE a TO x, b TO a, x TO b');
  expect(await database.query('SELECT b FROM a')).toEqual([]);
  // What is split must not be: the same statement, of another kind.
  await expect(database.query('DROP TABLE a, nowhere, c')).rejects.toThrow();
  expect(await names()).toEqual(['b']);
});
