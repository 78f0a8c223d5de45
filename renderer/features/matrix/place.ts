/** Where in the grid somebody is: by keys, so that it stays with its environment when columns move. Pure. */
import type { LayoutColumn, LayoutGroup, LayoutRow, SummaryFact } from './layout.ts';
import { groupKey, summaryFacts } from './layout.ts';
import type { Position } from './walk.ts';

/** Keys of a row and a column. */
export interface Place {
  readonly row: string;
  readonly column: string;
}

export type PinnedRow = 'groups' | 'environments' | SummaryFact;

/** Rows that stay on top. */
export const pinnedRows = (withGroups: boolean): readonly PinnedRow[] => [
  ...(withGroups ? (['groups'] as const) : []),
  'environments',
  ...summaryFacts,
];

/** Column 0: the rows' heads. */
export const headColumn = 'head';
export const firstPlace: Place = { row: 'environments', column: headColumn };

export interface GridMap {
  readonly pinned: readonly PinnedRow[];
  readonly rows: readonly LayoutRow[];
  readonly columns: readonly LayoutColumn[];
  readonly groups: readonly LayoutGroup[];
  positionOf(place: Place): Position;
  placeAt(position: Position): Place;
}

export function gridMap(
  pinned: readonly PinnedRow[],
  rows: readonly LayoutRow[],
  columns: readonly LayoutColumn[],
  groups: readonly LayoutGroup[],
): GridMap {
  const rowKeys = [...pinned, ...rows.map(({ key }) => key)];
  const columnKeys = [headColumn, ...columns.map(({ key }) => key)];
  const rowByKey = new Map(rowKeys.map((key, index) => [key, index]));
  const columnByKey = new Map([...standIns(columns), ...columnKeys.map((key, index) => [key, index] as const)]);
  return {
    pinned,
    rows,
    columns,
    groups,
    positionOf: ({ row, column }) => ({
      row: rowByKey.get(row) ?? pinned.indexOf('environments'),
      column: columnByKey.get(column) ?? 0,
    }),
    placeAt: ({ row, column }) => ({
      row: rowKeys[row] ?? firstPlace.row,
      column: columnKeys[column] ?? headColumn,
    }),
  };
}

/** An environment of a folded group is where the group is; a group that is not folded, where its first environment is. */
const standIns = (columns: readonly LayoutColumn[]): readonly (readonly [string, number])[] =>
  columns.toReversed().flatMap((column, index): readonly (readonly [string, number])[] => {
    const at = columns.length - index;
    return column.kind === 'group'
      ? column.members.map(({ summary }) => [summary.environment.id, at] as const)
      : [[groupKey(column.group), at]];
  });

/** What is at a place. */
export interface Found {
  readonly pinned: PinnedRow | null;
  readonly row: LayoutRow | null;
  readonly column: LayoutColumn | null;
  readonly group: LayoutGroup | null;
}

export function foundAt(map: GridMap, place: Place): Found {
  const { row, column } = map.positionOf(place);
  const pinned = map.pinned[row] ?? null;
  return {
    pinned,
    row: pinned === null ? (map.rows[row - map.pinned.length] ?? null) : null,
    column: map.columns[column - 1] ?? null,
    group: map.groups.find(({ from, span }) => column - 1 >= from && column - 1 < from + span) ?? null,
  };
}
