// Units, messages and answers on a real server.
import { describe, expect, test } from 'vitest';
import { mariadb } from '../../servers/index.ts';
import { control, controls, firstCells, messageFaultOf, open, recorder, statement } from './support.ts';

describe('counting answers', () => {
  test('a procedure with several result sets is one unit, and those around it keep their places', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    await opened.session.send(
      controls(
        'CREATE PROCEDURE two() BEGIN SELECT 1; SELECT 2; DO 3; END',
        "SELECT 'before'",
        'CALL two()',
        "SELECT 'after'",
        'SET @x = 1',
        'CALL two()',
      ),
      observer,
    );
    expect(observer.units).toEqual([0, 1, 2, 3, 4, 5]);
    expect(firstCells(observer)).toEqual([[], ['before'], ['1'], ['after'], [], ['1']]);
    expect(observer.notices).toEqual([
      'info: 1 more result sets are not shown',
      'info: 1 more result sets are not shown',
    ]);
  });

  test('a procedure without result sets, and a prepared call', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    await opened.session.send(
      controls(
        'CREATE PROCEDURE none() DO 1',
        'CALL none()',
        "PREPARE s FROM 'CALL none()'",
        'EXECUTE s',
        'DEALLOCATE PREPARE s',
        "EXECUTE IMMEDIATE 'SELECT 5'",
        'SELECT 6',
      ),
      observer,
    );
    expect(observer.units).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(firstCells(observer).slice(5)).toEqual([['5'], ['6']]);
  });

  test('compound statements and SET STATEMENT outside of routines', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    await opened.session.send(
      controls(
        'SELECT 0',
        'BEGIN NOT ATOMIC SELECT 1; SELECT 2; END',
        'SELECT 3',
        'IF TRUE THEN SELECT 4; END IF',
        'SET STATEMENT max_statement_time = 5 FOR SELECT 5',
        'SELECT 6',
      ),
      observer,
    );
    expect(firstCells(observer)).toEqual([['0'], ['1'], ['3'], ['4'], ['5'], ['6']]);
  });

  test('two statements under a DELIMITER of their own are one unit', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    await opened.session.send(controls('SELECT 0', 'SELECT 1; SELECT 2', 'SELECT 3'), observer);
    expect(firstCells(observer)).toEqual([['0'], ['1'], ['3']]);
  });

  test('statements of a dump in executable comments, read or skipped', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    await opened.session.send(
      controls(
        '/*!40101 SET @a = 1 */',
        '/*!80000 SET @a = 2 */',
        '/*M!100100 SET @b = 3 */',
        '/*!50003 CREATE*/ /*!50003 PROCEDURE p() BEGIN SELECT 1; END */',
        'SELECT @a, @b',
      ),
      observer,
    );
    expect(observer.units).toEqual([0, 1, 2, 3, 4]);
    expect(observer.results[4]?.resultSet?.rows).toEqual([['1', '3']]);
  });

  test.each(['-- to the end', '# to the end', '/* closed */', '--\tafter a tab'])(
    'a unit that ends with the comment %s does not swallow the next',
    async (comment) => {
      const server = await mariadb();
      await using database = await server.createDatabase();
      await using opened = await open({ server, database: database.name });
      const observer = recorder();
      await opened.session.send(controls(`SELECT 1 ${comment}`, `SELECT 2 ${comment}`), observer);
      expect(firstCells(observer)).toEqual([['1'], ['2']]);
    },
  );

  test('statements with RETURNING, ANALYZE, CHECKSUM, HANDLER and EXPLAIN answer once', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    const sql = [
      'CREATE TABLE t (a INT PRIMARY KEY)',
      'INSERT INTO t VALUES (1), (2)',
      'DELETE FROM t WHERE a = 2 RETURNING a',
      'UPDATE t SET a = a',
      'ANALYZE TABLE t',
      'CHECKSUM TABLE t',
      'EXPLAIN SELECT * FROM t',
      'HANDLER t OPEN',
      'HANDLER t READ FIRST',
      'HANDLER t CLOSE',
      '(SELECT 1) UNION (SELECT 2)',
      'WITH c AS (SELECT 7) SELECT * FROM c',
      'VALUES (8)',
      'TABLE_OF_NOTHING',
    ];
    const fault = await messageFaultOf(opened.session.send(controls(...sql), observer));
    expect(fault.unit).toBe(sql.length - 1);
    expect(observer.units).toEqual(sql.slice(0, -1).map((_, index) => index));
    expect(observer.results[1]?.affectedRows).toBe(2);
    // Rows changed, as the server's own client counts, not rows found.
    expect(observer.results[3]?.affectedRows).toBe(0);
    expect(firstCells(observer)[10]).toEqual(['1', '2']);
  });
});

