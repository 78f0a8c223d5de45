import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compare } from '../../electron/engine/compare.ts';
import { selectSteps } from '../../electron/engine/select.ts';
import { plainEntry } from '../../electron/tools/common/historyRows.ts';
import { toolFor } from '../../electron/tools/registry.ts';
import type { HistoryEntry } from '../../shared/model/history.ts';
import type { Migration } from '../../shared/model/migration.ts';
import { folderOf } from './folder.ts';
import { places, read, samples, textOf } from './reading.ts';

const checksums = ({ source }: { source: { migrations: readonly Migration[] } }) =>
  source.migrations.map(({ checksum }) => checksum);

test('the sample: versions, names, values of placeholders, undo scripts, repeatable ones last', async () => {
  const root = join(samples, 'flyway/postgres');
  const result = await read('flyway', root, 'postgres');
  expect([result.problems, result.notices]).toEqual([[], []]);
  expect(
    result.source.migrations.map(({ version, name, kind, recordedAs, transaction, down }) => [
      version,
      name,
      kind,
      recordedAs,
      transaction.up,
      down?.path,
    ]),
  ).toEqual([
    ['1', 'create courts', 'versioned', 'V1__create_courts.sql', true, undefined],
    ['1.1', 'create bookings', 'versioned', 'V1_1__create_bookings.sql', true, 'sql/U1_1__create_bookings.sql'],
    [
      '2',
      'index bookings by player',
      'versioned',
      'V2__index_bookings_by_player.sql',
      false,
      'sql/U2__index_bookings_by_player.sql',
    ],
    ['R__bookings_per_court', 'bookings per court', 'repeatable', 'R__bookings_per_court.sql', true, undefined],
  ]);
  expect(await textOf(root, result.source.migrations[0]?.up ?? null)).toContain("DEFAULT 'Riverside'");
});

test('checksums: line ends and a byte-order mark do not count, blank lines neither, an empty file is 0', async () => {
  const two = 'create table a(id int);\ninsert into a values (1);\n';
  await using folder = await folderOf({
    'V1__a.sql': 'create table a(id int);\n',
    'V2__b.sql': two,
    'V3__c.sql': two.replaceAll('\n', '\r\n'),
    'V4__d.sql': `\uFEFF${two}`,
    'V5__e.sql': two.replaceAll('\n', ''),
    'V6__f.sql': two.replaceAll('\n', '\n\n\r\r\n'),
    'V7__g.sql': '',
    'V8__h.sql': '-- only a comment\n',
  });
  const result = await read('flyway', folder.path);
  expect(result.problems).toEqual([]);
  expect(checksums(result).slice(0, 7)).toEqual(['-1193849269', ...Array(5).fill('-346639793'), '0']);
});

test('versions: underscores are dots, zeros at the end do not count, order is by number', async () => {
  await using folder = await folderOf({
    'V10__x.sql': '',
    'V2_1__x.sql': '',
    'V2.1.0__again.sql': '',
    'V01__first one.sql': '',
    'sub/deeper/V9__Größe.SQL': '',
    'Vx__no.sql': '',
    'V3_missing_separator.sql': '',
    'notes.sql': '',
    '.hidden/V99__x.sql': '',
  });
  const { source, problems, notices } = await read('flyway', folder.path);
  expect(source.migrations.map(({ version, historyKey, name, up }) => [version, historyKey, name, up.path])).toEqual([
    ['01', '1', 'first one', 'V01__first one.sql'],
    ['2.1.0', '2.1', 'again', 'V2.1.0__again.sql'],
    ['9', '9', 'Größe', 'sub/deeper/V9__Größe.SQL'],
    ['10', '10', 'x', 'V10__x.sql'],
  ]);
  expect(places(problems)).toEqual(['source.duplicateVersion V2_1__x.sql']);
  expect(places(notices)).toEqual([
    'source.unknownName V3_missing_separator.sql',
    'source.unknownName Vx__no.sql',
    'source.unknownName notes.sql',
  ]);
});

