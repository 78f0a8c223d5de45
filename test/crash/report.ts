// The figures of all runs so far: `results.json`, and RESULTS.md made of it.
import { readFile, writeFile } from 'node:fs/promises';
import { type Point, points } from './points.ts';
import type { Fault } from './shot.ts';
import type { Kind, Target } from './workload.ts';

export interface Cell {
  readonly target: Target;
  /** Null: a point that steps do not have of their own. */
  readonly kind: Kind | null;
  readonly point: Point;
  readonly fault: Fault;
  readonly result: 'run' | 'notApplicable' | 'violated';
  /** The shot, the reason, or what was violated. */
  readonly detail: string;
}

/** Random shots of one seed. */
export interface Series {
  /** ISO 8601, the day. */
  readonly date: string;
  /** Of the product; null: it was run outside of a repository. */
  readonly commit: string | null;
  readonly target: Target;
  readonly title: string;
  readonly seed: number;
  readonly shots: number;
  readonly reached: number;
  /** Shots whose finishing was hit, too. */
  readonly double: number;
  readonly violated: readonly { readonly number: number; readonly violations: readonly string[] }[];
  readonly minutes: number;
  /** The one fault it was of, if it was. */
  readonly fault: Fault | null;
  readonly interrupted: Interrupted;
  /** Forms of the mix that are refused before anything is sent, with the reason; others stood in for them. */
  readonly refused: readonly string[];
}

/** Statements of steps that are not one transaction, which a shot interrupted. */
export interface Interrupted {
  readonly settled: number;
  readonly asked: number;
  readonly wrongly: number;
}

export interface Sweep {
  readonly date: string;
  readonly target: Target;
  readonly name: string;
  readonly shots: number;
  readonly violations: readonly string[];
}

export interface Results {
  /** Day of the last full matrix, by target. */
  readonly matrixDates: Readonly<Partial<Record<Target, string>>>;
  /** What it was run on. */
  readonly matrixCommits: Readonly<Partial<Record<Target, string | null>>>;
  readonly titles: Readonly<Partial<Record<Target, string>>>;
  readonly mix: Readonly<Partial<Record<Target, readonly string[]>>>;
  readonly cells: readonly Cell[];
  readonly sweeps: readonly Sweep[];
  readonly series: readonly Series[];
}

const nothing: Results = { matrixDates: {}, matrixCommits: {}, titles: {}, mix: {}, cells: [], sweeps: [], series: [] };
const json = new URL('./results.json', import.meta.url);
const markdown = new URL('./RESULTS.md', import.meta.url);

export async function readResults(): Promise<Results> {
  const text = await readFile(json, 'utf8').catch(() => null);
  return text === null ? nothing : { ...nothing, ...(JSON.parse(text) as Partial<Results>) };
}

