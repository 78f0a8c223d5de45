import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toolFor } from '../../electron/tools/registry.ts';
import { folderOf } from './folder.ts';
import { fixtures, places, read, samples, textOf } from './reading.ts';

test('the sample: versions, names, sections, transactions, in order', async () => {
  const root = join(samples, 'dbmate/postgres');
  const { source, problems, notices } = await read('dbmate', root);
  expect([problems, notices]).toEqual([[], []]);
  expect(
    source.migrations.map(({ version, historyKey, name, transaction, checksum }) => ({
      version,
      historyKey,
      name,
      transaction,
      checksum,
    })),
  ).toEqual([
    {
      version: '20260105090000',
      historyKey: '20260105090000',
      name: 'create_books',
      transaction: { up: true, down: true },
      checksum: null,
    },
    {
      version: '20260112090000',
      historyKey: '20260112090000',
      name: 'create_loans',
      transaction: { up: true, down: true },
      checksum: null,
    },
    {
      version: '20260119090000',
      historyKey: '20260119090000',
      name: 'index_loans_by_borrower',
      transaction: { up: false, down: false },
      checksum: null,
    },
  ]);
  const loans = source.migrations[1];
  expect(loans?.up.line).toBe(2);
  expect(await textOf(root, loans?.up ?? null)).toMatch(/^-- migrate:up\nCREATE TABLE loans[\s\S]*\$\$;\n\n$/);
  expect(await textOf(root, loans?.down ?? null)).toBe(
    '-- migrate:down\nDROP FUNCTION end_loan(bigint);\nDROP TABLE loans;\n',
  );
});

test.each([
  ['dbmate-down-missing', 'source.invalidSections 1_a.sql 1'],
  ['dbmate-up-missing', 'source.invalidSections 1_a.sql 1'],
  ['dbmate-marker-indented', 'source.invalidSections 1_a.sql 1'],
  ['dbmate-statement-before-up', 'source.invalidSections 1_a.sql 3'],
  ['dbmate-down-before-up', 'source.invalidSections 1_a.sql 1'],
  ['dbmate-two-pairs', 'source.invalidSections 1_a.sql 5'],
  ['dbmate-two-ups', 'source.invalidSections 1_a.sql 3'],
  ['dbmate-byte-order-mark', 'source.invalidSections 1_a.sql 1'],
])('%s is refused as dbmate refuses it, and stays in the list', async (fixture, place) => {
  const { source, problems } = await read('dbmate', join(fixtures, fixture));
  expect(places(problems)).toEqual([place]);
  expect(source.migrations).toMatchObject([{ version: '1', up: { path: '1_a.sql' } }]);
});

test('one version in two files', async () => {
  const { source, problems } = await read('dbmate', join(fixtures, 'dbmate-same-version'));
  expect(places(problems)).toEqual(['source.duplicateVersion 1_b.sql']);
  expect(source.migrations).toHaveLength(1);
});

test('versions are texts in byte order of the file names; other files are passed over', async () => {
  const text = '--migrate:up\r\nselect 1;\r\n--migrate:down   \r\n';
  await using folder = await folderOf({
    '10_b.sql': text,
    '9_a.sql': text,
    '001.sql': text,
    '1-x.sql': text,
    'seed.sql': '',
    'notes.txt': '',
    '5_sub/x.sql': '',
  });
  const { source, problems, notices } = await read('dbmate', folder.path);
  expect(source.migrations.map(({ version, name }) => [version, name])).toEqual([
    ['001', ''],
    ['1', 'x'],
    ['10', 'b'],
    ['9', 'a'],
  ]);
  expect([places(problems), places(notices)]).toEqual([[], ['source.unknownName seed.sql']]);
});

test('the last of several transaction options counts, other words are passed over', async () => {
  await using folder = await folderOf({
    '1.sql': '-- migrate:up transaction:false\n-- migrate:down x:y:z transaction:true other transaction:false\n',
  });
  expect((await read('dbmate', folder.path)).source.migrations).toMatchObject([
    { transaction: { up: false, down: false } },
  ]);
});

test('a new file is one that can be read', async () => {
  const [file] = toolFor('dbmate').scaffold('Add users', [], new Date('2026-02-03T04:05:06Z'));
  expect(file?.path).toBe('20260203040506_add_users.sql');
  await using folder = await folderOf({ [file?.path ?? '']: file?.text ?? '' });
  expect(await read('dbmate', folder.path)).toMatchObject({
    problems: [],
    source: { migrations: [{ name: 'add_users' }] },
  });
});
