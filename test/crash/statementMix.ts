/**
 * Every form of statement that no transaction protects (safety.md, sections 1 and 2), in equal parts: what is there
 * before it, the statement, and what somebody else may do to the same object instead.
 */
export type MixEngine = 'mariadb' | 'postgres' | 'sqlite';

export interface MixForm {
  readonly engine: MixEngine;
  readonly name: string;
  /** Statements before it, in an empty database; `{db}` is that database's name, and belongs to nobody else. */
  readonly setup: readonly string[];
  readonly statement: string;
  /** Statements after `setup` by which somebody else makes it look otherwise; empty where nothing is changed that one could look at. */
  readonly disturbance: readonly string[];
  /** Statements that take away what is outside of the database. */
  readonly teardown?: readonly string[];
}

type Row = readonly [
  name: string,
  statement: string,
  disturbance?: string | readonly string[],
  setup?: readonly string[],
  teardown?: readonly string[],
];

const forms = (engine: MixEngine, setup: readonly string[], rows: readonly Row[]): MixForm[] =>
  rows.map(([name, statement, disturbance = [], before = [], teardown]) => ({
    engine,
    name,
    setup: [...setup, ...before],
    statement,
    disturbance: typeof disturbance === 'string' ? [disturbance] : disturbance,
    ...(teardown === undefined ? {} : { teardown }),
  }));

