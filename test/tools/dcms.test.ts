import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toolFor } from '../../electron/tools/registry.ts';
import { folderOf } from './folder.ts';
import { fixtures, places, read, samples } from './reading.ts';

test('the sample: pairs, and the digest of the up file as it is', async () => {
  const root = join(samples, 'dcms/migrations');
  const { source, problems, notices } = await read('dcms', root, 'postgres');
  expect([problems, notices]).toEqual([[], []]);
  const bytes = await readFile(join(root, '20260110080000_create_cases.up.sql'));
  expect(source.migrations).toMatchObject([
    {
      version: '20260110080000',
      name: 'create_cases',
      checksum: createHash('sha256').update(bytes).digest('hex'),
      down: { path: '20260110080000_create_cases.down.sql' },
    },
    { version: '20260117080000', name: 'create_documents' },
    { version: '20260124080000', name: 'number_documents', down: null },
  ]);
});

test('a down without its up, and names of other kinds', async () => {
  expect(places((await read('dcms', join(fixtures, 'dcms-down-without-up'), 'postgres')).problems)).toEqual([
    'source.downWithoutUp 20260101000000_a.down.sql',
  ]);
  await using folder = await folderOf({
    '20260101000000_a.up.sql': 'select 1;',
    '2026_b.up.sql': 'select 1;',
    'schema.rs': '',
  });
  const { source, notices } = await read('dcms', folder.path, 'postgres');
  expect([source.migrations.length, places(notices)]).toEqual([1, ['source.unknownName 2026_b.up.sql']]);
});

test('a new pair', () => {
  const files = toolFor('dcms').scaffold('Add users', [], new Date('2026-02-03T04:05:06Z'));
  expect(files.map((file) => file.path)).toEqual([
    '20260203040506_add_users.up.sql',
    '20260203040506_add_users.down.sql',
  ]);
});
