import type { ResultSet } from '../../../shared/model/run.ts';

export const maxRows = 100;
export const maxCellLength = 2000;
/** Characters of one result set at most, however wide its rows. */
export const maxResultLength = 1_000_000;

/** Keeps the beginning of a result set and counts the rest, so that a script's SELECT of any size needs little memory. */
export class BoundedResult {
  readonly #columns: readonly string[];
  readonly #rows: (readonly (string | null)[])[] = [];
  #rowCount = 0;
  #length = 0;

  constructor(columns: readonly string[]) {
    this.#columns = columns;
  }

  /** `cells` as the server's text. */
  add(cells: readonly (string | null)[]): void {
    this.#rowCount += 1;
    if (this.#rows.length >= maxRows || this.#length >= maxResultLength) return;
    const row = cells.map(shorten);
    for (const cell of row) this.#length += cell?.length ?? 0;
    this.#rows.push(row);
  }

  /** Whether the next row is only counted: its cells need not be made. */
  get full(): boolean {
    return this.#rows.length >= maxRows || this.#length >= maxResultLength;
  }

  get result(): ResultSet {
    return { columns: this.#columns, rows: this.#rows, rowCount: this.#rowCount };
  }
}

/** At most `maxCellLength` characters, the last one an ellipsis when something is missing. */
function shorten(cell: string | null): string | null {
  if (cell === null || cell.length <= maxCellLength) return cell;
  return `${cell.slice(0, maxCellLength - 1)}…`;
}