const mariadb = forms(
  'mariadb',
  [
    'CREATE TABLE p (id INT PRIMARY KEY)',
    "CREATE TABLE t (a INT NOT NULL PRIMARY KEY, b VARCHAR(20) DEFAULT 'x', c INT NOT NULL, d INT, e ENUM('one','two'), KEY kb (b), CONSTRAINT cd CHECK (d > 0))",
    'CREATE TABLE k (a INT NOT NULL, b INT)',
    "INSERT INTO t (a, b, c, d, e) VALUES (1, 'one', 1, 1, 'one'), (2, 'two', 2, 2, 'two')",
    'CREATE TABLE child (id INT PRIMARY KEY, parent INT, KEY kp (parent), CONSTRAINT fk_old FOREIGN KEY (parent) REFERENCES p (id))',
    'CREATE VIEW v AS SELECT a, b FROM t',
    'CREATE PROCEDURE pr(x INT) BEGIN SELECT 1; SELECT 2; END',
    'CREATE FUNCTION fu(x INT) RETURNS INT DETERMINISTIC RETURN x',
    'CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.d = 1',
    'CREATE EVENT ev ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1',
    'CREATE SEQUENCE sq',
    'CREATE TABLE parts (a INT NOT NULL) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))',
  ],
  [
    [
      'CREATE TABLE',
      "CREATE TABLE n (a INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, b DECIMAL(8, 2) NOT NULL DEFAULT 1.5, c VARCHAR(30) CHARACTER SET utf8mb4 COMMENT 'it''s', d TIMESTAMP DEFAULT CURRENT_TIMESTAMP, g INT AS (a + 1) VIRTUAL, UNIQUE KEY ub (b), KEY (c(10)), CONSTRAINT ck CHECK (b >= 0), CONSTRAINT fk FOREIGN KEY (a) REFERENCES t2 (id) ON DELETE CASCADE) ENGINE=InnoDB COMMENT='new' DEFAULT CHARSET=utf8mb4",
      'CREATE TABLE n (a BIGINT PRIMARY KEY)',
      ['CREATE TABLE t2 (id INT UNSIGNED PRIMARY KEY)'],
    ],
    ['CREATE TABLE IF NOT EXISTS', 'CREATE TABLE IF NOT EXISTS n (a INT, b JSON)', 'CREATE TABLE n (a TEXT)'],
    ['CREATE TABLE LIKE', 'CREATE TABLE n LIKE t', 'CREATE TABLE n (a INT)'],
    ['CREATE OR REPLACE TABLE', 'CREATE OR REPLACE TABLE k (x BIGINT NOT NULL)', 'ALTER TABLE k ADD y INT'],
    [
      'ALTER TABLE ADD COLUMN',
      'ALTER TABLE t ADD COLUMN n INT NOT NULL DEFAULT 5',
      'ALTER TABLE t ADD COLUMN n VARCHAR(5)',
    ],
    [
      'ALTER TABLE ADD COLUMN FIRST',
      'ALTER TABLE t ADD n DATETIME(3) NULL FIRST',
      'ALTER TABLE t ADD n DATETIME(3) NULL',
    ],
    [
      'ALTER TABLE ADD COLUMN AFTER',
      "ALTER TABLE t ADD n VARCHAR(10) NOT NULL DEFAULT '' AFTER b",
      "ALTER TABLE t ADD n VARCHAR(10) NOT NULL DEFAULT ''",
    ],
    [
      'ALTER TABLE ADD several',
      'ALTER TABLE t ADD COLUMN n INT, ADD COLUMN m TEXT, ADD INDEX kn (n)',
      'ALTER TABLE t ADD COLUMN n INT',
    ],
    ['ALTER TABLE DROP COLUMN', 'ALTER TABLE t DROP COLUMN e', 'ALTER TABLE t ADD z INT'],
    [
      'ALTER TABLE reorder column',
      'ALTER TABLE t MODIFY COLUMN c INT NOT NULL AFTER d',
      'ALTER TABLE t ADD z INT FIRST',
    ],
    [
      'ALTER TABLE RENAME COLUMN',
      'ALTER TABLE t RENAME COLUMN d2 TO n',
      'ALTER TABLE t ADD z INT',
      ['ALTER TABLE t ADD d2 INT'],
    ],
    [
      'ALTER TABLE CHANGE COLUMN',
      'ALTER TABLE t CHANGE COLUMN c n BIGINT UNSIGNED NOT NULL',
      'ALTER TABLE t CHANGE COLUMN c n INT',
    ],
    [
      'ALTER TABLE SET DEFAULT',
      "ALTER TABLE t ALTER COLUMN b SET DEFAULT 'y'",
      "ALTER TABLE t ALTER COLUMN b SET DEFAULT 'z'",
    ],
    [
      'ALTER TABLE DROP DEFAULT',
      'ALTER TABLE t ALTER COLUMN b DROP DEFAULT',
      "ALTER TABLE t ALTER COLUMN b SET DEFAULT 'z'",
    ],
    [
      'ALTER TABLE ENUM append',
      "ALTER TABLE t MODIFY e ENUM('one','two','three')",
      "ALTER TABLE t MODIFY e ENUM('one','two','four')",
    ],
    [
      'ALTER TABLE ENUM insert',
      "ALTER TABLE t MODIFY e ENUM('zero','one','two')",
      "ALTER TABLE t MODIFY e ENUM('one','two','zero')",
    ],
    [
      'ALTER TABLE VARCHAR wider',
      "ALTER TABLE t MODIFY b VARCHAR(300) DEFAULT 'x'",
      "ALTER TABLE t MODIFY b VARCHAR(200) DEFAULT 'x'",
    ],
    ['ALTER TABLE int to bigint', 'ALTER TABLE t MODIFY c BIGINT NOT NULL', 'ALTER TABLE t MODIFY c SMALLINT NOT NULL'],
    ['ALTER TABLE shrink', "ALTER TABLE t MODIFY b VARCHAR(5) DEFAULT 'x'", 'ALTER TABLE t MODIFY b VARCHAR(6)'],
    [
      'ALTER TABLE CONVERT CHARSET',
      'ALTER TABLE t CONVERT TO CHARACTER SET latin1',
      'ALTER TABLE t DEFAULT CHARACTER SET latin1',
    ],
    [
      'ALTER TABLE ADD STORED',
      'ALTER TABLE t ADD n INT GENERATED ALWAYS AS (a * 2 + c) STORED',
      'ALTER TABLE t ADD n INT GENERATED ALWAYS AS (a + 2) STORED',
    ],
    [
      'ALTER TABLE ADD VIRTUAL',
      "ALTER TABLE t ADD n VARCHAR(40) AS (concat(b, '!')) VIRTUAL",
      'ALTER TABLE t ADD n VARCHAR(40)',
    ],
    ['ALTER TABLE NULL to NOT NULL', 'ALTER TABLE t MODIFY d INT NOT NULL', 'ALTER TABLE t MODIFY d BIGINT'],
    ['ALTER TABLE NOT NULL to NULL', 'ALTER TABLE t MODIFY c INT NULL', 'ALTER TABLE t MODIFY c BIGINT NOT NULL'],
    ['ALTER TABLE change PK', 'ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (a, c)', 'ALTER TABLE t ADD z INT'],
    [
      'ALTER TABLE ADD PRIMARY KEY',
      'ALTER TABLE k ADD PRIMARY KEY (a)',
      'ALTER TABLE k MODIFY b INT NOT NULL, ADD PRIMARY KEY (b)',
    ],
    ['ALTER TABLE DROP PK', 'ALTER TABLE t DROP PRIMARY KEY', 'ALTER TABLE t ADD z INT'],
    ['ALTER TABLE ENGINE', 'ALTER TABLE t ENGINE=InnoDB'],
    ['ALTER TABLE FORCE', 'ALTER TABLE t FORCE'],
    ['ALTER TABLE ADD INDEX', 'ALTER TABLE t ADD INDEX ki (c DESC, b(5))', 'ALTER TABLE t ADD INDEX ki (c, b(5))'],
    ['ALTER TABLE ADD unnamed INDEX', 'ALTER TABLE t ADD INDEX (c)', 'ALTER TABLE t ADD INDEX (c, d)'],
    ['ALTER TABLE DROP INDEX', 'ALTER TABLE t DROP INDEX kb', 'ALTER TABLE t ADD z INT'],
    ['ALTER TABLE RENAME INDEX', 'ALTER TABLE t RENAME INDEX kb TO kc', 'ALTER TABLE t ADD z INT'],
    ['ALTER TABLE ADD UNIQUE', 'ALTER TABLE t ADD UNIQUE KEY uc (c)', 'ALTER TABLE t ADD KEY uc (c)'],
    ['ALTER TABLE ADD FULLTEXT', 'ALTER TABLE t ADD FULLTEXT INDEX ft (b)', 'ALTER TABLE t ADD INDEX ft (b)'],
    [
      'ALTER TABLE ADD AUTO_INCREMENT',
      'ALTER TABLE k ADD n INT NOT NULL AUTO_INCREMENT PRIMARY KEY',
      'ALTER TABLE k ADD n INT NOT NULL PRIMARY KEY',
    ],
    [
      'ALTER TABLE ADD FK',
      'ALTER TABLE k ADD CONSTRAINT fk FOREIGN KEY (b) REFERENCES p (id) ON DELETE SET NULL',
      'ALTER TABLE k ADD CONSTRAINT fk FOREIGN KEY (b) REFERENCES p (id)',
    ],
    ['ALTER TABLE DROP FK', 'ALTER TABLE child DROP FOREIGN KEY fk_old', 'ALTER TABLE child ADD z INT'],
    [
      'ALTER TABLE ADD CHECK',
      "ALTER TABLE t ADD CONSTRAINT ck CHECK (c > 0 AND b <> 'q')",
      'ALTER TABLE t ADD CONSTRAINT ck CHECK (c > -1)',
    ],
    ['ALTER TABLE DROP CONSTRAINT', 'ALTER TABLE t DROP CONSTRAINT cd', 'ALTER TABLE t ADD z INT'],
    ['ALTER TABLE RENAME', 'ALTER TABLE p2 RENAME TO p3', 'ALTER TABLE p2 ADD z INT', ['CREATE TABLE p2 (a INT)']],
    ['ALTER TABLE COMMENT', "ALTER TABLE t COMMENT='people'", "ALTER TABLE t COMMENT='places'"],
    ['ALTER TABLE ROW_FORMAT', 'ALTER TABLE t ROW_FORMAT=COMPACT', 'ALTER TABLE t ROW_FORMAT=REDUNDANT'],
    [
      'ALTER TABLE AUTO_INCREMENT',
      'ALTER TABLE counted AUTO_INCREMENT=100',
      'ALTER TABLE counted AUTO_INCREMENT=50',
      ['CREATE TABLE counted (a INT AUTO_INCREMENT PRIMARY KEY)'],
    ],
    ['ALTER TABLE option', 'ALTER TABLE t STATS_PERSISTENT=1', 'ALTER TABLE t STATS_PERSISTENT=0'],
    [
      'ALTER TABLE default charset',
      'ALTER TABLE t DEFAULT CHARACTER SET latin1',
      'ALTER TABLE t DEFAULT CHARACTER SET ascii',
    ],
    [
      'ALTER TABLE PARTITION BY',
      'ALTER TABLE k PARTITION BY HASH (a) PARTITIONS 3',
      'ALTER TABLE k PARTITION BY HASH (a) PARTITIONS 2',
    ],
    [
      'ALTER TABLE ADD PARTITION',
      'ALTER TABLE parts ADD PARTITION (PARTITION p2 VALUES LESS THAN (30))',
      'ALTER TABLE parts ADD PARTITION (PARTITION p9 VALUES LESS THAN (90))',
    ],
    [
      'ALTER TABLE DROP PARTITION',
      'ALTER TABLE parts DROP PARTITION p1',
      'ALTER TABLE parts ADD PARTITION (PARTITION p9 VALUES LESS THAN (90))',
    ],
    [
      'ALTER TABLE REORGANIZE PARTITION',
      'ALTER TABLE parts REORGANIZE PARTITION p1 INTO (PARTITION pa VALUES LESS THAN (15), PARTITION pb VALUES LESS THAN (20))',
      'ALTER TABLE parts ADD PARTITION (PARTITION p9 VALUES LESS THAN (90))',
    ],
    [
      'ALTER TABLE REMOVE PARTITIONING',
      'ALTER TABLE parts REMOVE PARTITIONING',
      'ALTER TABLE parts ADD PARTITION (PARTITION p9 VALUES LESS THAN (90))',
    ],
    ['DROP TABLE', 'DROP TABLE k', 'ALTER TABLE k ADD z INT'],
    ['DROP TABLE IF EXISTS', 'DROP TABLE IF EXISTS k', 'ALTER TABLE k ADD z INT'],
    ['RENAME TABLE', 'RENAME TABLE k TO k2', 'ALTER TABLE k ADD z INT'],
    [
      'TRUNCATE TABLE',
      'TRUNCATE TABLE filled',
      ['ALTER TABLE filled FORCE'],
      ['CREATE TABLE filled (a INT)', 'INSERT INTO filled VALUES (1)'],
    ],
    ['CREATE INDEX', 'CREATE INDEX ki ON t (c)', 'CREATE INDEX ki ON t (d)'],
    ['CREATE UNIQUE INDEX', 'CREATE UNIQUE INDEX ki ON t (c, d)', 'CREATE INDEX ki ON t (c, d)'],
    ['CREATE INDEX IF NOT EXISTS', 'CREATE INDEX IF NOT EXISTS ki ON t (c)', 'CREATE INDEX ki ON t (d)'],
    ['DROP INDEX', 'DROP INDEX kb ON t', 'ALTER TABLE t ADD z INT'],
    [
      'CREATE VIEW',
      "CREATE VIEW n AS SELECT t.a, u.b AS other, count(*) FROM t INNER JOIN t AS u ON u.a = t.a WHERE t.a > 1 AND (u.b = 'one' OR t.c IN (1, 2)) GROUP BY t.a",
      'CREATE VIEW n AS SELECT a FROM t',
    ],
    [
      'CREATE VIEW WITH CHECK OPTION',
      'CREATE SQL SECURITY INVOKER VIEW n AS SELECT a, b FROM t WHERE a > 0 WITH CHECK OPTION',
      'CREATE VIEW n AS SELECT a, b FROM t WHERE a > 0',
    ],
    [
      'CREATE OR REPLACE VIEW',
      'CREATE OR REPLACE VIEW v AS SELECT a, c FROM t',
      'CREATE OR REPLACE VIEW v AS SELECT a, d FROM t',
    ],
    ['ALTER VIEW', 'ALTER VIEW v AS SELECT a, c FROM t', 'ALTER VIEW v AS SELECT a, d FROM t'],
    ['DROP VIEW', 'DROP VIEW v', 'ALTER VIEW v AS SELECT a, d FROM t'],
    [
      'CREATE PROCEDURE',
      "CREATE PROCEDURE n(IN x INT, OUT y VARCHAR(10)) DETERMINISTIC COMMENT 'c'\nBEGIN\n  SELECT 1; /* why */\n  SELECT 2;\nEND",
      'CREATE PROCEDURE n(IN x INT, OUT y VARCHAR(10)) SELECT 2',
    ],
    [
      'CREATE OR REPLACE PROCEDURE',
      'CREATE OR REPLACE PROCEDURE pr(x BIGINT) SELECT x',
      'CREATE OR REPLACE PROCEDURE pr(x BIGINT) SELECT x + 1',
    ],
    ['ALTER PROCEDURE', "ALTER PROCEDURE pr COMMENT 'new' SQL SECURITY INVOKER", "ALTER PROCEDURE pr COMMENT 'other'"],
    ['DROP PROCEDURE', 'DROP PROCEDURE pr', "ALTER PROCEDURE pr COMMENT 'other'"],
    [
      'CREATE FUNCTION',
      'CREATE DEFINER = CURRENT_USER FUNCTION n(x INT UNSIGNED) RETURNS DECIMAL(10, 2) NO SQL RETURN x * 2',
      'CREATE FUNCTION n(x INT UNSIGNED) RETURNS DECIMAL(10, 2) NO SQL RETURN x * 3',
    ],
    ['ALTER FUNCTION', "ALTER FUNCTION fu COMMENT 'new'", "ALTER FUNCTION fu COMMENT 'other'"],
    ['DROP FUNCTION', 'DROP FUNCTION fu', "ALTER FUNCTION fu COMMENT 'other'"],
    [
      'CREATE TRIGGER',
      'CREATE TRIGGER n AFTER UPDATE ON t FOR EACH ROW BEGIN SET @x = 1; SET @y = 2; END',
      'CREATE TRIGGER n AFTER UPDATE ON t FOR EACH ROW SET @x = 1',
    ],
    [
      'CREATE OR REPLACE TRIGGER',
      'CREATE OR REPLACE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.d = 2',
      'CREATE OR REPLACE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.d = 3',
    ],
    ['DROP TRIGGER', 'DROP TRIGGER tr', 'CREATE OR REPLACE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.d = 3'],
    [
      'CREATE EVENT',
      "CREATE EVENT n ON SCHEDULE EVERY 2 HOUR STARTS '2037-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'c' DO DELETE FROM t WHERE a < 0",
      'CREATE EVENT n ON SCHEDULE EVERY 3 HOUR DISABLE DO DELETE FROM t WHERE a < 0',
    ],
    ['ALTER EVENT', 'ALTER EVENT ev ON SCHEDULE EVERY 2 DAY', 'ALTER EVENT ev ON SCHEDULE EVERY 3 DAY'],
    ['ALTER EVENT RENAME', 'ALTER EVENT ev RENAME TO n', 'ALTER EVENT ev ON SCHEDULE EVERY 3 DAY'],
    ['DROP EVENT', 'DROP EVENT ev', 'ALTER EVENT ev ON SCHEDULE EVERY 3 DAY'],
    [
      'CREATE DATABASE',
      'CREATE DATABASE {db}_n CHARACTER SET latin1',
      'CREATE DATABASE {db}_n',
      [],
      ['DROP DATABASE IF EXISTS {db}_n'],
    ],
    [
      'ALTER DATABASE',
      'ALTER DATABASE {db}_n COLLATE utf8mb4_bin',
      'ALTER DATABASE {db}_n CHARACTER SET latin1',
      ['CREATE DATABASE {db}_n'],
      ['DROP DATABASE IF EXISTS {db}_n'],
    ],
    [
      'DROP DATABASE',
      'DROP DATABASE {db}_n',
      'ALTER DATABASE {db}_n CHARACTER SET latin1',
      ['CREATE DATABASE {db}_n'],
      ['DROP DATABASE IF EXISTS {db}_n'],
    ],
    ['CREATE SEQUENCE', 'CREATE SEQUENCE n START WITH 5 INCREMENT BY 2 CACHE 10', 'CREATE SEQUENCE n'],
    ['ALTER SEQUENCE', 'ALTER SEQUENCE sq INCREMENT BY 3'],
    ['DROP SEQUENCE', 'DROP SEQUENCE sq', ['DROP SEQUENCE sq', 'CREATE TABLE sq (a INT)']],
    [
      'CREATE USER',
      "CREATE USER '{db}_u'@'%' IDENTIFIED BY 'Long-enough-1'",
      [],
      [],
      ["DROP USER IF EXISTS '{db}_u'@'%'"],
    ],
    [
      'ALTER USER',
      "ALTER USER '{db}_u'@'%' IDENTIFIED BY 'Long-enough-2'",
      [],
      ["CREATE USER '{db}_u'@'%'"],
      ["DROP USER IF EXISTS '{db}_u'@'%'"],
    ],
    [
      'RENAME USER',
      "RENAME USER '{db}_u'@'%' TO '{db}_w'@'%'",
      "GRANT SELECT ON {db}.* TO '{db}_u'@'%'",
      ["CREATE USER '{db}_u'@'%'"],
      ["DROP USER IF EXISTS '{db}_u'@'%', '{db}_w'@'%'"],
    ],
    [
      'DROP USER',
      "DROP USER '{db}_u'@'%'",
      "GRANT SELECT ON {db}.* TO '{db}_u'@'%'",
      ["CREATE USER '{db}_u'@'%'"],
      ["DROP USER IF EXISTS '{db}_u'@'%'"],
    ],
    ['CREATE ROLE', 'CREATE ROLE {db}_r', [], [], ['DROP ROLE IF EXISTS {db}_r']],
    ['DROP ROLE', 'DROP ROLE {db}_r', [], ['CREATE ROLE {db}_r'], ['DROP ROLE IF EXISTS {db}_r']],
    [
      'GRANT',
      "GRANT SELECT, INSERT ON {db}.* TO '{db}_u'@'%'",
      [],
      ["CREATE USER '{db}_u'@'%'"],
      ["DROP USER IF EXISTS '{db}_u'@'%'"],
    ],
    [
      'REVOKE',
      "REVOKE INSERT ON {db}.* FROM '{db}_u'@'%'",
      "GRANT DELETE ON {db}.* TO '{db}_u'@'%'",
      ["CREATE USER '{db}_u'@'%'", "GRANT SELECT, INSERT ON {db}.* TO '{db}_u'@'%'"],
      ["DROP USER IF EXISTS '{db}_u'@'%'"],
    ],
    [
      'SET PASSWORD',
      "SET PASSWORD FOR '{db}_u'@'%' = PASSWORD('Long-enough-2')",
      [],
      ["CREATE USER '{db}_u'@'%'"],
      ["DROP USER IF EXISTS '{db}_u'@'%'"],
    ],
    ['ANALYZE TABLE', 'ANALYZE TABLE t'],
    ['CHECK TABLE', 'CHECK TABLE t'],
    ['OPTIMIZE TABLE', 'OPTIMIZE TABLE t'],
    ['REPAIR TABLE', 'REPAIR TABLE t'],
    ['FLUSH', 'FLUSH TABLES'],
    ['LOCK TABLES', 'LOCK TABLES t WRITE'],
    ['INSTALL', "INSTALL SONAME 'metadata_lock_info'", [], [], ['UNINSTALL PLUGIN IF EXISTS metadata_lock_info']],
    [
      'UNINSTALL',
      "UNINSTALL SONAME 'metadata_lock_info'",
      [],
      ["INSTALL PLUGIN IF NOT EXISTS metadata_lock_info SONAME 'metadata_lock_info'"],
      ['UNINSTALL PLUGIN IF EXISTS metadata_lock_info'],
    ],
    ['RESET', 'RESET QUERY CACHE'],
    ['BEGIN', 'BEGIN'],
  ],
);

