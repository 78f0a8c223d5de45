/** A rehearsal as a run of its own: live, cancellable, in the history. It changes nothing but its copy. */
import type { newBackupChoices, Rehearsal } from '../../shared/model/rehearsal.ts';
import type { RunPhase } from '../../shared/model/run.ts';
import type { Context } from './context.ts';
import { finishRun, type RunEnd } from './finishRun.ts';
import type { PreparedPlan } from './planMigration.ts';
import { fittingBackup } from './rehearsalCopy.ts';
import { prepareRehearsal, type RehearsalRequest, type RehearsalWatch, rehearsePrepared } from './rehearse.ts';
import type { LiveRun } from './runRegistry.ts';
import { originOf, type StartedRun } from './startRun.ts';
import { takeBackup } from './takeBackup.ts';
import { withSession } from './target.ts';

export interface RehearsalRunRequest extends Omit<RehearsalRequest, 'signal' | 'watch'> {
  readonly newBackup: (typeof newBackupChoices)[number];
}

/** @throws {ProblemError} `rehearsal.refused`, `plan.*`: before anything is made */
export async function startRehearsal(context: Context, request: RehearsalRunRequest): Promise<StartedRun> {
  const prepared = await prepareRehearsal(context, request);
  const { environment, password } = prepared.target;
  const origin = originOf(context, 'rehearse', environment.name, environment.id, null);
  return context.runs.start(origin, [], (live) =>
    finishRun(context, live, password, async () => endOf(live, await performed(context, prepared, request, live))),
  );
}

async function performed(
  context: Context,
  prepared: PreparedPlan,
  request: RehearsalRunRequest,
  live: LiveRun,
): Promise<Rehearsal> {
  let planned = prepared;
  if (await needsBackup(context, prepared, request)) {
    const { target } = prepared;
    await withSession(context, target, (session) => takeBackup(context, target, session, live));
    // It may take hours, in which somebody can have migrated.
    planned = await prepareRehearsal(context, request);
  }
  const phases = phasesOf(live);
  const watch = { ...phases, ...progressOf(context, live) };
  const rehearsal = await rehearsePrepared(context, planned, { ...request, signal: live.signal, watch });
  phases.end();
  return rehearsal;
}

/** A file is copied as it is now, and a schema or chosen rows are read from the database itself. */
async function needsBackup(
  context: Context,
  prepared: PreparedPlan,
  { copy, newBackup }: RehearsalRunRequest,
): Promise<boolean> {
  const restores = copy.kind !== 'schema' && copy.tables === null;
  if (newBackup === 'never' || !restores || prepared.target.environment.connection.engine === 'sqlite') return false;
  return newBackup === 'always' || (await fittingBackup(context, prepared)).backup === null;
}

function phasesOf(live: LiveRun): Pick<RehearsalWatch, 'enters'> & { end(): void } {
  let current: RunPhase | null = null;
  const end = (): void => {
    if (current !== null) live.emit({ type: 'phaseFinished', phase: current });
    current = null;
  };
  return {
    enters(phase) {
      end();
      current = phase;
      live.emit({ type: 'phaseStarted', phase });
    },
    end,
  };
}

/** Milliseconds between two words on how much is copied. */
const interval = 150;

function progressOf({ clock }: Context, live: LiveRun): Omit<RehearsalWatch, 'enters'> {
  let last = Number.NEGATIVE_INFINITY;
  return {
    copied(bytes, current) {
      const now = clock.elapsed();
      if (now - last < interval) return;
      last = now;
      live.emit({ type: 'restoreProgress', bytes, current });
    },
    tries: (progress) => live.emit({ type: 'rehearsalProgress', ...progress }),
  };
}

function endOf(live: LiveRun, { id, outcome, direction, problem, unsound, back }: Rehearsal): RunEnd {
  for (const message of unsound) live.emit({ type: 'warning', message });
  if (back?.problem != null) live.emit({ type: 'warning', message: back.problem.message });
  live.emit({ type: 'rehearsalFinished', rehearsal: { id, outcome, direction } });
  return { outcome: outcome === 'passed' ? 'succeeded' : 'failed', problem, next: [] };
}
