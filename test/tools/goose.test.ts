import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toolFor } from '../../electron/tools/registry.ts';
import { folderOf } from './folder.ts';
import { places, read, samples, textOf } from './reading.ts';

const up = '-- +goose Up\n';

test('the sample: numbers, sections, NO TRANSACTION for the whole file', async () => {
  const { source, problems, notices } = await read('goose', join(samples, 'goose/postgres'));
  expect([problems, notices]).toEqual([[], []]);
  expect(source.migrations.map(({ version, name, transaction }) => [version, name, transaction])).toEqual([
    ['1', 'create_trees', { up: true, down: true }],
    ['2', 'create_visits', { up: true, down: true }],
    ['10', 'index_visits', { up: false, down: false }],
  ]);
});

test('statements that end with StatementEnd alone stay statements of their own, on their lines', async () => {
  const root = join(samples, 'goose/postgres');
  const { source } = await read('goose', root);
  const visits = source.migrations[1];
  expect(visits?.up.line).toBe(3);
  const text = (await textOf(root, visits?.up ?? null)) ?? '';
  expect(text.split('\n').slice(14, 21)).toEqual([
    '$$',
    ';-- +goose StatementEnd',
    '',
    '-- +goose StatementBegin',
    "COMMENT ON FUNCTION visit(integer) IS 'A visit, now'",
    ';-- +goose StatementEnd',
    '',
  ]);
  expect(await textOf(root, visits?.down ?? null)).toBe('DROP FUNCTION visit(integer);\nDROP TABLE visits;\n');
});

test.each([
  ['no Up', 'select 1;\n', 'source.invalidSections 1_a.sql 1'],
  ['empty file', '', 'source.invalidSections 1_a.sql 1'],
  ['only comments', '-- nothing\n', 'source.invalidSections 1_a.sql 1'],
  ['statement before Up', `-- a\nselect 1;\n${up}select 2;\n`, 'source.invalidSections 1_a.sql 2'],
  ['Down before Up', '-- +goose Down\nselect 1;\n', 'source.invalidSections 1_a.sql 1'],
  ['second Up', `${up}select 1;\n${up}`, 'source.invalidSections 1_a.sql 3'],
  ['no semicolon at the end', `${up}select 1;\n\nselect\n  2\n`, 'source.invalidSections 1_a.sql 4'],
  ['no semicolon before Down', `${up}select 1 -- a;\n-- +goose Down\n`, 'source.invalidSections 1_a.sql 2'],
  ['StatementEnd missing', `${up}-- +goose StatementBegin\nselect 1;\n`, 'source.invalidSections 1_a.sql 3'],
  ['StatementEnd alone', `${up}-- +goose StatementEnd\n`, 'source.invalidSections 1_a.sql 2'],
  ['unknown annotation', `${up}-- +goose Upp\n`, 'source.invalidSections 1_a.sql 2'],
  ['indented annotation', ` ${up}select 1;\n`, 'source.invalidSections 1_a.sql 1'],
  ['byte-order mark', `\uFEFF${up}select 1;\n`, 'source.invalidSections 1_a.sql 1'],
])('%s: a Problem with its line, and the migration stays in the list', async (_, text, place) => {
  await using folder = await folderOf({ '1_a.sql': text });
  const { source, problems } = await read('goose', folder.path);
  expect(places(problems)).toEqual([place]);
  expect(source.migrations).toMatchObject([{ version: '1' }]);
});

test('CRLF, lower case, comments behind semicolons, very long lines', async () => {
  const long = `insert into a values ('${'x'.repeat(1_500_000)}');`;
  await using folder = await folderOf({
    '1_a.sql': '-- +goose up\r\nselect 1; -- one\r\n-- +GOOSE DOWN\r\nselect 2;\r\n',
    '2_b.sql': `${up}${long}\n${long}`,
  });
  const { source, problems } = await read('goose', folder.path);
  expect(problems).toEqual([]);
  expect(source.migrations.map(({ down }) => down !== null)).toEqual([true, false]);
});

test('names: numbers of 64 bits; Go is listed and not run; what goose stops at is a Problem', async () => {
  await using folder = await folderOf({
    '00005_größe.sql': up,
    '5_again.sql': up,
    '6_code.go': 'package migrations\n',
    '7_code_test.go': 'package migrations\n',
    '0_zero.sql': up,
    '99999999999999999999_big.sql': up,
    'seed.sql': '',
    'main.go': '',
  });
  const { source, problems } = await read('goose', folder.path);
  expect(source.migrations).toMatchObject([
    { version: '5', name: 'größe' },
    { version: '6', name: 'code', notRunnable: expect.stringContaining('in Go') },
  ]);
  expect(places(problems)).toEqual([
    'source.unknownName 0_zero.sql',
    'source.unknownName 99999999999999999999_big.sql',
    'source.unknownName seed.sql',
    'source.duplicateVersion 5_again.sql',
  ]);
});

test('ENVSUB between ON and OFF: given values, defaults, and a Problem for what has neither', async () => {
  await using folder = await folderOf({
    '1_a.sql': [
      '-- +goose Up',
      'select $OWNER;',
      '-- +goose ENVSUB ON',
      "select '$OWNER ${OWNER} ${NOBODY:-somebody} ${NOBODY-}', $1;",
      'select ${NOBODY};',
      '-- +goose ENVSUB OFF',
      'select ${NOBODY};',
      '',
    ].join('\r\n'),
  });
  const options = { engine: null, historyTable: null, placeholders: { OWNER: 'ada' } };
  const { source, problems } = await toolFor('goose').read(folder.path, options);
  const text = await textOf(folder.path, source.migrations[0]?.up ?? null);
  expect(text?.split('\r\n')).toEqual([
    'select $OWNER;',
    '-- +goose ENVSUB ON',
    "select 'ada ada somebody ', $1;",
    'select ${NOBODY};',
    '-- +goose ENVSUB OFF',
    'select ${NOBODY};',
    '',
  ]);
  expect(places(problems)).toEqual(['script.placeholderMissing 1_a.sql 5']);
});

test('a new file is one that can be read', async () => {
  const [file] = toolFor('goose').scaffold('Add users', [], new Date('2026-02-03T04:05:06Z'));
  expect(file?.path).toBe('20260203040506_add_users.sql');
  await using folder = await folderOf({ [file?.path ?? '']: file?.text ?? '' });
  expect((await read('goose', folder.path)).problems).toEqual([]);
});
