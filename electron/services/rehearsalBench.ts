/** Where a rehearsal runs the steps of a plan, one by one, and looks at the database after each. */
import { type Plan, rowsLost, type Step } from '../../shared/model/plan.ts';
import type { RehearsedStep } from '../../shared/model/rehearsal.ts';
import type { RehearsalProgress, RunEvent } from '../../shared/model/run.ts';
import type { SnapshotComparison } from '../../shared/model/snapshot.ts';
import type { Problem } from '../../shared/problem.ts';
import { compareSnapshots } from '../engine/compareSnapshots.ts';
import { type Execution, execute } from '../engine/execute.ts';
import { isHandedOver } from '../engine/handOver.ts';
import type { TableSize } from '../engine/hazards.ts';
import { type LentSession, type ProgramRunner, ServerFault, type Session } from '../engine/ports.ts';
import { estimateOf } from '../engine/rehearsalEstimate.ts';
import { judgedAll } from '../engine/rehearsedPlan.ts';
import type { StepReport } from '../engine/stepCourse.ts';
import { verifySteps } from '../engine/verify.ts';
import type { Context } from './context.ts';
import { type DatabaseState, readState, readTables, rowChanges } from './databaseState.ts';
import { type ObservedSession, observeSession } from './observedSession.ts';
import type { PreparedPlan } from './planMigration.ts';
import { type OpenSource, readSource } from './readSource.ts';
import type { RehearsalCopyTarget } from './rehearsalCopy.ts';
import type { RehearsalWatch } from './rehearse.ts';
import { scratchExecution } from './runOnScratch.ts';
import { toolTables } from './schemaSnapshots.ts';
import { newlyUnsound, soundnessOf } from './soundness.ts';
import { openSession, type TargetDatabase } from './target.ts';

/** A column that was dropped and made again stands at the end. Of one database only: its rights and owners count. */
export const strictly: SnapshotComparison = {
  columnOrder: true,
  comments: false,
  owners: false,
  grants: false,
  generatedNames: false,
};

export interface Bench extends AsyncDisposable {
  readonly context: Context;
  readonly target: TargetDatabase;
  readonly source: OpenSource;
  /** That executes. */
  readonly session: Session;
  readonly observed: ObservedSession;
  readonly execution: Execution;
  /** Sizes of the real tables. */
  readonly sizes: ReadonlyMap<string, TableSize>;
  readonly hasAllRows: boolean;
  readonly accept: readonly string[];
  durationOf(step: Step): number;
  state(before: DatabaseState | null): Promise<DatabaseState>;
  soundness(): ReturnType<typeof soundnessOf>;
  /** With rows of every table, however many there are. */
  wholeState(): Promise<DatabaseState>;
  tries(progress: RehearsalProgress): void;
}

interface BenchOptions {
  readonly signal: AbortSignal;
  readonly accept: readonly string[];
  readonly watch: Pick<RehearsalWatch, 'tries'>;
}

export async function openBench(
  context: Context,
  prepared: PreparedPlan,
  { target, facts }: RehearsalCopyTarget,
  { signal, accept, watch }: BenchOptions,
  sizes: ReadonlyMap<string, TableSize>,
): Promise<Bench> {
  const { driver } = target;
  const source = await readSource(target);
  const session = await openSession(context, target, false);
  // What a script leaves in the session that ran it would be seen by questions in it.
  const looking = await openSession(context, target, false);
  const beyond = (sql: string) => driver.scratch.leaves(sql);
  const observed = observeSession(session, driver, context.clock, beyond);
  const durations = new Map<number, number>();
  const listen = (event: RunEvent) => {
    if (event.type === 'stepFinished') durations.set(event.step, event.durationMs);
  };
  const state = (before: DatabaseState | null) => readState(driver, looking, toolTables(source), before);
  return {
    context,
    target,
    source,
    session,
    observed,
    sizes,
    accept,
    tries: (progress) => watch.tries(progress),
    hasAllRows: facts.kind === 'data',
    execution: await scratchExecution(
      { context, target, source, session: observed.session },
      {
        signal,
        emit: listen,
        programs: confined(prepared.source.programs, beyond),
        acceptsLostRows: accept.includes(rowsLost),
      },
    ),
    durationOf: ({ index }) => durations.get(index) ?? 0,
    state,
    soundness: () => soundnessOf(driver, looking),
    async wholeState() {
      const { objects } = await state(null);
      return { objects, tables: await readTables(looking, objects) };
    },
    async [Symbol.asyncDispose]() {
      await session.close();
      await looking.close();
    },
  };
}

