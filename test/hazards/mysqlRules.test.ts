// Every rule against what a real server does, or refuses, when the statement runs.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MysqlSession } from '../../electron/databases/mysql/session.ts';
import { type CatalogueFacts, noFacts } from '../../electron/engine/hazards.ts';
import { ServerFault } from '../../electron/engine/ports.ts';
import { open } from '../databases/mysql/support.ts';
import { mariadb, type TestDatabase, type TestServer } from '../servers/index.ts';
import { codesOf, hazardsOf } from './mysqlSupport.ts';

let server: TestServer;
let database: TestDatabase;
let session: MysqlSession;
let close: () => PromiseLike<void>;

beforeAll(async () => {
  server = await mariadb();
  database = await server.createDatabase();
  const opened = await open({ server, database: database.name });
  session = opened.session;
  close = () => opened[Symbol.asyncDispose]();
});

afterAll(async () => {
  await close();
  await database[Symbol.asyncDispose]();
});

beforeEach(async () => {
  for (const sql of [
    'ROLLBACK',
    "SET foreign_key_checks = 0, sql_mode = 'STRICT_TRANS_TABLES'",
    'DROP TABLE IF EXISTS parent, child, plain, made, other, person',
    'SET foreign_key_checks = 1',
    'CREATE TABLE parent (id INT PRIMARY KEY)',
    'CREATE TABLE child (id INT PRIMARY KEY, parent_id INT, name VARCHAR(20), n INT)',
    "INSERT INTO child VALUES (1, 7, 'twelve chars', 1000), (2, 7, 'b', NULL)",
    'CREATE TABLE plain (id INT PRIMARY KEY) ENGINE=MyISAM',
  ])
    await session.query(sql);
});

async function run(...statements: readonly string[]): Promise<string | null> {
  try {
    for (const sql of statements) await session.query(sql);
    return null;
  } catch (error) {
    if (error instanceof ServerFault) return error.code;
    throw error;
  }
}

async function count(from: string): Promise<number> {
  const [row] = await session.query(`SELECT COUNT(*) AS rows_ FROM ${from}`);
  return Number(row?.['rows_']);
}

