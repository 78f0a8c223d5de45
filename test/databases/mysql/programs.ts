// Generates stored programs in which keywords are also names, functions and parts of expressions.
import fc from 'fast-check';

export const gaps = fc.constantFrom(' ', '\n', '\t', ' -- it\'s; "\n', ' # ;`\n', " /* ; end ' */ ", '\r\n');
const blank = fc.oneof(gaps, fc.constant(' /*!50000 */ '));

const literals = fc.constantFrom(
  "'a;b'",
  "'it\\'s; end'",
  '"x"";"',
  "'\\\\'",
  "''",
  '1',
  '-1',
  '1--1',
  '@end',
  '@`a;b`',
  'NULL',
  "'END IF;'",
);

const columns = fc.constantFrom('end', 'x.end', '`if`', 'a', 'begin', 'x.case', 'x.begin', '`a``;b`');

const expressions: fc.Arbitrary<string> = fc.letrec<{ any: string; leaf: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('leaf'),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `IF(${a},${b},${a})`),
    tie('any').map((a) => `REPEAT(${a}, 2)`),
    tie('any').map((a) => `REPLACE(${a}, 'a', 'b')`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([a, b, c]) => `CASE WHEN ${a} THEN ${b} ELSE ${c} END`),
    fc
      .tuple(tie('any'), tie('any'), blank)
      .map(([a, b, space]) => `CASE ${a}${space}WHEN 1 THEN${space}${b}${space}END`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `(${a} + ${b})`),
    columns.map((a) => `(SELECT ${a} FROM x WHERE end = 1 ORDER BY end LIMIT 1)`),
    columns.map((a) => `(SELECT count(*) end FROM x WHERE ${a} > 1)`),
    columns.map((a) => `CASE WHEN (SELECT max(${a}) FROM x end) THEN (SELECT end FROM x) ELSE 1 END`),
  ),
  leaf: literals,
})).any;

const simple = fc.oneof(
  expressions.map((a) => `SET @a = ${a}`),
  expressions.map((a) => `SELECT ${a} INTO @b`),
  fc.tuple(columns, expressions).map(([column, a]) => `UPDATE x SET end = ${a} WHERE ${column} > 0`),
  expressions.map((a) => `INSERT INTO x (begin, end) VALUES (${a}, 2) ON DUPLICATE KEY UPDATE end = 3`),
  fc.constantFrom(
    'CREATE TABLE IF NOT EXISTS y (end INT, begin INT)',
    'DROP TABLE IF EXISTS y',
    'BEGIN END',
    'DELETE FROM x',
    "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a; end'",
    'REPLACE INTO x (end) VALUES (1)',
    'DO SLEEP(0)',
    'CALL nowhere(1)',
    "XA END 'x'",
    'SELECT a FROM x FOR UPDATE',
    'SELECT a AS end FROM x',
    'SELECT a end FROM x',
    'TRUNCATE TABLE x',
  ),
);

/** Labels must differ from those around them. */
const labels = fc.nat();

/** Statements of a body, each without its `;`. */
const statement: fc.Arbitrary<string> = fc.letrec<{ any: string; list: string; simple: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('simple'),
    fc.tuple(expressions, tie('list')).map(([a, list]) => `IF ${a} THEN ${list} END IF`),
    fc
      .tuple(expressions, tie('list'), blank)
      .map(
        ([a, list, space]) => `IF(${a}) THEN${space}${list}${space}ELSEIF ${a} THEN ${list} ELSE ${list} END${space}IF`,
      ),
    fc.tuple(expressions, tie('list')).map(([a, list]) => `IF ${a} THEN ${list} ELSE IF 1 THEN ${list} END IF; END IF`),
    fc.tuple(expressions, tie('list')).map(([a, list]) => `CASE WHEN ${a} THEN ${list} ELSE ${list} END CASE`),
    fc
      .tuple(expressions, tie('list'))
      .map(([a, list]) => `CASE ${a} WHEN 1 THEN ${list} WHEN ${a} THEN ${list} END CASE`),
    fc.tuple(expressions, tie('list')).map(([a, list]) => `WHILE ${a} DO ${list} END WHILE`),
    fc.tuple(expressions, tie('list')).map(([a, list]) => `REPEAT ${list} UNTIL ${a} END REPEAT`),
    fc.tuple(tie('list'), labels).map(([list, n]) => `\`l;${n}\`: LOOP ${list} LEAVE \`l;${n}\`; END LOOP \`l;${n}\``),
    fc.tuple(tie('list'), labels).map(([list, n]) => `end_${n}: BEGIN ${list} END end_${n}`),
    fc
      .tuple(tie('any'), tie('list'))
      .map(([one, list]) => `BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION, NOT FOUND ${one}; ${list} END`),
    fc
      .tuple(tie('any'), tie('list'))
      .map(
        ([one, list]) =>
          `BEGIN DECLARE i INT DEFAULT IF(1, 2, 3); DECLARE c CURSOR FOR SELECT end FROM x; DECLARE CONTINUE HANDLER FOR SQLSTATE VALUE '23000', 1062 ${one}; ${list} END`,
      ),
    tie('list').map((list) => `FOR i IN 1..3 DO ${list} END FOR`),
    tie('list').map((list) => `FOR r IN (SELECT end FROM x) DO ${list} END FOR`),
  ),
  list: fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((list) => list.map((one) => `${one};`).join(' ')),
  simple,
})).any;

