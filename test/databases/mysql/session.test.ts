// Settings, queries, cancelling and losing a session on a real server.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mysqlControl } from '../../../electron/databases/mysql/control.ts';
import { mysqlDialect } from '../../../electron/databases/mysql/dialect.ts';
import { mariadb } from '../../servers/index.ts';
import { controls, faultOf, open, recorder } from './support.ts';

const settings = `SELECT @@sql_mode AS sql_mode, @@foreign_key_checks AS foreign_keys, @@unique_checks AS uniques, @@autocommit AS autocommit, @@time_zone AS zone,
 @@character_set_client AS client, @@collation_connection AS collation, @@tx_isolation AS isolation, @@tx_read_only AS readOnly, @@lock_wait_timeout AS waits,
 @@max_statement_time AS statementTime, @@sql_select_limit AS selectLimit, @@sql_safe_updates AS safe, DATABASE() AS db`;

describe('resetSession', () => {
  test('undoes whatever a script set', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using elsewhere = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const { session } = opened;
    const before = await session.query(settings);
    await session.send(
      controls(
        "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', foreign_key_checks = 0, unique_checks = 0, autocommit = 0, time_zone = '+05:00'",
        'SET NAMES latin1',
        'SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY',
        'SET lock_wait_timeout = 1, max_statement_time = 1, sql_select_limit = 0, sql_safe_updates = 1',
        `USE ${elsewhere.name}`,
      ),
      recorder(),
    );
    await session.send(controls(...mysqlControl.resetSession), recorder());
    expect(await session.query(settings)).toEqual(before);
    expect(before).toMatchObject([{ foreign_keys: 1, autocommit: 1, waits: 5, db: database.name }]);
  });

  test('frees tables that a script locked', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    await opened.session.send(
      controls(
        'CREATE TABLE a (i INT)',
        'CREATE TABLE b (i INT)',
        'LOCK TABLES a WRITE',
        ...mysqlControl.resetSession,
        'SELECT * FROM b',
      ),
      recorder(),
    );
  });

  test('works in one message with the step after it', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    await opened.session.send(controls('USE mysql', ...mysqlControl.resetSession, 'SELECT DATABASE()'), observer);
    expect(observer.results.at(-1)?.resultSet?.rows).toEqual([[database.name]]);
  });
});

describe('a session begins', () => {
  test('with the settings of the server’s own client', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const [row] = await opened.session.query(
      'SELECT @@SESSION.sql_mode = @@GLOBAL.sql_mode AS mode, @@character_set_client AS client, @@collation_connection AS collation, @@GLOBAL.collation_server AS server',
    );
    expect(row).toEqual({ mode: 1, client: 'utf8mb4', collation: row?.server, server: 'utf8mb4_general_ci' });
  });

  test('and text stays UTF-8 after a script’s SET NAMES, as in the server’s own client', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    await opened.session.send(controls('SET NAMES latin1'), recorder());
    expect(await opened.session.query("SELECT HEX('é') AS bytes")).toEqual([{ bytes: 'C3A9' }]);
  });

  test('read-only when asked', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await database.query('CREATE TABLE t (a INT)');
    await using opened = await open({ server, database: database.name }, { readOnly: true });
    expect(await faultOf(opened.session.query('INSERT INTO t VALUES (1)'))).toMatchObject({ kind: 'readOnly' });
  });

  test('with a limit to waiting for locks', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await database.query('CREATE TABLE t (a INT PRIMARY KEY); INSERT INTO t VALUES (1)');
    await using first = await open({ server, database: database.name });
    await using second = await open({ server, database: database.name }, { lockTimeoutMs: 900 });
    await first.session.query('START TRANSACTION');
    await first.session.query('UPDATE t SET a = 2');
    expect(await faultOf(second.session.query('UPDATE t SET a = 3'))).toMatchObject({
      kind: 'lockTimeout',
      code: '1205',
    });
    expect(await faultOf(second.session.query('ALTER TABLE t ADD b INT'))).toMatchObject({
      kind: 'lockTimeout',
      code: '1205',
    });
  });
});

