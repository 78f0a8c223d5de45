/** Goes on with an interrupted run, or rolls its interrupted migration back: a run of its own, at the right statement. */
import type { ResumeView } from '../../shared/contract/views.ts';
import type { Step } from '../../shared/model/plan.ts';
import type { StepFinding } from '../../shared/model/reconcile.ts';
import type { Statement } from '../../shared/model/statement.ts';
import { nothingChanged, type Problem, ProblemError, raise } from '../../shared/problem.ts';
import type { StartAt } from '../engine/startAt.ts';
import type { Context } from './context.ts';
import { earlierRun } from './earlierRun.ts';
import { localRun, targetOfRun } from './findRun.ts';
import { journalState } from './journalState.ts';
import { KeptSession } from './keptSession.ts';
import type { Resuming } from './openExecution.ts';
import { type PlanToRun, type PreparedPlan, planChosen } from './planMigration.ts';
import { asProblem } from './problems.ts';
import { audit } from './reconcileRequest.ts';
import { type Reconciled, reconcileAll } from './reconcileRun.ts';
import { resumeObstacle } from './resumeObstacle.ts';
import { selectRemaining } from './selectRemaining.ts';
import { type RunRequest, type StartedRun, startPlanned } from './startRun.ts';
import { openSession, type TargetRequest } from './target.ts';
import { viewPlan } from './viewPlan.ts';

export interface ResumeRequest {
  readonly run: string;
  /** Null: the environment of the run, as the workspace knows it. */
  readonly target: TargetRequest | null;
  /** `resume`: the rest of the run. `rollBack`: the rollback script of the migration that was interrupted. */
  readonly action: 'resume' | 'rollBack';
  readonly reason: string | null;
  readonly accept: readonly string[];
}

/** What resuming would do, with all that doing it needs. */
export interface PreparedResume extends PlanToRun {
  readonly found: Reconciled;
  readonly resuming: Resuming;
}

/**
 * Reconciles first, which is written down; resumes nothing yet.
 * @throws {ProblemError} `run.unknown` while something is undecided, `run.notFound`, `plan.*`, `lock.held`
 */
export async function prepareResume(context: Context, request: ResumeRequest): Promise<PreparedResume> {
  const { found, action } = await reconcileBegun(context, request);
  if (found.view.problem !== null) throw new ProblemError(found.view.problem);
  const open = found.view.steps.filter(({ verdict }) => verdict.kind !== 'done');
  const [first] = open;
  if (first === undefined)
    return raise({
      code: 'plan.nothingToDo',
      message: `Everything of run ${found.view.run} is done.`,
      hint: 'The database is where it should be.',
    });
  const { target, source } = found;
  const session = await openSession(context, target, false);
  const kept = new KeptSession(session);
  try {
    const steps = action === 'resume' ? open : [{ ...first, action: 'revert' as const }];
    const prepared = await planChosen(
      context,
      { target, source, session, accept: request.accept },
      {
        wanted: { direction: steps[0]?.action === 'revert' ? 'down' : 'up' },
        choose: (comparison) => selectRemaining(comparison, steps, 'all'),
      },
    );
    const start = action === 'resume' ? await startAt(first, prepared, found) : null;
    return {
      // Undoing what a person began is explained, whatever the tier.
      prepared: action === 'resume' ? prepared : { ...prepared, gate: { ...prepared.gate, reason: true } },
      session: kept,
      found,
      resuming: { run: found.view.run, start, journal: journalState(found.rows) },
      [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
    };
  } catch (thrown) {
    await kept[Symbol.asyncDispose]();
    throw asProblem(thrown, target.environment.connection);
  }
}

/** What it goes on with: the run asked for, or the one before it that began what this one was to go on with. */
async function reconcileBegun(
  context: Context,
  request: ResumeRequest,
): Promise<{ readonly found: Reconciled; readonly action: ResumeRequest['action'] }> {
  const { run, action } = request;
  const found = await reconcileAll(context, { ...request, orphan: 'tell', answer: null });
  const earlier = await earlierRun(context, found);
  if (earlier === null) return { found, action };
  audit(context, found.target, run, 'resume the run before', { resumes: earlier.runId, reason: request.reason });
  const target = targetOfRun(context, run, await localRun(context, run), request.target);
  const planned = found.view.steps.find(({ version }) => version === earlier.version)?.action;
  return reconcileBegun(context, {
    ...request,
    ...{ target, run: earlier.runId, action: planned === earlier.action ? action : 'rollBack' },
  });
}

/** For a window: what it would do. Nothing is resumed. @throws {ProblemError} as `prepareResume` */
export async function viewResume(
  context: Context,
  { id, action }: { readonly id: string; readonly action: ResumeRequest['action'] },
): Promise<ResumeView> {
  await using prepared = await prepareResume(context, { run: id, action, target: null, reason: null, accept: [] });
  return { reconciliation: prepared.found.view, plan: await viewPlan(context, prepared.prepared, true) };
}

/** @throws {ProblemError} before anything was changed: gate, reason */
export function startResume(
  context: Context,
  { prepared, session, resuming }: PreparedResume,
  request: Omit<RunRequest, 'target' | 'wanted'>,
): StartedRun {
  return startPlanned(context, { prepared, session }, request, resuming);
}

/** @throws {ProblemError} when it cannot begin inside of the script */
async function startAt(finding: StepFinding, { plan }: PreparedPlan, found: Reconciled): Promise<StartAt | null> {
  const { verdict, version } = finding;
  const [step] = plan.steps;
  if (verdict.kind !== 'partly' || step === undefined) return null;
  const row = found.rows.find((one) => one.step === finding.step);
  if (step.version !== version || row?.sha256 !== step.script.sha256) throw new ProblemError(changed(finding, step));
  const obstacle = resumeObstacle(await statementsBefore(step, verdict.at.statement, found), found.target);
  if (step.script.kind === 'program' || obstacle !== null)
    throw new ProblemError(notInside(finding, step, obstacle ?? 'it is a program, which begins at its beginning'));
  return { step: step.index, ...verdict.at, batch: verdict.batch, cleanup: verdict.cleanup };
}

async function statementsBefore({ script }: Step, end: number, { source }: Reconciled): Promise<Statement[]> {
  if (script.kind === 'program') return [];
  const found: Statement[] = [];
  for await (const pieces of source.pieces.read(script))
    for (const piece of pieces)
      if (piece.kind === 'statement' && piece.statement.index < end) found.push(piece.statement);
  return found;
}

const elsewise = 'Roll it back with --roll-back, restore a backup, or finish it by hand and mark it as applied.';

const changed = ({ version, verdict }: StepFinding, { script }: Step): Problem => ({
  code: 'plan.changed',
  message: `The script of migration ${version} is not the one that was interrupted.`,
  state: `${nothingChanged} Of the script that ran, ${'at' in verdict ? verdict.at.statement : 0} statements are done.`,
  hint: `Put the file back as it was, and resume. ${elsewise}`,
  path: script.path,
});

const notInside = ({ version, verdict }: StepFinding, { script }: Step, why: string): Problem => ({
  code: 'plan.notRunnable',
  message: `Migration ${version} cannot be gone on with inside of its script: ${why}.`,
  state: `${nothingChanged} ${'at' in verdict ? verdict.at.statement : 0} of its statements are done.`,
  hint: elsewise,
  path: script.path,
});
