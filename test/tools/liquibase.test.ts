import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toolFor } from '../../electron/tools/registry.ts';
import type { ReadResult } from '../../electron/tools/tool.ts';
import type { EngineId } from '../../shared/model/environment.ts';
import { folderOf } from './folder.ts';
import { fixtures, places, read, samples } from './reading.ts';

const master = 'databaseChangeLog:\n';
const changeSet = (id: string, change: string, more = '') =>
  `- changeSet: {id: "${id}", author: a${more}, changes: [${change}]}\n`;

/** One changelog, and what is read of it. */
async function readOf(
  files: Readonly<Record<string, string | Buffer>>,
  { engine = 'postgres' as EngineId, placeholders = {} as Readonly<Record<string, string>> } = {},
): Promise<ReadResult> {
  await using folder = await folderOf(files);
  return await toolFor('liquibase').read(folder.path, { engine, historyTable: null, placeholders, user: 'ada' });
}

const upOf = ({ source }: ReadResult, index = 0): string => {
  const up = source.migrations[index]?.up;
  return up?.kind === 'text' ? up.text.trim() : '';
};

const dialects = [
  { dbms: 'postgresql', engine: 'postgres' },
  { dbms: 'mariadb', engine: 'mysql' },
  { dbms: 'mysql', engine: 'mysql' },
  { dbms: 'sqlite', engine: 'sqlite' },
] as const;

interface Golden {
  readonly sql: string;
  readonly checksum: string;
  readonly description: string;
}

