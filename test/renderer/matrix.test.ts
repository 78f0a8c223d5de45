/** The matrix before it is drawn: what is on screen, where keys lead, which columns and rows there are. */
import { describe, expect, test } from 'vitest';
import { factCell, migrationCell, staleWords } from '../../renderer/features/matrix/cells.ts';
import { blockSize, sizesOf, windowOf } from '../../renderer/features/matrix/gridWindow.ts';
import {
  inBlocks,
  type LayoutColumn,
  layOutColumns,
  layOutRows,
  membersOf,
  projectsKeeper,
} from '../../renderer/features/matrix/layout.ts';
import { sound } from '../../renderer/features/matrix/options.ts';
import { foundAt, gridMap, pinnedRows } from '../../renderer/features/matrix/place.ts';
import { environmentsAt, selectedColumns, toggled } from '../../renderer/features/matrix/selection.ts';
import { step } from '../../renderer/features/matrix/walk.ts';
import { goalAt, openTarget, routeOfGoal } from '../../renderer/features/matrix/ways.ts';
import type { EnvironmentSummary } from '../../shared/contract/views.ts';
import { protectionByTier } from '../../shared/model/environment.ts';
import type { MatrixColumn, MigrationList } from '../../shared/model/matrix.ts';

const summary = (id: string, group = ''): EnvironmentSummary => ({
  environment: {
    id,
    name: id,
    tier: 'test',
    group,
    colour: 'teal',
    connection: { engine: 'sqlite', file: `/${id}.db` },
    credential: { kind: 'none' },
    protection: protectionByTier.test,
    source: { path: '/migrations' },
  },
  url: '',
  lastKnown: null,
  lastRun: null,
  lastBackup: null,
  activeRun: null,
});

const list: MigrationList = {
  id: 'list',
  tool: 'dbmate',
  migrations: ['1', '2', '3'].map((version) => ({ version, historyKey: version, name: 'step', kind: 'versioned' })),
};
const lists = new Map([[list.id, list]]);

const column = (id: string, statuses: string, about: Partial<MatrixColumn> = {}): MatrixColumn => ({
  environmentId: id,
  known: {
    list: 'list',
    source: '/migrations',
    statuses,
    extra: [],
    current: null,
    pending: [...statuses].filter((code) => code === 'p').length,
    changed: 0,
    readAt: '2026-03-01T10:00:00.000Z',
  },
  drift: null,
  problem: null,
  run: null,
  ...about,
});

const unreachable = {
  code: 'connect.unreachable',
  message: 'Nobody answers.',
  state: 'Unknown.',
  hint: 'Look.',
} as const;
const columns = new Map([
  ['a', column('a', 'aaa')],
  ['b', column('b', 'app', { problem: unreachable })],
  ['c', column('c', 'acp')],
]);
const environments = [summary('a', 'East'), summary('b', 'East'), summary('c', 'West')];

const layout = (folded: readonly string[] = []) => {
  const laid = layOutColumns({ environments, columns, order: 'tier', folded });
  const projects = projectsKeeper()(
    lists,
    membersOf(laid.columns).map((one) => one.column),
  );
  const wanted = {
    projects,
    columns: laid.columns,
    choice: 'all',
    filter: '',
    newestFirst: true,
    folded: new Set<string>(),
  } as const;
  const rows = layOutRows(wanted);
  return { ...laid, projects, rows, wanted, map: gridMap(pinnedRows(true), rows, laid.columns, laid.groups) };
};

describe('what is on screen', () => {
  const sizes = sizesOf({ words: true, compact: false, narrow: false, withGroups: true, facts: 3 });
  const viewport = { left: 0, top: 0, width: 1000, height: 600 };

  test('is a few rows more than fit, and whole blocks of columns', () => {
    const drawn = windowOf(viewport, sizes, { rows: 2000, columns: 500 });
    expect(drawn.firstRow).toBe(0);
    expect(drawn.lastRow * sizes.row).toBeGreaterThanOrEqual(viewport.height - sizes.top);
    expect(drawn.lastRow).toBeLessThan(30);
    expect((drawn.lastBlock + 1) * blockSize * sizes.cell).toBeGreaterThanOrEqual(viewport.width - sizes.head);
  });

  test('ends where the rows and columns do', () => {
    expect(windowOf({ ...viewport, left: 1e6, top: 1e6 }, sizes, { rows: 2000, columns: 500 })).toMatchObject({
      lastRow: 1999,
      lastBlock: Math.ceil(500 / blockSize) - 1,
    });
    expect(windowOf(viewport, sizes, { rows: 0, columns: 1 })).toMatchObject({
      firstRow: 0,
      lastRow: -1,
      lastBlock: 0,
    });
  });

  test('moves with the scroll position', () => {
    const drawn = windowOf({ ...viewport, left: 50 * sizes.cell, top: 100 * sizes.row }, sizes, {
      rows: 2000,
      columns: 500,
    });
    expect(drawn.firstRow).toBeLessThanOrEqual(100);
    expect(drawn.firstRow).toBeGreaterThan(80);
    expect(drawn.firstBlock).toBe(Math.floor(50 / blockSize));
  });
});

