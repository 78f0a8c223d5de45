/** Figures as tables. */
import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Contender, type ContenderId, measuredFile } from './contenders.ts';
import type { Figure, FigureGroup } from './interface.ts';
import { median } from './measure.ts';
import type { Workload } from './workloads.ts';

/** One program's runs of one workload. */
export interface Result {
  readonly contender: Contender;
  readonly seconds: number[];
  readonly peakBytes: number[];
  readonly roundTrips: number[];
}

export interface WorkloadResult {
  readonly workload: Workload;
  /** With its version. */
  readonly engine: string;
  readonly results: readonly Result[];
}

export function formatWorkload({ workload, engine, results }: WorkloadResult): string {
  const withTrips = workload.latencyMs > 0;
  const head = [
    '',
    'seconds',
    'from–to',
    ...(withTrips ? ['round trips'] : []),
    '× bare limit',
    '× durable limit',
    'peak MB',
  ];
  const rows = results.map((result) => [
    result.contender.title,
    median(result.seconds).toFixed(3),
    `${Math.min(...result.seconds).toFixed(3)}–${Math.max(...result.seconds).toFixed(3)}`,
    ...(withTrips ? [String(median(result.roundTrips))] : []),
    ratio(result, results, 'limit'),
    ratio(result, results, 'limitDurable'),
    String(Math.round(Math.max(...result.peakBytes) / 1e6)),
  ]);
  return [`### ${workload.title}, ${engine}`, '', formatTable([head, ...rows])].join('\n');
}

function ratio(result: Result, all: readonly Result[], to: ContenderId): string {
  const limit = all.find(({ contender }) => contender.id === to);
  return limit === undefined ? '' : (median(result.seconds) / median(limit.seconds)).toFixed(2);
}

function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...body.map(line)].join('\n');
}

const interfaceHead = '## The interface';

/** In the place of what the report says of it so far. */
export const withInterface = (report: string, groups: readonly FigureGroup[]): string =>
  `${report.split(`${interfaceHead}\n`)[0]?.trimEnd()}\n\n${formatInterface(groups)}`;

/** What a report without new figures of the interface keeps of the one before. */
export const interfaceOf = (report: string): string => {
  const at = report.indexOf(`${interfaceHead}\n`);
  return at === -1 ? '' : report.slice(at);
};

function formatInterface(groups: readonly FigureGroup[]): string {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  return `${interfaceHead}

${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Chromium without a graphics card, at ${commit(root)}; load average ${loads()}.

${groups.map(formatGroup).join('\n\n')}
`;
}

/** The whole of FLEETS.md. */
export const formatFleets = (groups: readonly FigureGroup[]): string => `# Fleets

Written by \`npm run bench -- --only fleet\`; do not edit. The limit does the same databases in one Node process, eight at a time;
the aim beside Lockkeeper is 1.25 × the limit with the same durable writes, and with latency a twentieth of dbmate's time.

${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, measured: \`${relative(fileURLToPath(new URL('../..', import.meta.url)), measuredFile)}\`; load average ${loads()}.

${groups.map(formatGroup).join('\n\n')}
`;

export function formatGroup({ title, figures }: FigureGroup): string {
  const rows = figures.map(({ title: what, values, unit, aim }) => [
    what,
    `${rounded(median(values), unit)} ${unit}`,
    values.length === 1 ? '' : `${rounded(Math.min(...values), unit)}–${rounded(quantile(values, 0.95), unit)}`,
    aim === null ? '' : `< ${aim} ${unit}`,
  ]);
  return [`### ${title}`, '', formatTable([['', 'median', 'least–95 %', 'aim'], ...rows])].join('\n');
}

const rounded = (value: number, unit: Figure['unit']): string => value.toFixed(unit === 'MB' ? 0 : 1);

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

const loads = (): string =>
  loadavg()
    .map((load) => load.toFixed(1))
    .join(', ');

export function formatReport(results: readonly WorkloadResult[]): string {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const rounds = Math.max(...results.flatMap((one) => one.results.map(({ seconds }) => seconds.length)));
  const { model = 'unknown processor' } = cpus()[0] ?? {};
  return `# Results of \`npm run bench\`

Written by the benchmark; do not edit. What was learned from them is in NOTES.md.

${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${model}, Node ${process.version.slice(1)}, measured: \`${relative(root, measuredFile)}\` at ${commit(root)}.

Wall-clock seconds of whole processes, their start included: the median of ${rounds} rounds, in which the programs took turns.
Every run has a fresh database; servers have their durable default settings${onMemoryDisk() ? ', but their files lie on a memory disk, where syncs cost nothing: ratios are larger than on a disk' : ''};
connections are on loopback, without TLS, signed in by password. "Peak" is the largest memory a process ever had, with its child processes.

The limit is \`limit.ts\`: a lock, the history, every file's digest, and one message per migration; bare, and with the
same durable writes as Lockkeeper's. Lockkeeper runs as \`up --json\` with its defaults. Only ratios carry over to another
machine, and only where the machine had nothing else to do: its load average was ${loads()} (the last 1, 5 and 15 minutes). Round trips include signing in: three on PostgreSQL (by SCRAM), one on MariaDB.

${results.map(formatWorkload).join('\n\n')}
`;
}

/** Linux's number of tmpfs (statfs(2)). */
const onMemoryDisk = (): boolean => statfsSync(tmpdir()).type === 0x01021994;

function commit(root: string): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'an unknown commit'; // not a checkout
  }
}