/** Names in quotes, blanks and ends of statements do not change what a script does. */
const essence = (sql: string): string =>
  sql
    .replace(/["`]|DELIMITER|~~~liquibase~~~/g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?;(?: ?;)*/g, ';')
    .trim()
    .replace(/;$/, '')
    .toLowerCase()
    .trim();

describe.each(dialects)('every change type on $dbms, as Liquibase 4.28 itself writes it', async ({ dbms, engine }) => {
  const folder = join(fixtures, 'liquibase-types');
  const golden = JSON.parse(await readFile(join(folder, 'liquibase-4.28.json'), 'utf8')) as Record<
    string,
    Record<string, Golden>
  >;
  const { source, problems } = await toolFor('liquibase').read(folder, {
    engine,
    historyTable: null,
    placeholders: { dbms },
  });
  const meant = source.migrations.filter(({ ignored }) => ignored === undefined);
  const idOf = (key: string) => key.split('::')[0] ?? '';

  test('nothing is wrong, and what is meant for it is the same', () => {
    expect(problems).toEqual([]);
    expect(meant.map(({ historyKey }) => idOf(historyKey))).toEqual(Object.keys(golden[dbms] ?? {}));
    expect(meant.filter(({ notRunnable }) => notRunnable !== undefined)).toEqual([]);
  });

  test.each(meant)('$historyKey', ({ historyKey, up, checksum, recorded }) => {
    const wanted = golden[dbms]?.[idOf(historyKey)];
    expect(essence(up.kind === 'text' ? up.text : '')).toBe(essence(wanted?.sql ?? ''));
    // Of a file of rows the checksum is left to Liquibase.
    expect(checksum).toBe(historyKey.startsWith('ld') ? null : wanted?.checksum);
    expect(recorded?.['description']).toBe(wanted?.description);
  });
});

test('the sample: order, names, checksums', async () => {
  const { source, problems, notices } = await read('liquibase', join(samples, 'liquibase'), 'postgres');
  expect([problems, notices]).toEqual([[], []]);
  expect(source.migrations.every(({ checksum, down }) => checksum !== null && down !== null)).toBe(true);
  expect(source.migrations.find(({ name }) => name === 'Who looked, and when')?.up).toMatchObject({
    path: 'changelog/002-nights.sql',
    line: 3,
  });
});

describe('messy trees', () => {
  test.each([
    [
      'two of one identity',
      { 'changelog.yaml': master + changeSet('1', 'sql: select 1').repeat(2) },
      'source.duplicateVersion changelog.yaml 3',
    ],
    [
      'a missing include',
      { 'changelog.yaml': `${master}- include: {file: no.xml}\n` },
      'source.invalidSections changelog.yaml 2',
    ],
    [
      'a circle of includes',
      {
        'changelog.yaml': `${master}- include: {file: b.yaml}\n`,
        'b.yaml': `${master}- include: {file: changelog.yaml}\n`,
      },
      'source.invalidSections b.yaml 2',
    ],
    [
      'an include outside of the folder',
      { 'changelog.yaml': `${master}- include: {file: ../../../../etc/passwd.sql}\n` },
      'source.invalidSections changelog.yaml 2',
    ],
    [
      'malformed XML',
      { 'changelog.xml': '<databaseChangeLog>\n  <changeSet id="1"\n</databaseChangeLog>\n' },
      'source.invalidMetadata changelog.xml 3',
    ],
    [
      'malformed YAML',
      { 'changelog.yaml': 'databaseChangeLog:\n- changeSet: {id: 1\n' },
      'source.invalidMetadata changelog.yaml 3',
    ],
    [
      'malformed JSON',
      { 'changelog.json': '{"databaseChangeLog": [\n{"changeSet" }\n' },
      'source.invalidMetadata changelog.json 3',
    ],
    [
      'a property from a file',
      { 'changelog.yaml': `${master}- property: {file: x.properties}\n` },
      'source.invalidSections changelog.yaml 2',
    ],
    [
      'a line that is nearly a change set',
      { 'changelog.sql': '--liquibase formatted sql\n--changeset ann\nselect 1;\n' },
      'source.invalidSections changelog.sql 2',
    ],
    [
      'a change set without SQL',
      { 'changelog.sql': '--liquibase formatted sql\n--changeset a:1\n--changeset a:2\nselect 1;\n' },
      'source.invalidSections changelog.sql 2',
    ],
    [
      'not UTF-8',
      { 'changelog.sql': Buffer.from('--liquibase formatted sql\n--changeset a:1\nselect \xe9;\n', 'latin1') },
      'script.notUtf8 changelog.sql 3',
    ],
  ])('%s', async (_, files, place) => {
    expect(places((await readOf(files)).problems)).toEqual([place]);
  });

  test('entities are not expanded, and nothing outside is read', async () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY f SYSTEM "file:///etc/hostname">]>';
    const { problems } = await readOf({
      'changelog.xml': `${bomb}\n<databaseChangeLog>\n<changeSet id="1" author="a"><sql>&f;&a;</sql></changeSet></databaseChangeLog>\n`,
    });
    expect(places(problems)).toEqual(['source.invalidMetadata changelog.xml 3']);
  });

  test('aliases folded into each other end with a Problem, not with the memory', async () => {
    const folded = Array.from({ length: 12 }, (_, level) => `- &a${level + 1} [${`*a${level},`.repeat(12)}]`).join(
      '\n',
    );
    const { problems } = await readOf({
      'changelog.yaml': `x:\n- &a0 {sql: {sql: select 1}}\n${folded}\n${master}- changeSet: {id: 1, author: a, changes: *a12}\n`,
    });
    expect(places(problems).join()).toMatch(/^source\.invalidMetadata changelog\.yaml/);
  });

  test('byte-order mark and CRLF: the same change sets with the same checksums', async () => {
    const text = '--liquibase formatted sql\n--changeset a:1\nselect 1;\nselect 2;\n';
    const [plain, odd] = await Promise.all([
      readOf({ 'changelog.sql': text }),
      readOf({ 'changelog.sql': `\ufeff${text.replaceAll('\n', '\r\n')}` }),
    ]);
    expect(odd.problems).toEqual([]);
    expect(odd.source.migrations.map(({ checksum }) => checksum)).toEqual(
      plain.source.migrations.map(({ checksum }) => checksum),
    );
  });

  test('an unknown change type is named, and its change set not run at all', async () => {
    const { source, problems } = await readOf({
      'changelog.yaml': master + changeSet('1', '{sql: select 1}, {customChange: {class: x.Y}}'),
    });
    expect(problems).toEqual([]);
    expect(source.migrations).toMatchObject([
      { notRunnable: 'the change type customChange is not supported.', checksum: null },
    ]);
    expect(upOf({ source, problems, notices: [] })).toBe('');
  });
});

test('contexts, labels and databases: what does not match is ignored', async () => {
  const text =
    master +
    changeSet('1', 'sql: select 1', ', context: "test and !slow"') +
    changeSet('2', 'sql: select 1', ', labels: "x, y"') +
    changeSet('3', 'sql: select 1', ', dbms: oracle') +
    changeSet('4', 'sql: select 1', ', ignore: true') +
    changeSet('5', 'sql: select 1', ', context: "@prod"');
  const ignored = async (placeholders: Record<string, string>) =>
    (await readOf({ 'changelog.yaml': text }, { placeholders })).source.migrations.map(
      ({ ignored: why }) => why !== undefined,
    );
  expect(await ignored({})).toEqual([false, false, true, true, true]);
  expect(await ignored({ contexts: 'test', labels: 'z' })).toEqual([false, true, true, true, true]);
  expect(await ignored({ contexts: 'test, slow', labels: 'y and !z' })).toEqual([true, false, true, true, true]);
  expect(await ignored({ contexts: 'prod' })).toEqual([true, false, true, true, false]);
});

