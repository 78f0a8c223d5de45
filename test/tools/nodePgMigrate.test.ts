// node-pg-migrate's folders: names, order, markers, and the SQL that its programs yield.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { compareMigrationFileNames } from 'node-pg-migrate/utils/comparators';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ProgramPreview } from '../../electron/engine/ports.ts';
import { compareNames } from '../../electron/tools/node-pg-migrate/order.ts';
import { createProgramRunner } from '../../electron/tools/programs/programRunner.ts';
import { folderOf } from './folder.ts';
import { places, read, samples, textOf } from './reading.ts';

async function tree(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await folderOf({ 'package.json': '{"dependencies":{"node-pg-migrate":"^9.0.0"}}', ...files });
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const root = join(folder.path, 'migrations');
  await mkdir(root, { recursive: true });
  return root;
}

/** Files of the folder itself. */
const migrations = (files: Readonly<Record<string, string>>): Promise<string> =>
  tree(Object.fromEntries(Object.entries(files).map(([name, text]) => [`migrations/${name}`, text])));

const keysOf = async (root: string): Promise<string[]> =>
  (await read('node-pg-migrate', root)).source.migrations.map(({ historyKey }) => historyKey);

async function preview(root: string, key: string, direction: 'up' | 'down' = 'up'): Promise<ProgramPreview | null> {
  const found = (await read('node-pg-migrate', root)).source.migrations.find(({ historyKey }) => historyKey === key);
  const script = found?.[direction] ?? null;
  return script?.kind === 'program' ? createProgramRunner(root).preview(script) : null;
}

const sqlOf = async (...of: Parameters<typeof preview>): Promise<string> => {
  const yielded = await preview(...of);
  return yielded?.kind === 'sql' ? yielded.sql.replace(/\s+/g, ' ').trim() : JSON.stringify(yielded);
};

test('the sample: SQL and programs in one list', async () => {
  const root = join(samples, 'node-pg-migrate/migrations');
  const { source, problems } = await read('node-pg-migrate', root);
  expect(problems).toEqual([]);
  expect(
    source.migrations.map(({ up, down, transaction }) => [up.path.split('_')[1], up.kind, down?.kind, transaction.up]),
  ).toEqual([
    ['create-boats.js', 'program', 'program', true],
    ['create-hires.sql', 'file', 'file', true],
    ['add-deposit.ts', 'program', 'program', true],
    ['index-hires.cjs', 'program', undefined, false],
  ]);
});

describe('order', () => {
  const names = [
    'add-c.sql',
    '20260101000000000_utc.sql',
    '1000_a.sql',
    '999_b.sql',
    '1767225600001_after.sql',
    '1767225599999_before.sql',
  ];
  const files = Object.fromEntries(names.map((name) => [`migrations/${name}`, '']));

  test('by version 8, names without a number come first', async () => {
    const root = await tree({ ...files, 'package.json': '{"devDependencies":{"node-pg-migrate":"~8.0.3"}}' });
    expect(await keysOf(root)).toEqual([
      'add-c',
      '999_b',
      '1000_a',
      '1767225599999_before',
      '20260101000000000_utc',
      '1767225600001_after',
    ]);
    const { problems, notices } = await read('node-pg-migrate', root);
    expect(problems).toEqual([]);
    expect(notices.map(({ message }) => message)).toEqual([
      'The order is that of node-pg-migrate 8: package.json asks for ~8.0.3.',
    ]);
  });

  test('by version 9, they are refused', async () => {
    const { problems, notices } = await read('node-pg-migrate', await tree(files));
    expect(places(problems)).toEqual(['source.unknownName add-c.sql']);
    expect(notices[0]?.message).toContain('node-pg-migrate 9: package.json asks for ^9.0.0');
  });

  test('what is installed counts for more than what is asked for, and a lock file for more than that', async () => {
    const locked = await tree({
      ...files,
      'package-lock.json': '{"packages":{"node_modules/node-pg-migrate":{"version":"8.0.4"}}}',
    });
    expect((await read('node-pg-migrate', locked)).notices[0]?.message).toContain(
      'package-lock.json names version 8.0.4',
    );
    const installed = await tree({ ...files, 'node_modules/node-pg-migrate/package.json': '{"version":"7.9.1"}' });
    expect((await read('node-pg-migrate', installed)).notices[0]?.message).toContain('has installed version 7.9.1');
  });

  test('without any of them the names decide', async () => {
    const numbered = await tree({ 'package.json': '{}', 'migrations/1_a.sql': '' });
    expect((await read('node-pg-migrate', numbered)).notices[0]?.message).toContain('node-pg-migrate 9');
    const mixed = await tree({ ...files, 'package.json': '{}' });
    expect((await read('node-pg-migrate', mixed)).notices[0]?.message).toContain('node-pg-migrate 8');
  });

  test('ties by name, numbers in it by value, and punctuation not at all', async () => {
    const root = await migrations({ '1_b10.sql': '', '1_b9.sql': '', '1-a.sql': '', '1_B9.js': '' });
    expect(await keysOf(root)).toEqual(['1-a', '1_B9', '1_b9', '1_b10']);
  });
});

