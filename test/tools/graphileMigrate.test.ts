import { expect, test } from 'vitest';
import { hashOf } from '../../electron/tools/graphile-migrate/committedFile.ts';
import { toolFor } from '../../electron/tools/registry.ts';
import { folderOf } from './folder.ts';
import { places, read, textOf } from './reading.ts';

const body = 'create table a(id int);\n';

function committed(text: string, previous: string | null = null, headers = ''): string {
  return `--! Previous: ${previous ?? '-'}\n--! Hash: ${hashOf(text, previous)}\n${headers}\n${text}`;
}

test('the known hash of a first commit', () => {
  expect(hashOf(body, null)).toBe('sha1:dabe98fdd7dbbceb8c61e160cddbeb20abcf0178');
});

test('a chain: numbers, messages, transactions, values in the place of names', async () => {
  const first = committed("select ':DATABASE_NAME', :OTHER;\n");
  const second = '--! no-transaction\ncreate index concurrently x on a (id);\n';
  await using folder = await folderOf({
    'committed/000001-a.sql': first,
    'committed/000002.sql': committed(
      second,
      hashOf("select ':DATABASE_NAME', :OTHER;\n", null),
      '--! Message: An index\n',
    ),
    'committed/notes.sql': '',
    'current.sql': 'select 1;',
  });
  const options = { engine: 'postgres', historyTable: null, placeholders: { OTHER: '7' }, database: 'shop' } as const;
  const { source, problems, notices } = await toolFor('graphile-migrate').read(folder.path, options);
  expect(
    source.migrations.map(({ version, historyKey, name, transaction }) => [version, historyKey, name, transaction.up]),
  ).toEqual([
    ['000001', '000001.sql', 'a', true],
    ['000002', '000002.sql', 'An index', false],
  ]);
  expect(await textOf(folder.path, source.migrations[0]?.up ?? null)).toBe("select 'shop', 7;\n");
  expect(source.migrations[0]?.up.line).toBe(4);
  expect([places(problems), places(notices)]).toEqual([[], ['source.unknownName committed/notes.sql']]);
});

test.each([
  ['carriage returns', committed(body).replaceAll('\n', '\r\n'), 'source.invalidSections 000001.sql 1'],
  ['no header', body, 'source.invalidSections 000001.sql 1'],
  ['no blank line', committed(body).replace('\n\n', '\n'), 'source.invalidSections 000001.sql 3'],
  ['a byte-order mark', `\uFEFF${committed(body)}`, 'source.invalidSections 000001.sql 1'],
  ['a changed body', `${committed(body)}select 2;\n`, 'source.order 000001.sql 1'],
  ['another predecessor', committed(body, 'sha1:0'), 'source.order 000001.sql 1'],
])('%s is refused', async (_, text, place) => {
  await using folder = await folderOf({ '000001.sql': text });
  expect(places((await read('graphile-migrate', folder.path)).problems)).toContain(place);
});

test('a changed body that its author allows', async () => {
  const text = committed(body, null, '--! AllowInvalidHash\n');
  await using folder = await folderOf({ '000001.sql': `${text}select 2;\n` });
  expect((await read('graphile-migrate', folder.path)).problems).toEqual([]);
});

test('a name whose value comes from the environment must be given; one of the database only where there is one', async () => {
  await using folder = await folderOf({
    '000001.sql': committed('select :DATABASE_OWNER;\nselect :SECRET_NAME; -- :OTHER\n'),
    '.gmrc': '{ // comments\n "placeholders": { ":SECRET_NAME": "!ENV", ":OTHER": "x" } }',
  });
  const { source, problems } = await read('graphile-migrate', folder.path);
  expect(places(problems)).toEqual(['script.placeholderMissing 000001.sql 5']);
  expect(await textOf(folder.path, source.migrations[0]?.up ?? null)).toBe(
    'select :DATABASE_OWNER;\nselect :SECRET_NAME; -- x\n',
  );
});