describe('what the rules warn of happens', () => {
  test('mixedStatements: a definition commits the rows before it', async () => {
    const script = ['START TRANSACTION', 'INSERT INTO parent VALUES (1)', 'CREATE TABLE made (id INT)'];
    const [found] = await hazardsOf(script.join(';\n'), session);
    expect(found).toMatchObject({ code: 'mixedStatements', severity: 'danger', line: 3 });
    await run(...script, 'ROLLBACK');
    expect(await count('parent')).toBe(1);
  });

  test('mixedStatements: rows after a definition cannot take it back', async () => {
    const found = await hazardsOf(
      'CREATE TABLE made (id INT);\nINSERT INTO parent VALUES (1);\nINSERT INTO parent VALUES (2);',
      session,
    );
    expect(found).toMatchObject([{ code: 'mixedStatements', severity: 'warning', line: 2 }]);
    expect(
      await run('START TRANSACTION', 'CREATE TABLE made (id INT)', 'INSERT INTO parent VALUES (1), (1)', 'ROLLBACK'),
    ).toBe('1062');
    await run('ROLLBACK');
    expect(await count('made')).toBe(0);
  });

  test('unvalidatedForeignKey: rows without parents stay', async () => {
    const add = 'ALTER TABLE child ADD FOREIGN KEY (parent_id) REFERENCES parent (id)';
    expect(await codesOf(`SET foreign_key_checks = 0;${add}`, session)).toContain('unvalidatedForeignKey');
    expect(await codesOf(add, session)).not.toContain('unvalidatedForeignKey');
    expect(await run(add)).toBe('1452');
    expect(await run('SET foreign_key_checks = 0', add, 'SET foreign_key_checks = 1')).toBeNull();
    expect(await count('child LEFT JOIN parent ON parent.id = parent_id WHERE parent.id IS NULL')).toBe(2);
  });

  test('sessionSetting: rows written without checks are not found later', async () => {
    expect(await codesOf('SET FOREIGN_KEY_CHECKS=0', session)).toEqual(['sessionSetting']);
    await run(
      'CREATE TABLE made (id INT REFERENCES parent (id))',
      'SET foreign_key_checks = 0',
      'INSERT INTO made VALUES (9)',
    );
    expect(await run('SET foreign_key_checks = 1', 'UPDATE parent SET id = 2')).toBeNull();
    expect(await count('made')).toBe(1);
  });

  test('dataLoss: IGNORE drops rows that break a new key', async () => {
    const sql = 'ALTER IGNORE TABLE child ADD UNIQUE (parent_id)';
    expect(await codesOf(sql, session)).toContain('dataLoss');
    expect(await run(sql)).toBeNull();
    expect(await count('child')).toBe(1);
  });

  test.each([
    'TRUNCATE child',
    'DELETE FROM child',
    'DELETE FROM child WHERE 1 = 1',
    'DROP TABLE child',
    'CREATE OR REPLACE TABLE child (id INT)',
  ])('dataLoss: %s', async (sql) => {
    expect(await codesOf(sql, session)).toContain('dataLoss');
    expect(await run(sql)).toBeNull();
    expect(await run('SELECT 1 FROM child LIMIT 1')).toBe(sql.startsWith('DROP') ? '1146' : null);
    if (!sql.startsWith('DROP')) expect(await count('child')).toBe(0);
  });

  test('narrowsColumn: strict mode stops, another one cuts', async () => {
    const sql = 'ALTER TABLE child MODIFY name VARCHAR(3)';
    const [strict] = (await hazardsOf(sql, session)).filter(({ code }) => code === 'narrowsColumn');
    expect(strict?.severity).toBe('warning');
    expect(await run(sql)).toBe('1265');
    const loose = (await hazardsOf(`SET sql_mode = '';${sql}`, session)).filter(({ code }) => code === 'narrowsColumn');
    expect(loose).toMatchObject([{ severity: 'danger' }]);
    expect(await run("SET sql_mode = ''", sql)).toBeNull();
    expect(await count("child WHERE name = 'twe'")).toBe(1);
  });

  test.each(['MODIFY n TINYINT', 'MODIFY n INT NOT NULL', 'MODIFY n INT UNSIGNED NOT NULL'])(
    'narrowsColumn: %s',
    async (clause) => {
      expect(await codesOf(`ALTER TABLE child ${clause}`, session)).toContain('narrowsColumn');
      expect(await run(`ALTER TABLE child ${clause}`)).toMatch(/^(?:1264|1265|1048)$/);
    },
  );

  test('requiredColumn: an INSERT that does not name it fails', async () => {
    const sql = 'ALTER TABLE parent ADD COLUMN name VARCHAR(20) NOT NULL';
    expect(await codesOf(sql, session)).toContain('requiredColumn');
    expect(await run(sql, 'INSERT INTO parent (id) VALUES (3)')).toBe('1364');
  });

  test('notTransactionalTable: no rollback', async () => {
    expect(await codesOf('INSERT INTO plain VALUES (1)', session)).toEqual(['notTransactionalTable']);
    await run('START TRANSACTION', 'INSERT INTO plain VALUES (1)', 'ROLLBACK');
    expect(await count('plain')).toBe(1);
    expect(await codesOf('CREATE TABLE made (id INT) ENGINE=Aria', session)).toEqual(['notTransactionalTable']);
  });

  test('oldUtf8: no emoji', async () => {
    const sql = 'CREATE TABLE made (s VARCHAR(10)) DEFAULT CHARACTER SET utf8';
    expect(await codesOf(sql, session)).toEqual(['oldUtf8']);
    expect(await run(sql, "INSERT INTO made VALUES ('😀')")).toBe('1366');
  });

  test('definer: what names an account that is not there fails when it is used', async () => {
    const sql = "CREATE DEFINER = 'nobody'@'nowhere' VIEW other AS SELECT * FROM parent";
    expect(await codesOf(sql, session)).toEqual(['definer']);
    expect(await run(sql, 'SELECT * FROM other')).toBe('1449');
    await run('DROP VIEW other');
  });

  test('dropsSeveral: the ones that are there are gone', async () => {
    const sql = 'DROP TABLE parent, nope, child';
    expect(await codesOf(sql, session)).toContain('dropsSeveral');
    expect(await run(sql)).toBe('1051');
    expect(await run('SELECT 1 FROM child')).toBe('1146');
  });

  test('lockTable: others wait to write', async () => {
    expect(await codesOf('LOCK TABLES parent READ', session)).toEqual(['lockTable']);
    await using other = await open({ server, database: database.name });
    await run('LOCK TABLES parent READ');
    await other.session.query('SET lock_wait_timeout = 0');
    await expect(other.session.query('INSERT INTO parent VALUES (5)')).rejects.toMatchObject({ code: '1205' });
    await run('UNLOCK TABLES');
    await other.session.query('INSERT INTO parent VALUES (5)');
  });

  test('uniqueKey: equal rows stop it', async () => {
    const sql = 'CREATE UNIQUE INDEX once ON child (parent_id)';
    expect(await codesOf(sql, session)).toContain('uniqueKey');
    expect(await run(sql)).toBe('1062');
  });

  test.each([
    ['ALTER TABLE child MODIFY n BIGINT, ALGORITHM=INPLACE', '1846'],
    ['ALTER TABLE child MODIFY n BIGINT, LOCK=NONE', '1846'],
    ['ALTER TABLE child ADD INDEX (n), ALGORITHM=INSTANT', '1846'],
    ['CREATE FULLTEXT INDEX found ON child (name) LOCK=NONE', '1846'],
  ])('algorithmRefused: %s', async (sql, code) => {
    expect(await codesOf(sql, session)).toContain('algorithmRefused');
    expect(await run(sql)).toBe(code);
  });

  test('convertsCharset: characters go', async () => {
    const sql = 'ALTER TABLE child CONVERT TO CHARACTER SET latin1';
    await run('ALTER TABLE child CONVERT TO CHARACTER SET utf8mb4', "UPDATE child SET name = 'ł' WHERE id = 2");
    expect(await hazardsOf(sql, session)).toContainEqual(
      expect.objectContaining({ code: 'convertsCharset', severity: 'danger' }),
    );
    expect(await run(sql)).toBe('1366');
    expect(await run("SET sql_mode = ''", sql)).toBeNull();
    expect(await count("child WHERE name = '?'")).toBe(1);
  });

  test('renamesUsed and dropsUsed: the old name fails; the view that is proposed serves it', async () => {
    const [hazard] = (await hazardsOf('RENAME TABLE parent TO person', session)).filter(
      ({ code }) => code === 'renamesUsed',
    );
    expect(await run('RENAME TABLE parent TO person', 'SELECT * FROM parent')).toBe('1146');
    expect(await run((hazard?.rewrite ?? '').replace(/;$/, ''), 'SELECT * FROM parent', 'DROP VIEW parent')).toBeNull();
    expect(await codesOf('ALTER TABLE child RENAME COLUMN n TO m', session)).toContain('renamesUsed');
    expect(await codesOf('ALTER TABLE child DROP COLUMN n', session)).toEqual(
      expect.arrayContaining(['dropsUsed', 'dataLoss']),
    );
    expect(await run('ALTER TABLE child DROP COLUMN n', 'SELECT n FROM child')).toBe('1054');
  });
});