test('version 9’s own comparison agrees, whatever the names are', () => {
  const piece = fc.oneof(
    fc.constantFrom('_', '-', ' ', 'a', 'B', 'é', '10', '9', '.sql', '.js'),
    fc.string({ unit: 'grapheme' }),
  );
  const number = fc.oneof(fc.nat(), fc.constantFrom('0001', '1767225600000', '20260101000000000', '99999999999999999'));
  const name = fc.tuple(number, fc.array(piece, { maxLength: 4 })).map(([digits, rest]) => `${digits}${rest.join('')}`);
  const quiet = { info() {}, warn() {}, error() {} };
  fc.assert(
    fc.property(name, name, (left, right) => {
      const ours = Math.sign(compareNames({ version: 9, reason: '' })(left, right));
      expect(Math.sign(compareMigrationFileNames(left, right, quiet))).toBe(ours);
    }),
  );
});

test('hidden files and folders are no migrations; others are told', async () => {
  const root = await migrations({ '1_a.sql': '', '.hidden.sql': '', 'README.md': '', 'sub/2_b.sql': '' });
  expect(await keysOf(root)).toEqual(['1_a']);
  expect(places((await read('node-pg-migrate', root)).notices)).toContain('source.unknownName README.md');
});

describe('markers in SQL', () => {
  test.each([
    ['usual', '-- Up Migration\nA;\n-- Down Migration\nB;\n', '-- Up Migration\nA;\n', '-- Down Migration\nB;\n'],
    [
      'down first',
      '-- down migration\nB;\n-----  UP   migration please\nA;',
      '-----  UP   migration please\nA;',
      '-- down migration\nB;\n',
    ],
    ['no down', '-- Up Migration\nA;', '-- Up Migration\nA;', null],
    ['none', 'A;\n', 'A;\n', null],
    [
      'only the first counts',
      '-- Up Migration\nA;\n-- Up Migration\nC;',
      '-- Up Migration\nA;\n-- Up Migration\nC;',
      null,
    ],
  ])('%s', async (_name, text, up, down) => {
    const root = await migrations({ '1_a.sql': text });
    const { source, problems } = await read('node-pg-migrate', root);
    expect(problems).toEqual([]);
    expect(await textOf(root, source.migrations[0]?.up ?? null)).toBe(up);
    expect(await textOf(root, source.migrations[0]?.down ?? null)).toBe(down);
  });

  test.each([
    ['down without up', 'A;\n-- Down Migration\nB;\n', 'source.invalidSections 1_a.sql 2'],
    ['statements before', 'A;\n-- Up Migration\nB;\n', 'source.invalidSections 1_a.sql 1'],
  ])('%s is refused', async (_name, text, place) => {
    expect(places((await read('node-pg-migrate', await migrations({ '1_a.sql': text }))).problems)).toEqual([place]);
  });

  test('halves of a pair, which the tool would run both, are refused', async () => {
    const root = await migrations({ '1_a.up.sql': '', '1_a.down.sql': '' });
    expect(places((await read('node-pg-migrate', root)).problems)).toEqual([
      'source.unsupported 1_a.down.sql',
      'source.unsupported 1_a.up.sql',
    ]);
  });

  test('one name in two languages is refused', async () => {
    const root = await migrations({ '1_a.sql': '', '1_a.js': 'exports.up = () => {}' });
    expect(places((await read('node-pg-migrate', root)).problems)).toEqual(['source.duplicateVersion 1_a.sql']);
  });
});

