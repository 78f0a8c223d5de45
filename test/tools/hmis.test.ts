import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toolFor } from '../../electron/tools/registry.ts';
import { folderOf } from './folder.ts';
import { fixtures, places, read, samples, textOf } from './reading.ts';

test('the sample: folders in the order of their numbers, with and without information', async () => {
  const root = join(samples, 'hmis');
  const { source, problems } = await read('hmis', root, 'mysql');
  expect(problems).toEqual([]);
  expect(source.migrations).toMatchObject([
    {
      version: 'v2.1.0',
      name: 'Wards and beds',
      down: { path: 'v2.1.0/rollback.sql' },
      verify: { path: 'v2.1.0/verify-migration.sql' },
      checksum: null,
      transaction: { up: false, down: false },
      metadata: {
        description: 'Wards and beds',
        author: 'Ward team',
        date: '2026-01-12',
        issue: '101',
        estimatedMs: 60_000,
        requiresDowntime: false,
        affectedTables: ['WARD', 'BED'],
        affectedModules: ['Inward'],
        prerequisites: ['Database backup completed'],
        verification: ['The list of wards shows three'],
        rollbackNotes: 'Beds and wards are lost',
      },
    },
    { version: 'v2.1.9', name: 'Migration v2.1.9', verify: null, metadata: {} },
    {
      version: 'v2.1.10',
      down: null,
      metadata: {
        issue: '142',
        requiresDowntime: true,
        dependencies: ['v2.1.0'],
        rollbackNotes: 'No rollback script: drop the column by hand if it must go',
      },
    },
  ]);
  expect(await textOf(root, source.migrations[1]?.up ?? null)).toContain('DELIMITER //');
});

test.each([
  ['hmis-invalid-json', ['source.invalidMetadata v1.0.0/migration-info.json 4'], []],
  ['hmis-other-version-in-info', [], ['source.invalidMetadata v1.0.0/migration-info.json']],
  ['hmis-rollback-without-migration', ['source.downWithoutUp v1.0.0/rollback.sql'], []],
  ['hmis-folder-not-numbered', ['source.unknownName v1.x'], []],
  ['hmis-empty-migration', ['source.invalidSections v1.0.0/migration.sql 1'], []],
])('%s', async (fixture, problems, notices) => {
  const result = await read('hmis', join(fixtures, fixture), 'mysql');
  expect([places(result.problems), places(result.notices)]).toEqual([problems, notices]);
});

test('the key is the version of the information, not the folder', async () => {
  const { source } = await read('hmis', join(fixtures, 'hmis-other-version-in-info'), 'mysql');
  expect(source.migrations).toMatchObject([{ historyKey: 'v1.0.1', up: { path: 'v1.0.0/migration.sql' } }]);
});

test('only folders that begin with v and hold a migration count', async () => {
  await using folder = await folderOf({
    'v1.0.0/migration.sql': 'select 1;',
    'v1.0.0/migration-dev.sql': 'x',
    'v1.0.0/verify-a.sql': '',
    'v1.0.0/verify-b.sql': '',
    'old/migration.sql': 'x',
    'v2/README.md': '',
    'test.sql': 'x',
  });
  const { source, problems, notices } = await read('hmis', folder.path, 'mysql');
  expect(source.migrations.map((migration) => migration.verify?.path)).toEqual(['v1.0.0/verify-a.sql']);
  expect([places(problems), places(notices)]).toEqual([
    [],
    ['source.unknownName test.sql', 'source.unsupported v1.0.0/verify-b.sql'],
  ]);
});

test('a new version follows the newest', async () => {
  const { source } = await read('hmis', join(samples, 'hmis'), 'mysql');
  const files = toolFor('hmis').scaffold('Add "rooms"', source.migrations, new Date('2026-02-03T04:05:06Z'));
  expect(files.map((file) => file.path)).toEqual([
    'v2.1.11/migration.sql',
    'v2.1.11/rollback.sql',
    'v2.1.11/migration-info.json',
  ]);
  await using folder = await folderOf(Object.fromEntries(files.map((file) => [file.path, file.text])));
  expect(await read('hmis', folder.path, 'mysql')).toMatchObject({
    problems: [],
    source: { migrations: [{ version: 'v2.1.11', name: 'Add "rooms"' }] },
  });
});
