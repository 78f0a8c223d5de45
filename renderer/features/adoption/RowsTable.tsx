import type { ReactNode } from 'react';
import { focusable } from '../../components/focusable.ts';
import './adoption.css';

interface RowsTableProps<T> {
  readonly label: string;
  readonly columns: readonly { readonly title: string; readonly cell: (row: T) => ReactNode }[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
}

/** A short table that is only read. */
export function RowsTable<T>({ label, columns, rows, keyOf }: RowsTableProps<T>) {
  return (
    <section className="rows-box" aria-label={label} {...focusable}>
      <table className="rows">
        <thead>
          <tr>
            {columns.map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, cell }) => (
                <td key={title}>{cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
