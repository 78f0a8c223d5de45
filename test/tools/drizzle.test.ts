import { expect, test } from 'vitest';
import { folderOf } from './folder.ts';
import { places, read } from './reading.ts';

const journal = (dialect: string, ...entries: object[]): string => JSON.stringify({ version: '7', dialect, entries });
const script = 'create table a(id int);\n';

test('the journal decides: order, key, what is no migration', async () => {
  await using folder = await folderOf({
    'meta/_journal.json': journal('sqlite', { tag: '0001_b', when: 200 }, { tag: '0000_a', when: 100 }),
    '0000_a.sql': script,
    '0001_b.sql': `\uFEFFselect 1;--> statement-breakpoint\r\nselect 2;`,
    '0002_c.sql': '',
  });
  const { source, problems, notices } = await read('drizzle', folder.path, 'sqlite');
  expect(source.migrations.map(({ version, historyKey }) => [version, historyKey])).toEqual([
    ['0001_b', '200'],
    ['0000_a', '100'],
  ]);
  expect(source.migrations[1]?.checksum).toBe('780cd65365cbfe31c11fdb4fc7bb925f12a9e467c577d65c840cd25d517e9d90');
  expect([places(problems), places(notices)]).toEqual([
    [],
    ['script.syntax 0001_b.sql 1', 'source.unknownName 0002_c.sql'],
  ]);
});

test('a missing file, one time twice, another dialect, entries that are none', async () => {
  await using folder = await folderOf({
    'meta/_journal.json': journal(
      'mysql',
      { tag: 'a', when: 1 },
      { tag: 'b', when: 1 },
      { tag: 'gone', when: 2 },
      { tag: '../x', when: 3 },
      { tag: 'c', when: 'x' },
    ),
    'a.sql': '',
    'b.sql': '',
  });
  const { source, problems } = await read('drizzle', folder.path, 'postgres');
  expect(source.migrations.map(({ version }) => version)).toEqual(['a']);
  expect(problems.map(({ code }) => code)).toEqual([
    'source.invalidMetadata',
    'source.invalidMetadata',
    'source.invalidMetadata',
    'source.unreadable',
    'source.duplicateVersion',
  ]);
});

test('the history table that its settings name', async () => {
  await using folder = await folderOf({
    'drizzle.config.ts': "export default defineConfig({ migrations: { table: 'done', schema: 'public' } });",
    'drizzle/meta/_journal.json': journal('postgresql', { tag: 'a', when: 1 }),
    'drizzle/a.sql': '',
  });
  const read_ = await read('drizzle', `${folder.path}/drizzle`, 'postgres');
  expect(read_.historyTable).toEqual({ schema: 'public', name: 'done' });
});