const heads = fc.constantFrom(
  'CREATE OR REPLACE PROCEDURE p()',
  "CREATE OR REPLACE DEFINER=root@localhost PROCEDURE p(IN begin INT, a ENUM('x;', 'y')) SQL SECURITY INVOKER COMMENT 'a; b'",
  'CREATE OR REPLACE PROCEDURE `if`() DETERMINISTIC READS SQL DATA',
  'create or replace definer = `root`@`localhost` procedure `begin;`(x DECIMAL(10,2)) LANGUAGE SQL NOT DETERMINISTIC',
);
const functions = fc.constantFrom(
  'CREATE OR REPLACE FUNCTION f() RETURNS INT',
  "CREATE OR REPLACE FUNCTION f(a INT) RETURNS SET('a;', 'b') DETERMINISTIC",
  'CREATE OR REPLACE FUNCTION f() RETURNS VARCHAR(10) CHARACTER SET utf8mb4',
);

const triggers = fc.constantFrom(
  'CREATE OR REPLACE TRIGGER t BEFORE INSERT ON x FOR EACH ROW',
  'create or replace trigger `t;` before update on x for each row follows first',
);

/** Whole statements that a server accepts, each without its `;`, whose tables and routines need not exist. */
export const programs: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(heads, blank, statement).map((parts) => parts.join('')) },
  expressions.map((a) => `CREATE OR REPLACE FUNCTION f() RETURNS INT RETURN ${a}`),
  fc
    .tuple(functions, blank, expressions)
    .map(([head, space, a]) => `${head}${space}BEGIN IF ${a} THEN RETURN ${a}; END IF; RETURN 1; END`),
  statement.map(
    (body) =>
      `CREATE OR REPLACE EVENT e ON SCHEDULE EVERY 1 DAY STARTS NOW() + INTERVAL IF(1, 1, 2) DAY DISABLE COMMENT 'do;' DO ${body}`,
  ),
  fc
    .tuple(triggers, blank, expressions)
    .map(([head, space, a]) => `${head}${space}IF ${a} THEN SET NEW.end = ${a}; END IF`),
  fc
    .tuple(triggers, blank, expressions)
    .map(
      ([head, space, a]) =>
        `${head} t_end:${space}BEGIN CASE ${a} WHEN 1 THEN SET NEW.end = ${a}; END CASE; END${space}t_end`,
    ),
  fc.tuple(blank, statement).map(([space, body]) => `BEGIN NOT ATOMIC${space}IF FALSE THEN ${body}; END IF; END`),
  statement.map((body) => `IF 1 = 2 THEN ${body}; END IF`),
  statement.map((body) => `WHILE FALSE DO ${body}; END WHILE`),
  fc.constantFrom(
    'DO 1',
    "SET @a = 'x;'",
    'DROP TABLE IF EXISTS nowhere',
    '/*!50000 SET @b = 1 */',
    'BEGIN',
    'COMMIT',
    "ALTER EVENT e COMMENT ';'",
  ),
);
