import fc from 'fast-check';
import mysql from 'mysql2/promise';
import { describe, expect, test } from 'vitest';
import { createMysqlSplitter } from '../../../electron/databases/mysql/splitter.ts';
import { mariadb } from '../../servers/index.ts';
import { placesIn, refusal, statementsIn } from '../splitting/examine.ts';
import { gaps, programs } from './programs.ts';

const split = (text: string) => statementsIn(createMysqlSplitter, text);

describe('statements end where the server says they end', () => {
  test('in stored programs made of everything that is hard', async () => {
    await using database = await (await mariadb()).createDatabase();
    // One statement per message: the server refuses a message that holds more or less than one.
    const connection = await mysql.createConnection({ uri: database.url });
    await connection.query('CREATE TABLE x (a INT, begin INT, end INT, `if` INT, `case` INT, `a``;b` INT)');
    await connection.query('CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SET @a = 1');
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(programs, gaps, gaps), { minLength: 1, maxLength: 4 }), async (parts) => {
          const script = parts.map(([program, before, after]) => `${program}${before};${after}`).join('');
          const statements = split(script);
          expect(statements).toHaveLength(parts.length);
          for (const statement of statements) await connection.query(statement);
        }),
        { numRuns: 400 },
      );
    } finally {
      await connection.end();
    }
  });
});