describe('keys', () => {
  const bounds = { rows: 20, columns: 10, page: 5, groupStarts: [0, 1, 4] };
  const press = (key: string, row: number, at: number, ctrlKey = false) =>
    step({ key, ctrlKey }, { row, column: at }, bounds);

  test('move by one, by a page, to the ends of row and grid, and never out of it', () => {
    expect(press('ArrowDown', 3, 2)).toEqual({ row: 4, column: 2 });
    expect(press('ArrowUp', 0, 2)).toEqual({ row: 0, column: 2 });
    expect(press('ArrowRight', 3, 9)).toEqual({ row: 3, column: 9 });
    expect(press('PageDown', 3, 2)).toEqual({ row: 8, column: 2 });
    expect(press('PageUp', 3, 2)).toEqual({ row: 0, column: 2 });
    expect(press('Home', 3, 2)).toEqual({ row: 3, column: 0 });
    expect(press('End', 3, 2)).toEqual({ row: 3, column: 9 });
    expect(press('Home', 3, 2, true)).toEqual({ row: 0, column: 0 });
    expect(press('End', 3, 2, true)).toEqual({ row: 19, column: 9 });
    expect(press('x', 3, 2)).toBeNull();
  });

  test('lead from group to group in the row of groups', () => {
    expect(press('ArrowRight', 0, 1)).toEqual({ row: 0, column: 4 });
    expect(press('ArrowRight', 0, 5)).toEqual({ row: 0, column: 5 });
    expect(press('ArrowLeft', 0, 6)).toEqual({ row: 0, column: 1 });
    expect(press('ArrowLeft', 0, 1)).toEqual({ row: 0, column: 0 });
  });
});

describe('columns', () => {
  test('stand by group; a folded group is one column that sums up', () => {
    const { columns: laid, groups, projects } = layout(['East']);
    expect(laid.map(({ kind, key }) => [kind, key])).toEqual([
      ['group', 'group East'],
      ['environment', 'c'],
    ]);
    expect(groups).toMatchObject([
      { group: 'East', count: 2, folded: true, from: 0, span: 1 },
      { group: 'West', from: 1, span: 1 },
    ]);
    const [project] = projects;
    const [east] = laid;
    if (project === undefined || east === undefined) throw new Error('There is neither a project nor a group.');
    expect(migrationCell(project, 1, east)).toMatchObject({ word: '1/2', glyph: '○' });
    expect(factCell('pending', east)).toMatchObject({ word: '2 pending', brief: '2' });
  });

  test('can have those first that need something', () => {
    const by = (order: 'pending' | 'attention') =>
      layOutColumns({
        environments: environments.map(({ environment: { id } }) => summary(id)),
        columns,
        order,
        folded: [],
      }).columns.map(({ key }) => key);
    expect(by('pending')).toEqual(['b', 'c', 'a']);
    expect(by('attention')).toEqual(['b', 'a', 'c']);
  });

  test('are drawn again in the block of those that changed only', () => {
    const many = Array.from({ length: 20 }, (_, index) => summary(`e${index}`));
    const known = new Map(many.map(({ environment: { id } }) => [id, column(id, 'aaa')]));
    const lay = () => layOutColumns({ environments: many, columns: known, order: 'tier', folded: [] }).columns;
    const before = inBlocks(lay(), 8, []);
    known.set('e9', column('e9', 'aap'));
    const after = inBlocks(lay(), 8, before);
    expect(after.map((block, index) => block === before[index])).toEqual([true, false, true]);
  });

  test('say since when they are only the last known', () => {
    expect(staleWords(column('a', 'aaa'), true)).toBeNull();
    expect(staleWords(column('b', 'aaa', { problem: unreachable }), true)).toMatch(/^Last known .*\d/);
    expect(staleWords(column('b', 'aaa', { problem: unreachable, known: null }), true)).toBe('Never reached');
  });
});