test('parameters: given ones first, then the first that fits; unknown ones stay', async () => {
  const text = `${master}- property: {name: p, value: one}\n- property: {name: p, value: two}\n- property: {name: q, value: pg, dbms: postgresql}\n${changeSet('1', '{sql: "select \'${p} ${q} ${r} ${s}\'"}')}`;
  const files = {
    'changelog.yaml': text,
    'liquibase.properties': 'changelog-file=changelog.yaml\nparameter.s=given\npassword: secret\n',
  };
  expect(upOf(await readOf(files))).toContain("select 'one pg ${r} given'");
  expect(upOf(await readOf(files, { placeholders: { p: 'mine' } }))).toContain("select 'mine pg ${r} given'");
});

describe('preconditions', () => {
  const withConditions = (options: string, conditions: string) =>
    `${master}- changeSet:\n    id: 1\n    author: a\n    preConditions:\n    - ${options}\n    ${conditions}\n    changes: [{sql: select 1}]\n`;
  const migrationWith = async (options: string, conditions = '- not: [{tableExists: {tableName: t}}]') =>
    (await readOf({ 'changelog.yaml': withConditions(options, conditions) })).source.migrations[0];

  test.each([
    ['onFail: HALT', 'stop', 'stop'],
    ['onFail: MARK_RAN', 'record', 'stop'],
    ['onFail: CONTINUE', 'skip', 'stop'],
    ['onFail: WARN', 'warn', 'stop'],
    ['onError: MARK_RAN', 'stop', 'record'],
  ])('%s', async (options, unmet, unanswered) => {
    expect((await migrationWith(options))?.condition).toMatchObject({
      unmet,
      unanswered,
      line: 5,
      question: { all: [{ none: [{ ask: expect.stringContaining('information_schema.tables'), answer: '1' }] }] },
    });
  });

  test.each([
    ['onFail: MARK_RAN', '- dbms: {type: oracle}', { recorded: { execType: 'MARK_RAN' } }],
    ['onFail: CONTINUE', '- dbms: {type: oracle}', { ignored: 'its preconditions are not met' }],
    ['onFail: HALT', '- runningAs: {username: eve}', { notRunnable: 'its preconditions are not met.' }],
    ['onFail: HALT', '- runningAs: {username: ada}', { recorded: { execType: 'EXECUTED' } }],
    // It is not looked at, as Liquibase stops before it.
    ['onFail: MARK_RAN', '- or: [{dbms: {type: postgresql}}, {sqlCheck: {expectedResult: 1, sql: select 1}}]', {}],
  ])('%s with %s needs no database', async (options, conditions, expected) => {
    const migration = await migrationWith(options, conditions);
    expect(migration).toMatchObject(expected);
    expect(migration?.condition).toBeUndefined();
  });

  test.each([
    [
      'onFail: MARK_RAN',
      '- customPrecondition: {className: x.Y}',
      'the precondition customPrecondition is not supported',
    ],
    ['onFail: HALT', '- sqlCheck: {expectedResult: 1, sql: delete from t}', 'sqlCheck is supported for SELECT only'],
    ['onFail: PERHAPS', '- tableExists: {tableName: t}', 'onFail PERHAPS is not known'],
  ])('%s with %s is refused by name', async (options, conditions, why) => {
    expect((await migrationWith(options, conditions))?.notRunnable).toContain(why);
  });
});

test('rollback: written, named, automatic, or none', async () => {
  const text =
    '--liquibase formatted sql\n--changeset a:1\ncreate table a (id int);\n--rollback drop table a;\n--changeset a:2\nselect 1;\n--rollback not required\n--changeset a:3\nselect 1;\n/* liquibase rollback\nselect 9;\n*/\n--changeset a:4\nselect 1;\n--rollback changesetId:1 changesetAuthor:a\n--changeset a:5\nselect 1;\n';
  const { source, problems } = await readOf({ 'changelog.sql': text });
  expect(problems).toEqual([]);
  expect(
    source.migrations.map(({ down }) => (down?.kind === 'text' ? down.text.trim().replace(/[\s;]+$/, ';') : null)),
  ).toEqual(['drop table a;', '', 'select 9;', 'create table a (id int);', null]);
});
