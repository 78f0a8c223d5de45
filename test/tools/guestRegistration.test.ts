import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toolFor } from '../../electron/tools/registry.ts';
import { folderOf } from './folder.ts';
import { fixtures, places, read, samples } from './reading.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const tool = toolFor('guest-registration');

test('the sample: the time of day is the key, parts are stripped, the checksum is of the up part', async () => {
  const { source, problems } = await read('guest-registration', join(samples, 'guest-registration'), 'postgres');
  expect(problems).toEqual([]);
  const sql = 'CREATE INDEX IF NOT EXISTS idx_guest_trip_id ON guest_reg_guest(trip_id);';
  expect(source.migrations).toMatchObject([
    { version: '000000', historyKey: '000000', name: '1.0.0_initial_schema', up: { line: 4 } },
    {
      version: '000001',
      name: '1.1.0_add_indexes',
      up: { text: sql, line: 3 },
      checksum: sha256(sql),
      down: { text: 'DROP INDEX IF EXISTS idx_guest_trip_id;', line: 6 },
    },
    { version: '000002', name: '1.2.0_add_contact', down: null },
  ]);
});

test("the history table's prefix takes the place of the written one, in the checksum too", async () => {
  const options = { engine: 'postgres', placeholders: {} } as const;
  const { source, problems } = await tool.read(join(samples, 'guest-registration'), {
    ...options,
    historyTable: { schema: null, name: 'lake_migrations' },
  });
  expect(problems).toEqual([]);
  const sql = 'CREATE INDEX IF NOT EXISTS idx_guest_trip_id ON lake_guest(trip_id);';
  expect(source.migrations[1]).toMatchObject({ up: { text: sql }, checksum: sha256(sql) });
  const unknown = await tool.read(join(samples, 'guest-registration'), {
    ...options,
    historyTable: { schema: null, name: 'history' },
  });
  expect(places(unknown.problems)).toEqual(['database.historyTable']);
});

test('on SQLite the tool rewrites what SQLite does not know, and so do we', async () => {
  const sql = [
    'CREATE TABLE guest_reg_a (id SERIAL PRIMARY KEY, x BOOLEAN DEFAULT TRUE, y BOOLEAN DEFAULT FALSE);',
    'ALTER TABLE guest_reg_a ADD COLUMN IF NOT EXISTS z INT;',
    'ALTER TABLE guest_reg_a ALTER COLUMN z SET NOT NULL;',
    'INSERT INTO guest_reg_a (id) VALUES (1) ON CONFLICT DO NOTHING;',
  ].join('\n');
  await using folder = await folderOf({
    '20260101_000000_1.0.0_a.sql': `-- Up Migration\r\n${sql.replaceAll('\n', '\r\n')}\r\n-- Down Migration (Rollback)\r\nALTER TABLE guest_reg_a DROP COLUMN IF EXISTS z;`,
  });
  const { source } = await read('guest-registration', folder.path, 'sqlite');
  const rewritten = [
    'CREATE TABLE guest_reg_a (id INTEGER PRIMARY KEY AUTOINCREMENT, x BOOLEAN DEFAULT 1, y BOOLEAN DEFAULT 0);',
    'ALTER TABLE guest_reg_a ADD COLUMN z INT;',
    '',
    'INSERT INTO guest_reg_a (id) VALUES (1) ;',
  ].join('\n');
  expect(source.migrations[0]).toMatchObject({
    up: { text: rewritten },
    checksum: sha256(rewritten),
    down: { text: '' },
  });
});

test.each([
  ['guest-registration-up-mark-missing', ['source.invalidSections 20260101_000000_1.0.0_a.sql 1'], 1],
  ['guest-registration-same-time', ['source.duplicateVersion 20260102_000000_1.1.0_b.sql'], 1],
])('%s', async (fixture, expected, count) => {
  const { source, problems } = await read('guest-registration', join(fixtures, fixture), 'postgres');
  expect(places(problems)).toEqual(expected);
  expect(source.migrations).toHaveLength(count);
});

test('files of fewer parts are passed over; scripts beyond 8 MiB are refused', async () => {
  await using folder = await folderOf({
    'notes_x.sql': '',
    '20260101_000000_a.sql': `-- Up Migration\n${'-- filler\n'.repeat(900_000)}`,
  });
  const { problems, notices } = await read('guest-registration', folder.path, 'postgres');
  expect([places(problems), places(notices)]).toEqual([
    ['script.tooLarge 20260101_000000_a.sql'],
    ['source.unknownName notes_x.sql'],
  ]);
});

test('a new file takes a time of day that no other has', async () => {
  const { source } = await read('guest-registration', join(samples, 'guest-registration'), 'postgres');
  const [file] = tool.scaffold('Add rooms', source.migrations, new Date('2026-03-01T00:00:02Z'));
  expect(file?.path).toBe('20260301_000003_1.3.0_add_rooms.sql');
  await using folder = await folderOf({ [file?.path ?? '']: file?.text ?? '' });
  expect(await read('guest-registration', folder.path, 'postgres')).toMatchObject({
    problems: [],
    source: { migrations: [{ version: '000003', down: null }] },
  });
});