describe('programs', () => {
  test('yield their SQL, each piece with its line', async () => {
    const root = await migrations({
      '1_a.js': "exports.up = (pgm) => {\n  pgm.createTable('a', { id: 'id' });\n\n  pgm.sql('SELECT 1')\n};",
    });
    expect(await preview(root, '1_a')).toEqual({
      kind: 'sql',
      sql: '-- line 2\nCREATE TABLE "a" (\n  "id" serial PRIMARY KEY\n);\n\n-- line 4\nSELECT 1;\n',
      transaction: true,
    });
  });

  test('callbacks, promises, classes of modules', async () => {
    const root = await migrations({
      '1_a.js': "exports.up = (pgm, run) => { setTimeout(() => { pgm.sql('SELECT 1'); run(); }, 1); };",
      '2_b.mjs': "export const up = async (pgm) => { await null; pgm.sql('SELECT 2'); };",
      '3_c.cjs': "module.exports = { async up(pgm) { pgm.sql('SELECT 3'); } };",
      '4_d.mts':
        "export async function up(pgm: unknown): Promise<void> { (pgm as { sql(text: string): void }).sql('SELECT 4'); }",
      '5_e.cts': "exports.up = (pgm: any) => pgm.sql('SELECT 5');",
    });
    for (const [key, number] of [
      ['1_a', 1],
      ['2_b', 2],
      ['3_c', 3],
      ['4_d', 4],
      ['5_e', 5],
    ] as const)
      expect(await sqlOf(root, key)).toBe(`-- line 1 SELECT ${number};`);
  });

  test('names of types imported as if they were values, as old templates have it', async () => {
    const root = await migrations({
      '1_a.ts':
        "import { ColumnDefinitions, MigrationBuilder, PgLiteral } from 'node-pg-migrate';\nexport const shorthands: ColumnDefinitions | undefined = undefined;\nexport async function up(pgm: MigrationBuilder) { pgm.addColumn('a', { b: { type: 'int', default: new PgLiteral('1 + 1') } }); }",
      '2_b.js':
        "const { PgLiteral } = require('node-pg-migrate');\nexports.up = (pgm) => pgm.sql('SELECT {a}', { a: new PgLiteral('now()') });",
    });
    expect(await sqlOf(root, '1_a')).toBe('-- line 3 ALTER TABLE "a" ADD "b" integer DEFAULT 1 + 1;');
    expect(await sqlOf(root, '2_b')).toBe('-- line 2 SELECT now();');
  });

  test('shorthands count for the files after them, and so belong to what is trusted', async () => {
    const root = await migrations({
      '1_a.js': "exports.shorthands = { money: 'numeric(10,2)' }; exports.up = () => {};",
      '2_b.js': "exports.up = (pgm) => pgm.addColumn('a', { b: 'money' });",
    });
    const digest = async () => (await read('node-pg-migrate', root)).source.migrations[1]?.up.sha256;
    const before = await digest();
    expect(await sqlOf(root, '2_b')).toBe('-- line 1 ALTER TABLE "a" ADD "b" numeric(10,2);');
    await writeFile(join(root, '1_a.js'), "exports.shorthands = { money: 'bigint' }; exports.up = () => {};");
    expect(await digest()).not.toBe(before);
    expect(await sqlOf(root, '2_b')).toBe('-- line 1 ALTER TABLE "a" ADD "b" bigint;');
  });

  test('without a down, up is run in reverse', async () => {
    const root = await migrations({
      '1_a.js': "exports.up = (pgm) => {\n pgm.createTable('a', { id: 'id' });\n pgm.createIndex('a', 'id');\n};",
      '2_b.js': "exports.up = (pgm) => pgm.sql('SELECT 1');",
      '3_c.js': 'exports.up = () => {}; exports.down = false;',
      '4_d.js': 'const down = () => false; exports.up = () => {}; exports.down = down();',
    });
    expect(await sqlOf(root, '1_a', 'down')).toBe('-- line 3 DROP INDEX "a_id_index"; -- line 2 DROP TABLE "a";');
    expect(await preview(root, '2_b', 'down')).toMatchObject({
      kind: 'irreversible',
      reason: expect.stringContaining('no reverse'),
    });
    // Known without running it.
    expect((await read('node-pg-migrate', root)).source.migrations[2]?.down).toBeNull();
    expect(await preview(root, '4_d', 'down')).toMatchObject({ kind: 'irreversible' });
  });

  test('outside of a transaction', async () => {
    const root = await migrations({ '1_a.js': 'exports.up = (pgm) => { pgm.noTransaction(); pgm.sql("SELECT 1"); };' });
    expect(await preview(root, '1_a')).toMatchObject({ transaction: false });
  });

  test('one that asks the database is known only when it runs', async () => {
    const root = await migrations({
      '1_a.js':
        "exports.up = async (pgm) => { const rows = await pgm.db.select('SELECT 1 AS n'); pgm.sql('SELECT ' + rows[0].n); };",
      '2_b.js':
        "exports.up = async (pgm) => { try { await pgm.db.query('SELECT 1'); } catch { } pgm.sql('SELECT 2'); };",
    });
    expect(await preview(root, '1_a')).toEqual({ kind: 'runs' });
    expect(await preview(root, '2_b')).toEqual({ kind: 'runs' });
  });

  test.each([
    [
      'fails',
      "exports.up = () => {\n  throw new Error('no good');\n};",
      { message: '1_a.js failed: no good', line: 2 },
    ],
    ['has no up', 'exports.down = () => {};', { message: expect.stringContaining('no function “up”') }],
    ['does not parse', 'exports.up = (', { line: 1 }],
    [
      'misuses the builder',
      "exports.up = (pgm) => pgm.createTabel('a');",
      { message: expect.stringContaining('createTabel') },
    ],
  ])('one that %s', async (_name, text, problem) => {
    const root = await migrations({ '1_a.js': text });
    await expect(preview(root, '1_a')).rejects.toMatchObject({
      problem: { code: 'script.program', path: '1_a.js', ...problem },
    });
  });

  test('the project’s own builder is used where it has one, and is part of what is trusted', async () => {
    const builder =
      "class MigrationBuilder { getSqlSteps() { return ['SELECT own']; } isUsingTransaction() { return true; } }\nexport { MigrationBuilder };\n";
    const root = await tree({
      'migrations/1_a.js': 'exports.up = () => {};',
      'node_modules/node-pg-migrate/package.json': '{"version":"8.0.4","type":"module"}',
      'node_modules/node-pg-migrate/dist/legacy/migrationBuilder.js': builder,
    });
    expect(await sqlOf(root, '1_a')).toBe('-- line 1 SELECT own');
    const up = (await read('node-pg-migrate', root)).source.migrations[0]?.up;
    expect(up?.kind === 'program' ? up.program.packages.map(({ name, version }) => [name, version]) : null).toEqual([
      ['node-pg-migrate', '8.0.4'],
    ]);
  });
});
