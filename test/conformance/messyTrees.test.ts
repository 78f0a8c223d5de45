// The mess that real trees hold, in every tool's own layout: read correctly, or told with file, line and remedy.
import { describe, expect, test } from 'vitest';
import { toolFor, tools } from '../../electron/tools/registry.ts';
import type { ReadResult } from '../../electron/tools/tool.ts';
import { folderOf } from '../tools/folder.ts';
import { type Files, type Layout, layouts, type Written } from './messyTrees.ts';

test('every tool has a layout here', () => {
  expect(layouts.map(({ tool }) => tool).sort()).toEqual(tools.map(({ id }) => id).sort());
});

const written = (number: number, changes: Partial<Written> = {}): Written => ({
  number,
  name: `step ${number}`,
  up: `CREATE TABLE t${number} (id integer);\n`,
  down: `DROP TABLE t${number};\n`,
  ...changes,
});

const two = [written(1), written(2)];

/** What a person writes migrations in; not what a tool keeps beside them. */
const isScript = (path: string): boolean => /\.(?:sql|js|py|rb)$/.test(path) && !/__init__|env\.py/.test(path);

const rewritten = (files: Files, change: (text: string) => string | Buffer): Files =>
  Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, isScript(path) ? change(text.toString()) : text]),
  );

/** Only what the second migration adds to the tree, or changes in it. */
const ofSecond = ({ tree }: Layout): string[] => {
  const before = tree([written(1)]);
  return Object.keys(tree(two)).filter((path) => isScript(path) && !(path in before));
};

const emptied = (layout: Layout): Files => {
  const empty = Object.fromEntries(ofSecond(layout).map((path) => [path, '']));
  return { ...layout.tree(two), ...empty };
};

/** 9 MB. */
const seed = 'INSERT INTO t1 VALUES (1), (2), (3), (4), (5), (6), (7), (8);\n'.repeat(150_000);

interface Mess {
  readonly title: string;
  readonly files: (layout: Layout) => Files;
  /** Migrations that are read. */
  readonly count: number;
  /** By tool, what is told, and how many migrations are read then; of all others nothing is, and all are. */
  readonly told: Readonly<Record<string, readonly string[]>>;
  readonly fewer?: Readonly<Record<string, number>>;
  /** Tools whose layout cannot hold it. */
  readonly without?: readonly string[];
}

const duplicate = (path: string): string[] => [`source.duplicateVersion ${path}`];