const postgres = forms(
  'postgres',
  [
    'CREATE TABLE t (a integer PRIMARY KEY, b text, c timestamptz)',
    "INSERT INTO t SELECT n, 'row ' || n, now() FROM generate_series(1, 100) n",
    'CREATE INDEX old ON t (b)',
    'CREATE TABLE parts (a integer) PARTITION BY RANGE (a)',
    'CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (10)',
    "CREATE TYPE colour AS ENUM ('red', 'green')",
  ],
  [
    [
      'CREATE INDEX CONCURRENTLY',
      "CREATE INDEX CONCURRENTLY n ON t (b, a DESC) WHERE a > 1 AND b <> 'x'",
      'CREATE INDEX n ON t (c)',
    ],
    [
      'CREATE UNIQUE INDEX CONCURRENTLY',
      'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS n ON public.t USING btree (lower(b)) INCLUDE (a)',
      'CREATE INDEX n ON t (lower(b)) INCLUDE (a)',
    ],
    ['CREATE INDEX CONCURRENTLY without a name', 'CREATE INDEX CONCURRENTLY ON t (c)', 'CREATE INDEX ON t (c, a)'],
    [
      'DROP INDEX CONCURRENTLY',
      'DROP INDEX CONCURRENTLY old',
      "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'old'::regclass",
    ],
    [
      'DROP INDEX CONCURRENTLY IF EXISTS',
      'DROP INDEX CONCURRENTLY IF EXISTS public.old',
      "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'old'::regclass",
    ],
    ['REINDEX INDEX CONCURRENTLY', 'REINDEX INDEX CONCURRENTLY old'],
    ['REINDEX TABLE CONCURRENTLY', 'REINDEX TABLE CONCURRENTLY t'],
    ['REINDEX SCHEMA', 'REINDEX SCHEMA public'],
    ['REINDEX DATABASE', 'REINDEX DATABASE "{db}"'],
    ['REINDEX SYSTEM', 'REINDEX SYSTEM "{db}"'],
    ['VACUUM', 'VACUUM t'],
    ['VACUUM FULL', 'VACUUM (FULL, ANALYZE) t'],
    ['CLUSTER', 'CLUSTER'],
    [
      'CREATE DATABASE',
      'CREATE DATABASE "{db}_n" TEMPLATE template0 ENCODING \'UTF8\'',
      "CREATE DATABASE \"{db}_n\" TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'",
      [],
      ['DROP DATABASE IF EXISTS "{db}_n"'],
    ],
    [
      'DROP DATABASE',
      'DROP DATABASE "{db}_n"',
      ['DROP DATABASE "{db}_n"', 'CREATE DATABASE "{db}_n"'],
      ['CREATE DATABASE "{db}_n"'],
      ['DROP DATABASE IF EXISTS "{db}_n"'],
    ],
    ['ALTER SYSTEM', "ALTER SYSTEM SET log_min_messages = 'warning'", [], [], ['ALTER SYSTEM RESET log_min_messages']],
    ['DETACH PARTITION CONCURRENTLY', 'ALTER TABLE parts DETACH PARTITION part CONCURRENTLY', 'DROP TABLE part'],
    [
      'CREATE SUBSCRIPTION',
      "CREATE SUBSCRIPTION {db}_s CONNECTION 'host=127.0.0.1' PUBLICATION p WITH (connect = false, slot_name = NONE)",
      "CREATE SUBSCRIPTION {db}_s CONNECTION 'host=127.0.0.1' PUBLICATION q WITH (connect = false, slot_name = NONE)",
      [],
      ['DROP SUBSCRIPTION IF EXISTS {db}_s'],
    ],
    [
      'DROP SUBSCRIPTION',
      'DROP SUBSCRIPTION {db}_s',
      [
        'DROP SUBSCRIPTION {db}_s',
        "CREATE SUBSCRIPTION {db}_s CONNECTION 'host=127.0.0.1' PUBLICATION q WITH (connect = false, slot_name = NONE)",
      ],
      ["CREATE SUBSCRIPTION {db}_s CONNECTION 'host=127.0.0.1' PUBLICATION p WITH (connect = false, slot_name = NONE)"],
      ['DROP SUBSCRIPTION IF EXISTS {db}_s'],
    ],
    ['DISCARD ALL', 'DISCARD ALL'],
    ['ALTER TYPE ADD VALUE', "ALTER TYPE colour ADD VALUE 'blue'", "ALTER TYPE colour ADD VALUE 'black'"],
    [
      'ALTER TYPE ADD VALUE BEFORE',
      "ALTER TYPE colour ADD VALUE 'blue' BEFORE 'green'",
      "ALTER TYPE colour ADD VALUE 'blue'",
    ],
  ],
);

