/** Figures as tables. */
import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Contender, type ContenderId, measuredFile } from './contenders.ts';
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
machine, and only where the machine had nothing else to do: its load average was ${loadavg()
    .map((load) => load.toFixed(1))
    .join(
      ', ',
    )} (the last 1, 5 and 15 minutes). Round trips include signing in: three on PostgreSQL (by SCRAM), one on MariaDB.

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
