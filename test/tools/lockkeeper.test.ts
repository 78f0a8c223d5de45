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
    applicationVersion: '2026.2',
    applications: [
      { version: '2026.1', database: '1.2.0', date: '2026-02-02', changes: ['Orders can be looked up by day'] },
      {
        version: '2026.2',
        database: '1.4.0',
        date: null,
        changes: ['Price lists', 'Prices can differ between lists', 'The old prices are those of the first list'],
      },
    ],
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
      {
        version: '1.3.0',
        up: { placeholders: true, directives: [{ kind: 'expect', line: 12, rows: { least: 1, most: 1 } }] },
        verify: { directives: [{ kind: 'expect', line: 21, rows: { least: 1, most: 1 } }] },
        metadata: { dependencies: ['1.0.0'], statementTimeoutMs: 30_000 },
      },
      {
        version: '1.4.0',
        up: { directives: [{ kind: 'batch', line: 10, batch: { size: 2, pauseMs: 1, max: 10_000 } }] },
        transaction: { up: false, down: true },
        metadata: { dependencies: ['1.3.0'], prerequisites: ['No import of plants is running'] },
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

test.each([
  ['batch', 'batch'],
  ['batch size=1000 pause=200ms max=5', 'batch'],
  ['Batch Size=10', 'batch'],
  ['expect rows=5', 'expect'],
  ['expect rows>=1 rows<=100', 'expect'],
  ['batch size=0', null],
  ['batch size = 5', null],
  ['batch pause=2h', null],
  ['batch often', null],
  ['expect', null],
  ['expect rows', null],
  ['expect rows=-1', null],
  ['expect rows>=5 rows<=4', null],
  ['up please', null],
  ['batches', null],
])('a line “lockkeeper:%s” is %s', async (line, kind) => {
  await using folder = await folderOf({
    '1_a.sql': `-- lockkeeper:no-transaction\n-- lockkeeper:${line}\nselect 1;\n`,
  });
  const { source, problems } = await read('lockkeeper', folder.path);
  expect(source.migrations[0]?.up.directives?.map((directive) => directive.kind) ?? [null]).toEqual([kind]);
  expect(places(problems)).toEqual(kind === null ? ['source.invalidSections 1_a.sql 2'] : []);
});

test('an expected number of rows as bounds', async () => {
  const lines = ['rows=5', 'rows>=1', 'rows<=100', 'rows>=1 rows<=100', 'rows=0'];
  await using folder = await folderOf({
    '1_a.sql': lines.map((line) => `-- lockkeeper:expect ${line}\nselect 1;\n`).join(''),
  });
  const { source } = await read('lockkeeper', folder.path);
  const directives = source.migrations[0]?.up.directives ?? [];
  expect(directives.map((directive) => (directive.kind === 'expect' ? directive.rows : null))).toEqual([
    { least: 5, most: 5 },
    { least: 1, most: null },
    { least: 0, most: 100 },
    { least: 1, most: 100 },
    { least: 0, most: 0 },
  ]);
});

test.each([
  ['lockkeeper-batch-in-verification', ['source.invalidSections 1_a.sql 4']],
  ['lockkeeper-directive-before-sections', ['source.invalidSections 1_a.sql 1']],
  ['lockkeeper-requirements-in-a-circle', ['source.dependency 1_a.sql 1', 'source.dependency 3_c/migration.json']],
  ['lockkeeper-requirement-comes-later', ['source.dependency 1_a.sql 2']],
  ['lockkeeper-requirement-unknown', ['source.dependency 1_a.sql 1', 'source.dependency 2_b.sql 1']],
  ['lockkeeper-requires-what-it-excludes', ['source.dependency 2_b.sql 2']],
  ['lockkeeper-changelog-invalid', Array.from({ length: 4 }, () => 'source.invalidMetadata lockkeeper.json')],
  ['lockkeeper-timeout-invalid', ['source.invalidMetadata 1_a.sql 1']],
])('%s', async (fixture, expected) => {
  const { problems } = await read('lockkeeper', join(fixtures, fixture));
  expect(places(problems).sort()).toEqual([...expected].sort());
});

test('requirements that go round are told as a circle', async () => {
  const { problems } = await read('lockkeeper', join(fixtures, 'lockkeeper-requirements-in-a-circle'));
  expect(problems[0]?.message).toBe('Migrations require each other: 1 → 3 → 2 → 1.');
});

test('what is required may be named by version, by name, or by both', async () => {
  await using folder = await folderOf({
    '1.0_plants.sql': 'select 1;\n',
    '2_a.sql': '-- requires: 1, v1.0.0, plants, 1_plants, v1.0-plants\n-- conflicts: 0.9, v1\nselect 1;\n',
  });
  const { source, problems } = await read('lockkeeper', folder.path);
  expect(source.migrations[1]?.metadata.dependencies).toEqual(Array.from({ length: 5 }, () => '1.0'));
  expect(source.migrations[1]?.metadata.conflicts).toEqual(['0.9', '1.0']);
  expect(places(problems)).toEqual(['source.dependency 2_a.sql 2']);
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
  expect(file?.path).toBe('1.5.0_add_users.sql');
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
