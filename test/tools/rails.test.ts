import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockNumber } from '../../electron/tools/rails/history.ts';
import { folderOf } from './folder.ts';
import { places, read, samples } from './reading.ts';

test('its lock number', () => {
  expect(lockNumber('mydb')).toBe(586353752304064290n);
});

test('the sample: listed with the reason why it cannot be run', async () => {
  const { source, problems, notices } = await read('rails', join(samples, 'rails/db/migrate'));
  expect([problems, notices]).toEqual([[], []]);
  expect(source.migrations.map(({ version, name, notRunnable }) => [version, name, notRunnable])).toEqual([
    ['20260105090000', 'create_recipes', 'it is written in Ruby.'],
    ['20260112090000', 'create_steps', 'it is written in Ruby.'],
  ]);
});

test('a dump of another commit is told; so are twins and files of other names', async () => {
  await using folder = await folderOf({
    'migrate/1_a.rb': 'class A < ActiveRecord::Migration[7.1]',
    'migrate/01_b.rb': '',
    'migrate/3_c.rb': '',
    'migrate/Seed.rb': '',
    'structure.sql': "INSERT INTO `schema_migrations` (version) VALUES\n('1'),\n('2');\n",
  });
  const { source, problems, notices } = await read('rails', join(folder.path, 'migrate'));
  expect(source.migrations.map(({ version }) => version)).toEqual(['1', '3']);
  expect(places(problems)).toEqual(['source.duplicateVersion 1_a.rb']);
  expect(places(notices)).toEqual([
    'source.unknownName Seed.rb',
    'source.order ../structure.sql',
    'source.order ../structure.sql',
  ]);
});
