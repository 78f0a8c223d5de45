import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { folderOf } from './folder.ts';
import { places, read } from './reading.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const script = 'create table a(id int);\n';

test('the checksum of the known file, and its variants with other line ends', async () => {
  await using folder = await folderOf({ '1_a/migration.sql': script, '2_b/migration.sql': 'a;\r\nb;\r\n' });
  const [first, second] = (await read('prisma', folder.path)).source.migrations;
  expect(first?.checksum).toBe('780cd65365cbfe31c11fdb4fc7bb925f12a9e467c577d65c840cd25d517e9d90');
  expect(first?.otherChecksums).toContain(sha256('create table a(id int);\r\n'));
  // Without the leading zeros of its bytes: 03 is 3, 0c is c.
  expect(first?.otherChecksums).toContain(
    '780cd65365cbfe31c11fdb4fc7bb925f12a9e467c577d65c840cd25d517e9d90'.replaceAll(/../g, (byte) =>
      byte.replace(/^0/, ''),
    ),
  );
  expect(second?.otherChecksums).toContain(sha256('a;\nb;\n'));
});

test('folders in byte order, a byte-order mark in the checksum but not in the script, a way back beside it', async () => {
  await using folder = await folderOf({
    'migration_lock.toml': 'provider = "postgresql"\n',
    '20260101_größe/migration.sql': `\uFEFF${script}`,
    '20260101_größe/down.sql': 'drop table a;',
    init: '',
    'a_custom/migration.sql': '',
    '9_first/migration.sql': '-- only a comment\n',
  });
  const { source, problems, notices } = await read('prisma', folder.path, 'postgres');
  expect(source.migrations.map(({ version, down, up }) => [version, down !== null, up.bytes])).toEqual([
    ['20260101_größe', true, 24],
    ['9_first', false, 18],
    ['a_custom', false, 0],
  ]);
  expect(source.migrations[0]?.checksum).toBe(sha256(`\uFEFF${script}`));
  expect([places(problems), places(notices)]).toEqual([[], ['script.syntax 20260101_größe/migration.sql 1']]);
});

test('another kind of database and a folder without a script are refused, as Prisma does', async () => {
  await using folder = await folderOf({
    'migration_lock.toml': 'provider = "mysql"\n',
    '1_a/migration.sql': script,
    '2_b/notes.txt': '',
  });
  expect(places((await read('prisma', folder.path, 'postgres')).problems)).toEqual([
    'source.unsupported migration_lock.toml',
    'source.unknownName 2_b',
  ]);
});
