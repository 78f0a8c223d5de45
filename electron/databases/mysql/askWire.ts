import { type Row, type Rows, typedRows } from '../../engine/ports.ts';
import { bind } from './dialect.ts';
import { type Column, typedValue } from './values.ts';
import { silent, type Wire } from './wire.ts';

/** The rows of a question. A text of several statements answers with the rows of all. @throws {ServerFault} */
export async function askWire(
  wire: Wire,
  sql: string,
  parameters: readonly (string | number | null)[] = [],
): Promise<Rows> {
  let columns: readonly Column[] = [];
  const rows: Row[] = [];
  await wire.exchange(bind(sql, parameters), {
    ...silent,
    columns: (found) => {
      columns = found;
    },
    row: (cells) => {
      rows.push(
        Object.fromEntries(columns.map((column, index) => [column.name, typedValue(cells[index] ?? null, column)])),
      );
    },
  });
  return typedRows(rows, Object.fromEntries(columns.map(({ name, type }) => [name, type])));
}
