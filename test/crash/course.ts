// What a run passes that nobody hits, and how one that was hit is brought to its end.

import { startBackup } from '../../electron/services/startBackup.ts';
import { startUndo } from '../../electron/services/undoRestore.ts';
import { ProblemError } from '../../shared/problem.ts';
import type { Bench } from './bench.ts';
import { type FinishOrder, finish } from './finish.ts';
import type { Scenario } from './points.ts';
import type { WireMessage } from './proxy.ts';
import { type Aim, shoot } from './shoot.ts';
import { differences, readState, type State } from './state.ts';
import type { CrashDatabase, CrashTarget } from './targets.ts';
import { kindsOf, versionsOf, type Workload } from './workload.ts';

export interface Course {
  readonly workload: Workload;
  readonly scenario: Scenario;
  /** In the order of its steps. */
  readonly versions: readonly string[];
  readonly messages: readonly WireMessage[];
  readonly places: readonly string[];
  readonly ms: number;
  /** Before it. */
  readonly initial: State;
  /** When it was finished. */
  readonly expected: State;
}

export interface Completion {
  /** Null: it is at its end; else why it is not. */
  readonly failure: string | null;
  /** Statements whose effect was unknown: found out from evidence, or asked about. */
  readonly settled: number;
  readonly asked: number;
}

export type Completing = () => Promise<Completion>;

export interface Prepared {
  readonly aim: Aim;
  readonly complete: Completing;
}

/** `expected`: of the end; null: not known yet. */
export async function prepare(
  bench: Bench,
  database: CrashDatabase,
  scenario: Scenario,
  expected: State | null,
): Promise<Prepared> {
  const { context } = bench.backend;
  const request = bench.request(database, true);
  const aim: Aim = { action: 'up', backup: false, from: null, run: null };
  const look = () => lookAt(bench, database, expected);
  const up = finishing(bench, database, 'up', look);
  if (scenario === 'up') return { aim, complete: up };
  if (scenario === 'backup') return { aim: { ...aim, backup: true }, complete: up };
  if (scenario === 'down') {
    await requireDone(up);
    return { aim: { ...aim, action: 'down' }, complete: finishing(bench, database, 'down', look) };
  }
  const before = new Set(restoresOf(bench));
  const taken = await (await startBackup(context, request)).finished;
  await requireDone(up);
  return {
    aim: { ...aim, action: 'restore', from: taken.backup?.id ?? null },
    complete: () => undo(bench, database, before),
  };
}

const restoresOf = ({ backend }: Bench): string[] =>
  backend.context.workspace.runs
    .list({ environmentId: null, limit: 20 })
    .filter(({ action }) => action === 'restore')
    .map(({ id }) => id);

async function requireDone(complete: Completing): Promise<void> {
  const { failure } = await complete();
  if (failure !== null) throw new Error(`nobody was hit yet: ${failure}`);
}

const finishing =
  (bench: Bench, database: CrashDatabase, direction: 'up' | 'down', look: FinishOrder['look']): Completing =>
  async () => {
    const target = bench.request(database, true);
    const { run, settled, asked } = await finish(bench.backend.context, { target, direction, look });
    const { outcome, problem } = run;
    const why = `${outcome} ${problem?.code}: ${problem?.message} ${problem?.serverMessage ?? ''}`;
    return { failure: outcome === 'succeeded' ? null : why, settled, asked };
  };

/** Whether the schema already is as it will be at the end: a single statement is done then. */
async function lookAt(bench: Bench, database: CrashDatabase, expected: State | null): Promise<'done' | 'notDone'> {
  if (expected === null) return 'notDone';
  const found = await readState(bench.backend.context, bench.request(database, true), bench.target.id);
  return differences({ ...expected, rows: {} }, { ...found, rows: {} }).length === 0 ? 'done' : 'notDone';
}

/** A restore is taken back, from wherever it was hit. */
async function undo(bench: Bench, database: CrashDatabase, before: ReadonlySet<string>): Promise<Completion> {
  const run = restoresOf(bench).find((id) => !before.has(id));
  const failure = run === undefined ? null : await undoRun(bench, database, run);
  return { failure, settled: 0, asked: 0 };
}

async function undoRun({ backend, request }: Bench, database: CrashDatabase, run: string): Promise<string | null> {
  try {
    const answers = { backup: false, confirm: null, reason: 'crash test', accept: ['closesSessions', 'dataLoss'] };
    const undone = await (await startUndo(backend.context, run, request(database, true), answers)).finished;
    return undone.outcome === 'succeeded' ? null : `undoing: ${undone.problem?.code} ${undone.problem?.message}`;
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    const { code, message } = thrown.problem;
    return code === 'restore.notUndoable' ? null : `undoing: ${code} ${message}`;
  }
}

const known = new WeakMap<CrashTarget, Map<string, Promise<Course>>>();

/** Found out once for a target. */
export function readCourse(bench: Bench, scenario: Scenario, workload: Workload): Promise<Course> {
  const courses = known.get(bench.target) ?? new Map<string, Promise<Course>>();
  known.set(bench.target, courses);
  const key = `${scenario} ${workload.id}`;
  const course = courses.get(key) ?? runFirst(bench, scenario, workload, courses.size === 0);
  courses.set(key, course);
  return course;
}

/** The first run on a server also makes what all later ones find there: it is not what they pass. */
async function runFirst(bench: Bench, scenario: Scenario, workload: Workload, isFirst: boolean): Promise<Course> {
  if (isFirst) await runWhole(bench, 'up', kindsOf(bench.target.id));
  return runWhole(bench, scenario, workload);
}

async function runWhole(bench: Bench, scenario: Scenario, workload: Workload): Promise<Course> {
  await using database = await bench.target.createDatabase(workload);
  const read = () => readState(bench.backend.context, bench.request(database, true), bench.target.id);
  const initial = await read();
  const { aim, complete } = await prepare(bench, database, scenario, null);
  const { client, messages, ms } = await shoot(bench, database, aim, null, complete);
  if (client.ending?.outcome !== 'succeeded')
    throw new Error(`a run that nobody hit did not succeed: ${JSON.stringify(client.ending)}\n${client.errors()}`);
  await requireDone(complete);
  const expected = await read();
  const versions = aim.action === 'down' ? versionsOf(workload).toReversed() : versionsOf(workload);
  return { workload, scenario, versions, messages, places: client.places, ms, initial, expected };
}
