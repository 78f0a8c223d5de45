import { expect, test } from 'vitest';
import { toolFor } from '../../electron/tools/registry.ts';
import { folderOf } from './folder.ts';
import { places, read } from './reading.ts';

const script = 'create table a(id int);\n';

test('versions are numbers; names end at the next dot; the known checksum; programs are listed', async () => {
  await using folder = await folderOf({
    '002.do.größe.v2.sql': script,
    '002.undo.sql': 'drop table a;',
    '0010.do.sql': '',
    '003.do.more.js': 'exports.generateSql = () => "";',
    'old/001.do.first.sql': '-- nothing\r\n',
    '004.do.marked.sql': `\uFEFF${script}`,
    'seed.sql': '',
    '7.sql': '',
  });
  const { source, problems, notices } = await read('postgrator', folder.path);
  expect(
    source.migrations.map(({ version, name, down, notRunnable }) => [
      version,
      name,
      down !== null,
      notRunnable !== undefined,
    ]),
  ).toEqual([
    ['1', 'first', false, false],
    ['2', 'größe', true, false],
    ['3', 'more', false, true],
    ['4', 'marked', false, false],
    ['10', '', false, false],
  ]);
  expect(source.migrations[1]?.checksum).toBe('75e049699b08f9adf4555130aa87df54');
  expect(source.migrations[2]?.checksum).toBeNull();
  expect(places(problems)).toEqual([]);
  expect(places(notices)).toEqual([
    'source.unknownName 7.sql',
    'source.unknownName seed.sql',
    'script.syntax 004.do.marked.sql 1',
  ]);
});

test('one version twice, and an undo without its do', async () => {
  await using folder = await folderOf({ '1.do.a.sql': '', '01.do.b.sql': '', '2.undo.sql': '' });
  expect(places((await read('postgrator', folder.path)).problems)).toEqual([
    'source.duplicateVersion 1.do.a.sql',
    'source.downWithoutUp 2.undo.sql',
  ]);
});

test('a new pair has the next number', async () => {
  await using folder = await folderOf({ '009.do.a.sql': '' });
  const { migrations } = (await read('postgrator', folder.path)).source;
  expect(
    toolFor('postgrator')
      .scaffold('Add b', migrations, new Date())
      .map(({ path }) => path),
  ).toEqual(['010.do.add_b.sql', '010.undo.add_b.sql']);
});