test('callbacks are refused by name; those of other commands are only told', async () => {
  await using folder = await folderOf({
    'V1__a.sql': 'select 1;',
    'afterMigrate.sql': 'select 1;',
    'beforeEachMigrate__settings.sql': 'select 1;',
    'afterClean.sql': 'select 1;',
    'U1__a.sql': 'select 1;',
    'U7__b.sql': 'select 1;',
    'V4__Code.java': 'class V4__Code {}',
  });
  const { source, problems, notices } = await read('flyway', folder.path);
  expect(places(problems)).toEqual([
    'source.unsupported afterMigrate.sql',
    'source.unsupported beforeEachMigrate__settings.sql',
    'source.downWithoutUp U7__b.sql',
  ]);
  expect(places(notices)).toEqual(['source.unsupported afterClean.sql']);
  expect(source.migrations).toMatchObject([
    { version: '1', down: { path: 'U1__a.sql' } },
    { version: '4', notRunnable: expect.stringContaining('no SQL script'), checksum: null },
  ]);
});

test('placeholders: given values first, any case, in comments too; those without a value are Problems with their line', async () => {
  await using folder = await folderOf({
    'flyway.conf':
      '# settings\nflyway.placeholders.Owner=conf\nflyway.placeholders.other = two \\\n  lines\nflyway.table=log\n',
    'V1__a.sql': "select '${OWNER}', '${other}', '${flyway:filename}', '${flyway:table}';\n",
    'V2__b.sql': 'select 1;\n-- ${nobody}\nselect ${flyway:timestamp};\n',
    'V3__c.sql': 'select ${nobody};\n',
    'V3__c.sql.conf': 'placeholderReplacement=false\n',
    'R__d.sql': 'select ${Owner};\n',
  });
  const options = { engine: 'postgres', historyTable: null, placeholders: { owner: 'given' } } as const;
  const { source, problems, historyTable } = await toolFor('flyway').read(folder.path, options);
  expect(historyTable).toEqual({ schema: null, name: 'log' });
  const [first, , third, repeatable] = source.migrations;
  expect(await textOf(folder.path, first?.up ?? null)).toBe("select 'given', 'two lines', 'V1__a.sql', 'log';\n");
  expect(await textOf(folder.path, third?.up ?? null)).toBe('select ${nobody};\n');
  expect(places(problems)).toEqual(['script.placeholderMissing V2__b.sql 2', 'script.placeholderMissing V2__b.sql 3']);
  // A repeatable one's checksum is that of its text with values; that of the file counts as well.
  await using plain = await folderOf({ 'R__d.sql': 'select given;\n', 'V1__e.sql': 'select ${{Owner};\n' });
  expect(repeatable?.checksum).toBe((await read('flyway', plain.path)).source.migrations.at(-1)?.checksum);
  expect(repeatable?.otherChecksums).toHaveLength(1);
});

test('the settings of flyway.toml: prefixes, separators, suffixes, placeholders, rules, locations', async () => {
  await using folder = await folderOf({
    'flyway.toml': `[flyway]
locations = ["filesystem:db/one", "classpath:two", "filesystem:../outside", "s3:bucket"]
sqlMigrationPrefix = "Mig-"
sqlMigrationSeparator = "--"
sqlMigrationSuffixes = [".sql", ".pks"]
placeholderPrefix = "#["
placeholderSuffix = "]"
outOfOrder = true
mixed = true
executeInTransaction = false
defaultSchema = "app"
[flyway.placeholders]
n = 7
`,
    'db/one/Mig-1--a.pks': 'select #[n], ${n};',
    'src/main/resources/two/Mig-2--b.sql': 'select 1;',
    'elsewhere/Mig-3--c.sql': 'select 1;',
  });
  const result = await read('flyway', folder.path);
  expect(places(result.problems)).toEqual(['source.unsupported flyway.toml', 'source.unsupported flyway.toml']);
  expect(
    result.source.migrations.map(({ version, recordedAs, transaction }) => [version, recordedAs, transaction.up]),
  ).toEqual([
    ['1', 'Mig-1--a.pks', false],
    ['2', 'Mig-2--b.sql', false],
  ]);
  expect(await textOf(folder.path, result.source.migrations[0]?.up ?? null)).toBe('select 7, ${n};');
  expect(result.rules).toMatchObject({ outOfOrder: 'allowed', leavesTransaction: 'always' });
  expect(result.historyTable).toEqual({ schema: 'app', name: 'flyway_schema_history' });
});

