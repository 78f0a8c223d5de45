// sqlx, refinery and diesel: the files that they take and refuse, their checksums, what changes with settings.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compare } from '../../electron/engine/compare.ts';
import { plainEntry } from '../../electron/tools/common/historyRows.ts';
import { toolFor } from '../../electron/tools/registry.ts';
import { folderOf } from './folder.ts';
import { places, read, samples } from './reading.ts';

const sql = 'create table a(id int);\n';
const sqlxChecksum = '0fa4f612848e3efb6b0407d1aeb08db0b11583b56df403fb9a6c9995c9a0637934f0c90e5fc992c8ba8141a040a0062c';

test('sqlx: names, pairs, no-transaction in the first bytes, SHA-384 of the bytes', async () => {
  await using folder = await folderOf({
    '10_b.up.sql': `-- no-transaction\n${sql}`,
    '10_b.down.sql': ' -- no-transaction\n',
    '007_größe_x.sql': sql,
    '8_crlf.sql': sql.replaceAll('\n', '\r\n'),
    '9_empty.sql': '',
    'noscore.sql': 'passed over',
    'x_notes.txt': '',
  });
  const { source, problems } = await read('sqlx', folder.path);
  expect(problems).toEqual([]);
  expect(
    source.migrations.map(({ version, name, down, transaction }) => [version, name, down?.path, transaction]),
  ).toEqual([
    ['7', 'größe x', undefined, { up: true, down: true }],
    ['8', 'crlf', undefined, { up: true, down: true }],
    ['9', 'empty', undefined, { up: true, down: true }],
    ['10', 'b', '10_b.down.sql', { up: false, down: true }],
  ]);
  expect(source.migrations[0]?.checksum).toBe(sqlxChecksum);
  expect(source.migrations[1]?.checksum).not.toBe(sqlxChecksum);
});

test('sqlx: what it stops at is a Problem', async () => {
  await using folder = await folderOf({
    'x_a.sql': sql,
    '99999999999999999999_big.sql': sql,
    '1_a.sql': sql,
    '01_branch.sql': sql,
    '2_b.down.sql': sql,
    '3_c.sql': sql,
    '3_c.up.sql': sql,
    '4_bom.sql': `\uFEFF${sql}`,
    '5_latin.sql': Buffer.from([0x2d, 0x2d, 0xe4, 0x0a]),
  });
  const { source, problems } = await read('sqlx', folder.path);
  expect(places(problems).sort()).toEqual([
    'script.notUtf8 5_latin.sql 1',
    'source.downWithoutUp 2_b.down.sql',
    'source.duplicateVersion 1_a.sql',
    'source.duplicateVersion 3_c.sql',
    'source.invalidSections 4_bom.sql 1',
    'source.unknownName 99999999999999999999_big.sql',
    'source.unknownName x_a.sql',
  ]);
  expect(source.migrations.map(({ version }) => version)).toEqual(['1', '3', '4', '5']);
});

test('sqlx.toml: ignored characters, table, folder', async () => {
  await using folder = await folderOf({
    'sqlx.toml': '[migrate]\ntable-name = "app.steps"\nmigrations-dir = "db/steps"\nignored-chars = ["\\r", "é"]\n',
    'db/steps/1_a.sql': `é${sql.replaceAll('\n', '\r\n')}`,
  });
  const result = await read('sqlx', folder.path);
  expect(result.problems).toEqual([]);
  expect(result.historyTable).toEqual({ schema: 'app', name: 'steps' });
  expect(result.source.migrations).toMatchObject([{ checksum: sqlxChecksum, up: { path: 'db/steps/1_a.sql' } }]);
});

