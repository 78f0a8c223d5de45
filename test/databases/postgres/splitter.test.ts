import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { createPostgresSplitter } from '../../../electron/databases/postgres/splitter.ts';
import { splitText } from '../../../electron/databases/splitting/splitter.ts';
import { postgres15 } from '../../servers/index.ts';
import { placesIn, refusal, statementsIn } from '../splitting/examine.ts';
import { blanks } from '../splitting/fragments.ts';
import { loadParser, parsedStatements } from './parser.ts';

const split = (text: string) => statementsIn(createPostgresSplitter, text);
const problem = (text: string) => refusal(createPostgresSplitter, text);

beforeAll(loadParser);

describe('statements end where PostgreSQL says they end', () => {
  const blank = fc.constantFrom(...blanks);
  const nested = fc.constantFrom('/* a /* b; */ c; */', '/*/**/*/', '/***/', '/* -- */', '/*;/*/*;*/*/;*/');
  const gap = fc
    .array(fc.oneof({ weight: 4, arbitrary: blank }, nested), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join(''));
  const inside = fc
    .array(
      fc.constantFrom(
        ';',
        "''",
        ' ',
        'x',
        '"',
        '--',
        '/*',
        '*/',
        '$',
        '$a$',
        'é',
        '😀',
        '\n',
        '\r\n',
        'END',
        'BEGIN ATOMIC',
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join(''));
  const escaped = fc
    .array(fc.constantFrom(';', "''", "\\'", '\\\\', '\\n', '"', '--', '/*', '$$', 'é', '\\\n'), { maxLength: 6 })
    .map((parts) => parts.join(''));
  const dollarQuoted = fc
    .tuple(fc.constantFrom('$$', '$a$', '$_1$', '$été$', '$Body$'), inside, fc.constantFrom('', '$b$', '$', "'", '\\'))
    .map(([tag, content, last]) => `${tag}${content.replaceAll('$', '')}${last} ${tag}`);
  const literals = fc.oneof(
    inside.map((content) => `'${content}'`),
    inside.map((content) => `n'${content}'`),
    inside.map((content) => `U&'${content}'`),
    escaped.map((content) => `E'${content}'`),
    escaped.map((content) => `e'${content}'\n  '${content}'`),
    inside.map((content) => `'${content}'\n'${content}\\'`),
    dollarQuoted,
    fc.constantFrom("b'01'", "x'1f'", "'\\'", "''", "E'\\\\'", '1', '1.5e3', '$1'),
  );
  const names = fc.oneof(
    inside.map((content) => `"x${content.replaceAll('"', '""')}"`),
    fc.constantFrom(
      'a$b',
      'a$$b',
      'été',
      '_x',
      'e',
      'begin',
      '"END"',
      'atomic',
      'U&"d\\0061"',
      '"a""b"',
      'x$1$',
      'stdin',
    ),
  );
  const expressions: fc.Arbitrary<string> = fc.oneof(
    { weight: 3, arbitrary: literals },
    { weight: 2, arbitrary: names },
    fc.tuple(literals, gap, literals).map(([a, space, b]) => `CASE${space}WHEN true THEN ${a}${space}ELSE ${b} END`),
    fc.tuple(names, literals).map(([a, b]) => `(SELECT ${b} AS end FROM ${a})`),
    literals.map((a) => `ARRAY[${a}]`),
    literals.map((a) => `1 @-- c;\n ${a}`),
    literals.map((a) => `2*/* ; */${a}`),
  );
  const queries = fc
    .tuple(gap, expressions, gap, names)
    .map(([a, value, b, name]) => `SELECT${a}${value}${b}AS${b}${name}`);
  const inserts = fc
    .tuple(gap, names, fc.array(expressions, { minLength: 1, maxLength: 4 }))
    .map(([space, name, values]) => `INSERT INTO${space}${name}${space}VALUES (${values.join(',')})`);
  const bodyStatements = fc.oneof(
    queries,
    inserts,
    expressions.map((value) => `RETURN (${value})`),
  );
  const blocks = fc
    .tuple(gap, fc.array(bodyStatements, { maxLength: 3 }))
    .map(([space, body]) => `BEGIN${space}ATOMIC${space}${body.map((one) => `${one};${space}`).join('')}END`);
  const heads = fc.constantFrom(
    'CREATE FUNCTION f(begin int) RETURNS int',
    'CREATE OR REPLACE FUNCTION begin(x int DEFAULT (1)) RETURNS TABLE (atomic int) LANGUAGE sql',
    'create procedure "atomic"()',
    'CREATE FUNCTION f() RETURNS int SET x TO begin',
  );
  const statements = fc.oneof(
    { weight: 3, arbitrary: queries },
    { weight: 2, arbitrary: inserts },
    { weight: 2, arbitrary: fc.tuple(heads, gap, blocks).map((parts) => parts.join('')) },
    fc.tuple(heads, gap, dollarQuoted).map(([head, space, body]) => `${head}${space}LANGUAGE plpgsql AS ${body}`),
    dollarQuoted.map((body) => `DO ${body}`),
    fc
      .tuple(gap, fc.array(inserts, { minLength: 1, maxLength: 3 }))
      .map(([space, body]) => `CREATE RULE r AS ON INSERT${space}TO t DO ALSO (${body.join(`;${space}`)};)`),
    queries.map((query) => `CREATE OR REPLACE RULE r AS ON UPDATE TO t WHERE (1 < 2) DO INSTEAD ${query}`),
    queries.map((query) => `CREATE VIEW v AS ${query}`),
    queries.map((query) => `COPY (${query} FROM stdin) TO stdout`),
    names.map((name) => `COPY ${name} FROM '/tmp/x' WHERE (a IS DISTINCT FROM stdin)`),
    fc.constantFrom(
      'BEGIN',
      'COMMIT',
      'END',
      'CREATE TABLE "create function" (begin int, atomic int)',
      'CREATE FUNCTION f() RETURNS int RETURN 1',
    ),
  );
  const separators = fc.tuple(gap, gap).map(([a, b]) => `${a};${b}`);
  const scripts = fc
    .tuple(gap, fc.array(fc.tuple(statements, separators), { minLength: 1, maxLength: 6 }), statements, gap)
    .map(([before, parts, last, after]) => `${before}${parts.flat().join('')}${last}${after}`);

  test('in scripts made of everything that is hard', () => {
    let judged = 0;
    fc.assert(
      fc.property(scripts, (script) => {
        const expected = parsed(script);
        if (expected === undefined) return;
        judged++;
        expect(split(script)).toEqual(expected);
      }),
      { numRuns: 3_000 },
    );
    // The generators make valid scripts nearly always: otherwise nothing would be judged.
    expect(judged).toBeGreaterThan(2_900);
  });

  function parsed(script: string): string[] | undefined {
    try {
      return parsedStatements(script);
    } catch {
      return undefined;
    }
  }
});

test('a string with escapes goes on after a comment, as in the server', async () => {
  const script = "SELECT E'a' -- it's; \\' no part of it\n  -- nor this;\n 'b\\';' AS text;";
  await using database = await (await postgres15()).createDatabase();
  expect(await database.query(script)).toEqual([{ text: "ab';" }]);
  expect(split(`${script} SELECT 2`)).toEqual([script.slice(0, -1), 'SELECT 2']);
});

test('a string with escapes costs no more time for the comments after it', () => {
  // Each dash could begin a comment or be in one: an expression that tries all ways would not end.
  expect(split(`SELECT E'a' ${'-- b '.repeat(60)}\n, 2;`)).toHaveLength(1);
});

describe('a statement', () => {
  test('is sent without its terminator, and without comments and white space around it', () => {
    expect(split(' -- before;\n select 1 /* in; */ + 1 -- after;\n ; \n;; /* none; */ ;select 2\n-- end')).toEqual([
      'select 1 /* in; */ + 1',
      'select 2',
    ]);
  });

  test('keeps the hint before it, if there is a statement', () => {
    expect(split('-- c\n/*+ SeqScan(t); */ -- d\n select 1; /*+ alone; */ ;')).toEqual([
      '/*+ SeqScan(t); */ -- d\n select 1',
    ]);
  });

  test('has the place of its first character', () => {
    const script = '\ufeffselect 1;\r\n  select\r\n2;\rselect 3; /* é😀\n */ select 4';
    expect(placesIn(createPostgresSplitter, script)).toEqual(['1:1', '2:3', '4:1', '5:5']);
    expect(
      placesIn(createPostgresSplitter, 'select 1; select 2;\nselect 3', { firstLine: 10, firstColumn: 4 }),
    ).toEqual(['10:4', '10:14', '11:1']);
  });

  test('may be absent', () => {
    expect(split('')).toEqual([]);
    expect(split('\ufeff')).toEqual([]);
    expect(split(' \r\n-- only a comment')).toEqual([]);
  });

  test('is one of CREATE FUNCTION only up to the end of its body', () => {
    const body = 'create function f() returns int begin atomic select case when true then 1 end; select 2 as end; end';
    expect(split(`${body}; select 3; end; begin; commit`)).toEqual([body, 'select 3', 'end', 'begin', 'commit']);
  });
});

describe('data of COPY', () => {
  const pieces = (text: string) =>
    splitText(createPostgresSplitter, text).map((piece) =>
      piece.kind === 'copyData' ? { data: piece.text } : piece.statement.text,
    );

  test.each([
    'COPY t FROM stdin',
    'copy "a;b"."from" ( a, "to" ) from STDIN',
    'Copy public.t From Stdin With (Format csv, Header)',
    "COPY t FROM STDIN CSV QUOTE ''''",
    'COPY BINARY t FROM stdin',
    'COPY stdin FROM stdin WHERE a > 1',
    'COPY t /* ; */ FROM -- ;\n stdin',
    'COPY t FROM STDOUT',
  ])('follows %s', (copy) => {
    expect(pieces(`${copy};\n1\t'\n2;\t\\\\.\n\\.\nselect 1`)).toEqual([
      copy,
      { data: "1\t'\n2;\t\\\\.\n" },
      'select 1',
    ]);
  });

  test.each([
    "COPY t FROM '/x'",
    "COPY t FROM PROGRAM 'cat'",
    'COPY t TO stdout',
    'COPY (SELECT a FROM stdin) TO stdout',
    'COPY stdin TO STDOUT',
  ])('does not follow %s', (copy) => expect(pieces(`${copy};\nselect 1`)).toEqual([copy, 'select 1']));

  test('keeps its own line breaks and may be empty', () => {
    expect(pieces('COPY t FROM stdin; -- data\r\na\r\n\\.\r\nCOPY t FROM stdin;\n\\.\n')).toEqual([
      'COPY t FROM stdin',
      { data: 'a\r\n' },
      'COPY t FROM stdin',
    ]);
    expect(pieces('COPY t FROM stdin;\ra\r\\.\rselect 1')).toEqual(['COPY t FROM stdin', { data: 'a\r' }, 'select 1']);
  });

  test('ends at \\. alone on its line only, the last line included', () => {
    expect(pieces('COPY t FROM stdin;\n\\.x\n \\.\na\\.\n\\.')).toEqual([
      'COPY t FROM stdin',
      { data: '\\.x\n \\.\na\\.\n' },
    ]);
  });

  test('comes in pieces of whole lines, the same however it is read', () => {
    const line = `${'x'.repeat(99)}\n`;
    const script = `COPY t FROM stdin;\n${line.repeat(20_000)}\\.\nselect 1;`;
    const whole = splitText(createPostgresSplitter, script);
    const splitter = createPostgresSplitter();
    const chunks = (script.match(/.{1,10007}/gs) ?? []).flatMap((chunk) => splitter.push(chunk));
    expect([...chunks, ...splitter.finish()]).toEqual(whole);
    const data = whole.flatMap((piece) => (piece.kind === 'copyData' ? [piece.text] : []));
    expect(data.join('')).toBe(line.repeat(20_000));
    expect(data.every((text) => text.endsWith('\n'))).toBe(true);
    expect(data.slice(0, -1).every((text) => text.length >= 65_536 && text.length < 1_048_576)).toBe(true);
  });

  test('is where the next statement is counted from', () => {
    expect(placesIn(createPostgresSplitter, 'COPY t FROM stdin;\n1\n2\n\\.\n\n  select 1;')).toEqual(['1:1', '6:3']);
  });

  test('must not share the line of COPY', () => {
    expect(problem('COPY t FROM stdin; select 1;\n\\.\n')).toMatchObject({
      code: 'script.copyData',
      line: 1,
      column: 19,
    });
  });
});

describe('a client command is refused with its name, place and remedy', () => {
  test.each([
    ['\\c other', '\\c', 1, 1, /environment/],
    ['select 1;\n  \\connect other', '\\connect', 2, 3, /environment/],
    ['\\i other.sql', '\\i', 1, 1, /statements/],
    ['select 1 \\gexec', '\\gexec', 1, 10, /End the statement with ;/],
    ['select 1\\g', '\\g', 1, 9, /End the statement with ;/],
    ['select 1;\n\\.\n', '\\.', 2, 1, /COPY/],
    ['\\restrict k3y', '\\restrict', 1, 1, /Delete this line/],
    ['\\unrestrict k3y', '\\unrestrict', 1, 1, /Delete this line/],
    ['\\set x 1', '\\set', 1, 1, /placeholders/],
    ['\\copy t from x', '\\copy', 1, 1, /COPY/],
    ['\\! rm x', '\\!', 1, 1, /outside/],
    ['\\timing', '\\timing', 1, 1, /psql only/],
    ['\\', '\\', 1, 1, /psql only/],
  ])('%s', (script, command, line, column, remedy) => {
    const found = refusal(createPostgresSplitter, script, { path: 'V2__x.sql' });
    expect(found).toMatchObject({ code: 'script.clientCommand', path: 'V2__x.sql', line, column });
    expect(found.message.startsWith(`${command} is a command of psql`)).toBe(true);
    expect(found.hint).toMatch(remedy);
  });

  test('but a backslash in quotes, comments and data is none', () => {
    expect(split("select '\\c', \"\\i\", $$\\g$$, E'\\\\' /* \\q */ -- \\x\n")).toHaveLength(1);
  });
});

describe('what is never closed is refused, naming what and where', () => {
  test.each([
    ["select 1;\n select 'a; select 2;", /quoted string/, 2, 9],
    ["select E'a\\'", /quoted string/, 1, 9],
    ['select "a', /quoted identifier/, 1, 8],
    ['do $b$ begin end $c$;', /dollar quote \$b\$/, 1, 4],
    ['select 1 /* a /* b */', /comment/, 1, 10],
    ['\n/* a', /comment/, 2, 1],
    ['create function f() returns int\nbegin atomic select 1;', /BEGIN ATOMIC/, 2, 1],
    ['create rule r as on insert to t do (select 1; select 2', /parenthesis/, 1, 36],
    ['select 1;\nCOPY t FROM stdin;\n1\n', /COPY/, 2, 1],
    ['COPY t FROM stdin', /COPY/, 1, 1],
  ])('%s', (script, what, line, column) => {
    const found = problem(script);
    expect(found).toMatchObject({ code: 'script.unterminated', line, column });
    expect(found.message).toMatch(what);
  });
});
