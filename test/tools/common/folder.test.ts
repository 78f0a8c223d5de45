import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWithin, listFolder, walkFolder } from '../../../electron/tools/common/folder.ts';
import { printable } from '../../../electron/tools/common/problems.ts';
import { folderOf } from '../folder.ts';

test('files and folders in byte order', async () => {
  await using folder = await folderOf({ 'b.sql': '', 'B.sql': '', 'ä.sql': '', 'sub/x.sql': '' });
  expect(await listFolder(folder.path)).toEqual({ files: ['B.sql', 'b.sql', 'ä.sql'], folders: ['sub'], problems: [] });
});

test('links are followed within the source only', async () => {
  await using outside = await folderOf({ 'secret.sql': 'select 1;' });
  await using folder = await folderOf({ 'real.sql': '', 'sub/x.sql': '' });
  await symlink('real.sql', join(folder.path, 'inside.sql'));
  await symlink('sub', join(folder.path, 'linked'));
  await symlink(join(outside.path, 'secret.sql'), join(folder.path, 'outside.sql'));
  await symlink('nowhere.sql', join(folder.path, 'dangling.sql'));
  const listed = await listFolder(folder.path);
  expect(listed).toMatchObject({ files: ['inside.sql', 'real.sql'], folders: ['linked', 'sub'] });
  expect(listed.problems.map(({ code, path }) => `${code} ${path}`).sort()).toEqual([
    'source.unsupported dangling.sql',
    'source.unsupported outside.sql',
  ]);
});

test('a name that is not UTF-8 is told, not opened under another name', async () => {
  await using folder = await folderOf({ 'a.sql': '' });
  await writeFile(
    Buffer.concat([Buffer.from(`${folder.path}/1_`), Buffer.from([0xff, 0xfe]), Buffer.from('.sql')]),
    'select 1;',
  );
  const listed = await listFolder(folder.path);
  expect(listed.files).toEqual(['a.sql']);
  expect(listed.problems).toMatchObject([{ code: 'source.unreadable' }]);
});

test('a folder that is missing or a file', async () => {
  await using folder = await folderOf({ 'a.sql': '' });
  await expect(listFolder(join(folder.path, 'gone'))).rejects.toMatchObject({
    problem: { code: 'source.unreadable', state: 'Nothing was changed.' },
  });
  await expect(listFolder(join(folder.path, 'a.sql'))).rejects.toMatchObject({
    problem: { code: 'source.unreadable' },
  });
});

test('names are shown without what could deceive a terminal or a reader', () => {
  expect(printable('a\u001b[31m\n\u202Eb.sql')).toBe('a\\u{1b}[31m\\u{a}\\u{202e}b.sql');
});

test('a walk finds files at any depth in byte order, leaves out hidden ones, and ends where links go in a circle', async () => {
  await using folder = await folderOf({ 'b.sql': '', 'a/c.sql': '', 'a/.git/x': '', '.hidden': '' });
  await symlink(folder.path, `${folder.path}/a/again`);
  const { files, problems } = await walkFolder(folder.path);
  expect(problems).toMatchObject([{ code: 'source.unsupported', path: 'a/again' }]);
  expect(files).toEqual(['a/c.sql', 'b.sql']);
  expect((await walkFolder(folder.path, 'a')).files).toEqual(['a/c.sql']);
  const some = await walkFolder(folder.path, '', 0);
  expect(some.files).toEqual(['b.sql']);
  expect(some.problems).toMatchObject([{ code: 'source.unsupported', path: folder.path }]);
});

test('a folder that a setting names lies within the source, or is none', async () => {
  await using folder = await folderOf({ 'a/b/c.sql': '' });
  const within = (named: string) => folderWithin(folder.path, named);
  expect(await Promise.all(['.', 'a/b', `${folder.path}/a`, 'a/../a/b/'].map(within))).toEqual(['', 'a/b', 'a', 'a/b']);
  expect(await Promise.all(['..', '/', 'none', 'a/b/c.sql', '../x'].map(within))).toEqual([
    null,
    null,
    null,
    null,
    null,
  ]);
});
