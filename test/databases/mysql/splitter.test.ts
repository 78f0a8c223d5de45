import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { describe, expect, test } from 'vitest';
import { createMysqlSplitter } from '../../../electron/databases/mysql/splitter.ts';
import { mariadb, type TestServer } from '../../servers/index.ts';
import { requireProgram } from '../../servers/programs.ts';
import { placesIn, refusal, statementsIn } from '../splitting/examine.ts';
import { gaps, programs } from './programs.ts';

const split = (text: string) => statementsIn(createMysqlSplitter, text);

interface Connection extends AsyncDisposable {
  /** Sends one message and returns how many results came back. */
  query(sql: string): Promise<number>;
  bodies(sql: string): Promise<readonly string[]>;
}

async function connect(uri: string, multipleStatements: boolean): Promise<Connection> {
  const connection = await mysql.createConnection({ uri, multipleStatements });
  return {
    query: async (sql) => {
      const [result] = await connection.query(sql);
      return Array.isArray(result) ? result.length : 1;
    },
    bodies: async (sql) => {
      const [rows] = await connection.query<RowDataPacket[]>(sql);
      return rows.map((row) => String(row['body']));
    },
    [Symbol.asyncDispose]: () => connection.end(),
  };
}

/** Stored programs, without the comments that the server keeps after a body and we do not send. */
async function storedBodies(connection: Connection): Promise<readonly string[]> {
  const bodies =
    await connection.bodies(`SELECT CONCAT(routine_name, ' ', routine_definition) AS body FROM information_schema.routines WHERE routine_schema = DATABASE()
    UNION ALL SELECT CONCAT(trigger_name, ' ', action_statement) FROM information_schema.triggers WHERE trigger_schema = DATABASE()
    UNION ALL SELECT CONCAT(event_name, ' ', event_definition) FROM information_schema.events WHERE event_schema = DATABASE() ORDER BY 1`);
  return bodies.map((body) => body.replace(/(\s|-- it's; "|# ;`|\/\* ; end ' \*\/)+$/, ''));
}

