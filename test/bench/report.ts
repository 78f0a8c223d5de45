/** What a comparison says: a table, how far Lockkeeper is from its goal and from the best peers, who had no part. */
import type { Comparison, Result } from './comparison.ts';
import { type Contender, durableLimit, type Transactions } from './contenders.ts';
import { median } from './measure.ts';
import { formatTable } from './table.ts';
import type { Workload } from './workloads.ts';

/** @param before the part of the report of an earlier run, if there is one: for the ratios it had */
export function formatComparison(comparison: Comparison, before: string | null): string {
  const { engine, leftOut } = comparison;
  const told = [goal(comparison), ...rivals(comparison), earlier(comparison, before)].filter((line) => line !== null);
  const absent = leftOut.map(({ title, reason }) => `- ${title}: ${reason}`);
  return [
    `### ${engine}`,
    table(comparison),
    told.map((line) => `- ${line}`).join('\n'),
    ...(absent.length === 0 ? [] : [`Without a figure:\n\n${absent.join('\n')}`]),
  ].join('\n\n');
}

const shapes: Readonly<Record<Transactions, string>> = { each: 'each', all: 'one for all', apart: 'history apart' };

function table({ workload, results }: Comparison): string {
  const trips = workload.latencyMs > 0;
  const peer = best(results, (contender) => isRival(contender, workload));
  const head = [
    ...[
      '',
      ...(workload.appliedBefore ? [] : ['transaction']),
      'seconds',
      'from–to',
      ...(trips ? ['round trips'] : []),
    ],
    ...['× bare limit', '× durable limit', '× best peer', 'CPU', 'peak MB'],
  ];
  const rows = results.map((result) => [
    `${result.contender.title}${result.contender.compiled ? ' (compiled)' : ''}`,
    ...(workload.appliedBefore ? [] : [shapes[result.contender.transactions]]),
    seconds(result).toFixed(3),
    range(result),
    ...(trips ? [String(roundTrips(result))] : []),
    ratio(result, byId(results, 'limit')),
    ratio(result, byId(results, durableLimit)),
    ratio(result, peer),
    median(result.runs.map(({ processorSeconds }) => processorSeconds)).toFixed(2),
    String(Math.round(peakMb(result))),
  ]);
  return formatTable([head, ...rows]);
}

const seconds = ({ runs }: Result): number => median(runs.map((run) => run.seconds));
const roundTrips = ({ runs }: Result): number => median(runs.map((run) => run.roundTrips ?? 0));
const peakMb = ({ runs }: Result): number => Math.max(...runs.map(({ peakBytes }) => peakBytes)) / 1e6;
const byId = (results: readonly Result[], id: string) => results.find(({ contender }) => contender.id === id);

function range({ runs }: Result): string {
  const all = runs.map((run) => run.seconds);
  return all.length === 1 ? 'once' : `${Math.min(...all).toFixed(3)}–${Math.max(...all).toFixed(3)}`;
}

const ratio = (result: Result, to: Result | undefined): string =>
  to === undefined ? '' : (seconds(result) / seconds(to)).toFixed(2);

/** Those that Lockkeeper is to pass: of its own shape, or where nothing is applied, started by an interpreter as it is. */
const isRival = ({ transactions, compiled }: Contender, { appliedBefore }: Workload): boolean =>
  appliedBefore ? !compiled : transactions === 'each';

function best(results: readonly Result[], which: (contender: Contender) => boolean): Result | undefined {
  const peers = results.filter(({ contender }) => contender.kind === 'peer' && which(contender));
  return peers.toSorted((a, b) => seconds(a) - seconds(b))[0];
}

function goal({ workload, results }: Comparison): string | null {
  const ours = byId(results, 'lockkeeper');
  const limit = byId(results, durableLimit);
  if (ours === undefined || limit === undefined) return null;
  const { timesLimit, roundTrips: trips, peakMb: memory } = workload.goal;
  const parts = [
    timesLimit === undefined ? null : against(seconds(ours) / seconds(limit), timesLimit, ' × the durable limit', 2),
    trips === undefined ? null : against(roundTrips(ours), trips, ' round trips', 0),
    memory === undefined ? null : against(peakMb(ours), memory, ' MB at most', 0),
  ];
  return `Goal: ${parts.filter((part) => part !== null).join('; ')}.`;
}

const against = (found: number, wanted: number, unit: string, digits: number): string =>
  `≤ ${wanted}${unit}, found ${found.toFixed(digits)} (${found <= wanted ? 'reached' : 'missed'})`;

function rivals({ workload, results }: Comparison): readonly string[] {
  const ours = byId(results, 'lockkeeper');
  if (ours === undefined) return [];
  const kinds: readonly (readonly [string, (contender: Contender) => boolean])[] = workload.appliedBefore
    ? [
        ['not compiled', ({ compiled }) => !compiled],
        ['compiled', ({ compiled }) => compiled],
      ]
    : [
        ['a transaction for each', ({ transactions }) => transactions === 'each'],
        ['one transaction for all', ({ transactions }) => transactions === 'all'],
        ['history rows apart', ({ transactions }) => transactions === 'apart'],
      ];
  return kinds.flatMap(([kind, which]) => {
    const peer = best(results, which);
    return peer === undefined
      ? []
      : [`Fastest peer, ${kind}: ${peer.contender.title}; Lockkeeper took ${ratio(ours, peer)} × its time.`];
  });
}

/** Lockkeeper's ratio to the durable limit, as the report had it. */
function earlier({ engine, results }: Comparison, before: string | null): string | null {
  const [limit, ours] = [byId(results, durableLimit), byId(results, 'lockkeeper')];
  const kind = engine.split(' ')[0] ?? engine;
  const part = before?.split(/^### /m).find((text) => text.startsWith(kind));
  const cells = (line: string | undefined) => line?.split('|').map((cell) => cell.trim()) ?? [];
  const lines = part?.split('\n') ?? [];
  const column = cells(lines.find((line) => line.includes('× durable limit'))).indexOf('× durable limit');
  const found = cells(lines.find((line) => line.startsWith('| Lockkeeper')))[column];
  if (found === undefined || found === '' || limit === undefined || ours === undefined) return null;
  const commit = / at ([\w-]+)/.exec(before ?? '')?.[1] ?? 'an earlier commit';
  return `Times the durable limit: ${ratio(ours, limit)} now, ${found} at ${commit}.`;
}