/** What a program asks for is known only when it asks. */
const confined = (programs: ProgramRunner, beyond: (sql: string) => string | null): ProgramRunner => ({
  ...programs,
  async run(script, lent, signal) {
    // A command connects by itself, to what is real.
    if (isHandedOver(script)) throw new ServerFault('statement', 'Refused on a copy: it has a connection of its own.');
    const query: LentSession['query'] = async (sql, parameters, line) => {
      const does = beyond(sql);
      if (does !== null) throw new ServerFault('statement', `Refused on a copy: it ${does}.`);
      return lent.query(sql, parameters, line);
    };
    return programs.run(script, { ...lent, query }, signal);
  },
});

export interface RanSteps {
  readonly before: DatabaseState;
  readonly after: DatabaseState;
  /** After each step that succeeded. */
  readonly states: readonly DatabaseState[];
  readonly steps: readonly RehearsedStep[];
  readonly problem: Problem | null;
  readonly unsound: readonly string[];
}

/** Each on its own, as a run does it, so that the database can be looked at in between. */
export async function runSteps(bench: Bench, plan: Plan): Promise<RanSteps> {
  const { execution } = bench;
  const before = await bench.wholeState();
  const sound = await bench.soundness();
  const states: DatabaseState[] = [];
  const steps: RehearsedStep[] = [];
  const reports: StepReport[] = [];
  let problem: Problem | null = null;
  for (const step of plan.steps) {
    if (problem !== null) {
      steps.push(notExecuted(step));
      continue;
    }
    bench.tries({ way: 'forth', version: step.version, position: step.index + 1, of: plan.steps.length });
    const report = await runOne(bench, plan, step);
    problem = report.problem;
    reports.push(report);
    const former = states.at(-1) ?? before;
    const now = problem === null ? await bench.state(before) : former;
    if (problem === null) states.push(now);
    steps.push(rehearsed(bench, step, report, { initial: before, former, now }));
  }
  problem ??= (await verifySteps(plan, reports, execution))[0] ?? null;
  return {
    before,
    after: problem === null ? await bench.wholeState() : await bench.state(before),
    states,
    steps,
    problem,
    unsound: newlyUnsound(sound, await bench.soundness()),
  };
}

export async function runOne({ execution }: Bench, plan: Plan, step: Step): Promise<StepReport> {
  const { steps, problem } = await execute({ ...plan, steps: [step] }, execution, { continueOnError: false });
  return steps[0] ?? { outcome: 'notExecuted', problem };
}

const base = ({ index, version, name, action, script, transactional }: Step) => ({
  index,
  version,
  name,
  action,
  scriptSha256: script.sha256,
  transactional,
});

const notExecuted = (step: Step): RehearsedStep => ({
  ...base(step),
  outcome: 'notExecuted',
  durationMs: 0,
  estimateMs: null,
  problem: null,
  hazards: step.hazards,
  statements: [],
  unlisted: 0,
  schema: [],
  rows: [],
});

function rehearsed(
  bench: Bench,
  step: Step,
  report: StepReport,
  { initial, former, now }: { initial: DatabaseState; former: DatabaseState; now: DatabaseState },
): RehearsedStep {
  const { statements, unlisted } = bench.observed.take();
  const durationMs = bench.durationOf(step);
  return {
    ...base(step),
    outcome: report.outcome,
    durationMs,
    estimateMs: report.problem === null ? estimate(bench, statements, durationMs, initial) : null,
    problem: report.problem,
    hazards: report.problem === null ? judgedAll(step.hazards, { statements, unlisted }) : step.hazards,
    statements,
    unlisted,
    schema: compareSnapshots(former.objects, now.objects, strictly).changes,
    rows: rowChanges(former, now),
  };
}

/** Looking at statements takes time, too: what counts is what they took. */
function estimate(
  { sizes, hasAllRows, execution }: Bench,
  statements: RehearsedStep['statements'],
  durationMs: number,
  { tables }: DatabaseState,
): number {
  const { sql } = execution;
  const plain = (name: string) => name.replaceAll(/["`]/g, '').toLowerCase();
  const copied = new Map([...(tables ?? [])].map(([name, { rows }]) => [plain(name), rows]));
  const measured = statements.reduce((sum, one) => sum + one.durationMs, 0);
  if (statements.length === 0) return durationMs;
  if (hasAllRows) return Math.round(measured);
  return estimateOf(statements, 0, {
    sizes,
    copied,
    tablesOf: (statement) => sql.tablesOf(statement),
    changesRows: (statement) => sql.classify(statement).kind === 'data',
  });
}
