import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { scanFile } from '../../../electron/tools/common/scan.ts';
import { folderOf } from '../folder.ts';

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
const mark = (line: string) => {
  const word = /^-- (up|down|note)$/.exec(line)?.[1];
  return word === undefined ? null : word === 'note' ? { directive: word } : { opens: word };
};

test('a file without marks is one section with the digest of its bytes', async () => {
  // Test vector of formats.md 1.6
  const text = 'create table a(id int);\n';
  await using folder = await folderOf({ 'a.sql': text });
  const file = await scanFile(folder.path, 'a.sql', { mark });
  expect(file).toMatchObject({ bytes: 24, problem: null });
  expect(file.sections).toMatchObject([
    {
      opens: null,
      start: 0,
      end: 24,
      line: 1,
      firstCode: 1,
      sha256: '780cd65365cbfe31c11fdb4fc7bb925f12a9e467c577d65c840cd25d517e9d90',
    },
  ]);
});

test('sections are byte ranges with their lines, whatever the line ends and characters', async () => {
  const up = "insert into t values ('ü€😀');\r\n-- note\r\n";
  const down = 'drop table t;';
  const text = `-- a comment\r\n-- up\r\n${up}-- down\r\n${down}`;
  await using folder = await folderOf({ 'a.sql': text });
  const file = await scanFile(folder.path, 'a.sql', { mark });
  const start = Buffer.byteLength('-- a comment\r\n-- up\r\n');
  expect(file.sections).toMatchObject([
    { opens: null, start: 0, end: 14, firstCode: null, comments: [{ text: '-- a comment', line: 1 }] },
    {
      opens: 'up',
      start,
      end: start + Buffer.byteLength(up),
      line: 3,
      sha256: sha256(up),
      firstCode: 3,
      directives: [{ text: 'note', line: 4 }],
    },
    { opens: 'down', line: 6, sha256: sha256(down), opening: { text: '-- down', line: 5 } },
  ]);
});

test('the opening line can belong to its section', async () => {
  await using folder = await folderOf({ 'a.sql': '\n-- up\nselect 1;\n' });
  const { sections } = await scanFile(folder.path, 'a.sql', { mark, openingLineIncluded: true });
  expect(sections[1]).toMatchObject({ start: 1, line: 2, sha256: sha256('-- up\nselect 1;\n') });
});

test('a byte-order mark is no part of the first section, but of the file', async () => {
  await using folder = await folderOf({ 'a.sql': '\uFEFFselect 1;\n' });
  const file = await scanFile(folder.path, 'a.sql');
  expect(file).toMatchObject({ startsWithMark: true, bytes: 13 });
  expect(file.sections[0]).toMatchObject({ start: 3, end: 13, sha256: sha256('select 1;\n') });
});

test('an empty file is one empty section', async () => {
  await using folder = await folderOf({ 'a.sql': '' });
  expect((await scanFile(folder.path, 'a.sql')).sections).toMatchObject([{ start: 0, end: 0, firstCode: null }]);
});

test.each([
  ['Latin-1', Buffer.from("-- ok\nselect '\xe9';\n", 'latin1'), 2],
  ['UTF-16', Buffer.from('\uFEFFselect 1;\n', 'utf16le'), 1],
  ['a zero byte', Buffer.from('select 1;\n\nselect \0;'), 3],
  [
    'a character cut off at the end',
    Buffer.concat([Buffer.from('select 1;\n-- '), Buffer.from('€').subarray(0, 2)]),
    2,
  ],
])('%s is refused with its line', async (_, bytes, line) => {
  await using folder = await folderOf({ 'a.sql': bytes });
  expect((await scanFile(folder.path, 'a.sql')).problem).toMatchObject({ code: 'script.notUtf8', path: 'a.sql', line });
});

test('a file that cannot be read is a Problem, not a failure', async () => {
  await using folder = await folderOf({ 'a.sql/inside': '' });
  expect((await scanFile(folder.path, 'a.sql')).problem).toMatchObject({ code: 'source.unreadable', path: 'a.sql' });
  expect((await scanFile(folder.path, 'gone.sql')).problem).toMatchObject({ code: 'source.unreadable' });
});

test('a large file gives the same as a small one would', async () => {
  // Beyond one block, with a line of several blocks whose characters fall across block ends.
  const line = `insert into t values ('${'€'.repeat(1_300_000)}');\n`;
  const up = `${'select 1; -- filler\n'.repeat(60_000)}${line}`;
  const text = `-- up\n${up}-- down\nselect 2;\n`;
  await using folder = await folderOf({ 'a.sql': text });
  const file = await scanFile(folder.path, 'a.sql', { mark, canonical: ['up'] });
  expect(file).toMatchObject({ problem: null, bytes: Buffer.byteLength(text) });
  expect(file.sections[1]).toMatchObject({ sha256: sha256(up), canonical: sha256(up), line: 2 });
  expect(file.sections[2]).toMatchObject({ line: 60_004, sha256: sha256('select 2;\n') });
});

test('lines of code are told in order with the marks, without a byte-order mark; of a very long one, its end; a digest is of all bytes', async () => {
  const text = `\uFEFFa\n\n-- up\n  b; -- c\r\n${'x'.repeat(2_500_000)}end\n-- note\nlast`;
  await using folder = await folderOf({ 'a.sql': text });
  const told: string[] = [];
  const seen = (line: string, number: number) => {
    told.push(`${number} ${line.slice(-7)}`);
    return mark(line);
  };
  const digest = createHash('sha1');
  const rules = {
    mark: seen,
    code: (line: string, number: number) => void seen(line, number),
    digest: { update: (bytes: Buffer) => digest.update(bytes), digest: () => digest.digest('hex') },
  };
  const file = await scanFile(folder.path, 'a.sql', rules);
  expect(told).toEqual(['1 a', '3 -- up', '4 b; -- c', '5 xxxxend', '6 -- note', '7 last']);
  expect(file.digest).toBe(createHash('sha1').update(text).digest('hex'));
});
