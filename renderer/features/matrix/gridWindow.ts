/** Which rows and columns of the grid are on screen. All cells have one size, so that this is arithmetic. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from 'react';

/** Columns are drawn in blocks of so many. */
export const blockSize = 4;
/** Rows beyond the screen's edge that are drawn already. */
const ahead = 4;
/** Rows come and go so many at once. */
const atOnce = 2;

/** In pixels. */
export interface GridSizes {
  readonly row: number;
  readonly cell: number;
  /** Width of the rows' heads. */
  readonly head: number;
  /** Height of the group heads; 0: there are none. */
  readonly groups: number;
  /** Height of the environments' heads. */
  readonly environments: number;
  /** Of everything that stays on top. */
  readonly top: number;
}

export interface Looks {
  readonly words: boolean;
  readonly compact: boolean;
  /** The window has little room for the rows' heads. */
  readonly narrow: boolean;
  readonly withGroups: boolean;
  readonly facts: number;
}

export function sizesOf({ words, compact, narrow, withGroups, facts }: Looks): GridSizes {
  const row = compact ? 26 : 32;
  const groups = withGroups ? 30 : 0;
  const environments = words ? 78 : 150;
  return {
    row,
    cell: words ? 124 : 42,
    head: narrow ? 132 : 270,
    groups,
    environments,
    top: groups + environments + facts * row,
  };
}

/** First and last ones drawn. */
export interface GridWindow {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstBlock: number;
  readonly lastBlock: number;
}

export interface Viewport {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function windowOf(
  { left, top, width, height }: Viewport,
  sizes: GridSizes,
  counts: { readonly rows: number; readonly columns: number },
): GridWindow {
  const firstRow = Math.floor(top / sizes.row) - ahead;
  const lastRow = Math.floor((top + height - sizes.top) / sizes.row) + ahead;
  const firstColumn = Math.floor(left / sizes.cell);
  const lastColumn = Math.floor((left + width - sizes.head) / sizes.cell);
  const lastBlock = Math.ceil(counts.columns / blockSize) - 1;
  return {
    firstRow: Math.max(0, Math.floor(firstRow / atOnce) * atOnce),
    lastRow: Math.min(counts.rows - 1, Math.ceil(lastRow / atOnce) * atOnce),
    firstBlock: Math.max(0, Math.min(lastBlock, Math.floor(firstColumn / blockSize))),
    lastBlock: Math.min(lastBlock, Math.floor(Math.max(0, lastColumn) / blockSize)),
  };
}

const isSame = (one: GridWindow, other: GridWindow): boolean =>
  one.firstRow === other.firstRow &&
  one.lastRow === other.lastRow &&
  one.firstBlock === other.firstBlock &&
  one.lastBlock === other.lastBlock;

export function useGridWindow(
  box: RefObject<HTMLElement | null>,
  sizes: GridSizes,
  rows: number,
  columns: number,
): GridWindow {
  const [shown, setShown] = useState<GridWindow>({ firstRow: 0, lastRow: -1, firstBlock: 0, lastBlock: -1 });
  const look = useCallback(() => {
    const { current } = box;
    if (current === null) return;
    const viewport = {
      left: current.scrollLeft,
      top: current.scrollTop,
      width: current.clientWidth,
      height: current.clientHeight,
    };
    const now = windowOf(viewport, sizes, { rows, columns });
    setShown((before) => (isSame(before, now) ? before : now));
  }, [box, sizes, rows, columns]);
  useLayoutEffect(look, [look]);
  useEffect(() => {
    const { current } = box;
    if (current === null) return;
    const resizes = new ResizeObserver(look);
    resizes.observe(current);
    current.addEventListener('scroll', look, { passive: true });
    return () => {
      resizes.disconnect();
      current.removeEventListener('scroll', look);
    };
  }, [box, look]);
  return shown;
}

/** Scrolls as little as shows the cell. Null: it stays in sight anyway. */
export function reveal(box: HTMLElement, sizes: GridSizes, row: number | null, column: number | null): void {
  if (row !== null) {
    const from = row * sizes.row;
    const height = box.clientHeight - sizes.top;
    if (from < box.scrollTop) box.scrollTop = from;
    else if (from + sizes.row > box.scrollTop + height) box.scrollTop = from + sizes.row - height;
  }
  if (column !== null) {
    const from = column * sizes.cell;
    const width = box.clientWidth - sizes.head;
    if (from < box.scrollLeft) box.scrollLeft = from;
    else if (from + sizes.cell > box.scrollLeft + width) box.scrollLeft = from + sizes.cell - width;
  }
}
