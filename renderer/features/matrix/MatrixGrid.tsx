/** The grid itself: thousands of rows by hundreds of columns, of which only what is on screen is drawn. */
import { useMediaQuery } from '@mantine/hooks';
import { type CSSProperties, type MouseEvent, useEffect, useMemo, useRef } from 'react';
import { isStale } from './cells.ts';
import { cellId, gridRole, layoutOnly, rowsRole } from './gridRoles.ts';
import { blockSize, type GridSizes, type GridWindow, reveal, sizesOf, useGridWindow } from './gridWindow.ts';
import { inBlocks, type LayoutColumn, summaryFacts } from './layout.ts';
import { MatrixHead } from './MatrixHead.tsx';
import { MatrixRow, type RowFrame } from './MatrixRow.tsx';
import { matrixTexts as texts } from './matrixTexts.ts';
import { type GridMap, headColumn, type Place } from './place.ts';
import { type GridActions, useGridKeys } from './useGridKeys.ts';
import type { Position } from './walk.ts';

interface MatrixGridProps {
  readonly map: GridMap;
  readonly place: Place;
  readonly words: boolean;
  readonly compact: boolean;
  /** Keys of columns. */
  readonly selected: ReadonlySet<string>;
  readonly actions: GridActions;
}

export function MatrixGrid({ map, place, words, compact, selected, actions }: MatrixGridProps) {
  const box = useRef<HTMLDivElement>(null);
  const { pinned, rows, columns, groups } = map;
  const withGroups = pinned[0] === 'groups';
  const narrow = useMediaQuery('(max-width: 900px)');
  const sizes = useMemo(
    () => sizesOf({ words, compact, narrow, withGroups, facts: summaryFacts.length }),
    [words, compact, narrow, withGroups],
  );
  const drawn = useGridWindow(box, sizes, rows.length, columns.length);
  const active = map.positionOf(place);
  const blocks = useBlocks(columns);
  const shown = useShownBlocks(drawn, active);
  const frame: RowFrame = { blocks, shown, sizes, words, selected };
  useRevealed(box, sizes, map, place);
  const onKeyDown = useGridKeys(box, sizes, map, place, actions);
  const handlers = {
    onKeyDown,
    onClick: (event: MouseEvent) => click(event, map, actions),
    onDoubleClick: () => actions.open(place),
  };
  const id = cellId(...shownAt(active, map));
  return (
    <div
      ref={box}
      className={words ? 'matrix' : 'matrix shapes'}
      style={variables(sizes)}
      {...gridRole(texts.grid, pinned.length + rows.length, columns.length + 1, id)}
      {...handlers}
    >
      <div className="matrix-all" {...layoutOnly} style={{ width: sizes.head + columns.length * sizes.cell }}>
        <MatrixHead pinned={pinned} groups={groups} active={active} {...frame} />
        <div className="matrix-rows" {...rowsRole} style={{ height: rows.length * sizes.row }}>
          <Strips columns={columns} shown={shown} sizes={sizes} selected={selected} />
          {rowsShown(drawn, active.row - pinned.length, rows.length).map((index) => {
            const row = rows[index];
            return row === undefined ? null : (
              <MatrixRow
                key={row.key}
                row={row}
                rowIndex={pinned.length + index}
                top={index * sizes.row}
                activeColumn={active.row === pinned.length + index ? active.column : -1}
                {...frame}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

const variables = (sizes: GridSizes) =>
  ({
    '--cell': `${sizes.cell}px`,
    '--head': `${sizes.head}px`,
    '--line-height': `${sizes.row}px`,
    '--groups': `${sizes.groups}px`,
  }) as CSSProperties;

/** A project's row and a group's head are one cell, whichever column the focus came from. */
function shownAt({ row, column }: Position, map: GridMap): [number, number] {
  const found = map.rows[row - map.pinned.length];
  if (found?.kind === 'project') return [row, 0];
  if (map.pinned[row] !== 'groups' || column === 0) return [row, column];
  const group = map.groups.find(({ from, span }) => column > from && column <= from + span);
  return [row, (group?.from ?? 0) + 1];
}

function useBlocks(columns: readonly LayoutColumn[]): readonly (readonly LayoutColumn[])[] {
  const before = useRef<readonly (readonly LayoutColumn[])[]>([]);
  const blocks = useMemo(() => inBlocks(columns, blockSize, before.current), [columns]);
  useEffect(() => {
    before.current = blocks;
  });
  return blocks;
}

/** Blocks on screen, and the one with the focus, wherever that is. */
function useShownBlocks({ firstBlock, lastBlock }: GridWindow, { column }: Position): readonly number[] {
  const focused = column === 0 ? firstBlock : Math.floor((column - 1) / blockSize);
  return useMemo(() => {
    const shown = range(firstBlock, lastBlock);
    return shown.includes(focused) ? shown : [...shown, focused].sort((a, b) => a - b);
  }, [firstBlock, lastBlock, focused]);
}

function rowsShown({ firstRow, lastRow }: GridWindow, focused: number, count: number): readonly number[] {
  const shown = range(firstRow, lastRow);
  return focused < 0 || focused >= count || (focused >= firstRow && focused <= lastRow) ? shown : [...shown, focused];
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);

/** Follows the focus when it moves; not when somebody scrolls, nor when columns change their places. */
function useRevealed(box: React.RefObject<HTMLElement | null>, sizes: GridSizes, map: GridMap, place: Place): void {
  const before = useRef<Place | null>(null);
  useEffect(() => {
    if (box.current === null || before.current === place) return;
    before.current = place;
    const { row, column } = map.positionOf(place);
    const scrolled = row - map.pinned.length;
    reveal(box.current, sizes, scrolled < 0 ? null : scrolled, column === 0 ? null : column - 1);
  }, [box, sizes, map, place]);
}

interface StripsProps {
  readonly columns: readonly LayoutColumn[];
  readonly shown: readonly number[];
  readonly sizes: GridSizes;
  readonly selected: ReadonlySet<string>;
}

/** Behind the cells: selected columns, and those whose state is only the last known one. */
function Strips({ columns, shown, sizes, selected }: StripsProps) {
  return shown.flatMap((block) =>
    columns.slice(block * blockSize, (block + 1) * blockSize).flatMap((column, offset) => {
      const stale = isStale(column);
      const isSelected = selected.has(column.key);
      if (!stale && !isSelected) return [];
      const left = sizes.head + (block * blockSize + offset) * sizes.cell;
      return [
        <div
          key={column.key}
          className={`matrix-strip${stale ? ' stale' : ''}${isSelected ? ' selected' : ''}`}
          aria-hidden="true"
          style={{ left, width: sizes.cell }}
        />,
      ];
    }),
  );
}

/** On a head it selects or folds, elsewhere it only goes there. */
function click(event: MouseEvent, map: GridMap, actions: GridActions): void {
  const target = event.target instanceof Element ? event.target : null;
  const cell = target?.closest<HTMLElement>('[data-column]');
  const row = cell?.closest<HTMLElement>('[data-row]');
  if (cell == null || row == null) return;
  const place = map.placeAt({ row: Number(row.dataset['row']), column: Number(cell.dataset['column']) });
  actions.go(place);
  if (place.row === 'environments' && place.column !== headColumn) actions.select(place);
  else actions.fold(place);
}
