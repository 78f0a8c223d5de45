import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSqliteSplitter } from '../../../electron/databases/sqlite/splitter.ts';
import { placesIn, refusal, statementsIn } from '../splitting/examine.ts';
import { blanks } from '../splitting/fragments.ts';

const split = (text: string) => statementsIn(createSqliteSplitter, text);

describe('statements end where SQLite says they end', () => {
  const gap = fc.array(fc.constantFrom(...blanks), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
  const inside = fc
    .array(fc.constantFrom(';', ' ', 'x', '--', '/*', '*/', '$', 'é', '😀', '\n', 'END', '\\', '#'), { maxLength: 5 })
    .map((parts) => parts.join(''));
  const values = fc.oneof(
    inside.map((content) => `'${content}'''`),
    fc.constantFrom(
      "''",
      "'\\'",
      "x'1f'",
      '1',
      '-1.5e3',
      'NULL',
      '1-1',
      '4 / 2',
      '"begin"',
      '[end]',
      '`a``;b`',
      '"c""--d"',
      'begin',
    ),
  );
  const expressions = fc.oneof(
    values,
    fc.tuple(values, gap, values).map(([a, space, b]) => `CASE${space}WHEN 1 THEN ${a} ELSE${space}${b} END`),
    values.map((a) => `(SELECT ${a} AS end FROM t LIMIT 1)`),
  );
  const queries = fc.tuple(gap, expressions).map(([space, value]) => `SELECT${space}${value}${space}FROM t AS end`);
  const changes = fc.oneof(
    expressions.map((value) => `UPDATE t SET begin = ${value} WHERE "c""--d" > 1`),
    expressions.map((value) => `INSERT INTO t (begin, [end]) SELECT ${value}, 2 FROM t`),
    fc.constant('DELETE FROM t WHERE 0'),
    queries,
  );
  const triggers = fc
    .tuple(
      fc.constantFrom(
        'CREATE TRIGGER begin',
        'create temp trigger if not exists "tr;"',
        'CREATE TEMPORARY TRIGGER [end;]',
      ),
      gap,
      values,
      fc.array(changes, { minLength: 1, maxLength: 3 }),
    )
    .map(
      ([head, space, value, body]) =>
        `${head}${space}AFTER UPDATE OF begin ON t FOR EACH ROW WHEN CASE WHEN 1 THEN ${value} IS NULL END BEGIN${space}${body.join(`;${space}`)};${space}END`,
    );
  const statements = fc.oneof(
    { weight: 3, arbitrary: queries },
    { weight: 2, arbitrary: expressions.map((value) => `INSERT INTO t (begin) SELECT ${value} FROM t WHERE 0`) },
    { weight: 3, arbitrary: triggers },
    triggers.map((trigger) => `EXPLAIN ${trigger}`),
    triggers.map((trigger) => `EXPLAIN QUERY PLAN ${trigger}`),
    fc.constantFrom(
      'CREATE TABLE IF NOT EXISTS "create trigger" (begin, [end;])',
      'PRAGMA user_version = 1',
      'BEGIN',
      'END',
      'SAVEPOINT begin',
    ),
  );
  const scripts = fc
    .tuple(gap, fc.array(fc.tuple(statements, gap, gap), { minLength: 1, maxLength: 6 }))
    .map(([before, parts]) => ({
      script: before + parts.map(([one, a, b]) => `${one}${a};${b}`).join(''),
      count: parts.length,
    }));

  test('in scripts made of everything that is hard', () => {
    let judged = 0;
    fc.assert(
      fc.property(scripts, ({ script, count }) => {
        const pieces = split(script);
        expect(pieces).toHaveLength(count);
        for (const piece of pieces) judged += isOneStatement(piece) ? 1 : 0;
      }),
      { numRuns: 1_500 },
    );
    expect(judged).toBeGreaterThan(4_000);
  });

  const database = new Database(':memory:');
  database.exec('CREATE TABLE t (begin, [end], `a``;b`, "c""--d")');

  /** SQLite's verdict; a statement it parses to its end may still name what is not there. */
  function isOneStatement(piece: string): boolean {
    try {
      database.prepare(piece);
      return true;
    } catch (error) {
      const message = String(error);
      if (/incomplete|syntax error|more than one|no statements|unrecognized/i.test(message))
        throw new Error(`${message}: ${piece}`, { cause: error });
      return false;
    }
  }

  test('in a script that SQLite also runs as a whole', () => {
    const script = `CREATE TABLE a (b, c); CREATE TRIGGER d AFTER INSERT ON a BEGIN
      INSERT INTO e SELECT CASE WHEN new.b > 1 THEN 'x;' ELSE "c" END FROM a; DELETE FROM e WHERE f = 'END;'; END;
      CREATE TABLE e (f); -- it's; a comment
      INSERT INTO a VALUES (2, 'y'), (1, '/* z; */'); CREATE VIEW "v;" AS SELECT 1 AS [end;]; SELECT * FROM e`;
    using whole = open();
    using single = open();
    whole.database.exec(script);
    for (const statement of split(script)) {
      const prepared = single.database.prepare(statement);
      if (prepared.reader) prepared.all();
      else prepared.run();
    }
    expect(split(script)).toHaveLength(6);
    expect(contents(single.database)).toEqual(contents(whole.database));
  });

  const contents = (of: Database.Database) => [
    of.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all(),
    of.prepare('SELECT * FROM a').all(),
    of.prepare('SELECT * FROM e').all(),
  ];

  function open(): Disposable & { readonly database: Database.Database } {
    const opened = new Database(':memory:');
    return { database: opened, [Symbol.dispose]: () => opened.close() };
  }
});

describe('a statement', () => {
  test('has the place of its first character', () => {
    expect(placesIn(createSqliteSplitter, '\ufeffselect 1;\r\n  select\r\n2; /* c\n */ select 3')).toEqual([
      '1:1',
      '2:3',
      '4:5',
    ]);
  });

  test('is not held open by a trigger without a body', () => {
    expect(split('DROP TRIGGER a; CREATE TRIGGER b; SELECT 1; BEGIN; END; SELECT 2')).toHaveLength(6);
  });

  test('may be absent', () => {
    expect(split('-- nothing\n;;/* at all */')).toEqual([]);
  });
});

describe('a command of the shell is refused with its name, place and remedy', () => {
  test.each([
    ['.read other.sql', '.read', 1, 1, /statements/],
    ['SELECT 1;\n  .mode csv\n', '.mode', 2, 3, /sqlite3 shell only/],
    ['-- c\n.import a b', '.import', 2, 1, /statements/],
  ])('%s', (script, command, line, column, remedy) => {
    const problem = refusal(createSqliteSplitter, script, { path: 'V4__x.sql' });
    expect(problem).toMatchObject({ code: 'script.clientCommand', path: 'V4__x.sql', line, column });
    expect(problem.message.startsWith(`${command} is a command of the sqlite3 shell`)).toBe(true);
    expect(problem.hint).toMatch(remedy);
  });

  test('unlike a dot elsewhere', () => {
    expect(split('SELECT main\n.read.a, .5 FROM main.read')).toHaveLength(1);
  });
});

describe('what is never closed is refused, naming what and where', () => {
  test.each([
    ["SELECT 1;\n SELECT 'a; SELECT 2;", /quoted string/, 2, 9],
    ['SELECT [a', /quoted identifier/, 1, 8],
    ['SELECT `a', /quoted identifier/, 1, 8],
    ['SELECT "a', /quoted identifier/, 1, 8],
    ['SELECT 1 /* a', /comment/, 1, 10],
    ['CREATE TRIGGER t AFTER INSERT ON a\nBEGIN SELECT 1;', /CREATE TRIGGER/, 2, 1],
  ])('%s', (script, what, line, column) => {
    const problem = refusal(createSqliteSplitter, script);
    expect(problem).toMatchObject({ code: 'script.unterminated', line, column });
    expect(problem.message).toMatch(what);
  });
});