test('settings that cannot be read or followed are Problems', async () => {
  await using broken = await folderOf({ 'flyway.toml': '[flyway]\ntable = \n', 'V1__a.sql': '' });
  expect(places((await read('flyway', broken.path)).problems)).toEqual(['source.invalidMetadata flyway.toml 2']);
  await using latin = await folderOf({
    'flyway.conf': 'flyway.encoding=ISO-8859-1\nflyway.callbackLocations=filesystem:cb\n',
    'V1__a.sql': '',
  });
  expect(places((await read('flyway', latin.path)).problems)).toEqual([
    'source.unsupported flyway.conf',
    'source.unsupported flyway.conf',
  ]);
});

const entry = (historyKey: string, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  ...plainEntry(historyKey),
  version: historyKey.replace(/^B/, ''),
  ...more,
});

async function statusesOf(files: Record<string, string>, entries: HistoryEntry[]): Promise<string[]> {
  await using folder = await folderOf(files);
  const { interpret, rules } = toolFor('flyway');
  const { migrations } = (await read('flyway', folder.path)).source;
  const comparison = compare(migrations, interpret?.(entries, migrations) ?? entries, rules);
  return comparison.rows.map(
    ({ migration, entry: found, status }) => `${migration?.version ?? found?.historyKey} ${status}`,
  );
}

test('a baseline in the history stands for all versions up to it', async () => {
  const files = { 'V1__a.sql': '', 'V2__b.sql': '', 'V3__c.sql': '' };
  expect(await statusesOf(files, [entry('2', { state: 'baseline' })])).toEqual([
    '1 baseline',
    '2 baseline',
    '3 pending',
  ]);
  expect(await statusesOf({ 'V3__c.sql': '' }, [entry('2', { state: 'baseline' })])).toEqual([
    '2 baseline',
    '3 pending',
  ]);
});

test('baseline migrations: the newest on an empty history, none on another', async () => {
  const files = { 'V1__a.sql': '', 'V2__b.sql': '', 'V3__c.sql': '', 'B1__a.sql': '', 'B2__b.sql': '' };
  expect(await statusesOf(files, [])).toEqual(['1 baseline', 'B1 baseline', '2 baseline', 'B2 pending', '3 pending']);
  expect(await statusesOf(files, [entry('B2')])).toEqual([
    '1 baseline',
    'B1 baseline',
    '2 baseline',
    'B2 applied',
    '3 pending',
  ]);
  expect(await statusesOf(files, [entry('1')])).toEqual([
    '1 applied',
    'B1 baseline',
    '2 pending',
    'B2 baseline',
    '3 pending',
  ]);
});

test('a repeatable one that changed is run again, makes no version old and is never rolled back', async () => {
  await using folder = await folderOf({ 'V1__a.sql': '', 'V2__b.sql': '', 'U1__a.sql': '', 'R__v.sql': 'select 1;' });
  const { rules } = toolFor('flyway');
  const { migrations } = (await read('flyway', folder.path)).source;
  const comparison = compare(migrations, [entry('1'), entry('R__v', { checksum: '5' })], rules);
  expect(comparison.rows.map(({ status }) => status)).toEqual(['applied', 'pending', 'outdated']);
  expect(comparison.current).toBe('1');
  const down = selectSteps(comparison, { direction: 'down' }, rules, ['1', 'R__v']);
  expect(down.steps.map(({ migration }) => migration.version)).toEqual(['1']);
});

test('a new file is one that can be read, beside the newest', async () => {
  const { source } = await read('flyway', join(samples, 'flyway/sqlite'));
  const [file] = toolFor('flyway').scaffold('Add Höfe', source.migrations, new Date());
  expect(file?.path).toBe('sql/V3__add_höfe.sql');
});
