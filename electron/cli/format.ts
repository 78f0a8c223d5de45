/** Values as a person reads them in a terminal. */
import type { MigrationStatus } from '../../shared/model/history.ts';
import type { Problem } from '../../shared/problem.ts';
import { plain, plainLines, type Style, type Terminal } from './terminal.ts';

export interface Column<T> {
  readonly title: string;
  readonly align?: 'right';
  value(row: T): string;
  style?(row: T): Style | null;
}

/** An aligned table; the last column is not padded. */
export function formatTable<T>(columns: readonly Column<T>[], rows: readonly T[], terminal: Terminal): string {
  const cells = rows.map((row) => columns.map((column) => plain(column.value(row))));
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const pad = (text: string, index: number): string => {
    const width =
      index === columns.length - 1 && columns[index]?.align !== 'right' ? text.length : (widths[index] ?? 0);
    return columns[index]?.align === 'right' ? text.padStart(width) : text.padEnd(width);
  };
  const head = terminal.style('bold', columns.map((column, index) => pad(column.title, index)).join('  '));
  const body = cells.map((row, rowIndex) =>
    row
      .map((text, index) => {
        const source = rows[rowIndex];
        const style = source === undefined ? null : (columns[index]?.style?.(source) ?? null);
        return style === null ? pad(text, index) : terminal.style(style, pad(text, index));
      })
      .join('  ')
      .trimEnd(),
  );
  return [head, ...body].join('\n');
}

export function formatProblem(problem: Problem, terminal: Terminal): string {
  const place =
    problem.path === undefined
      ? ''
      : `${plain(problem.path)}${problem.line === undefined ? '' : `:${problem.line}${problem.column === undefined ? '' : `:${problem.column}`}`}`;
  const lines = [
    `${terminal.style('red', '✕')} ${terminal.style('bold', plain(problem.message))} ${terminal.style('dim', `[${problem.code}]`)}`,
    ...(place === '' ? [] : [`  at     ${place}`]),
    `  state  ${plain(problem.state)}`,
    `  next   ${plain(problem.hint)}`,
    ...(problem.serverMessage === undefined
      ? []
      : [
          terminal.style(
            'dim',
            plainLines(problem.serverMessage)
              .split('\n')
              .map((line) => `  server ${line}`)
              .join('\n'),
          ),
        ]),
  ];
  return lines.join('\n');
}

const glyphs: Readonly<Record<MigrationStatus, readonly [string, Style | null]>> = {
  applied: ['✓', 'green'],
  baseline: ['✓', 'green'],
  pending: ['○', null],
  failed: ['✕', 'red'],
  interrupted: ['?', 'red'],
  changed: ['▲', 'yellow'],
  missing: ['⇣', 'yellow'],
  outOfOrder: ['○', 'yellow'],
  outdated: ['○', 'yellow'],
  ignored: ['⊘', 'dim'],
  reverted: ['○', 'dim'],
};

/** Shape and word; colour only repeats them. */
export const formatStatus = (status: MigrationStatus): string => `${glyphs[status][0]} ${statusWords[status]}`;
export const statusStyle = (status: MigrationStatus): Style | null => glyphs[status][1];

const statusWords: Readonly<Record<MigrationStatus, string>> = {
  applied: 'applied',
  baseline: 'baseline',
  pending: 'pending',
  failed: 'failed',
  interrupted: 'interrupted',
  changed: 'changed',
  missing: 'missing file',
  outOfOrder: 'out of order',
  outdated: 'outdated',
  ignored: 'ignored',
  reverted: 'rolled back',
};

export function formatDuration(ms: number | null): string {
  if (ms === null) return '';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  return minutes < 60
    ? `${minutes} min ${Math.round((ms % 60_000) / 1_000)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** Local time to the second. */
export function formatTime(iso: string | null): string {
  if (iso === null) return '';
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