describe('query', () => {
  test('gives exact values', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    await opened.session.query(
      "CREATE TABLE v (i INT, big BIGINT UNSIGNED, bits BIT(10), flag BOOLEAN, d DECIMAL(30, 5), f DOUBLE, at DATETIME(3), bytes VARBINARY(4), j JSON, y YEAR, e ENUM('ä'))",
    );
    await opened.session.query(
      "INSERT INTO v VALUES (-7, 18446744073709551615, 5, TRUE, 12345678901234567890.5, 0.25, '2026-01-02 03:04:05.678', X'00FF', '{}', 2026, 'ä'), (NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
    );
    expect(await opened.session.query('SELECT * FROM v ORDER BY big DESC')).toEqual([
      {
        i: -7,
        big: '18446744073709551615',
        bits: 5,
        flag: 1,
        d: '12345678901234567890.50000',
        f: 0.25,
        at: '2026-01-02 03:04:05.678',
        bytes: '0x00ff',
        j: '{}',
        y: 2026,
        e: 'ä',
      },
      { i: null, big: 1, bits: null, flag: null, d: null, f: null, at: null, bytes: null, j: null, y: null, e: null },
    ]);
  });

  test('leaves placeholders in text, names and comments alone', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const rows = await opened.session.query("SELECT '$1' AS `$2`, $2 AS b, $1 AS a /* $3 */ -- $3", ['one', 2]);
    expect(rows).toEqual([{ $2: '$1', b: 2, a: 'one' }]);
  });

  test('tells the columns of a table in order, and of none', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await database.query('CREATE TABLE t (z INT, a INT)');
    await using opened = await open({ server, database: database.name });
    expect(await opened.session.columns({ schema: null, name: 't' })).toEqual(['z', 'a']);
    expect(await opened.session.columns({ schema: 'mysql', name: 't' })).toBeNull();
  });
});

describe('literals', () => {
  const modes = ['', 'NO_BACKSLASH_ESCAPES', 'ANSI_QUOTES', 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'];
  test.each(modes)('any text survives under sql_mode %s, and under any SET NAMES', async (mode) => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const { session } = opened;
    await session.query(`SET sql_mode = '${mode}'`);
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('\\', "'", '"', '`', '\0', '\n', '\x1a', '%', '$1', '--', '/*', 'é', '😀') }),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom('utf8mb4', 'latin1', 'gbk', 'sjis'), async (value, names) => {
        await session.query(`SET NAMES ${names}`);
        const [row] = await session.query(`SELECT HEX(${mysqlDialect.quoteLiteral(value)}) AS bytes`);
        expect(row?.bytes).toBe(Buffer.from(value).toString('hex').toUpperCase());
      }),
      { numRuns: 200 },
    );
  });

  test('compare with columns of any collation', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await database.query(
      "CREATE TABLE t (a VARCHAR(10) COLLATE utf8mb4_unicode_ci, b VARCHAR(10) CHARACTER SET latin1); INSERT INTO t VALUES ('é', 'é')",
    );
    await using opened = await open({ server, database: database.name });
    expect(await opened.session.query("SELECT 1 AS found FROM t WHERE a = $1 AND b = $1 AND 'é' = $1", ['é'])).toEqual([
      { found: 1 },
    ]);
  });

  test('names with any character', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const name = 'a`b"c\'d;é -- ';
    await opened.session.query(
      `CREATE TABLE ${mysqlDialect.quoteIdentifier('t')} (${mysqlDialect.quoteIdentifier(`${name}x`)} INT)`,
    );
    expect(await opened.session.columns({ schema: database.name, name: 't' })).toEqual([`${name}x`]);
  });
});

describe('the step’s timer', () => {
  test('counts milliseconds, whatever time zone a script chooses', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const observer = recorder();
    await opened.session.send(
      controls(
        mysqlDialect.startTimer,
        "SET time_zone = '+09:00'",
        'DO SLEEP(0.05)',
        `SELECT ${mysqlDialect.elapsedMs} BETWEEN 50 AND 60000`,
      ),
      observer,
    );
    expect(observer.results.at(-1)?.resultSet?.rows).toEqual([['1']]);
  });
});

describe('faults', () => {
  test.each([
    ['SELECT * FROM nowhere', 'noSuchTable'],
    ['SELECT * FROM nowhere.t', 'noSuchTable'],
    ['SET STATEMENT max_statement_time = 0.05 FOR SELECT SLEEP(20)', 'timeout'],
    ["SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'", 'statement'],
    ["LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t", 'statement'],
  ])('%s: %s', async (sql, kind) => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await database.query('CREATE TABLE t (a TEXT)');
    await using opened = await open({ server, database: database.name });
    expect(await faultOf(opened.session.query(sql))).toMatchObject({ kind });
  });

  test('missing rights', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    const account = await server.createUser();
    await server.query(`GRANT SELECT ON ${database.name}.* TO ${account.user}`);
    await using opened = await open({ server, database: database.name, account });
    expect(await faultOf(opened.session.query('CREATE TABLE t (a INT)'))).toMatchObject({
      kind: 'rights',
      code: '1142',
    });
    expect(await faultOf(opened.session.query('CREATE DATABASE other'))).toMatchObject({
      kind: 'rights',
      code: '1044',
    });
    expect(await faultOf(opened.session.query('SET GLOBAL read_only = 1'))).toMatchObject({
      kind: 'rights',
      code: '1227',
    });
  });

  test('keep no SQL text beside the message', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const fault = await faultOf(opened.session.query("SELECT 'canary-4711' FROM nowhere"));
    expect(JSON.stringify([fault, fault.message, fault.stack, fault.cause ?? null])).not.toContain('canary');
  });
});
