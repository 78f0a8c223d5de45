/**
 * Roles of the grid's elements. They are boxes of a fixed size in blocks, which no table's elements could be. The grid
 * itself has the focus and names the cell that it is on (WAI-ARIA, `aria-activedescendant`): that cell may be off screen.
 */

export const gridRole = (label: string, rows: number, columns: number, active: string) =>
  ({
    role: 'grid',
    tabIndex: 0,
    'aria-label': label,
    'aria-rowcount': rows,
    'aria-colcount': columns,
    'aria-multiselectable': true,
    'aria-activedescendant': active,
  }) as const;
export const rowsRole = { role: 'rowgroup' } as const;
export const layoutOnly = { role: 'none' } as const;

/** @param index in the whole grid, from 0 */
export const rowRole = (index: number) => ({ role: 'row', 'aria-rowindex': index + 1, 'data-row': index }) as const;

export const cellId = (row: number, column: number): string => `matrix-${row}-${column}`;

export interface CellRole {
  readonly role: 'gridcell' | 'rowheader' | 'columnheader';
  readonly row: number;
  /** The rows' heads are column 0. */
  readonly column: number;
  /** It is the one that the focus is on. */
  readonly active: boolean;
  readonly className: string;
  readonly label?: string;
  readonly selected?: boolean;
  readonly expanded?: boolean;
  readonly span?: number;
}

/** Only the active cell has an id: it is the only one that is ever referred to. */
export const cellRole = ({ role, row, column, active, className, label, selected, expanded, span }: CellRole) => ({
  role,
  className: active ? `${className} active` : className,
  'data-column': column,
  'aria-colindex': column + 1,
  ...(active ? { id: cellId(row, column) } : {}),
  ...(label === undefined ? {} : { 'aria-label': label }),
  ...(selected === undefined ? {} : { 'aria-selected': selected }),
  ...(expanded === undefined ? {} : { 'aria-expanded': expanded }),
  ...(span === undefined ? {} : { 'aria-colspan': span }),
});
