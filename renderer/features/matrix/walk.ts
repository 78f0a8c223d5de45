/** Keys that move in the grid, as WAI-ARIA's grid pattern has them. Pure. */

export interface Position {
  readonly row: number;
  readonly column: number;
}

export interface Bounds {
  readonly rows: number;
  readonly columns: number;
  /** Rows on one screen. */
  readonly page: number;
  /** In row 0 a step leads to another group: the first column of each. Null: there is no such row. */
  readonly groupStarts: readonly number[] | null;
}

export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
}

/** Where a key leads; null where it is none of these. */
export function step({ key, ctrlKey }: Press, from: Position, bounds: Bounds): Position | null {
  const to = target(key, ctrlKey, from, bounds);
  return to === null ? null : { row: clamp(to.row, bounds.rows), column: clamp(to.column, bounds.columns) };
}

function target(key: string, far: boolean, { row, column }: Position, bounds: Bounds): Position | null {
  const { rows, columns, page, groupStarts } = bounds;
  switch (key) {
    case 'ArrowUp':
      return { row: far ? 0 : row - 1, column };
    case 'ArrowDown':
      return { row: far ? rows - 1 : row + 1, column };
    case 'ArrowLeft':
      return { row, column: far ? 0 : previous(column, row === 0 ? groupStarts : null) };
    case 'ArrowRight':
      return { row, column: far ? columns - 1 : next(column, row === 0 ? groupStarts : null) };
    case 'PageUp':
      return { row: row - page, column };
    case 'PageDown':
      return { row: row + page, column };
    case 'Home':
      return { row: far ? 0 : row, column: 0 };
    case 'End':
      return { row: far ? rows - 1 : row, column: columns - 1 };
    default:
      return null;
  }
}

const previous = (column: number, stops: readonly number[] | null): number =>
  stops === null ? column - 1 : (stops.findLast((stop) => stop < (currentStop(column, stops) ?? column)) ?? 0);

const next = (column: number, stops: readonly number[] | null): number =>
  stops === null ? column + 1 : (stops.find((stop) => stop > column) ?? column);

const currentStop = (column: number, stops: readonly number[]): number | undefined =>
  stops.findLast((stop) => stop <= column);

const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