test('refinery: names, checksums of both features, Rust is listed and not run', async () => {
  const text = 'CREATE TABLE persons (id int, name varchar(255), city varchar(255));';
  await using folder = await folderOf({
    'V1__initial.sql': text,
    'deeper/U3__größe.sql': '',
    'V2__code.rs': 'pub fn migration() -> String {}',
    'V1.5__dotted.sql': '',
    'V4_one_score.sql': '',
    'V5__with-dash.sql': '',
    'U1__again.sql': '',
  });
  const { source, problems, notices } = await read('refinery', folder.path);
  expect(source.migrations).toMatchObject([
    { version: '1', name: 'again' },
    { version: '2', checksum: null, notRunnable: expect.stringContaining('in Rust') },
    { version: '3', name: 'größe', anyOrder: true },
  ]);
  expect(places(problems)).toEqual(['source.unknownName V1.5__dotted.sql', 'source.duplicateVersion V1__initial.sql']);
  expect(places(notices)).toEqual(['source.unknownName V4_one_score.sql', 'source.unknownName V5__with-dash.sql']);
  await using one = await folderOf({ 'V1__initial.sql': text });
  expect((await read('refinery', one.path)).source.migrations).toMatchObject([
    { checksum: '9011118159008407467', otherChecksums: ['4937351808774016580'] },
  ]);
  await using wide = await folderOf({ 'V1__initial.sql': text, 'V20260101000000__b.sql': text });
  expect((await read('refinery', wide.path)).source.migrations[0]).toMatchObject({
    checksum: '4937351808774016580',
    otherChecksums: [],
  });
});

test('refinery: only those with V are bound to the order', async () => {
  await using folder = await folderOf({ 'V1__a.sql': '', 'U2__b.sql': '', 'V3__c.sql': '' });
  const { migrations } = (await read('refinery', folder.path)).source;
  const { rows } = compare(migrations, [plainEntry('3')], toolFor('refinery').rules);
  expect(rows.map(({ status }) => status)).toEqual(['outOfOrder', 'pending', 'applied']);
});

test('diesel: folders, versions without dashes as text, metadata.toml, missing and empty scripts', async () => {
  await using folder = await folderOf({
    '00000000000000_diesel_initial_setup/up.sql': '-- nothing\n',
    '2026-01-05-090000-0000_größe/up.sql': sql,
    '2026-01-05-090000-0000_größe/down.sql': '',
    '2026-01-05-090000-0000_größe/metadata.toml': 'run_in_transaction = false\n',
    '2026-01-06-090000_empty/up.sql': '',
    '2026-01-07-090000_only/down.sql': sql,
    '2026-01-08-090000_broken/up.sql': `\uFEFF${sql}`,
    '2026-01-08-090000_broken/metadata.toml': 'run_in_transaction = "no"\n',
    '20260108090000_twice/up.sql': sql,
    'notes/readme.md': 'x',
    '.hidden/up.sql': sql,
  });
  const { source, problems, notices } = await read('diesel', folder.path);
  expect(
    source.migrations.map(({ version, name, down, transaction }) => [version, name, down, transaction.up]),
  ).toEqual(
    [
      ['00000000000000', 'diesel_initial_setup', null, true],
      ['20260106090000', 'empty', null, true],
      ['20260108090000', 'broken', null, true],
      ['202601050900000000', 'größe', null, false],
    ].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
  expect(places(problems).sort()).toEqual([
    'source.downWithoutUp 2026-01-07-090000_only/down.sql',
    'source.duplicateVersion 20260108090000_twice/up.sql',
    'source.invalidMetadata 2026-01-08-090000_broken/metadata.toml',
    'source.invalidSections 2026-01-06-090000_empty/up.sql 1',
    'source.invalidSections 2026-01-08-090000_broken/up.sql 1',
  ]);
  expect(places(notices)).toEqual([
    'source.invalidSections 2026-01-05-090000-0000_größe/down.sql 1',
    'source.unknownName notes',
  ]);
});

test.each(['sqlx', 'refinery', 'diesel'])('%s: a new migration is one that can be read', async (tool) => {
  const { source } = await read(tool, join(samples, tool, 'sqlite'));
  const files = toolFor(tool).scaffold('Add users', source.migrations, new Date('2027-02-03T04:05:06Z'));
  await using folder = await folderOf(Object.fromEntries(files.map(({ path, text }) => [path, text])));
  const dieselFolder = tool === 'diesel' ? join(folder.path, 'migrations') : folder.path;
  const result = await read(tool, dieselFolder);
  expect(result.problems).toEqual([]);
  expect(result.source.migrations).toMatchObject([{ name: tool === 'sqlx' ? 'add users' : 'add_users' }]);
});