describe('rows', () => {
  const shown = (about: Partial<Parameters<typeof layOutRows>[0]>) =>
    layOutRows({ ...layout().wanted, ...about }).map((row) => (row.kind === 'migration' ? row.row : row.kind));

  test('are newest first or oldest first, and filtered by words or by what is open', () => {
    expect(shown({})).toEqual([2, 1, 0]);
    expect(shown({ newestFirst: false })).toEqual([0, 1, 2]);
    expect(shown({ filter: '2' })).toEqual([1]);
    expect(shown({ choice: 'open' })).toEqual([2, 1]);
    expect(shown({ choice: 'attention' })).toEqual([1]);
  });

  test('of several projects have a head that folds', () => {
    const other: MigrationList = { ...list, id: 'other', tool: 'goose' };
    const both = new Map([...lists, ['other', other] as const]);
    const known = column('c', 'aaa').known;
    const west = {
      ...column('c', 'aaa'),
      known: known === null ? null : { ...known, list: 'other', source: '/goose' },
    };
    const projects = projectsKeeper()(both, [column('a', 'aaa'), west]);
    const rows = layOutRows({ ...layout().wanted, projects });
    expect(rows.map(({ kind }) => kind)).toEqual([
      'project',
      ...Array(3).fill('migration'),
      'project',
      ...Array(3).fill('migration'),
    ]);
    const folded = new Set([rows[0]?.key ?? '']);
    expect(layOutRows({ ...layout().wanted, projects, folded }).map(({ kind }) => kind)).toEqual([
      'project',
      'project',
      ...Array(3).fill('migration'),
    ]);
  });
});

describe('places', () => {
  test('stay with their environment when columns move', () => {
    const { map } = layout();
    const place = map.placeAt({ row: 6, column: 3 });
    expect(foundAt(map, place)).toMatchObject({ row: { row: 1 }, column: { key: 'c' }, group: { group: 'West' } });
    const folded = layout(['East']).map;
    expect(folded.positionOf(place)).toEqual({ row: 6, column: 2 });
    expect(foundAt(folded, place)).toMatchObject({ column: { key: 'c' } });
  });

  test('are where the group is while it is folded, and where its first environment is when it is not', () => {
    const open = layout().map;
    const folded = layout(['East']).map;
    expect(folded.positionOf({ row: 'groups', column: 'b' })).toEqual({ row: 0, column: 1 });
    const group = folded.placeAt({ row: 0, column: 1 });
    expect(group.column).toBe('group East');
    expect(open.positionOf(group)).toEqual({ row: 0, column: 1 });
  });

  test('fall back to the heads when what was there is gone', () => {
    expect(layout().map.positionOf({ row: 'nowhere', column: 'nobody' })).toEqual({ row: 1, column: 0 });
  });

  test('lead to the migration, to the facts’ own pages, and to a plan', () => {
    const { map } = layout();
    const at = (row: number, place: number) => foundAt(map, map.placeAt({ row, column: place }));
    expect(openTarget(at(6, 3))?.route).toEqual({ screen: 'migration', id: 'c', version: '2' });
    expect(openTarget(at(3, 3))?.route).toMatchObject({ screen: 'environment', id: 'c', tab: 'schema' });
    expect(openTarget(at(4, 3))?.route).toMatchObject({ tab: 'attention' });
    expect(openTarget(at(6, 0))).toBeNull();
    expect(goalAt(at(5, 3), [])).toEqual({ environmentIds: ['c'], to: '3' });
    expect(goalAt(at(7, 3), [])).toEqual({ environmentIds: ['c'], to: null });
    expect(goalAt(at(7, 3), ['a', 'b'])).toEqual({ environmentIds: ['a', 'b'], to: null });
    expect(goalAt(at(7, 0), [])).toBeNull();
    expect(routeOfGoal({ environmentIds: ['c'], to: '3' })).toEqual({
      screen: 'migrate',
      id: 'c',
      target: { direction: 'up', to: '3' },
    });
    expect(routeOfGoal({ environmentIds: ['a', 'b'], to: null })).toEqual({ screen: 'plans', ids: ['a', 'b'] });
  });

  test('select a column, or a whole group, and the same again deselects', () => {
    const { map } = layout();
    const at = (row: number, place: number) =>
      environmentsAt(foundAt(map, map.placeAt({ row, column: place })), map.columns);
    expect(at(6, 1)).toEqual(['a']);
    expect(at(0, 1)).toEqual(['a', 'b']);
    const both = toggled(new Set(['a']), at(0, 1));
    expect([...both]).toEqual(['a', 'b']);
    expect([...toggled(both, at(0, 1))]).toEqual([]);
    const keys = (laid: readonly LayoutColumn[]) => [...selectedColumns(laid, new Set(['a', 'b']))];
    expect(keys(map.columns)).toEqual(['a', 'b']);
    expect(keys(layout(['East']).columns)).toEqual(['group East']);
  });
});

test('options that were damaged are the usual ones', () => {
  expect(sound({ view: 'matrix', rows: 'nothing', words: 7, folded: ['East', 3] })).toMatchObject({
    view: 'matrix',
    rows: 'all',
    words: true,
    folded: ['East'],
  });
});
