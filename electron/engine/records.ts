/** What a step writes beside its effect: its tool's history row and our journal row. */
import type { Step } from '../../shared/model/plan.ts';
import type { StatementPlace } from '../../shared/model/reconcile.ts';
import type { Execution } from './execute.ts';
import { countOf } from './failure.ts';
import { isHandedOver } from './handOver.ts';
import type { SendFailure } from './message.ts';
import { type HistoryWrite, type JournalStep, keptOfStatement, MessageFault, type MessageObserver } from './ports.ts';

const silent: MessageObserver = { completed: () => undefined, notice: () => undefined };

type Writing = Pick<Execution, 'dialect' | 'actor' | 'runId' | 'history'>;

/** Begins a step in the session. */
export const openStep = ({ control, acceptsLostRows }: Pick<Execution, 'control' | 'acceptsLostRows'>): string[] => [
  ...control.resetSession,
  ...(acceptsLostRows && control.acceptLostRows !== undefined ? [control.acceptLostRows] : []),
];

export const historyWrite = (step: Step, execution: Omit<Writing, 'history'>): HistoryWrite => ({
  step,
  dialect: execution.dialect,
  actor: execution.actor,
  runId: execution.runId,
});

/** Nothing where the tool's own command has written it. */
export function writeHistory(step: Step, execution: Writing): string[] {
  if (isHandedOver(step.script)) return [];
  const write = historyWrite(step, execution);
  return step.action === 'apply' ? execution.history.applied(write) : execution.history.reverted(write);
}

export const journalStep = (step: Step, execution: Pick<Execution, 'runId'>): JournalStep => ({
  runId: execution.runId,
  step: step.index,
  version: step.version,
  action: step.action,
  sha256: step.script.sha256,
  statements: step.statements,
});

/** Ends a transaction of a run, if the lock is still ours where only a row of ours says so. */
export const commitSql = ({ session, control }: Pick<Execution, 'session' | 'control'>): string[] => [
  ...session.fence(),
  control.commit,
];

/** A statement sent alone that the server said was done. */
export interface DoneAlone {
  readonly at: StatementPlace;
  readonly next: StatementPlace;
}

/** Tells the tool's history and the journal of a failure. What failed first matters more than a failure to write it down. */
export async function recordFailure(
  step: Step,
  execution: Execution,
  failure: SendFailure,
  done: DoneAlone | null = null,
): Promise<void> {
  const { fault, batch, statement } = failure;
  const message = execution.redact(batch === null ? fault.message : `${fault.message} (${countOf(batch)} committed)`);
  const place =
    statement === null
      ? ''
      : `\nLine ${statement.line}, statement ${statement.index + 1}: ${statement.text.slice(0, keptOfStatement)}`;
  const entry = journalStep(step, execution);
  const sql = [
    ...(execution.history.failed?.(historyWrite(step, execution), message) ?? []),
    ...(execution.journal?.stepFailed(entry, execution.redact(`${message}${place}`)) ?? []),
    ...((done !== null && execution.journal?.doneAlone(entry, done.at, done.next)) || []),
  ];
  if (sql.length === 0) return;
  try {
    await execution.session.send(
      [...execution.control.home, ...sql].map((text) => ({ kind: 'control' as const, sql: text })),
      silent,
    );
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    execution.emit({
      type: 'warning',
      message: `The failure of ${step.version} could not be recorded in the database: ${why}`,
    });
  }
}

/**
 * Ends an open transaction, and what was locked. Should that fail, the server ends it with the connection.
 * @returns whether all is undone: where DDL is not transactional some tables are not either, and the server warns of them.
 */
export async function rollBack({ control, capabilities, session }: Execution): Promise<boolean> {
  const { rollback, freeTables } = control;
  let warned = false;
  const listening: MessageObserver = {
    ...silent,
    notice: () => {
      warned = true;
    },
  };
  try {
    await session.send(
      [rollback, freeTables].flatMap((sql) => (sql === '' ? [] : [{ kind: 'control' as const, sql }])),
      listening,
    );
  } catch (thrown) {
    if (!(thrown instanceof MessageFault)) throw thrown;
    warned = true;
  }
  return capabilities.transactionalDdl || !warned;
}
