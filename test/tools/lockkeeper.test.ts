import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { entriesOf } from '../../electron/tools/lockkeeper/history.ts';
import { toolFor } from '../../electron/tools/registry.ts';
import { folderOf } from './folder.ts';
import { fixtures, places, read, samples, textOf } from './reading.ts';

test('the sample: a file with sections, a pair and a folder, in one order', async () => {
  const root = join(samples, 'lockkeeper/postgres');
  const { source, problems, notices } = await read('lockkeeper', root);
  expect([problems, notices]).toEqual([[], []]);
  expect(source).toMatchObject({
    applicationVersion: '1.2.0',
    migrations: [
      {
        version: '1.0.0',
        name: 'create_plants',
        transaction: { up: true, down: true },
        metadata: {
          description: 'Plants and what they cost',
          author: 'Garden shop',
          issue: 'SHOP-1',
          estimatedMs: 1000,
          requiresDowntime: false,
          affectedTables: ['plants'],
          affectedModules: ['catalogue'],
        },
      },
      { version: '1.1.0', name: 'create_orders', metadata: { description: 'Orders', dependencies: ['1.0.0'] } },
      {
        version: '1.2.0',
        name: 'index_orders',
        transaction: { up: false, down: false },
        metadata: {
          estimatedMs: 300_000,
          affectedModules: ['reports', 'checkout'],
          notes: 'Reads and writes go on meanwhile.',
        },
      },
    ],
  });
  const [plants] = source.migrations;
  expect(await textOf(root, plants?.up ?? null)).toMatch(/^CREATE TABLE plants/);
  expect(plants?.up.line).toBe(10);
  expect(await textOf(root, plants?.down ?? null)).toBe('DROP TABLE plants;\n\n');
  expect(await textOf(root, plants?.verify ?? null)).toBe('SELECT count(*) AS plants FROM plants;\n');
});

test.each([
  ['lockkeeper-sql-before-section', ['source.invalidSections 1_a.sql 2']],
  ['lockkeeper-second-up', ['source.invalidSections 1_a.sql 3']],
  ['lockkeeper-down-only', ['source.downWithoutUp 1_a.sql 1']],
  ['lockkeeper-pair-without-up', ['source.downWithoutUp 1_a.down.sql']],
  ['lockkeeper-folder-without-up', ['source.downWithoutUp 1_a/down.sql']],
  ['lockkeeper-unknown-directive', ['source.invalidSections 1_a.sql 2']],
  ['lockkeeper-sections-in-pair', ['source.invalidSections 1_a.up.sql 2']],
  ['lockkeeper-unnumbered-file', ['source.unknownName seed.sql']],
  ['lockkeeper-equal-versions', ['source.duplicateVersion 1.2_b.sql']],
  [
    'lockkeeper-invalid-metadata',
    [
      'source.invalidMetadata 1_a.sql 1',
      'source.invalidMetadata 1_a.sql 2',
      'source.invalidMetadata 2_b/migration.json 3',
    ],
  ],
  ['lockkeeper-newer-manifest', ['source.invalidMetadata lockkeeper.json']],
])('%s', async (fixture, expected) => {
  const { problems } = await read('lockkeeper', join(fixtures, fixture));
  expect(places(problems).sort()).toEqual([...expected].sort());
  for (const problem of problems)
    expect(problem).toMatchObject({ state: 'Nothing was changed.', hint: expect.stringMatching(/\.$/) });
});

test('a file without markers is all up; versions of every style are in one order', async () => {
  await using folder = await folderOf({
    '20260101120000_b.sql': 'select 1;\n',
    'v1.10.0-a.sql': 'select 2;',
    '1.9_z.sql': '-- only a comment',
    '3.sql': '',
  });
  const { source, problems } = await read('lockkeeper', folder.path);
  expect(problems).toEqual([]);
  expect(source.migrations.map(({ version, name }) => [version, name])).toEqual([
    ['1.9', 'z'],
    ['1.10.0', 'a'],
    ['3', ''],
    ['20260101120000', 'b'],
  ]);
  expect(await textOf(folder.path, source.migrations[1]?.up ?? null)).toBe('select 2;');
});

test('no-transaction counts for its section, or for both in the head', async () => {
  await using folder = await folderOf({
    '1_head.sql': '-- lockkeeper:no-transaction\n-- lockkeeper:up\nselect 1;\n-- lockkeeper:down\nselect 2;\n',
    '2_down.sql': '-- lockkeeper:up\nselect 1;\n-- lockkeeper:down\n-- lockkeeper:no-transaction\nselect 2;\n',
    '3_all_up.sql': 'select 1;\n-- Lockkeeper: no-transaction\n',
  });
  const { source } = await read('lockkeeper', folder.path);
  expect(source.migrations.map((migration) => migration.transaction)).toEqual([
    { up: false, down: false },
    { up: true, down: false },
    { up: false, down: false },
  ]);
});

