/** Restores a backup: gate, lock, backup of what is there, restore beside, verify, swap. */
import { raise } from '../../shared/problem.ts';
import { checkGate } from '../engine/gate.ts';
import type { Context } from './context.ts';
import { externalBackup } from './externalBackups.ts';
import { finishRun } from './finishRun.ts';
import { performRestore } from './performRestore.ts';
import { type PreparedRestore, planRestore, type RestoreWanted } from './planRestore.ts';
import { recordAudit } from './recordAudit.ts';
import { originOf, type StartedRun } from './startRun.ts';
import { backupFor, levelReached } from './takeBackup.ts';

export interface RestoreAnswers {
  /** Back up what is there first; absent: as the environment's protection says. */
  readonly backup?: boolean;
  readonly confirm: string | null;
  readonly reason: string | null;
  readonly accept: readonly string[];
}

/** @throws {ProblemError} before anything was changed: unfit, rights, gate */
export async function startRestore(
  context: Context,
  wanted: RestoreWanted,
  answers: RestoreAnswers,
): Promise<StartedRun> {
  return startPreparedRestore(context, await planRestore(context, wanted), answers);
}

/** The same for a plan that was just made. */
export function startPreparedRestore(context: Context, prepared: PreparedRestore, answers: RestoreAnswers): StartedRun {
  const { plan, gate, target, names } = prepared;
  const [problem] = plan.problems;
  if (problem !== undefined) raise(problem);
  const backup = plan.placement === 'swap' && (answers.backup ?? gate.backup !== 'none');
  const refusal = checkGate(
    gate,
    {
      ...answers,
      backup: backup ? levelReached(gate) : externalBackup(context, target.environment),
    },
    context.clock.now(),
  );
  if (refusal !== null) raise(refusal);
  const origin = originOf(context, 'restore', target.environment.name, target.environment.id, answers.reason);
  recordAudit(context, {
    action: 'restore',
    environment: target.environment.name,
    run: origin.id,
    detail: {
      backup: plan.backup?.id ?? null,
      file: plan.file,
      takenAt: plan.takenAt,
      placement: plan.placement,
      ...names,
      backedUpBefore: backup,
      skippedBackup: !backup && gate.backup !== 'none',
      accepted: answers.accept,
      reason: answers.reason,
    },
  });
  return context.runs.start(origin, [], (live) =>
    finishRun(context, live, target.password, () =>
      performRestore(context, prepared, { ...answers, backup: backup ? backupFor(gate, answers.accept) : null }, live),
    ),
  );
}