describe('told without running it', () => {
  test.each([
    ["LOAD DATA INFILE '/srv/a.csv' INTO TABLE child", 'serverFile'],
    ["SELECT * FROM child INTO OUTFILE '/srv/a.csv'", 'serverFile'],
    ["INSERT INTO child (name) VALUES (LOAD_FILE('/etc/hostname'))", 'serverFile'],
    ["CREATE FUNCTION shout RETURNS STRING SONAME 'shout.so'", 'loadsLibrary'],
    ["INSTALL PLUGIN a SONAME 'a.so'", 'loadsLibrary'],
    ['SET GLOBAL max_connections = 5', 'serverSetting'],
    ['SET @@GLOBAL.max_connections = 5', 'serverSetting'],
    ['SET PERSIST max_connections = 5', 'serverSetting'],
    ["SET sql_mode = ''", 'sessionSetting'],
    ['SET unique_checks = 0', 'sessionSetting'],
    ['SET sql_log_bin = 0', 'sessionSetting'],
    ['FLUSH TABLES WITH READ LOCK', 'lockTable'],
    ["GRANT ALL ON *.* TO 'a'@'%'", 'changesAccounts'],
    ["CREATE USER 'a'@'%' IDENTIFIED BY 'x'", 'changesAccounts'],
    ["DROP USER 'a'@'%'", 'changesAccounts'],
    ['CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM child', 'createsEvent'],
    ['KILL 5', 'serverCommand'],
    ['PURGE BINARY LOGS BEFORE NOW()', 'serverCommand'],
    ['USE mysql', 'otherDatabase'],
    ['ALTER TABLE child DROP PRIMARY KEY', 'changesPrimaryKey'],
    ['UPDATE child SET n = (SELECT MAX(id) FROM parent WHERE id > 3)', 'dataLoss'],
    ["/*!40101 SET SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */", 'sessionSetting'],
  ])('%s', async (sql, code) => {
    expect(await codesOf(sql, session)).toContain(code);
  });

  test.each([
    "INSERT INTO child (name) VALUES ('DROP TABLE x; LOAD DATA INFILE')",
    "UPDATE child SET name = 'no where' WHERE id = 1",
    'DELETE child FROM child JOIN parent ON parent.id = parent_id',
    'SELECT 1',
    'CREATE TABLE made (id INT PRIMARY KEY)',
    'SET @a = 1',
    'ALTER TABLE child ADD COLUMN extra INT',
    'CREATE VIEW seen AS SELECT id FROM child',
    'SET SQL_MODE=@OLD_SQL_MODE',
  ])('nothing is said of %s', async (sql) => {
    expect(await codesOf(sql, session)).toEqual([]);
  });

  test('what the plan makes itself is nobody’s yet', async () => {
    const script = `CREATE TABLE made (id INT PRIMARY KEY, n INT);
      ALTER TABLE made MODIFY n BIGINT; ALTER TABLE made DROP COLUMN n; DROP TABLE made;`;
    expect(await codesOf(script, session)).toEqual([]);
    // One that is there already is not made.
    expect(await codesOf('CREATE TABLE IF NOT EXISTS child (id INT); DROP TABLE child;', session)).toContain(
      'dataLoss',
    );
  });
});

