/** After a lost connection: what became of the step, from the journal beside its effect. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import type { ExecutionReport } from '../engine/execute.ts';
import { type JournalRow, ServerFault, type Session } from '../engine/ports.ts';
import { commandFor } from './commandFor.ts';
import type { Context } from './context.ts';
import { type RunEnd, restoreNext } from './finishRun.ts';
import { holderOf } from './holdLock.ts';
import { lockName } from './lockName.ts';
import type { PreparedPlan } from './planMigration.ts';
import type { LiveRun } from './runRegistry.ts';
import { openSession } from './target.ts';

const patienceMs = 20_000;
const pollMs = 500;

/**
 * Only a step that is one transaction can be settled here: its journal row is there or it is not. The orphaned
 * session must be gone first, which the lock tells, since it was held on that session.
 */
export async function settleUnknown(
  context: Context,
  prepared: PreparedPlan,
  report: ExecutionReport,
  { live, journaled }: { live: LiveRun; journaled: boolean },
): Promise<RunEnd> {
  const index = report.steps.findIndex((step) => step.outcome === 'unknown');
  const step = prepared.plan.steps[index];
  const stillUnknown: RunEnd = {
    outcome: 'interrupted',
    problem: report.problem,
    next: [commandFor('status', prepared.target), ...restoreNext(live.run())],
  };
  if (step === undefined || !step.transactional || !journaled) return stillUnknown;
  const rows = await readJournal(context, prepared, live);
  if (rows === null) return stillUnknown;
  const done = rows.some((row) => row.step === index && row.state === 'done');
  const problem: Problem | null = done ? null : rolledBack(step.version);
  live.emit({
    type: 'stepFinished',
    step: index,
    outcome: done ? 'succeeded' : 'rolledBack',
    durationMs: live.run().steps[index]?.durationMs ?? 0,
    statements: done ? step.statements : 0,
    problem,
  });
  const complete = done && index === prepared.plan.steps.length - 1;
  return {
    outcome: complete ? 'succeeded' : 'interrupted',
    problem: problem ?? (complete ? null : interruptedAfter(step.version)),
    next: stillUnknown.next,
  };
}

async function readJournal(context: Context, prepared: PreparedPlan, live: LiveRun): Promise<JournalRow[] | null> {
  const deadline = context.clock.elapsed() + patienceMs;
  for (; context.clock.elapsed() < deadline; await delay(pollMs)) {
    try {
      const session = await openSession(context, prepared.target, false);
      try {
        const rows = await readUnderLock(context, prepared, session, live);
        if (rows !== null) return rows;
      } finally {
        await session.close();
      }
    } catch (thrown) {
      if (!(thrown instanceof ProblemError) && !(thrown instanceof ServerFault)) throw thrown;
    }
  }
  return null;
}

async function readUnderLock(
  context: Context,
  prepared: PreparedPlan,
  session: Session,
  live: LiveRun,
): Promise<JournalRow[] | null> {
  const name = lockName(session, prepared.source);
  if ((await session.tryLock(name, holderOf(context))) !== null) return null;
  const rows = await prepared.target.driver.journal.readSteps(session, live.id);
  await session.unlock(name);
  return rows;
}

const rolledBack = (version: string): Problem => ({
  code: 'connect.lost',
  message: `The connection was lost while migration ${version} ran.`,
  state: `The journal in the database tells that migration ${version} did not take effect; the migrations before it are complete.`,
  hint: 'Check the network and the server, then start again.',
});

const interruptedAfter = (version: string): Problem => ({
  code: 'connect.lost',
  message: `The connection was lost right after migration ${version}.`,
  state: `The journal in the database tells that migration ${version} is complete; the migrations after it were not started.`,
  hint: 'Check the network and the server, then go on with the rest.',
});