export async function writeResults(results: Results): Promise<void> {
  await writeFile(json, `${JSON.stringify(results, null, 1)}\n`);
  await writeFile(markdown, formatResults(results));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const targets: readonly Target[] = ['postgres', 'mysql', 'sqlite', 'sqlite-wal'];

function formatResults(results: Results): string {
  const titled = targets.filter((target) => results.titles[target] !== undefined);
  return `# Crash tests

Written by \`npm run crash\`; only what was run is here. What the words mean: \`README.md\` beside this file.

${table(
  ['target', 'version', 'matrix of', 'commit'],
  titled.map((target) => [
    target,
    results.titles[target] ?? '',
    results.matrixDates[target] ?? 'not run',
    results.matrixCommits[target] ?? '',
  ]),
)}

## Random shots

${table(
  [
    'target',
    'shots',
    'place reached',
    'finishing hit, too',
    'violations',
    'interrupted statements settled',
    'asked',
    'without asking',
    'wrongly',
    'shots per minute',
  ],
  titled.map((target) =>
    randomRow(
      target,
      results.series.filter((one) => one.target === target),
    ),
  ),
)}

Shots that hit, by engine: ${perEngine(results)}. A shot whose place was not reached let the run succeed: it ended before, or with a message fewer. ${limitOf(results)}

Seeds: ${results.series.map(({ target, seed, shots, date, fault, commit }) => `${target} ${seed} (${shots}${fault === null ? '' : ` of ${fault}`}, ${date}, ${commit ?? 'no commit'})`).join('; ') || 'none yet'}.

${formatRefused(results)}

## Cells

✓ run, without a violation; ✗ violated; – not applicable; nothing: not run.

${table(
  ['target', 'run', 'violated', 'not applicable'],
  titled.map((target) => [
    target,
    ...(['run', 'violated', 'notApplicable'] as const).map((result) => count(results, target, result)),
  ]),
)}

${titled.flatMap((target) => missingPoints(target, results)).join('\n')}

${titled.map((target) => formatCells(results.cells.filter((cell) => cell.target === target))).join('\n\n')}

${formatReasons(results.cells)}

## Sweeps

${table(
  ['target', 'sweep', 'shots', 'violations'],
  results.sweeps.map(({ target, name, shots, violations }) => [target, name, shots, violations.length]),
)}

## Statement mix

${titled.map((target) => `${target}:\n\n${(results.mix[target] ?? []).map((one) => `- \`${one}\``).join('\n')}`).join('\n\n')}
`;
}

function randomRow(target: Target, series: readonly Series[]): (string | number)[] {
  const total = (of: (one: Series) => number) => sum(series.map(of));
  const minutes = total(({ minutes: one }) => one);
  return [
    target,
    total(({ shots }) => shots),
    total(({ reached }) => reached),
    total(({ double }) => double),
    total(({ violated }) => violated.length),
    total(({ interrupted }) => interrupted.settled),
    total(({ interrupted }) => interrupted.asked),
    shareOf(
      total(({ interrupted }) => interrupted.settled),
      total(({ interrupted }) => interrupted.asked),
    ),
    total(({ interrupted }) => interrupted.wrongly),
    minutes === 0 ? '' : Math.round(total(({ shots }) => shots) / minutes),
  ];
}

const shareOf = (settled: number, asked: number): string =>
  settled + asked === 0 ? '' : `${((100 * settled) / (settled + asked)).toFixed(1)} %`;

/** Both modes of SQLite are one engine. */
function perEngine({ series }: Results): string {
  const reached = (engine: string): number =>
    sum(series.filter(({ target }) => target.startsWith(engine)).map((one) => one.reached));
  return ['postgres', 'mysql', 'sqlite'].map((engine) => `${engine} ${reached(engine)}`).join(', ');
}

/** Of the mix, and why. */
function formatRefused({ series }: Results): string {
  const refused = new Map<string, string>();
  for (const { target, refused: forms, commit } of series)
    for (const form of forms) {
      const [name = '', ...reason] = form.split(': ');
      refused.set(`${target}: ${name}`, `${reason.join(': ')} (${commit ?? 'no commit'})`);
    }
  const lines = [...refused].map(([form, reason]) => `- ${form}: ${reason}`);
  return lines.length === 0 ? '' : `Not run in at least one series, the last time because:\n\n${lines.join('\n')}`;
}

/** Rule of three: what runs without a violation say, at 95 %. */
function limitOf({ series }: Results): string {
  const reached = sum(series.map((one) => one.reached));
  const violated = sum(series.map((one) => one.violated.length));
  if (reached === 0 || violated > 0) return '';
  return `${reached} shots that hit without a violation bound the rate of failure at about ${((3 / reached) * 100).toPrecision(1)} % (95 %).`;
}

const count = ({ cells }: Results, target: Target, result: Cell['result']): number =>
  cells.filter((cell) => cell.target === target && cell.result === result).length;

/** What a matrix that was stopped has not come to. */
function missingPoints(target: Target, { cells, sweeps }: Results): string[] {
  const known = new Set(cells.filter((cell) => cell.target === target).map(({ point }) => point));
  const missing = points.filter((point) => !known.has(point));
  return [
    ...(missing.length === 0 ? [] : [`- ${target}: not run are ${missing.join(', ')}.`]),
    ...(sweeps.some((sweep) => sweep.target === target) ? [] : [`- ${target}: no sweep was run.`]),
  ];
}

const signs = { run: '✓', violated: '**✗**', notApplicable: '–' } as const;

function formatCells(cells: readonly Cell[]): string {
  const [any] = cells;
  if (any === undefined) return '';
  const columns = [...new Set(cells.map(({ fault }) => fault))];
  const rows = [...new Set(cells.map(rowOf))];
  const signOf = (name: string, fault: Fault): string => {
    const cell = cells.find((one) => rowOf(one) === name && one.fault === fault);
    return cell === undefined ? '' : signs[cell.result];
  };
  return `### ${any.target}\n\n${table(
    ['', ...columns],
    rows.map((name) => [name, ...columns.map((fault) => signOf(name, fault))]),
  )}`;
}

const rowOf = ({ point, kind }: Cell): string => (kind === null ? point : `${point}, ${kind}`);

/** Why cells are not applicable, each reason once. */
function formatReasons(cells: readonly Cell[]): string {
  const reasons = new Map<string, Set<string>>();
  for (const cell of cells.filter(({ result }) => result === 'notApplicable'))
    reasons.set(
      cell.detail,
      (reasons.get(cell.detail) ?? new Set()).add(`${cell.target} ${rowOf(cell)} / ${cell.fault}`),
    );
  const lines = [...reasons].map(
    ([reason, where]) => `- ${reason}: ${where.size} cells, such as ${[...where][0] ?? ''}`,
  );
  const violated = cells
    .filter(({ result }) => result === 'violated')
    .map((cell) => `- **${cell.target} ${rowOf(cell)} / ${cell.fault}**: ${cell.detail.slice(0, 400)}`);
  return [...violated, lines.length === 0 ? '' : `Not applicable:\n\n${lines.join('\n')}`].join('\n');
}
