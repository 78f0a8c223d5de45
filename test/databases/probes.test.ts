// What holds of the evidence on every engine, whatever the statement.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { probe as mysqlProbe } from '../../electron/databases/mysql/probe.ts';
import { probe as postgresProbe } from '../../electron/databases/postgres/probe.ts';
import { probe as sqliteProbe } from '../../electron/databases/sqlite/probe.ts';
import { inDatabase, type MixEngine, statementMix } from '../crash/statementMix.ts';
import { mariadb, postgres15 } from '../servers/index.ts';

const probes = { mariadb: mysqlProbe, postgres: postgresProbe, sqlite: sqliteProbe };
const engines: readonly MixEngine[] = ['mariadb', 'postgres', 'sqlite'];
const ofEngine = (engine: MixEngine) => statementMix.filter((form) => form.engine === engine);

describe.each(engines)('%s', (engine) => {
  const probe = probes[engine];

  test('every form is judged without asking', () => {
    const asked = ofEngine(engine).filter(({ statement }) => {
      const judged = probe(inDatabase(statement, 'clinic'));
      return judged === null || !(judged.repeatable || judged.effect !== null);
    });
    expect(asked.map(({ name }) => name)).toEqual([]);
  });

  test('nothing that a statement may be makes it throw', () => {
    const pieces = ofEngine(engine).flatMap(({ statement }) => statement.match(/\w+|\s+|[^\w\s]/g) ?? []);
    const odd = [
      '\0',
      "'",
      '"',
      '`',
      '/*',
      '*/',
      '--',
      '\\',
      '$$',
      '[',
      '(',
      ')',
      ',',
      ';',
      '.',
      '\ud800',
      'é',
      '/*!99999',
      '/*M!',
    ];
    const soup = fc.array(fc.constantFrom(...pieces, ...odd), { maxLength: 30 }).map((parts) => parts.join(''));
    const cutForm = fc
      .tuple(fc.constantFrom(...ofEngine(engine)), fc.nat(), fc.constantFrom(...odd, ...pieces, ''))
      .map(([{ statement }, at, piece]) => {
        const place = at % (statement.length + 1);
        return statement.slice(0, place) + piece + statement.slice(place + (at % 3));
      });
    fc.assert(
      fc.property(fc.oneof(soup, cutForm, fc.string()), (statement) => {
        const judged = probe(statement);
        expect(judged?.state ?? '').not.toContain('\0');
        expect(judged?.effect ?? '').not.toContain('\0');
      }),
      { numRuns: 3_000 },
    );
  });
});

/** Characters that mean something to one server or another. */
const nastyName = fc
  .array(fc.constantFrom(...'ab\'"`\\%_$é \n.,;-#/*()é'.split('')), { minLength: 1, maxLength: 12 })
  .map((characters) => characters.join('').trimEnd())
  .filter((name) => name.trim() !== '' && !name.startsWith(' '));

test('any name makes SQL that MariaDB understands, and finds what has it', async () => {
  const server = await mariadb();
  await using database = await server.createDatabase();
  await fc.assert(
    fc.asyncProperty(nastyName, nastyName, async (table, column) => {
      const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;
      const create = `CREATE TABLE ${quoted(table)} (${quoted(column)} INT NOT NULL DEFAULT 3)`;
      const judged = mysqlProbe(create);
      const read = async () => (await database.query(`SELECT ${judged?.state} AS s, ${judged?.effect} AS e`))[0];
      expect(await read()).toEqual({ s: 'absent', e: 0 });
      await database.query(create);
      expect(await read()).toEqual({ s: expect.stringMatching(/^made \d{14}$/), e: 1 });
      await database.query(`DROP TABLE ${quoted(table)}`);
    }),
    { numRuns: 60 },
  );
});

test('any name makes SQL that PostgreSQL understands, and finds what has it', async () => {
  await using database = await (await postgres15()).createDatabase();
  await fc.assert(
    fc.asyncProperty(nastyName, nastyName, async (table, index) => {
      fc.pre(table !== index);
      const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
      await database.query(`CREATE TABLE ${quoted(table)} (a integer)`);
      const create = `CREATE INDEX CONCURRENTLY ${quoted(index)} ON ${quoted(table)} (a)`;
      const judged = postgresProbe(create);
      const read = async () => (await database.query(`SELECT ${judged?.state} AS s, ${judged?.effect} AS e`))[0];
      expect(await read()).toEqual({ s: 'absent', e: 0 });
      await database.query(create);
      expect(await read()).toEqual({ s: 'valid', e: 1 });
      await database.query(`DROP TABLE ${quoted(table)}`);
    }),
    { numRuns: 60 },
  );
});

test('an account with rights on its own database alone can be asked about every form', async () => {
  const server = await mariadb();
  await using database = await server.createDatabase();
  const clerk = await server.createUser();
  await database.query(`GRANT ALL ON ${database.name}.* TO '${clerk.user}'@'%'`);
  await database.query('CREATE TABLE kept (state VARCHAR(255))');
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection(server.url(database.name, clerk));
  try {
    for (const { statement } of ofEngine('mariadb')) {
      const state = mysqlProbe(inDatabase(statement, database.name))?.state ?? 'NULL';
      await connection.query(`INSERT INTO kept SELECT ${state}`);
      await connection.query(`UPDATE kept SET state = ${state}`);
    }
    // It is not shown other accounts, nor which file a table has: no evidence, where a wrong one would be worse.
    for (const statement of ['DROP USER somebody', 'TRUNCATE TABLE kept', 'DROP ROLE anybody']) {
      await connection.query(`UPDATE kept SET state = ${mysqlProbe(statement)?.state}`);
      const [rows] = await connection.query('SELECT DISTINCT state FROM kept');
      expect(rows).toEqual([{ state: null }]);
    }
  } finally {
    await connection.end();
  }
});
