/** Tables and what the head of each part of the report says of the machine. */
import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measuredFile } from './contenders.ts';

export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const padded = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  const line = (cells: readonly string[]) => `| ${cells.map(padded).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...body.map(line)].join('\n');
}

const root = fileURLToPath(new URL('../..', import.meta.url));

const today = (): string => new Date().toISOString().slice(0, 10);

const machine = (): string => `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`;

/** The last 1, 5 and 15 minutes. */
export const loads = (): string =>
  loadavg()
    .map((load) => load.toFixed(1))
    .join(', ');

/** When, where and what; `before` are the loads when it began. */
export const circumstances = (before: string): string =>
  `${today()}, ${machine()}, Node ${process.version.slice(1)}, \`${relative(root, measuredFile)}\` at ${commit()}; load average ${before} when it began, ${loads()} when it ended${onMemoryDisk() ? '; the databases lay on a memory disk, where syncs cost nothing' : ''}.`;

/** Linux's number of tmpfs (statfs(2)). */
const onMemoryDisk = (): boolean => statfsSync(tmpdir()).type === 0x01021994;

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'an unknown commit'; // not a checkout
  }
}
