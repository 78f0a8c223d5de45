/** What happens by itself when Lockkeeper opens: old logs and what a crash or a broken upload left go, pending migrations are applied where that is set. */
import type { Environment } from '../../shared/model/environment.ts';
import { isProtected } from '../../shared/model/settings.ts';
import { nothingChanged, type Problem, ProblemError, problemFrom } from '../../shared/problem.ts';
import { isInside } from '../engine/changeWindow.ts';
import { removeBrokenUploads } from './bundles/removeBrokenUploads.ts';
import type { Context } from './context.ts';
import { logger } from './logger.ts';
import { planMigration } from './planMigration.ts';
import { pruneRecords } from './pruneRecords.ts';
import { removeAbandonedCopies } from './removeAbandonedCopies.ts';
import { contextWithRole } from './roles.ts';
import { settingsOf } from './settingsOf.ts';
import { startRun } from './startRun.ts';
import type { TargetRequest } from './target.ts';

export type AppliedAtStart =
  | { readonly environment: string; readonly outcome: 'upToDate' }
  | { readonly environment: string; readonly outcome: 'applied'; readonly versions: readonly string[] }
  | { readonly environment: string; readonly outcome: 'notApplied'; readonly problem: Problem };

/** Tells one line about what was done. */
export type Say = (line: string) => void;

/** Before anything opens. @throws {ProblemError} of the first environment that is set to fail hard and has failed */
export async function beforeOpening(context: Context, say: Say = logger.info): Promise<void> {
  await pruneRecords(context, { olderThanDays: null, dryRun: false }).catch((thrown: unknown) =>
    logger.error('Old records could not be removed', thrown),
  );
  for (const environment of chosen(context, 'failHard')) {
    const applied = await applyAtStart(context, environment);
    say(told(applied));
    if (applied.outcome === 'notApplied') throw new ProblemError(applied.problem);
  }
}

/** Beside an application that is open already: what fails is told and stays pending. */
export async function afterOpening(context: Context, say: Say = logger.info): Promise<void> {
  await removeAbandonedCopies(context);
  await removeBrokenUploads(context);
  for (const environment of chosen(context, 'apply')) say(told(await applyAtStart(context, environment)));
}

const chosen = (context: Context, choice: 'apply' | 'failHard'): Environment[] =>
  context.workspace.environments
    .list()
    .filter((one) => one.source !== null && settingsOf(context, one).applyAtStart === choice);

/**
 * With the same gate as everywhere; nobody is there to answer it. A protected environment only inside of its change windows:
 * the administrator who set both has said so, which stands for the typed name and the reason, and for nothing else.
 */
async function applyAtStart(context: Context, environment: Environment): Promise<AppliedAtStart> {
  const { name, id } = environment;
  const target: TargetRequest = { kind: 'environment', nameOrId: id };
  try {
    const isGuarded = isProtected(environment.tier, environment.protection);
    if (isGuarded && !isInItsWindow(context, environment)) return await refuseProtected(context, environment, target);
    // Who set it was an administrator; who opens Lockkeeper need not be one.
    const started = await startRun(contextWithRole(context, 'administrator'), {
      target,
      wanted: { direction: 'up' },
      fingerprint: null,
      confirm: isGuarded ? name : null,
      reason: isGuarded ? 'Applied at the start of Lockkeeper, inside of the change window' : null,
      accept: [],
      continueOnError: false,
    });
    const { problem, steps } = await started.finished;
    return problem === null
      ? { environment: name, outcome: 'applied', versions: steps.map((step) => step.version) }
      : { environment: name, outcome: 'notApplied', problem };
  } catch (thrown) {
    const problem = problemFrom(thrown);
    if (problem.code === 'plan.nothingToDo') return { environment: name, outcome: 'upToDate' };
    return { environment: name, outcome: 'notApplied', problem };
  }
}

/** One is set, and it is open. */
const isInItsWindow = ({ clock }: Context, { protection }: Environment): boolean =>
  (protection.changeWindows ?? []).length > 0 && isInside(protection.changeWindows ?? [], clock.now());

async function refuseProtected(
  context: Context,
  { name }: Environment,
  target: TargetRequest,
): Promise<AppliedAtStart> {
  const { plan } = await planMigration(context, target, { direction: 'up' });
  const [problem] = plan.problems;
  if (problem !== undefined) return { environment: name, outcome: 'notApplied', problem };
  if (plan.steps.length === 0) return { environment: name, outcome: 'upToDate' };
  return {
    environment: name,
    outcome: 'notApplied',
    problem: {
      code: 'gate.confirmation',
      message: `${name} is protected: its ${plan.steps.length} pending migrations are not applied by themselves.`,
      state: nothingChanged,
      hint: `Look at them and apply them yourself: lockkeeper up --env ${name}`,
    },
  };
}

function told(applied: AppliedAtStart): string {
  switch (applied.outcome) {
    case 'upToDate':
      return `${applied.environment} is up to date.`;
    case 'applied':
      return `${applied.environment}: applied ${applied.versions.join(', ')}.`;
    case 'notApplied':
      return `${applied.environment}: ${applied.problem.message} ${applied.problem.hint}`;
  }
}