describe('the unit that failed', () => {
  test('is named, with the place in its text; those before it were told, those after it did not run', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    const wrong = 'SELECT 3,\n  FROM nowhere';
    const fault = await messageFaultOf(
      opened.session.send(controls('CREATE TABLE t (a INT)', 'SELECT 2', wrong, 'DROP TABLE t'), observer),
    );
    expect(fault.unit).toBe(2);
    expect(fault.fault).toMatchObject({ kind: 'statement', code: '1064', position: wrong.indexOf('FROM') });
    expect(observer.units).toEqual([0, 1]);
    expect(await opened.session.columns({ schema: null, name: 't' })).toEqual(['a']);
  });

  test('an error between its rows does not count it as completed', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    const rows = 'SELECT seq, IF(seq = 3, (SELECT 1 UNION SELECT seq), 0) FROM seq_1_to_5';
    const fault = await messageFaultOf(opened.session.send(controls('SELECT 0', rows, 'SELECT 9'), observer));
    expect(fault.unit).toBe(1);
    expect(fault.fault.code).toBe('1242');
    expect(observer.units).toEqual([0]);
  });

  test('an error after the rows of the unit before leaves that one completed, even without rows', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    const fault = await messageFaultOf(
      opened.session.send(controls('SELECT 1 FROM DUAL WHERE FALSE', 'DROP TABLE nowhere'), observer),
    );
    expect(fault.unit).toBe(1);
    expect(observer.units).toEqual([0]);
    expect(observer.results[0]?.resultSet).toEqual({ columns: ['1'], rows: [], rowCount: 0 });
  });

  test('an error inside a procedure is the call’s', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    const fault = await messageFaultOf(
      opened.session.send(
        controls('CREATE PROCEDURE p() BEGIN SELECT 1; DROP TABLE nowhere; END', 'SELECT 1', 'CALL p()', 'SELECT 2'),
        observer,
      ),
    );
    expect(fault.unit).toBe(2);
    expect(observer.units).toEqual([0, 1]);
  });

  test('at the end of the message, and where the text it names is there twice', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const unfinished = 'SELECT (1';
    const last = await messageFaultOf(opened.session.send(controls('SELECT 1', unfinished), recorder()));
    expect(last).toMatchObject({ unit: 1, fault: { position: unfinished.length } });
    const middle = await messageFaultOf(opened.session.send(controls(unfinished, 'SELECT 1'), recorder()));
    expect(middle).toMatchObject({ unit: 0, fault: { position: unfinished.length } });
  });
});

describe('what comes back', () => {
  test('a hundred rows of any number, shortened cells, bytes as hexadecimal', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    await opened.session.send(
      controls('SELECT seq FROM seq_1_to_20000', "SELECT REPEAT('x', 100000)", "SELECT X'FF00', NULL, 'ä'"),
      observer,
    );
    expect(observer.results[0]?.resultSet).toMatchObject({ columns: ['seq'], rowCount: 20_000 });
    expect(observer.results[0]?.resultSet?.rows).toHaveLength(100);
    expect(observer.results[1]?.resultSet?.rows[0]?.[0]?.length).toBeLessThan(3000);
    expect(observer.results[2]?.resultSet?.rows).toEqual([['0xff00', null, 'ä']]);
  });

  test('the words of a definition’s warnings, and the number of others', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    const sql = [
      'DROP TABLE IF EXISTS nowhere, elsewhere',
      'CREATE TABLE t (a TINYINT)',
      "SET sql_mode = ''",
      'INSERT INTO t VALUES (1000), (2000)',
      'SELECT ROW_COUNT()',
      'DROP TABLE t',
    ];
    await opened.session.send(sql.map(statement), observer);
    expect(observer.units).toEqual([0, 1, 2, 3, 4, 5]);
    expect(observer.notices).toHaveLength(2);
    expect(observer.notices[0]).toMatch(/^note: Unknown table .*elsewhere'$/);
    expect(observer.notices[1]).toBe('warning: 2 warnings');
    expect(firstCells(observer)[4]).toEqual(['2']);
  });

  test('a definition that fails after another one’s warnings is named', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    const failing = 'CREATE TABLE u (\n  a INT,\n  b NONSENSE NULL NULL NULL x)';
    const sql = ['DROP TABLE IF EXISTS nowhere', 'CREATE TABLE t (a INT)', failing, 'CREATE TABLE v (a INT)'];
    const fault = await messageFaultOf(opened.session.send(sql.map(statement), observer));
    expect(fault.unit).toBe(2);
    expect(observer.units).toEqual([0, 1]);
    expect(await opened.session.columns({ schema: null, name: 't' })).toEqual(['a']);
  });

  test.each(['SET @a = 1', 'SELECT 1'])(
    '%s is told when it completes, not with the last of its message',
    async (sql) => {
      const server = await mariadb();
      await using database = await server.createDatabase();
      await using opened = await open({ server, database: database.name });
      await using other = await open({ server, database: database.name });
      await other.session.query("SELECT GET_LOCK('gate', 0)");
      const told = Promise.withResolvers<number>();
      const sending = opened.session.send(controls(sql, "DO GET_LOCK('gate', 30)"), {
        completed: (unit) => told.resolve(unit),
        notice: () => undefined,
      });
      expect(await told.promise).toBe(0);
      await other.session.query("DO RELEASE_LOCK('gate')");
      await sending;
    },
  );
});

describe('size', () => {
  test('units of more than the server’s packet travel in several messages', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    const units = Array.from({ length: 60 }, (_, index) =>
      control(`SELECT LENGTH('${'x'.repeat(500_000)}') + ${index}`),
    );
    await opened.session.send(units, observer);
    expect(observer.units).toEqual(units.map((_, index) => index));
    expect(firstCells(observer).at(-1)).toEqual(['500059']);
  });

  test('a statement longer than the server’s packet is refused before it is sent', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    const huge = `SELECT '${'x'.repeat(17 * 1024 * 1024)}'`;
    const fault = await messageFaultOf(opened.session.send(controls('SELECT 1', huge), observer));
    expect(fault).toMatchObject({ unit: 1, fault: { kind: 'statement' } });
    expect(fault.message).toContain('max_allowed_packet');
    expect(await opened.session.query('SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
  });
});
