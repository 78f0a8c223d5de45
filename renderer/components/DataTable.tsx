/** Rows of data: sortable, virtual, and walked by keyboard. */
import { createSortedRowModel, rowSortingFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useMemo,
  useRef,
  useState,
} from 'react';
import { usePreferences } from '../preferences.ts';
import { componentTexts as texts } from './texts.ts';

export interface Column<T> {
  readonly id: string;
  readonly title: string;
  /** A grid track, e.g. `minmax(160px, 2fr)`. */
  readonly width: string;
  readonly cell: (row: T) => ReactNode;
  /** What the column sorts by; not sortable without. */
  readonly sortBy?: (row: T) => string | number;
  readonly align?: 'end';
}

interface DataTableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly onOpen?: (row: T) => void;
  readonly empty: ReactNode;
}

/** A table whose rows are walked with the arrow keys. */
const walked = { role: 'grid' };
const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

export function DataTable<T extends object>(props: DataTableProps<T>) {
  return props.rows.length === 0 ? props.empty : <Grid {...props} />;
}

function Grid<T extends object>({ label, columns, rows, rowKey, onOpen }: DataTableProps<T>) {
  const box = useRef<HTMLDivElement>(null);
  const rowHeight = usePreferences((state) => (state.density === 'compact' ? 32 : 40));
  const table = useSortedTable(columns, rows, rowKey);
  const sorted = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const walk = useRowWalk(box, sorted.length, rowHeight, virtual.scrollToIndex, (index) => {
    const row = sorted[index];
    if (row !== undefined) onOpen?.(row.original);
  });
  const tracks = {
    '--columns': columns.map((column) => column.width).join(' '),
    '--least-width': `${leastWidth(columns)}px`,
  } as CSSProperties;
  return (
    <div ref={box} className="table-box">
      <table
        className="table"
        {...walked}
        aria-label={label}
        aria-rowcount={sorted.length + 1}
        style={tracks}
        onKeyDown={walk.onKeyDown}
        onClick={walk.onClick}
      >
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => {
              const tableColumn = table.getColumn(column.id);
              return (
                <HeadCell
                  key={column.id}
                  column={column}
                  sorting={tableColumn?.getIsSorted() ?? false}
                  onSort={() => tableColumn?.toggleSorting()}
                />
              );
            })}
          </tr>
        </thead>
        <tbody style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = sorted[item.index];
            return row === undefined ? null : (
              <tr
                key={row.id}
                className={onOpen === undefined ? '' : 'opens'}
                aria-rowindex={item.index + 2}
                data-row={item.index}
                tabIndex={item.index === walk.active ? 0 : -1}
                style={{ transform: `translateY(${item.start}px)` }}
                onFocus={() => walk.setActive(item.index)}
              >
                {columns.map((column) => (
                  <td key={column.id} className={column.align ?? ''}>
                    {column.cell(row.original)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Pixels below which the table scrolls sideways: the first number of each track. */
const leastWidth = (columns: readonly Pick<Column<never>, 'width'>[]): number =>
  columns.reduce((sum, column) => sum + Number.parseInt(/\d+/.exec(column.width)?.[0] ?? '0', 10), 0);

interface HeadCellProps {
  readonly column: Pick<Column<never>, 'title' | 'align'> & { readonly sortBy?: unknown };
  readonly sorting: false | 'asc' | 'desc';
  readonly onSort: () => void;
}

function HeadCell({ column, sorting, onSort }: HeadCellProps) {
  const title = column.title === '' ? <span className="hidden-text">{texts.actions}</span> : column.title;
  const arrow = sorting === 'asc' ? '↑' : sorting === 'desc' ? '↓' : '';
  const order = sorting === 'asc' ? 'ascending' : sorting === 'desc' ? 'descending' : 'none';
  return (
    <th scope="col" className={column.align ?? ''} aria-sort={order}>
      {column.sortBy === undefined ? (
        title
      ) : (
        <button type="button" onClick={onSort}>
          {title}
          <span aria-hidden="true">{arrow}</span>
        </button>
      )}
    </th>
  );
}

function useSortedTable<T extends object>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  rowKey: (row: T) => string,
) {
  const definitions = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        accessorFn: (row: T): string | number => column.sortBy?.(row) ?? '',
        enableSorting: column.sortBy !== undefined,
        sortFn: compareRows,
      })),
    [columns],
  );
  const data = useMemo(() => [...rows], [rows]);
  return useTable({ features, columns: definitions, data, getRowId: rowKey });
}

/** What can be used in a row. Its controls are no stops of Tab, which would be hundreds. */
const controls = 'a[href], button:not(:disabled), input:not(:disabled)';

/** Right and left walk from a row through its controls and back to it, Escape goes back at once. */
function walkControls(row: HTMLElement, event: KeyboardEvent): void {
  const stops = [row, ...row.querySelectorAll<HTMLElement>(controls)];
  const now = event.target instanceof HTMLElement ? stops.indexOf(event.target) : 0;
  const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Escape: 0 }[event.key];
  if (to === undefined || to === now) return;
  event.preventDefault();
  stops[Math.max(0, Math.min(stops.length - 1, to))]?.focus();
}

/** One row has the focus; arrows, Page, Home and End move it, Enter opens it. */
function useRowWalk(
  box: React.RefObject<HTMLDivElement | null>,
  count: number,
  rowHeight: number,
  scrollTo: (index: number) => void,
  open: (index: number) => void,
) {
  const [chosen, setActive] = useState(0);
  const active = Math.min(chosen, count - 1);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLElement)) return;
    const row = event.target.closest<HTMLElement>('[data-row]');
    if (row !== null) walkControls(row, event);
    if (row !== event.target) return;
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 400) / rowHeight) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: count - 1,
    };
    const to = moves[event.key];
    if (to === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (to === undefined) {
      open(active);
      return;
    }
    const next = Math.max(0, Math.min(count - 1, to));
    setActive(next);
    scrollTo(next);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus());
  };
  const onClick = (event: MouseEvent): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
    if (row !== null && meansTheRow(event)) open(Number(row.dataset['row']));
  };
  return { active, setActive, onKeyDown, onClick };
}

/** A click on a link or button in a row, or one that ends a selection, is not for the row. */
const meansTheRow = (event: MouseEvent): boolean =>
  event.target instanceof Element &&
  event.target.closest('a, button, input, label') === null &&
  window.getSelection()?.isCollapsed !== false;

interface SortableRow {
  readonly getValue: (columnId: string) => unknown;
}

const collator = new Intl.Collator(undefined, { numeric: true });

function compareRows(left: SortableRow, right: SortableRow, columnId: string): number {
  const a = left.getValue(columnId);
  const b = right.getValue(columnId);
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
}
