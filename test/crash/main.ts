/**
 * `npm run crash`: hits runs where the options say, brings them to their end, and checks what must hold (README.md).
 *
 * Without options: the matrix and the sweeps on all targets, written to RESULTS.md. `--engine postgres|mysql|sqlite|sqlite-wal`
 * (repeatable), `--cell POINT/FAULT` (either may be `*`), `--runs N --seed S` random shots, whose figures are added to
 * RESULTS.md, `--fault F` all of one fault, `--jobs N` (2), `--sample` 100 of each target from a fresh seed, writing nothing,
 * `--replay N` shot N of `--seed S`, or `--replay 'kill before message 18'`, once more.
 */

import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { type Bench, openBench } from './bench.ts';
import { bundleClient } from './bundle.ts';
import { readCourse } from './course.ts';
import { runMatrix, runSweeps, type Wanted } from './matrix.ts';
import { memoryFolder, mountSmall } from './mount.ts';
import { points } from './points.ts';
import { runSeries, Shooter } from './randomSeries.ts';
import { type Results, readResults, writeResults } from './report.ts';
import { shootAt } from './series.ts';
import { type Fault, faults, parseShots } from './shot.ts';
import { type CrashTarget, openTarget } from './targets.ts';
import { kindsOf, mixOf, type Target } from './workload.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', multiple: true },
    cell: { type: 'string' },
    runs: { type: 'string' },
    seed: { type: 'string' },
    fault: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    sample: { type: 'boolean', default: false },
    replay: { type: 'string' },
  },
});

const execute = promisify(execFile);
const all: readonly Target[] = ['postgres', 'mysql', 'sqlite', 'sqlite-wal'];
const cache = fileURLToPath(new URL('../../node_modules/.cache/lockkeeper-crash', import.meta.url));
const today = new Date().toISOString().slice(0, 10);
const commit = await execute('git', [
  '-C',
  fileURLToPath(new URL('.', import.meta.url)),
  'rev-parse',
  '--short',
  'HEAD',
]).then(
  ({ stdout }) => stdout.trim(),
  () => null,
);
let [passed, failed] = [0, 0];

function count(what: string, violations: readonly string[]): void {
  if (violations.length === 0) passed += 1;
  else {
    failed += 1;
    console.log(`VIOLATED ${what}\n${violations.map((one) => `  ${one}`).join('\n')}`);
  }
}

function chosen<T extends string>(name: string, known: readonly T[]): T {
  const found = known.find((one) => one === name);
  if (found === undefined) throw new Error(`“${name}” is none of ${known.join(', ')}`);
  return found;
}

const oneFault: Fault | null = values.fault === undefined ? null : chosen(values.fault, faults);

async function randomShots(target: CrashTarget, program: string, runs: number, seed: number): Promise<void> {
  // A server that crashes would take the other jobs with it.
  const jobs = oneFault === 'serverCrash' ? 1 : Number(values.jobs);
  console.log(`${target.title}: ${runs} shots, --seed ${seed}`);
  const found = await runSeries({ target, program, runs, seed, jobs, fault: oneFault }, (number, result) =>
    count(
      `--engine ${target.id} --seed ${seed} --replay ${number} (${result.shot}; ${result.where})`,
      result.violations,
    ),
  );
  for (const refused of found.refused) console.log(`not run: ${refused}`);
  const { reached, interrupted } = found;
  console.log(
    `${target.title}: ${reached} of ${runs} shots hit, ${Math.round(runs / found.minutes)} shots per minute; interrupted statements: ${interrupted.settled} settled, ${interrupted.asked} asked, ${interrupted.wrongly} wrongly`,
  );
  if (!values.sample)
    await save((results) => ({ ...results, series: [...results.series, { date: today, commit, ...found }] }), target);
}

async function save(change: (results: Results) => Results, { id, title }: CrashTarget): Promise<void> {
  const results = change(await readResults());
  const mix = [kindsOf(id), ...mixOf(id)].flatMap(({ forms }) =>
    forms.map(({ kind, up }) => `${kind}: ${up.replaceAll(/\s+/g, ' ').slice(0, 160)}`),
  );
  await writeResults({ ...results, titles: { ...results.titles, [id]: title }, mix: { ...results.mix, [id]: mix } });
}

function wantedCells(text: string | undefined): Wanted {
  const [point = '*', fault = '*'] = text?.split('/') ?? [];
  return {
    point: point === '*' ? null : chosen(point, points),
    fault: fault === '*' ? oneFault : chosen(fault, faults),
    kind: null,
  };
}

