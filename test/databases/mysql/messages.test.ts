import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answersOnce, messagesOf } from '../../../electron/databases/mysql/messages.ts';
import { control, controls } from './support.ts';

describe('a statement that shares its message', () => {
  test.each([
    'SELECT 1',
    '  select 1',
    '-- why\n# and\n/* how */ SELECT 1',
    "INSERT INTO t VALUES ('a;b', \"c;d\", 'it''s;', 'back\\';slash')",
    'INSERT INTO `a;b` VALUES (1) -- ;\n /* ; */',
    '(SELECT 1) UNION (SELECT 2)',
    '/*!40101 SET NAMES utf8 */',
    '/*! SET NAMES utf8 */',
    '/*!50001 CREATE VIEW v AS SELECT 1 */',
    'BEGIN',
    'begin work',
    'SET @a = 1',
  ])('%s', (sql) => expect(answersOnce(sql)).toBe(true));

  test.each([
    'CALL p()',
    '{ CALL p() }',
    '/* c */ call p()',
    '/*!50003 CALL p() */',
    'EXECUTE s',
    "EXECUTE IMMEDIATE 'CALL p()'",
    'BEGIN NOT ATOMIC SELECT 1; END',
    'BEGIN /* */ NOT ATOMIC SELECT 1; END',
    'IF 1 THEN SELECT 1; END IF',
    'here: LOOP SELECT 1; END LOOP',
    'SET STATEMENT max_statement_time = 1 FOR CALL p()',
    'SELECT 1; SELECT 2',
    "SELECT ';'; CALL p()",
    'CREATE PROCEDURE p() BEGIN SELECT 1; END',
    '/*!80000 SELECT 1 */',
    '/*!100100 SELECT 1 */',
    '/*M!100100 SELECT 1 */',
    '/*!99999 nothing */',
    '-- nothing',
    '',
    'FROBNICATE',
  ])('not %s', (sql) => expect(answersOnce(sql)).toBe(false));
});

test('every unit is in exactly one message, in order, at the offset that is told; none but a single unit is too long', () => {
  const unit = fc.constantFrom(
    'SELECT 1',
    'CALL p()',
    `SELECT '${'x'.repeat(50)}'`,
    'SELECT 2 -- c',
    `SELECT '${'é'.repeat(200)}'`,
  );
  fc.assert(
    fc.property(fc.array(unit), fc.integer({ min: 20, max: 300 }), (sql, limit) => {
      const messages = [...messagesOf(controls(...sql), limit)];
      expect(messages.flatMap(({ units }) => units)).toEqual(sql.map(control));
      let first = 0;
      for (const message of messages) {
        expect(message.first).toBe(first);
        first += message.units.length;
        for (const [index, { sql: text }] of message.units.entries())
          expect(message.sql.startsWith(text, message.offsets[index])).toBe(true);
        if (message.units.length > 1) {
          expect(Buffer.byteLength(message.sql)).toBeLessThanOrEqual(limit);
          expect(message.alone).toBe(false);
          expect(message.sql).not.toContain('CALL');
        }
      }
    }),
  );
});

test('a statement of any length is judged', () => {
  const text = 'x'.repeat(30_000_000);
  expect(answersOnce(`INSERT INTO t VALUES ('${text};')`)).toBe(true);
  expect(answersOnce(`INSERT INTO t VALUES ('${text}'); CALL p()`)).toBe(false);
});
