/** Rolls back what a rehearsal has applied and compares: is the schema before restored, and are the rows? Then forth again. */
import { describeChange } from '../../shared/model/describeSchema.ts';
import type { Plan, Step } from '../../shared/model/plan.ts';
import type { RehearsedBack, RowDifference } from '../../shared/model/rehearsal.ts';
import type { Problem } from '../../shared/problem.ts';
import { compareSnapshots } from '../engine/compareSnapshots.ts';
import { isHandedOver } from '../engine/handOver.ts';
import { noHazards } from '../engine/hazards.ts';
import { buildPlan } from '../engine/plan.ts';
import { analyseScript } from './analyseScript.ts';
import { countedOnly, rowDifferences } from './databaseState.ts';
import { preparePrograms } from './preparePrograms.ts';
import { type Bench, type RanSteps, runOne, strictly } from './rehearsalBench.ts';

const copyOnly = 'Only a copy was used; it was removed.';

export async function goBack(bench: Bench, plan: Plan, ran: RanSteps): Promise<RehearsedBack> {
  const startedAt = bench.context.clock.elapsed();
  const undone: Step[] = [];
  let stoppedAt: string | null = null;
  let problem: Problem | null = null;
  const { length: of } = plan.steps;
  for (const step of plan.steps.toReversed()) {
    const back = await planBack(bench, plan, step);
    const [revert] = back?.steps ?? [];
    if (back === null || revert === undefined) {
      stoppedAt = step.version;
      break;
    }
    bench.tries({ way: 'back', version: step.version, position: of - step.index, of });
    problem = back.problems[0] ?? (await runOne(bench, back, revert)).problem;
    if (problem !== null) break;
    undone.unshift(step);
  }
  const compared = await compareWithBefore(bench, undone, ran);
  const again = problem === null && undone.length > 0 ? await goForthAgain(bench, plan, undone, ran) : nothingTried;
  bench.observed.take();
  return {
    versions: undone.map(({ version }) => version).toReversed(),
    stoppedAt,
    durationMs: Math.round(bench.context.clock.elapsed() - startedAt),
    ...compared,
    again: again.schema,
    problem: problem ?? notRestored(undone, compared) ?? again.problem,
  };
}

/** Null: there is no way back, or none that was trusted. */
async function planBack(bench: Bench, { target }: Plan, { migration }: Step): Promise<Plan | null> {
  if (migration.down === null || isHandedOver(migration.down)) return null;
  const { context, source, accept } = bench;
  const { driver, environment } = bench.target;
  const row = { migration, entry: null, status: 'applied' } as const;
  const asked = {
    steps: [{ row, migration, action: 'revert', script: migration.down } as const],
    problems: [],
    warnings: [],
  };
  const { selection, trust } = await preparePrograms(context, environment.name, source, asked, accept);
  const [step] = selection.steps;
  if (trust !== null || step === undefined) return null;
  return buildPlan({
    selection,
    request: { direction: 'down' },
    target,
    analyses: [await analyseScript(step.script, driver, source.pieces, noHazards)],
    entries: [],
    capabilities: bench.observed.session.capabilities,
    toolTransactional: source.tool.rules.transactional,
    leavesTransaction: source.tool.rules.leavesTransaction,
    keepsOwnTransactions: source.tool.rules.keepsOwnTransactions,
    retriesFailed: true,
    resumes: false,
    halfDone: new Map(),
    measured: new Map(),
  });
}

type Compared = Pick<RehearsedBack, 'schema' | 'rows' | 'countedOnly'>;

async function compareWithBefore(bench: Bench, undone: readonly Step[], ran: RanSteps): Promise<Compared> {
  const [first] = undone;
  const before = first === undefined || first.index === 0 ? ran.before : ran.states[first.index - 1];
  if (first === undefined || before === undefined) return { schema: [], rows: [], countedOnly: [] };
  const now = await bench.wholeState();
  return {
    schema: compareSnapshots(before.objects, now.objects, strictly).changes,
    rows: rowDifferences(before, now),
    countedOnly: countedOnly(now),
  };
}

interface Again {
  readonly schema: RehearsedBack['again'];
  readonly problem: Problem | null;
}

const nothingTried: Again = { schema: [], problem: null };

async function goForthAgain(bench: Bench, plan: Plan, undone: readonly Step[], ran: RanSteps): Promise<Again> {
  for (const [position, step] of undone.entries()) {
    bench.tries({ way: 'again', version: step.version, position: position + 1, of: undone.length });
    const { problem } = await runOne(bench, plan, step);
    if (problem !== null) return { schema: [], problem };
  }
  const { changes } = compareSnapshots(ran.after.objects, (await bench.state(ran.before)).objects, strictly);
  if (changes.length === 0) return nothingTried;
  return {
    schema: changes,
    problem: {
      code: 'rehearsal.notRestored',
      message: 'Applied again after their rollback, the migrations leave another schema than the first time.',
      state: copyOnly,
      hint: 'Correct the rollback scripts.',
      serverMessage: changes.slice(0, 20).map(describeChange).join('\n'),
    },
  };
}

function notRestored(undone: readonly Step[], { schema, rows }: Compared): Problem | null {
  if (schema.length === 0 && rows.length === 0) return null;
  const what = [...(schema.length > 0 ? ['the schema'] : []), ...(rows.length > 0 ? ['the rows'] : [])].join(' and ');
  return {
    code: 'rehearsal.notRestored',
    message: `Rolling back ${undone.length === 1 ? (undone[0]?.version ?? '') : `${undone.length} migrations`} does not restore ${what} before.`,
    state: copyOnly,
    hint: 'Correct the rollback, or count on a backup for the way back.',
    serverMessage: [...schema.map(describeChange), ...rows.map(describeRows)].slice(0, 20).join('\n'),
  };
}

const describeRows = ({ table, before, after, changed }: RowDifference): string =>
  changed
    ? `table ${table}: as many rows as before, but not the same`
    : `table ${table}: ${before ?? 'no'} rows before, ${after ?? 'no'} after`;
