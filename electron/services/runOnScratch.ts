/** Runs a plan on a scratch database: with the tool's history table, without lock, journal or backup. */
import { ulid } from 'ulid';
import type { Plan } from '../../shared/model/plan.ts';
import type { Problem } from '../../shared/problem.ts';
import { type Execution, execute } from '../engine/execute.ts';
import type { Session, Unit } from '../engine/ports.ts';
import { verifySteps } from '../engine/verify.ts';
import type { Context } from './context.ts';
import { executionParts } from './executionParts.ts';
import { silent } from './openExecution.ts';
import type { OpenSource } from './readSource.ts';
import type { TargetDatabase } from './target.ts';

export interface Scratch {
  readonly context: Context;
  readonly target: TargetDatabase;
  readonly source: OpenSource;
  readonly session: Session;
}

/** What went wrong, its verify scripts included; null when nothing did. */
export async function runOnScratch(scratch: Scratch, plan: Plan, signal: AbortSignal): Promise<Problem | null> {
  const execution = await scratchExecution(scratch, { signal });
  const report = await execute(plan, execution, { continueOnError: false });
  return report.problem ?? (await verifySteps(plan, report.steps, execution))[0] ?? null;
}

/** As a run has it, with the tool's history table made where it is missing. */
export async function scratchExecution(
  { context, target, source, session }: Scratch,
  given: Pick<Execution, 'signal'> & Partial<Pick<Execution, 'emit' | 'programs' | 'acceptsLostRows'>>,
): Promise<Execution> {
  if ((await source.history.read(session)) === null) {
    const create = source.history.create().map((sql): Unit => ({ kind: 'control', sql }));
    await session.send(create, silent);
  }
  return {
    runId: ulid(),
    ...executionParts(context, target, source, session),
    journal: null,
    // Nobody else is on a database that was made for it.
    lockAttempts: 1,
    acceptsLostRows: false,
    clientJournal: { append: async () => undefined },
    resume: null,
    emit: () => undefined,
    ...given,
  };
}
