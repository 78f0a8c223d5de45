/** The main use case: gate, lock, backup, migrate, verify, report. */
import { ulid } from 'ulid';
import type { Approval } from '../../shared/model/approval.ts';
import { type Plan, rowsLost, type Step, type Target } from '../../shared/model/plan.ts';
import type { PlannedStep, Run, RunOrigin } from '../../shared/model/run.ts';
import { raise } from '../../shared/problem.ts';
import { checkGate } from '../engine/gate.ts';
import type { Context } from './context.ts';
import { externalBackup } from './externalBackups.ts';
import { finishRun } from './finishRun.ts';
import type { Resuming } from './openExecution.ts';
import { performMigration } from './performMigration.ts';
import { type PlanToRun, planToRun, requireRunnable } from './planMigration.ts';
import { ownProcess } from './processLife.ts';
import { noteAudit } from './recordAudit.ts';
import { backupFor, levelReached } from './takeBackup.ts';
import type { TargetRequest } from './target.ts';

export interface RunRequest {
  readonly target: TargetRequest;
  readonly wanted: Target;
  /** Of the plan the person saw; null: whatever is planned now. */
  readonly fingerprint: string | null;
  /** Take and check one first; absent: as the environment's protection says. */
  readonly backup?: boolean;
  readonly confirm: string | null;
  readonly reason: string | null;
  readonly accept: readonly string[];
  readonly continueOnError: boolean;
  /** Of a second person, where one is asked for. */
  readonly approvals?: readonly Approval[];
}

export interface StartedRun {
  readonly id: string;
  readonly finished: Promise<Run>;
}

/** @throws {ProblemError} before anything was changed: not runnable, stale, gate, nothing to do */
export async function startRun(context: Context, request: RunRequest): Promise<StartedRun> {
  await using plan = await planToRun(
    context,
    request.target,
    request.wanted,
    request.accept,
    undefined,
    request.approvals,
  );
  return startPlanned(context, plan, request);
}

/** The same for a plan that was just made, so that a command line plans once, in the session that it was made in. */
export function startPlanned(
  context: Context,
  { prepared, session }: Pick<PlanToRun, 'prepared' | 'session'>,
  request: Omit<RunRequest, 'target' | 'wanted'>,
  resume: Resuming | null = null,
): StartedRun {
  const { plan, gate, target } = prepared;
  requireRunnable(plan, request.fingerprint);
  if (plan.steps.length === 0)
    raise({
      code: 'plan.nothingToDo',
      message: 'There is nothing to do.',
      hint: 'The database is where it should be.',
    });
  const backup = request.backup ?? gate.backup !== 'none';
  const refusal = checkGate(
    gate,
    {
      confirm: request.confirm,
      reason: request.reason,
      accept: request.accept,
      backup: backup ? levelReached(gate) : externalBackup(context, target.environment),
    },
    context.clock.now(),
  );
  if (refusal !== null) raise(refusal);
  const origin = {
    ...originOf(context, plan.direction, target.environment.name, target.environment.id, request.reason),
    ...(prepared.source.bundle === null ? {} : { bundle: prepared.source.bundle.digest }),
  };
  noteAudit(context, {
    action: plan.direction,
    environment: target.environment.name,
    run: origin.id,
    detail: {
      tier: target.environment.tier,
      target: plan.target,
      versions: plan.steps.map((step) => step.version),
      fingerprint: plan.fingerprint,
      hazards: plan.steps.flatMap(hazardsOf),
      rehearsal: prepared.rehearsal?.id ?? null,
      confirmed: gate.typedName !== null && request.confirm === gate.typedName,
      backup,
      skippedBackup: !backup && gate.backup !== 'none',
      accepted: request.accept,
      acceptedInFiles: plan.steps.flatMap(acceptedInFile),
      reason: request.reason,
      approvedBy: gate.approval?.by ?? null,
      ...bundleOf(prepared),
      resumes: resume?.run ?? null,
    },
  });
  // The plan's owner may end before the run has come so far as to need its session.
  const kept = session.handOver();
  return context.runs.start(origin, plannedSteps(plan), (live) =>
    finishRun(context, live, target.password, () =>
      performMigration(
        context,
        prepared,
        {
          backup: backup ? backupFor(gate, request.accept) : null,
          continueOnError: request.continueOnError,
          acceptsLostRows: request.accept.includes(rowsLost),
          resume,
        },
        live,
        kept,
      ),
    ).finally(() => kept[Symbol.asyncDispose]()),
  );
}

/** Which bundle it was, for whoever made it. */
const bundleOf = ({ source: { bundle } }: PlanToRun['prepared']) =>
  bundle === null
    ? {}
    : { bundle: { digest: bundle.digest, origin: bundle.manifest.origin, signer: bundle.fingerprint } };

export const originOf = (
  context: Context,
  action: RunOrigin['action'],
  environment: string,
  environmentId: string,
  reason: string | null,
): RunOrigin => ({
  id: ulid(),
  action,
  environment,
  environmentId: environmentId === '' ? null : environmentId,
  actor: context.host.user,
  host: context.host.hostName,
  process: ownProcess(),
  reason,
});

const hazardsOf = ({ version, hazards }: Step) =>
  hazards.map(({ code, severity, line }) => ({ version, code, severity, line }));

/** With the reason that stands there. */
const acceptedInFile = ({ version, hazards }: Step) =>
  hazards.flatMap(({ code, line, accepted }) =>
    accepted === undefined ? [] : [{ version, code, line, reason: accepted }],
  );

const plannedSteps = (plan: Plan): PlannedStep[] =>
  plan.steps.map(({ index, version, name, action, statements, transactional, estimate }) => ({
    index,
    version,
    name,
    action,
    statements,
    transactional,
    estimateMs: estimate?.ms ?? null,
  }));