const sqlite = forms(
  'sqlite',
  [
    "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT DEFAULT 'x')",
    "INSERT INTO t VALUES (1, 'one'), (2, 'two')",
    'CREATE INDEX old ON t (b)',
    'CREATE VIEW v AS SELECT a FROM t',
    'CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END',
    'CREATE TABLE other (a)',
  ],
  [
    ['VACUUM', 'VACUUM'],
    ['REINDEX', 'REINDEX t'],
    ['ANALYZE', 'ANALYZE'],
    ['PRAGMA journal_mode', 'PRAGMA journal_mode = WAL'],
    ['PRAGMA auto_vacuum', 'PRAGMA auto_vacuum = 1'],
    ['PRAGMA user_version', 'PRAGMA user_version = 9', 'PRAGMA user_version = 8'],
    ['PRAGMA application_id', 'PRAGMA main.application_id(7)', 'PRAGMA application_id = 8'],
    ['PRAGMA foreign_keys', 'PRAGMA foreign_keys = OFF'],
    ['PRAGMA synchronous', 'PRAGMA synchronous = FULL'],
    ['PRAGMA incremental_vacuum', 'PRAGMA incremental_vacuum'],
    [
      'CREATE TABLE',
      "CREATE TABLE n (a INTEGER PRIMARY KEY, b TEXT DEFAULT ';' /* so */) STRICT",
      'CREATE TABLE n (a)',
    ],
    ['CREATE TABLE IF NOT EXISTS', 'CREATE TABLE IF NOT EXISTS main."n" (a)', 'CREATE TABLE n (b)'],
    [
      'ALTER TABLE ADD COLUMN',
      "ALTER TABLE t ADD COLUMN n TEXT NOT NULL DEFAULT 'x'",
      'ALTER TABLE t ADD COLUMN n INTEGER',
    ],
    [
      'ALTER TABLE DROP COLUMN',
      'ALTER TABLE t2 DROP COLUMN b',
      'ALTER TABLE t2 ADD COLUMN z',
      ['CREATE TABLE t2 (a, b)'],
    ],
    ['ALTER TABLE RENAME COLUMN', 'ALTER TABLE t RENAME COLUMN b TO n', 'ALTER TABLE t ADD COLUMN z'],
    ['ALTER TABLE RENAME TO', 'ALTER TABLE other RENAME TO n', 'ALTER TABLE other ADD COLUMN z'],
    ['DROP TABLE', 'DROP TABLE other', 'ALTER TABLE other ADD COLUMN z'],
    ['CREATE INDEX', 'CREATE UNIQUE INDEX n ON t (b, a) WHERE a > 1', 'CREATE INDEX n ON t (b)'],
    ['DROP INDEX', 'DROP INDEX old', ['DROP INDEX old', 'CREATE INDEX old ON t (a)']],
    ['CREATE VIEW', 'CREATE VIEW n AS SELECT b FROM t', 'CREATE VIEW n AS SELECT a FROM t'],
    ['DROP VIEW', 'DROP VIEW v', ['DROP VIEW v', 'CREATE VIEW v AS SELECT 1']],
    [
      'CREATE TRIGGER',
      "CREATE TRIGGER n AFTER UPDATE ON t BEGIN SELECT 1; SELECT 'two'; END",
      'CREATE TRIGGER n AFTER UPDATE ON t BEGIN SELECT 1; END',
    ],
    [
      'DROP TRIGGER',
      'DROP TRIGGER IF EXISTS tr',
      ['DROP TRIGGER tr', 'CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 2; END'],
    ],
  ],
);

export const statementMix: readonly MixForm[] = [...mariadb, ...postgres, ...sqlite];

/** With the name of its database in place of `{db}`. */
export const inDatabase = (sql: string, database: string): string => sql.replaceAll('{db}', database);
