import { type Row, type Rows, typedRows } from '../../engine/ports.ts';
import { bind } from './dialect.ts';
import type { AnswerObserver } from './exchange.ts';
import { type Cell, type Column, typedValue } from './values.ts';
import type { Wire } from './wire.ts';

/** Gathers the rows of one question. A text of several statements answers with the rows of all. */
export class RowsGatherer implements AnswerObserver {
  readonly #rows: Row[] = [];
  #columns: readonly Column[] = [];

  get rows(): Rows {
    return typedRows(this.#rows, Object.fromEntries(this.#columns.map(({ name, type }) => [name, type])));
  }

  done(): void {}

  columns(columns: readonly Column[]): void {
    this.#columns = columns;
  }

  row(cells: readonly Cell[]): void {
    const values = this.#columns.map((column, index) => [column.name, typedValue(cells[index] ?? null, column)]);
    this.#rows.push(Object.fromEntries(values));
  }

  rowsEnd(): void {}
}

/** The rows of a question. @throws {ServerFault} */
export async function askWire(
  wire: Wire,
  sql: string,
  parameters: readonly (string | number | null)[] = [],
): Promise<Rows> {
  const gatherer = new RowsGatherer();
  await wire.exchange(bind(sql, parameters), gatherer);
  return gatherer.rows;
}
