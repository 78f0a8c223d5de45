import { expect, test } from 'vitest';
import { cargoDependency, nearest, projectFolders } from '../../../electron/tools/common/detecting.ts';
import { parseProperties, readTomlFile, tableIn } from '../../../electron/tools/common/settingsFile.ts';
import type { Problem } from '../../../shared/problem.ts';
import { folderOf } from '../folder.ts';

test('properties: separators, comments, joined lines, escapes', () => {
  const text = [
    '# comment',
    '! comment',
    '  a=1',
    'b : two words ',
    'c three',
    'd=x\\',
    '    y',
    'e\\:f=\\u00e9\\t\\\\',
    'empty=',
    'bare',
    '',
  ].join('\r\n');
  expect([...parseProperties(text)]).toEqual([
    ['a', '1'],
    ['b', 'two words '],
    ['c', 'three'],
    ['d', 'xy'],
    ['e:f', 'é\t\\'],
    ['empty', ''],
    ['bare', ''],
  ]);
});

test('TOML: a missing file is null, a mistake is a Problem with its place', async () => {
  await using folder = await folderOf({ 'a.toml': '\uFEFF[a]\nb = 1\n', 'b.toml': 'a = 1\nb = [\n', 'c.toml/x': '' });
  const problems: Problem[] = [];
  expect(tableIn(await readTomlFile(folder.path, 'a.toml', problems), 'a')).toEqual({ b: 1 });
  expect(await readTomlFile(folder.path, 'none.toml', problems)).toBeNull();
  expect(await readTomlFile(folder.path, 'c.toml', problems)).toBeNull();
  expect(problems).toEqual([]);
  expect(await readTomlFile(folder.path, 'b.toml', problems)).toBeNull();
  expect(problems).toMatchObject([{ code: 'source.invalidMetadata', path: 'b.toml', line: expect.any(Number) }]);
});

test('what lies around a folder is looked for up to the root of its project, not beyond', async () => {
  await using folder = await folderOf({
    'outside.toml': 'x',
    'project/.git/HEAD': 'ref: refs/heads/main\n',
    'project/Cargo.toml': '[dependencies]\nsqlx-core = "1"\n[dependencies.refinery]\nversion = "1"\n',
    'project/a/near.toml': 'near',
    'project/a/b/c.sql': '',
  });
  const root = `${folder.path}/project/a/b`;
  expect(await projectFolders(root)).toEqual([root, `${folder.path}/project/a`, `${folder.path}/project`]);
  expect(await nearest(root, ['outside.toml'])).toBeNull();
  expect(await nearest(root, ['none', 'near.toml'])).toMatchObject({
    folder: `${folder.path}/project/a`,
    head: 'near',
  });
  expect(await cargoDependency(root, ['sqlx'])).toBeNull();
  expect(await cargoDependency(root, ['diesel', 'refinery'])).toBe('refinery');
});