async function matrix(target: CrashTarget, program: string): Promise<void> {
  await using usual = await openBench(target, program);
  const small = smallBench(target.id, program);
  await using _ = { [Symbol.asyncDispose]: small.close };
  const cells: Results['cells'][number][] = [];
  await runMatrix({ usual, small: small.open }, wantedCells(values.cell), (cell) => {
    cells.push(cell);
    const name = [cell.target, cell.point, cell.kind, cell.fault].filter((one) => one !== null).join(' / ');
    if (cell.result === 'violated') count(name, [cell.detail]);
    else if (cell.result === 'run') count(name, []);
    console.log(
      `${cell.result === 'run' ? 'run           ' : cell.result.padEnd(14)} ${name}: ${cell.detail.slice(0, 300)}`,
    );
  });
  const whole = values.cell === undefined && oneFault === null;
  // At once: the sweeps take as long again.
  await save(
    (results) => ({
      ...results,
      ...(whole
        ? {
            matrixDates: { ...results.matrixDates, [target.id]: today },
            matrixCommits: { ...results.matrixCommits, [target.id]: commit },
          }
        : {}),
      cells: [...results.cells.filter((cell) => !cells.some((newer) => isSameCell(newer, cell))), ...cells],
    }),
    target,
  );
  if (!whole) return;
  const sweeps = new Map<string, { shots: number; violations: string[] }>();
  await runSweeps(usual, (name, violations) => {
    const sweep = sweeps.get(name) ?? { shots: 0, violations: [] };
    sweeps.set(name, { shots: sweep.shots + 1, violations: [...sweep.violations, ...violations] });
    count(`${target.id} ${name}`, violations);
  });
  const found = [...sweeps].map(([name, sweep]) => ({ date: today, target: target.id, name, ...sweep }));
  for (const { name, shots, violations } of found)
    console.log(`${name}: ${shots} shots, ${violations.length} violations`);
  await save(
    (results) => ({
      ...results,
      sweeps: [...results.sweeps.filter((sweep) => sweep.target !== target.id), ...found],
    }),
    target,
  );
}

const isSameCell = (one: Results['cells'][number], other: Results['cells'][number]): boolean =>
  (['target', 'kind', 'point', 'fault'] as const).every((field) => one[field] === other[field]);

/** Bytes: a whole server's data, and a workspace's. */
const serverDisk = 600 * 2 ** 20;
const clientDisk = 24 * 2 ** 20;

/** Opened when the first cell needs it: a server and a data directory, each on a small disk. */
function smallBench(id: Target, program: string) {
  const opened: AsyncDisposable[] = [];
  let bench: Promise<Bench | string> | null = null;

  async function open(): Promise<Bench | string> {
    const client = await mountSmall(clientDisk);
    if (typeof client === 'string') return client;
    opened.unshift(client);
    const server = await mountSmall(serverDisk);
    if (typeof server === 'string') return server;
    opened.unshift(server);
    const target = await onDisk(server.folder, () => openTarget(id));
    if (typeof target === 'string') return target;
    opened.unshift(target);
    const made = await openBench(target, program, { client, server });
    opened.unshift(made);
    return made;
  }

  return {
    open: () => {
      bench ??= open();
      return bench;
    },
    close: async () => {
      for (const one of opened) await one[Symbol.asyncDispose]();
    },
  };
}

/** Servers are made in the system's folder for temporary files. */
async function onDisk<T>(folder: string, make: () => Promise<T>): Promise<T> {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    return await make();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

async function replay(target: CrashTarget, program: string, seed: number, text: string): Promise<void> {
  await using bench = await openBench(target, program);
  const result = /^\d+$/.test(text)
    ? await new Shooter({ target, seed, fault: oneFault }).shoot(bench, Number(text))
    : await shootAt(bench, await readCourse(bench, 'up', kindsOf(target.id)), parseShots(text), {
        looks: true,
        byCommand: false,
      });
  console.log(`${result.shot}: ${result.reached ? `hit ${result.where}` : 'its place was not reached'}`);
  count(result.shot, result.violations);
}

async function run(id: Target, program: string): Promise<void> {
  const target = await openTarget(id);
  if (typeof target === 'string') return console.log(`${id} is left out: ${target}`);
  await using _ = target;
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed);
  if (values.replay !== undefined) await replay(target, program, seed, values.replay);
  else if (values.sample) await randomShots(target, program, 100, seed);
  else if (values.runs !== undefined) await randomShots(target, program, Number(values.runs), seed);
  else await matrix(target, program);
}

process.env['TMPDIR'] = (await memoryFolder()) ?? tmpdir();
const targets = values.engine?.map((name) => chosen(name, all)) ?? all;
const program = await bundleClient(`${cache}/program-${process.pid}`);
for (const id of targets) await run(id, program);
const { rm } = await import('node:fs/promises');
await rm(`${cache}/program-${process.pid}`, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
