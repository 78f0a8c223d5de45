/** Tries a plan on a copy of its database, exactly as it will run; then back, then forth again. The database itself is only read. */
import { ulid } from 'ulid';
import type { Target } from '../../shared/model/plan.ts';
import type { Rehearsal } from '../../shared/model/rehearsal.ts';
import type { RehearsalProgress } from '../../shared/model/run.ts';
import { raise } from '../../shared/problem.ts';
import { compareSnapshots, ownerlessSha256 } from '../engine/compareSnapshots.ts';
import { isHandedOver } from '../engine/handOver.ts';
import { rehearsalKey } from '../engine/plan.ts';
import { firstBeyond } from './confined.ts';
import type { Context } from './context.ts';
import { rowChanges } from './databaseState.ts';
import { type PreparedPlan, planMigration, requireRunnable } from './planMigration.ts';
import { asProblem } from './problems.ts';
import { openBench, runSteps, strictly } from './rehearsalBench.ts';
import { type CopyChoice, withRehearsalCopy } from './rehearsalCopy.ts';
import { goBack } from './rehearseBack.ts';
import { type TargetRequest, withSession } from './target.ts';

/** Where nobody says how long it may take. */
export const rehearsalLimitMs = 60 * 60_000;

export interface RehearsalRequest {
  readonly target: TargetRequest;
  readonly wanted: Target;
  readonly copy: CopyChoice;
  /** Programs that are trusted, and hazards of making a copy. */
  readonly accept: readonly string[];
  /** Milliseconds that it may take. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
  readonly watch: RehearsalWatch;
}

/** Told while it goes on. */
export interface RehearsalWatch {
  /** The phase before has ended. */
  enters(phase: 'copy' | 'prove' | 'rehearse' | 'back'): void;
  copied(bytes: number, current: string | null): void;
  tries(progress: RehearsalProgress): void;
}

/** @throws {ProblemError} `rehearsal.*`, `plan.*`, and what making a copy throws; a plan that fails there is a result */
export const rehearse = async (context: Context, request: RehearsalRequest): Promise<Rehearsal> =>
  rehearsePrepared(context, await prepareRehearsal(context, request), request);

/** @throws {ProblemError} `rehearsal.refused`, `plan.*`: before anything is made */
export async function prepareRehearsal(
  context: Context,
  request: Pick<RehearsalRequest, 'target' | 'wanted' | 'accept'>,
): Promise<PreparedPlan> {
  const prepared = await planMigration(context, request.target, request.wanted, request.accept);
  requireRunnable(prepared.plan, null);
  if (prepared.plan.steps.length === 0)
    raise({
      code: 'plan.nothingToDo',
      message: 'There is nothing to rehearse.',
      hint: 'The database is where it should be.',
    });
  await requireConfined(prepared);
  return prepared;
}

/** @throws {ProblemError} as `rehearse` */
export async function rehearsePrepared(
  context: Context,
  prepared: PreparedPlan,
  request: Omit<RehearsalRequest, 'target' | 'wanted'>,
): Promise<Rehearsal> {
  const limit = AbortSignal.timeout(request.limitMs);
  try {
    const signal = AbortSignal.any([request.signal, limit]);
    const rehearsal = await rehearsePlan(context, prepared, { ...request, signal });
    signal.throwIfAborted();
    context.workspace.rehearsals.add(rehearsal);
    context.changes.publish({ kind: 'environments', environmentId: prepared.target.environment.id });
    return rehearsal;
  } catch (thrown) {
    if (request.signal.aborted)
      raise(
        { code: 'run.cancelled', message: 'The rehearsal was cancelled.', hint: 'It can be started again.' },
        thrown,
      );
    if (limit.aborted)
      raise(
        {
          code: 'rehearsal.limit',
          message: `The rehearsal took longer than ${Math.round(request.limitMs / 60_000)} minutes and was ended.`,
          hint: 'Give it more time with --limit MINUTES, or rehearse a subset with --tables.',
        },
        thrown,
      );
    throw asProblem(thrown, prepared.target.environment.connection);
  }
}

/** What would leave the copy is told before anything is made. */
async function requireConfined({ plan, source, target }: PreparedPlan): Promise<void> {
  for (const { migration, version } of plan.steps)
    for (const script of [migration.up, migration.down, migration.verify]) {
      if (script !== null && isHandedOver(script))
        raise({
          code: 'rehearsal.refused',
          message: `Migration ${version} is run by a command with a connection of its own: it would work on what is real.`,
          hint: 'It cannot be rehearsed here. Try it with the project’s own settings on another database.',
          path: script.path,
        });
      const beyond = script === null ? null : await firstBeyond(script, source.pieces, target.driver.scratch);
      if (script !== null && beyond !== null)
        raise({
          code: 'rehearsal.refused',
          message: `A statement of migration ${version} ${beyond.does}: from a copy it would do that to what is real.`,
          hint: 'It cannot be rehearsed. Put that statement into a migration of its own, and rehearse those before it with --to.',
          path: script.path,
          line: beyond.line,
        });
    }
}

async function rehearsePlan(
  context: Context,
  prepared: PreparedPlan,
  request: Omit<RehearsalRequest, 'target' | 'wanted'>,
): Promise<Rehearsal> {
  const { plan, target, source } = prepared;
  const startedAt = context.clock.elapsed();
  const at = new Date(context.clock.now()).toISOString();
  const facts = await withSession(context, target, (session) => target.driver.readFacts(session, 'all'));
  request.watch.enters('copy');
  return withRehearsalCopy(context, prepared, request, async (copy) => {
    await using bench = await openBench(context, prepared, copy, request, facts.tables);
    request.watch.enters('rehearse');
    const ran = await runSteps(bench, plan);
    const tries = plan.direction === 'up' && ran.problem === null;
    if (tries) request.watch.enters('back');
    const back = tries ? await goBack(bench, plan, ran) : null;
    return {
      id: ulid(),
      key: rehearsalKey(plan),
      environment: target.environment.name,
      engine: target.driver.id,
      tool: source.tool.id,
      database: plan.target.database,
      serverVersion: bench.session.identity.version,
      direction: plan.direction,
      actor: context.host.user,
      at,
      durationMs: Math.round(context.clock.elapsed() - startedAt),
      copy: copy.facts,
      outcome: ran.problem === null ? 'passed' : 'failed',
      problem: ran.problem,
      steps: ran.steps,
      schema: compareSnapshots(ran.before.objects, ran.after.objects, strictly).changes,
      schemaSha256: ownerlessSha256(ran.after.objects),
      rows: rowChanges(ran.before, ran.after),
      unsound: ran.unsound,
      back,
    };
  });
}