test('the checksum is of what up does: not of metadata, line ends, down or verify', async () => {
  const up = 'CREATE TABLE a (id int);\n\nINSERT INTO a VALUES (1);\n';
  await using folder = await folderOf({ '1_a.sql': up });
  const file = join(folder.path, '1_a.sql');
  const checksum = async () => (await read('lockkeeper', folder.path)).source.migrations[0]?.checksum;
  const original = await checksum();
  for (const same of [
    up.replaceAll('\n', '\r\n'),
    `\uFEFF-- author: someone\n\n${up}`,
    `-- lockkeeper:up\n${up}\n\n-- lockkeeper:down\nDROP TABLE a;\n`,
  ]) {
    await writeFile(file, same);
    expect(await checksum()).toBe(original);
  }
  await writeFile(file, up.replace('(1)', '(2)'));
  expect(await checksum()).not.toBe(original);
});

test('metadata over several lines; other comments are not metadata', async () => {
  await using folder = await folderOf({
    '1_a.sql':
      '-- Notes: first\n--   second\n-- third\n-- todo: nothing\n-- tables: a, b\n-- tables: c\n-- author:\nselect 1;\n-- description: too late\n',
  });
  const { source } = await read('lockkeeper', folder.path);
  expect(source.migrations[0]?.metadata).toEqual({ notes: 'first\nsecond', affectedTables: ['a', 'b', 'c'] });
});

test('hostile names and texts stay text', async () => {
  await using folder = await folderOf({
    "1_'; DROP TABLE x; --\u001b[31m.sql": '-- estimated: \u001b[2J\nselect 1;\n',
  });
  const { source, problems } = await read('lockkeeper', folder.path);
  expect(source.migrations[0]?.name).toBe("'; DROP TABLE x; --\u001b[31m");
  expect(JSON.stringify(problems.map(({ message }) => message))).not.toContain('\u001b');
});

test('a thousand migrations are read without holding the main loop', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 1000 }, (_, number) => [
      `${20260000 + number}_m.sql`,
      `-- lockkeeper:up\nCREATE TABLE t${number} (id int);\n`,
    ]),
  );
  await using folder = await folderOf(files);
  let turns = 0;
  let reading = true;
  const count = () => {
    turns++;
    if (reading) setImmediate(count);
  };
  setImmediate(count);
  const { source } = await read('lockkeeper', folder.path);
  reading = false;
  expect(source.migrations).toHaveLength(1000);
  expect(turns).toBeGreaterThan(1);
});

test('new migrations continue the style of the newest', async () => {
  const { scaffold } = toolFor('lockkeeper');
  const at = new Date('2026-02-03T04:05:06Z');
  const { source } = await read('lockkeeper', join(samples, 'lockkeeper/sqlite'));
  expect(scaffold('Add users', [], at)[0]?.path).toBe('20260203040506_add_users.sql');
  const [file] = scaffold('Add\nusers', source.migrations, at);
  expect(file?.path).toBe('1.3.0_add_users.sql');
  await using folder = await folderOf({ [file?.path ?? '']: file?.text ?? '' });
  const scaffolded = await read('lockkeeper', folder.path);
  expect(scaffolded).toMatchObject({
    problems: [],
    source: { migrations: [{ metadata: { description: 'Add users', date: '2026-02-03', estimatedMs: 1000 } }] },
  });
});

test('the log of attempts as one entry for each version', () => {
  const row = (version: string, state: string, more = {}) => ({
    version,
    name: 'n',
    state,
    checksum: 'c',
    duration_ms: '5',
    recorded_at: `at ${state}`,
    recorded_by: 'me',
    message: null,
    ...more,
  });
  const states = (...rows: Parameters<typeof entriesOf>[0]) =>
    entriesOf(rows).map(({ historyKey, state }) => `${historyKey} ${state}`);
  expect(states(row('1', 'applied'), row('2', 'applied'), row('1', 'reverted'))).toEqual(['1 reverted', '2 applied']);
  expect(states(row('1', 'applied'), row('2', 'applied'), row('1', 'reverted'), row('1', 'applied'))).toEqual([
    '2 applied',
    '1 applied',
  ]);
  expect(states(row('1', 'rolled_back'))).toEqual([]);
  expect(states(row('1', 'applied'), row('1', 'rolled_back'))).toEqual(['1 applied']);
  expect(states(row('1', 'executing'))).toEqual(['1 executing']);
  expect(states(row('1', 'executing'), row('1', 'failed', { message: 'no' }))).toEqual(['1 failed']);
  expect(states(row('1', 'of the future'))).toEqual(['1 failed']);
  expect(entriesOf([row('1', 'applied'), row('1', 'reverted')])).toMatchObject([
    { state: 'reverted', appliedAt: 'at applied', durationMs: 5, checksum: 'c' },
  ]);
});

test('every migration of the demo has the metadata that the interface shows, and a way back', async () => {
  const { source, problems } = await read('lockkeeper', join(samples, 'demo'));
  expect(problems).toEqual([]);
  for (const { metadata, down } of source.migrations) {
    expect(metadata).toMatchObject({
      description: expect.any(String),
      author: expect.any(String),
      estimatedMs: expect.any(Number),
      affectedTables: expect.any(Array),
    });
    expect(down).not.toBeNull();
  }
  expect(source.migrations.at(-1)?.metadata).toMatchObject({
    requiresDowntime: true,
    notes: expect.stringContaining('fax'),
  });
  expect(source.applicationVersion).toBe(
    JSON.parse(await readFile(join(samples, 'demo/lockkeeper.json'), 'utf8')).applicationVersion,
  );
});