const messes: readonly Mess[] = [
  {
    title: 'gaps between versions',
    files: ({ tree }) => tree([written(1), written(2), written(9)]),
    count: 3,
    told: {},
  },
  {
    title: 'one version twice, from two branches',
    files: ({ tree }) =>
      tree([written(1), written(2, { name: 'from one branch' }), written(2, { name: 'from another' })]),
    count: 2,
    // Names, not versions, are what these tools go by.
    fewer: { 'node-pg-migrate': 3, knex: 3, umzug: 3, typeorm: 3, prisma: 3, liquibase: 3, django: 3 },
    without: ['hmis'],
    told: {
      lockkeeper: duplicate('2.0_from_one_branch.sql'),
      dbmate: duplicate('20260102090000_from_one_branch.sql'),
      'guest-registration': duplicate('20260101_000002_1.2.0_from_one_branch.sql'),
      dcms: duplicate('20260102090000_from_one_branch.up.sql'),
      flyway: [...duplicate('U2__from_one_branch.sql'), ...duplicate('V2__from_one_branch.sql')],
      goose: duplicate('00002_from_one_branch.sql'),
      'golang-migrate': [
        ...duplicate('000002_from_one_branch.down.sql'),
        ...duplicate('000002_from_one_branch.up.sql'),
      ],
      sqlx: duplicate('20260102090000_from_one_branch.up.sql'),
      refinery: duplicate('V2__from_one_branch.sql'),
      diesel: duplicate('20260102090000_from_one_branch/up.sql'),
      drizzle: duplicate('0002_from_another.sql'),
      // One of them was committed after another than the one before it.
      'graphile-migrate': ['source.order committed/000002.sql 1'],
      postgrator: [...duplicate('002.do.from_one_branch.sql'), ...duplicate('002.undo.from_one_branch.sql')],
      rails: duplicate('20260102090000_from_one_branch.rb'),
      sqitch: duplicate('sqitch.plan 6'),
      alembic: [
        'source.order versions/000000000002_from_one_branch.py',
        ...duplicate('versions/000000000002_from_one_branch.py'),
      ],
      django: ['source.order shop/migrations/0002_from_one_branch.py'],
    },
  },
  {
    title: 'names in other letters',
    files: ({ tree }) => tree([written(1), written(2, { name: 'größe 表' })]),
    count: 2,
    fewer: { rails: 1 },
    told: { rails: ['source.unknownName 20260102090000_größe_表.rb'] },
  },
  {
    title: 'line ends of Windows',
    files: ({ tree }) => rewritten(tree(two), (text) => text.replaceAll('\n', '\r\n')),
    count: 2,
    fewer: { 'graphile-migrate': 0 },
    told: {
      'graphile-migrate': [
        'source.invalidSections committed/000001.sql 1',
        'source.invalidSections committed/000002.sql 1',
      ],
    },
  },
  {
    title: 'byte-order marks',
    files: ({ tree }) => rewritten(tree(two), (text) => `\ufeff${text}`),
    count: 2,
    fewer: { 'graphile-migrate': 0 },
    // Their own programs fail on it, or run something else.
    told: {
      dbmate: [
        'source.invalidSections 20260101090000_step_1.sql 1',
        'source.invalidSections 20260102090000_step_2.sql 1',
      ],
      'node-pg-migrate': ['script.syntax 1767686400000_step_1.sql 1', 'script.syntax 1767772800000_step_2.sql 1'],
      goose: ['source.invalidSections 00001_step_1.sql 1', 'source.invalidSections 00002_step_2.sql 1'],
      'golang-migrate': [
        'script.syntax 000001_step_1.up.sql 1',
        'script.syntax 000001_step_1.down.sql 1',
        'script.syntax 000002_step_2.up.sql 1',
        'script.syntax 000002_step_2.down.sql 1',
      ],
      prisma: [
        'script.syntax 20260101090000_step_1/migration.sql 1',
        'script.syntax 20260101090000_step_1/down.sql 1',
        'script.syntax 20260102090000_step_2/migration.sql 1',
        'script.syntax 20260102090000_step_2/down.sql 1',
      ],
      sqlx: [
        'source.invalidSections 20260101090000_step_1.up.sql 1',
        'source.invalidSections 20260101090000_step_1.down.sql 1',
        'source.invalidSections 20260102090000_step_2.up.sql 1',
        'source.invalidSections 20260102090000_step_2.down.sql 1',
      ],
      refinery: ['script.syntax V1__step_1.sql 1', 'script.syntax V2__step_2.sql 1'],
      diesel: [
        'source.invalidSections 20260101090000_step_1/up.sql 1',
        'source.invalidSections 20260101090000_step_1/down.sql 1',
        'source.invalidSections 20260102090000_step_2/up.sql 1',
        'source.invalidSections 20260102090000_step_2/down.sql 1',
      ],
      drizzle: ['script.syntax 0001_step_1.sql 1', 'script.syntax 0002_step_2.sql 1'],
      'graphile-migrate': [
        'source.invalidSections committed/000001.sql 1',
        'source.invalidSections committed/000002.sql 1',
      ],
      postgrator: [
        'script.syntax 001.do.step_1.sql 1',
        'script.syntax 001.undo.step_1.sql 1',
        'script.syntax 002.do.step_2.sql 1',
        'script.syntax 002.undo.step_2.sql 1',
      ],
    },
  },
  {
    title: 'empty files',
    files: emptied,
    count: 2,
    fewer: { typeorm: 1, 'graphile-migrate': 1, alembic: 1, django: 1 },
    // Its change sets are all in one file.
    without: ['liquibase'],
    // Of the others the plan says that there is no statement in it.
    told: {
      dbmate: ['source.invalidSections 20260102090000_step_2.sql 1'],
      hmis: ['source.invalidSections v1.2.0/migration.sql 1'],
      'guest-registration': ['source.invalidSections 20260101_000002_1.2.0_step_2.sql 1'],
      goose: ['source.invalidSections 00002_step_2.sql 1'],
      knex: Array.from({ length: 2 }, () => 'source.invalidSections 20260102090000_step_2.js'),
      umzug: ['source.invalidSections 20260102090000-step_2.js'],
      typeorm: ['source.unknownName 1767772800000-step_2.js'],
      diesel: [
        'source.invalidSections 20260102090000_step_2/up.sql 1',
        'source.invalidSections 20260102090000_step_2/down.sql 1',
      ],
      'graphile-migrate': ['source.invalidSections committed/000002.sql 1'],
      alembic: ['source.unknownName versions/000000000002_step_2.py'],
      django: ['source.invalidSections shop/migrations/0002_step_2.py'],
    },
  },
  {
    title: 'nothing but comments',
    files: ({ tree }) => tree([written(1), written(2, { up: '-- nothing to do yet\n/* really */\n' })]),
    count: 2,
    // It takes such a comment for a statement that does not end.
    told: { goose: ['source.invalidSections 00002_step_2.sql 3'] },
  },
  {
    title: 'templates of another program',
    files: ({ tree }) =>
      tree([written(1), written(2, { up: 'CREATE TABLE ${schema}.t (id integer); -- {{ name }}\n' })]),
    count: 2,
    // The others send it as it is, and the server tells line and column.
    told: { flyway: ['script.placeholderMissing V2__step_2.sql 1'] },
  },
  {
    title: 'no way back',
    files: ({ tree }) => tree([written(1, { down: null }), written(2, { down: null })]),
    count: 2,
    // Their own programs refuse files without one.
    told: {
      dbmate: [
        'source.invalidSections 20260101090000_step_1.sql 1',
        'source.invalidSections 20260102090000_step_2.sql 1',
      ],
      knex: ['source.invalidSections 20260101090000_step_1.js', 'source.invalidSections 20260102090000_step_2.js'],
    },
  },
  {
    title: 'another encoding than UTF-8',
    files: ({ tree }) =>
      rewritten(tree([written(1)]), (text) => Buffer.from(text.replace('CREATE', "SELECT 'grün';\nCREATE"), 'latin1')),
    count: 1,
    fewer: { liquibase: 0, 'graphile-migrate': 0, alembic: 0, django: 0 },
    told: Object.fromEntries(
      Object.entries({
        lockkeeper: '1.0_step_1.sql 2',
        dbmate: '20260101090000_step_1.sql 2',
        hmis: 'v1.1.0/migration.sql 1',
        'guest-registration': '20260101_000001_1.1.0_step_1.sql 2',
        dcms: '20260101090000_step_1.up.sql 1',
        'node-pg-migrate': '1767686400000_step_1.sql 2',
        flyway: 'V1__step_1.sql 1',
        goose: '00001_step_1.sql 2',
        'golang-migrate': '000001_step_1.up.sql 1',
        knex: '20260101090000_step_1.js 1',
        umzug: '20260101090000-step_1.js 1',
        typeorm: '1767686400000-step_1.js 2',
        prisma: '20260101090000_step_1/migration.sql 1',
        sqlx: '20260101090000_step_1.up.sql 1',
        refinery: 'V1__step_1.sql 1',
        diesel: '20260101090000_step_1/up.sql 1',
        liquibase: 'changelog.sql 3',
        drizzle: '0001_step_1.sql 1',
        'graphile-migrate': 'committed/000001.sql 4',
        postgrator: '001.do.step_1.sql 1',
        rails: '20260101090000_step_1.rb 3',
        sqitch: 'deploy/step1.sql 1',
        alembic: 'versions/000000000001_step_1.py 6',
        django: 'shop/migrations/0001_step_1.py 6',
      }).map(([tool, place]) => [tool, [`script.notUtf8 ${place}`]]),
    ),
  },
  {
    title: 'megabytes of rows',
    files: ({ tree }) => tree([written(1), written(2, { up: seed })]),
    count: 2,
    fewer: { 'graphile-migrate': 1, alembic: 1, django: 1 },
    // SQL is streamed, but where its tool's own rules need the whole text; code must be readable.
    told: {
      'guest-registration': ['script.tooLarge 20260101_000002_1.2.0_step_2.sql'],
      knex: [
        'script.import 20260102090000_step_2.js',
        ...Array.from({ length: 2 }, () => 'source.invalidSections 20260102090000_step_2.js'),
      ],
      umzug: ['script.import 20260102090000-step_2.js', 'source.invalidSections 20260102090000-step_2.js'],
      typeorm: ['script.import 1767772800000-step_2.js'],
      'graphile-migrate': ['script.tooLarge committed/000002.sql'],
      alembic: ['script.tooLarge versions/000000000002_step_2.py'],
      django: ['script.tooLarge shop/migrations/0002_step_2.py'],
    },
  },
];

describe.each(messes)('$title', ({ files, count, told, fewer = {}, without = [] }) => {
  test.each(layouts.filter(({ tool }) => !without.includes(tool)))('$tool', async (layout) => {
    await using folder = await folderOf(files(layout));
    const engine = layout.tool === 'hmis' ? 'mysql' : 'postgres';
    const read = await toolFor(layout.tool).read(folder.path, { engine, historyTable: null, placeholders: {} });
    expect(placesOf(read)).toEqual([...(told[layout.tool] ?? [])].sort());
    expect(read.source.migrations).toHaveLength(fewer[layout.tool] ?? count);
    for (const { message, hint } of toldOf(read))
      expect([message, hint].map((text) => text.length > 10)).toEqual([true, true]);
  });
});

/** Without the notice of node-pg-migrate, which always tells its order. */
const toldOf = ({ problems, notices, source }: ReadResult) =>
  [...problems, ...notices].filter(({ path }) => path !== source.root);

const placesOf = (read: ReadResult): string[] =>
  toldOf(read)
    .map(({ code, path, line }) => [code, path, line].filter((part) => part !== undefined).join(' '))
    .sort();