describe('sizes', () => {
  const sized = async (bytes: number): Promise<CatalogueFacts> => {
    const { readFacts } = await import('../../electron/databases/mysql/facts.ts');
    const facts = await readFacts(session, 'all');
    const child = facts.tables.get('child');
    if (child === undefined) throw new Error('child is missing');
    return { ...facts, tables: new Map([['child', { ...child, bytes, rows: 1000 }]]) };
  };

  test.each([
    [1000, 'notice'],
    [50_000_000, 'warning'],
    [5_000_000_000, 'danger'],
  ])('copying %i bytes is a %s', async (bytes, severity) => {
    const found = await hazardsOf('ALTER TABLE child MODIFY n BIGINT', await sized(bytes));
    expect(found).toContainEqual(expect.objectContaining({ code: 'copiesTable', severity }));
  });

  test('what is not demanded is written out, and the server takes it', async () => {
    const big = await sized(5_000_000_000);
    for (const sql of [
      'ALTER TABLE child ADD COLUMN extra INT -- why',
      'CREATE INDEX by_n ON child (n)',
      'DROP INDEX by_n ON child',
      'ALTER TABLE child MODIFY n INT NULL FIRST',
    ]) {
      const [hazard] = (await hazardsOf(sql, big)).filter(({ code }) => code === 'algorithmNotDemanded');
      expect(hazard?.rewrite).toMatch(/ALGORITHM=(?:INSTANT|NOCOPY),? LOCK=NONE/);
      expect(await run(hazard?.rewrite ?? '')).toBeNull();
      expect(await codesOf(hazard?.rewrite ?? '', big)).not.toContain('algorithmNotDemanded');
    }
  });

  test('big changes of rows', async () => {
    const found = await hazardsOf('UPDATE child SET n = 1 WHERE id > 5', await sized(5_000_000_000));
    expect(found).toMatchObject([{ code: 'changesBigTable', severity: 'warning' }]);
  });
});

/** No such server is here: what its documents say of the forms that differ. */
describe('MySQL, by its documents', () => {
  const mysql = (version: string, rowVersions?: number): CatalogueFacts => ({
    ...noFacts,
    product: 'MySQL',
    version,
    tables: new Map([
      [
        'child',
        {
          rows: 1,
          bytes: 5_000_000_000,
          layout: {
            storage: 'InnoDB',
            rowFormat: 'dynamic',
            collation: 'utf8mb4_0900_ai_ci',
            columns: new Map(),
            indexes: ['primary'],
            ...(rowVersions === undefined ? {} : { rowVersions }),
          },
        },
      ],
    ]),
  });

  test.each([
    ['8.0.28', 'ALTER TABLE child DROP COLUMN n', 'rebuildsTable'],
    ['8.0.28', 'ALTER TABLE child ADD COLUMN m INT FIRST', 'rebuildsTable'],
    ['8.0.30', 'ALTER TABLE child ADD COLUMN m INT', 'instantVersions'],
    ['8.4.0', 'ALTER TABLE child ADD INDEX (n)', 'buildsIndex'],
    ['8.4.0', 'ALTER TABLE child ADD FOREIGN KEY (n) REFERENCES parent (id)', 'copiesTable'],
  ])('%s: %s', async (version, sql, code) => {
    expect(await codesOf(sql, mysql(version))).toContain(code);
  });

  test('instant changes are counted', async () => {
    expect(await codesOf('ALTER TABLE child ADD COLUMN m INT', mysql('8.4.0', 63))).toContain('instantVersions');
    expect(await codesOf('ALTER TABLE child ADD COLUMN m INT', mysql('9.1.0', 63))).not.toContain('instantVersions');
  });

  test('INSTANT takes no LOCK there, and NOCOPY is called INPLACE', async () => {
    const rewrites = async (sql: string) =>
      (await hazardsOf(sql, mysql('8.4.0'))).find(({ code }) => code === 'algorithmNotDemanded')?.rewrite;
    expect(await rewrites('ALTER TABLE child ADD COLUMN m INT')).toBe(
      'ALTER TABLE child ADD COLUMN m INT, ALGORITHM=INSTANT;',
    );
    expect(await rewrites('ALTER TABLE child ADD INDEX (n)')).toBe(
      'ALTER TABLE child ADD INDEX (n), ALGORITHM=INPLACE, LOCK=NONE;',
    );
  });
});
