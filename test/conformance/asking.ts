import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Engine } from './drivers.ts';
import { control, listen, open, run, scalar, statements } from './sessions.ts';

/** Text that every engine can hold, with what tends to break out of quotes. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        "''",
        '"',
        '`',
        '\\',
        "\\'",
        ';',
        '--',
        '/*',
        '*/',
        '$$',
        '$1',
        '?',
        '%',
        '\n',
        '\r',
        '\t',
        '\u001a',
        '\b',
        'é',
        '😀',
        '\u2028',
        '\ufeff',
        '日本',
        ' ',
        '{',
        'E',
        'x',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join('').replaceAll('\0', ''));

/** Names: what every engine takes in a name; the letter and the number keep it from being empty, reserved or ending in a space. */
const hostileName = fc
  .array(
    fc.constantFrom("'", '"', '""', '`', '``', '\\', ';', '--', '/*', '$', '%', '?', 'é', ' ', 'A', '.', '(', '日'),
    { maxLength: 8 },
  )
  .map((parts) => `n${parts.join('')}1`);

export function asking(engine: Engine): void {
  const { dialect } = engine.driver;

  test('any text comes back as it was written into a literal', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    await fc.assert(
      fc.asyncProperty(hostileText, async (value) => {
        const sql = `SELECT ${dialect.quoteLiteral(value)} AS value`;
        const heard = listen();
        await session.send(statements(sql), heard);
        expect(heard.results[0]?.resultSet?.rows).toEqual([[value]]);
        expect(await scalar(session, sql)).toBe(value);
      }),
      { numRuns: 300 },
    );
  });

  test('each question gets its own answer, also those asked while others are under way', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    const ask = async (chain: number): Promise<unknown[]> => {
      const answers: unknown[] = [];
      for (let step = 0; step < 5; step += 1)
        answers.push((await session.query(`SELECT '${chain}.${step}' AS answer`))[0]?.['answer']);
      return answers;
    };
    const chains = await Promise.all([0, 1, 2, 3].map(ask));
    expect(chains).toEqual([0, 1, 2, 3].map((chain) => [0, 1, 2, 3, 4].map((step) => `${chain}.${step}`)));
  });

  test('any text comes back as it was given as a parameter', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    await run(session, `CREATE TABLE note (id integer, body ${engine.sql.text})`);
    await fc.assert(
      fc.asyncProperty(hostileText, async (value) => {
        await session.query('DELETE FROM note');
        await session.query('INSERT INTO note (id, body) VALUES ($1, $2)', [1, value]);
        expect(await session.query('SELECT body FROM note WHERE body = $1', [value])).toEqual([{ body: value }]);
      }),
      { numRuns: 100 },
    );
  });

  test('any name is a table’s, and its columns are told in order', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    await fc.assert(
      fc.asyncProperty(
        hostileName,
        fc.uniqueArray(hostileName, { minLength: 1, maxLength: 4, selector: (name) => name.toLowerCase() }),
        async (name, columns) => {
          const table = { schema: null, name };
          const definitions = columns.map((column) => `${dialect.quoteIdentifier(column)} integer`).join(', ');
          await run(session, `CREATE TABLE ${dialect.quoteTable(table)} (${definitions})`);
          expect(await session.columns(table)).toEqual(columns);
          await run(session, `DROP TABLE ${dialect.quoteTable(table)}`);
          expect(await session.columns(table)).toBeNull();
        },
      ),
      { numRuns: 40 },
    );
  });

  test('values have the types that rows promise', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    const [row] = await session.query("SELECT 7 AS small, 9007199254740993 AS large, NULL AS absent, 'text' AS text");
    expect(row).toEqual({ small: 7, large: '9007199254740993', absent: null, text: 'text' });
    expect(await session.query('SELECT 1 AS value FROM (SELECT 1 AS one) AS o WHERE one = $1', [2])).toEqual([]);
  });

  test('literals of every kind keep their value', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    expect(await scalar(session, `SELECT ${dialect.quoteLiteral(null)} AS value`)).toBeNull();
    expect(await scalar(session, `SELECT ${dialect.quoteLiteral(-42)} AS value`)).toBe(-42);
    expect(await scalar(session, `SELECT CASE WHEN ${dialect.quoteLiteral(true)} THEN 1 ELSE 0 END AS value`)).toBe(1);
    expect(await scalar(session, `SELECT CASE WHEN ${dialect.quoteLiteral(false)} THEN 1 ELSE 0 END AS value`)).toBe(0);
  });

  test('the time a step took is a whole number of milliseconds, in a transaction and outside', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    const { begin, commit } = engine.driver.control;
    for (const [before, after] of [
      [[], []],
      [begin, [commit]],
    ] as const) {
      const heard = listen();
      await session.send(
        [
          ...control(...before, dialect.startTimer),
          ...statements(`SELECT ${dialect.elapsedMs} AS value, ${dialect.now} AS now`),
          ...control(...after),
        ],
        heard,
      );
      const [elapsed] =
        heard.results.findLast((result) => result.resultSet?.columns.includes('now'))?.resultSet?.rows[0] ?? [];
      expect(elapsed).toMatch(/^\d{1,5}$/);
    }
  });
}