describe('statements end where the server says they end', () => {
  test('in stored programs made of everything that is hard', async () => {
    await using database = await (await mariadb()).createDatabase();
    // The server refuses a message that holds more or less than one statement, and splits a message of several itself.
    await using single = await connect(database.url, false);
    await using several = await connect(database.url, true);
    await single.query('CREATE TABLE x (a INT, begin INT, end INT, `if` INT, `case` INT, `a``;b` INT)');
    await single.query('CREATE TRIGGER first BEFORE UPDATE ON x FOR EACH ROW SET @a = 1');
    await single.query('CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SET @a = 1');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(programs, gaps, gaps), { minLength: 1, maxLength: 4 }), async (parts) => {
        const script = parts
          .map(([program, before, after], index) => `${index > 0 ? `;${after}` : ''}${program}${before}`)
          .join('');
        const statements = split(script);
        for (const statement of statements) await single.query(statement);
        const stored = await storedBodies(single);
        expect(statements).toHaveLength(parts.length);
        expect(await several.query(script)).toBe(parts.length);
        expect(await storedBodies(several)).toEqual(stored);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a dump', () => {
  test('of tables, rows and stored programs restores statement by statement', async () => {
    const server = await mariadb();
    await using source = await server.createDatabase();
    await using target = await server.createDatabase();
    await using from = await connect(source.url, false);
    await using into = await connect(target.url, false);
    for (const statement of split(sample)) await from.query(statement);
    const dump = await dumpOf(server, source.name);
    expect(dump).toContain('DELIMITER ;;');
    for (const statement of split(dump)) await into.query(statement);
    expect(await storedBodies(into)).toEqual(await storedBodies(from));
    expect(await target.query('SELECT note FROM x ORDER BY a')).toEqual(
      await source.query('SELECT note FROM x ORDER BY a'),
    );
  });

  async function dumpOf(server: TestServer, database: string): Promise<string> {
    const { user, password } = server.superuser;
    const { stdout } = await promisify(execFile)(
      requireProgram('mariadb-dump'),
      [
        '--no-defaults',
        `--socket=${server.socket}`,
        `--user=${user}`,
        '--routines',
        '--events',
        '--triggers',
        database,
      ],
      { env: { ...process.env, MYSQL_PWD: password } },
    );
    return stdout;
  }

  const sample = `CREATE TABLE x (a INT PRIMARY KEY, note TEXT, end INT);
    INSERT INTO x VALUES (1, 'it''s; \\'fine\\'', 1), (2, '-- no comment; /* neither */', 2), (3, 'é😀\\\\', 3), (4, "\\n;\\r\\n", 4);
    CREATE VIEW v AS SELECT a, CASE WHEN end > 1 THEN 'END;' ELSE end END AS end FROM x;
    CREATE TRIGGER t BEFORE UPDATE ON x FOR EACH ROW BEGIN IF NEW.end > 1 THEN SET NEW.note = 'a;b'; END IF; END;
    CREATE PROCEDURE p(IN begin INT) BEGIN DECLARE done INT DEFAULT 0; DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1;
      l: WHILE begin > 0 DO SET begin = begin - 1; IF begin = 3 THEN LEAVE l; END IF; END WHILE l; END;
    CREATE FUNCTION f() RETURNS INT RETURN CASE WHEN 1 THEN 2 END;
    CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO BEGIN DELETE FROM x WHERE end < 0; DELETE FROM x WHERE a < 0; END;`;
});

describe('DELIMITER', () => {
  test('ends statements in its stead, and is not sent', () => {
    const script = [
      'SELECT 1;',
      'DELIMITER $$',
      'CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END$$',
      'DROP TABLE x; SELECT 3 $$',
      '  delimiter ;  ',
      'SELECT 4;',
    ].join('\n');
    expect(split(script)).toEqual([
      'SELECT 1',
      'CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END',
      'DROP TABLE x',
      'SELECT 3',
      'SELECT 4',
    ]);
    expect(placesIn(createMysqlSplitter, script)).toEqual(['1:1', '3:1', '4:1', '4:15', '6:1']);
  });

  test.each(['//', ';;', '$$', '|', '#', '--', 'GO', "'//'", '§', '/', '@@'])('may be %s', (delimiter) => {
    const bare = delimiter.replaceAll("'", '');
    const body = "CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN SET @a = 'x'; SET @b = 2; END";
    expect(split(`DELIMITER ${delimiter}\n${body} ${bare}\n${body}${bare}\nDELIMITER ;\nSELECT 1`)).toEqual([
      body,
      body,
      'SELECT 1',
    ]);
  });

  test('leaves a stored program alone even where no server could parse it', () => {
    const body = 'CREATE PROCEDURE p() BEGIN END; END LOOP; CASE';
    expect(split(`DELIMITER //\n${body}//`)).toEqual([body]);
  });

  test('is a name elsewhere', () => {
    expect(split("SELECT delimiter\nFROM t; SELECT 'a\nDELIMITER //\n'; SELECT\ndelimiter x\n;")).toHaveLength(3);
  });

  test.each([
    ['SELECT 1;\nDELIMITER', 2, /names no delimiter/],
    ['DELIMITER   \nSELECT 1', 1, /names no delimiter/],
    ["DELIMITER ''", 1, /names no delimiter/],
    ['DELIMITER \\\\', 1, /backslash/],
    ['DELIMITER $$\nCREATE PROCEDURE p() BEGIN END', 2, /DELIMITER of line 1/],
    ['DELIMITER //\nSELECT 1;\nSELECT 2\n', 3, /DELIMITER of line 1/],
  ])('that is wrong is refused: %s', (script, line, message) => {
    const problem = refusal(createMysqlSplitter, script);
    expect(problem).toMatchObject({ code: 'script.unterminated', line, column: 1 });
    expect(problem.message).toMatch(message);
  });
});

describe('a statement', () => {
  test('begins and ends at a token, comments of every kind left out', () => {
    expect(
      split('-- a;\n#b;\n--c;\n/* d; */ SELECT 1--1 /* e */ -- f;\n;--\n;\n SELECT \'--\', "#", `/*` # g'),
    ).toEqual(['SELECT 1--1', 'SELECT \'--\', "#", `/*`']);
  });

  test('may be an executable comment, but not one for no server', () => {
    expect(
      split(
        '/*M!999999\\- enable the sandbox mode */ \n-- dump\n/*!40101 SET @a = 1 */;\n/*M!100000 SET @b = ";" */;/*!999999 x */',
      ),
    ).toEqual(['/*!40101 SET @a = 1 */', '/*M!100000 SET @b = ";" */']);
    expect(placesIn(createMysqlSplitter, '/*M!999999\\- it */\n--\n/*!40101 SET @a = 1 */;')).toEqual(['3:1']);
  });

  test('may hold a delimiter in an executable comment', () => {
    expect(split('DELIMITER GO\n/*!50003 CREATE TRIGGER GO_x */\nGO')).toEqual(['/*!50003 CREATE TRIGGER GO_x */']);
  });

  test('knows a column from the end of a block', () => {
    expect(
      split('BEGIN; INSERT INTO t (begin, end) VALUES (1, 2); COMMIT; XA END "x"; SELECT end FROM t'),
    ).toHaveLength(5);
    expect(
      split('CREATE TABLE IF NOT EXISTS t (`case` INT); ALTER TABLE t ADD IF NOT EXISTS loop_ INT; SELECT IF(1, 2, 3)'),
    ).toHaveLength(3);
  });

  test('keeps the meaning of NULL written \\N', () => {
    expect(split('INSERT INTO t VALUES (\\N, 1)')).toEqual(['INSERT INTO t VALUES (\\N, 1)']);
  });
});

describe('a client command is refused with its name, place and remedy', () => {
  test.each([
    ['source other.sql', 'source', 1, 1, /statements/],
    ['SELECT 1;\n  SOURCE other.sql;', 'source', 2, 3, /statements/],
    ['\\. other.sql', '\\.', 1, 1, /statements/],
    ['system ls', 'system', 1, 1, /outside/],
    ['\\! ls', '\\!', 1, 1, /outside/],
    ['tee log.txt', 'tee', 1, 1, /mysql client only/],
    ['SELECT 1\\G', '\\G', 1, 9, /End the statement with ;/],
    ['SELECT 1 \\g', '\\g', 1, 10, /End the statement with ;/],
    ['connect other', 'connect', 1, 1, /environment/],
    ['\\u other', '\\u', 1, 1, /USE/],
  ])('%s', (script, command, line, column, remedy) => {
    const problem = refusal(createMysqlSplitter, script, { path: 'V3__x.sql' });
    expect(problem).toMatchObject({ code: 'script.clientCommand', path: 'V3__x.sql', line, column });
    expect(problem.message.startsWith(`${command} is a command of the mysql client`)).toBe(true);
    expect(problem.hint).toMatch(remedy);
  });

  test.each([
    'USE other',
    'HELP x',
    'SELECT source FROM t',
    "SELECT '\\G'",
    'status: BEGIN NOT ATOMIC SELECT 1; END',
    'SELECT `\\g`',
  ])('unlike %s', (script) => expect(split(script)).toEqual([script]));
});

describe('what is never closed is refused, naming what and where', () => {
  test.each([
    ["SELECT 1;\n SELECT 'a; SELECT 2;", /quoted string/, 2, 9],
    ['SELECT "a\\"', /quoted string/, 1, 8],
    ['SELECT `a', /quoted identifier/, 1, 8],
    ['SELECT 1 /* a', /comment/, 1, 10],
    ['SELECT 1;\n/*!50000 SET @a = 1;', /executable comment/, 2, 1],
    ['CREATE PROCEDURE p()\nBEGIN SELECT 1; SELECT 2;', /BEGIN/, 2, 1],
    ['CREATE PROCEDURE p() BEGIN\n IF a THEN SELECT 1; END; SELECT 2;', /BEGIN/, 1, 22],
  ])('%s', (script, what, line, column) => {
    const problem = refusal(createMysqlSplitter, script);
    expect(problem).toMatchObject({ code: 'script.unterminated', line, column });
    expect(problem.message).toMatch(what);
  });
});
