/** Sends the statements of a step that is not one transaction, each as it must be sent. */
import type { Step } from '../../shared/model/plan.ts';
import type { Statement, StatementTraits } from '../../shared/model/statement.ts';
import { copyIn } from './copyIn.ts';
import type { Execution } from './execute.ts';
import { createMessage, type StatementUnit } from './message.ts';
import type { Progress } from './progress.ts';
import { historyWrite, journalStep, writeHistory } from './records.ts';
import { runBatches } from './runBatches.ts';
import { statementLimit } from './statementLimit.ts';

export type Sender = ReturnType<typeof createSender>;

/**
 * Two ways of sending, by what the engine can do. With transactional DDL every statement travels alone, since several
 * in one message would be one implicit transaction. Without it (MySQL, MariaDB) consecutive DML shares a transaction
 * with its journal row, and DDL travels in one message with the announcement before it. While a script holds locks on
 * tables (LOCK TABLES) nothing but its own statements can be sent: a row of ours would be refused, a transaction would
 * end the locks.
 */
export function createSender(step: Step, execution: Execution, progress: Progress) {
  const { journal, control, capabilities, sql } = execution;
  const limit = statementLimit(step, execution);
  const message = createMessage(execution.session, capabilities, progress, limit.deadlineMs);
  const entry = journalStep(step, execution);
  /** Its probe is in the row that begins the step. */
  let first: Statement | null = null;
  let inTransaction = false;
  let tablesLocked = false;
  let kept = false;

  const stateOf = ({ text }: Statement): string | null => control.probe(text)?.state ?? null;

  async function announce(statement: Statement): Promise<void> {
    if (journal === null || statement === first) return;
    await message.control(...journal.statementIntent(entry, statement.index, stateOf(statement)));
  }

  async function endTransaction(): Promise<void> {
    if (!inTransaction) return;
    inTransaction = false;
    kept = true;
    await message.control(control.commit);
  }

  /** The announcement of the next statement tells that the ones before are done: it belongs into their transaction. */
  async function endTransactionWith({ statement }: StatementUnit): Promise<void> {
    await announce(statement);
    await endTransaction();
  }

  async function alone(unit: StatementUnit): Promise<void> {
    await endTransactionWith(unit);
    if (capabilities.transactionalDdl) await message.flush();
    kept = true;
    await message.add(unit);
    if (capabilities.transactionalDdl) await message.flush();
  }

  async function joined(unit: StatementUnit): Promise<void> {
    if (!inTransaction) {
      await announce(unit.statement);
      await message.control(...control.begin);
      inTransaction = true;
    }
    await message.add(unit);
  }

  /** So that it can still be taken back when its rows are not as expected, or its time is over. */
  async function inItsOwnTransaction(unit: StatementUnit, send: () => Promise<void>): Promise<void> {
    await endTransactionWith(unit);
    await message.flush();
    await message.control(...control.begin);
    await send();
    await message.control(control.commit);
    await message.flush();
    kept = true;
  }

  async function batched(unit: StatementUnit): Promise<boolean> {
    const { batch } = unit.statement;
    if (batch === undefined) return false;
    await endTransactionWith(unit);
    await message.flush();
    const committed = () => {
      kept = true;
    };
    await runBatches(unit, batch, { step, execution, progress, deadlineMs: limit.deadlineMs, committed });
    return true;
  }

  /** What may be taken back must be in a transaction; where DDL cannot be, DML shares one anyway. */
  function needsItsOwn({ statement }: StatementUnit, traits: StatementTraits): boolean {
    const watched = statement.expected !== undefined || limit.deadlineMs !== null;
    const possible = !traits.refusesTransaction && traits.beforeTransaction !== true && isWork(traits);
    return watched && possible && capabilities.transactionalDdl && !step.ownTransactions;
  }

  /** Author and engine decide: DML shares a transaction only where DDL cannot, and never inside a script's own ones. */
  function joins({ implicitCommit, kind }: StatementTraits): boolean {
    if (capabilities.transactionalDdl || step.ownTransactions) return false;
    return !implicitCommit && (kind === 'data' || kind === 'query' || kind === 'session');
  }

  return {
    /** Was anything sent whose effect a rollback would not undo? */
    kept: () => kept,
    failure: message.failure,
    /** `statement`: the first one; null where it is not known yet. */
    async open(statement: Statement | null): Promise<void> {
      first = statement;
      await message.control(...control.resetSession, execution.dialect.startTimer, ...limit.set);
      const state = statement === null ? null : stateOf(statement);
      // First: it fails when another run has taken over, and nothing may be written then.
      if (journal !== null) await message.control(...journal.stepIntent(entry, state));
      await message.control(...(execution.history.started?.(historyWrite(step, execution)) ?? []));
      if (capabilities.transactionalDdl) await message.flush();
    },
    /** Before a program's statement, which is sent alone. */
    async announce(statement: Statement): Promise<void> {
      await announce(statement);
      await message.flush();
      kept = true;
    },
    async statement(unit: StatementUnit): Promise<void> {
      const traits = sql.classify(unit.statement.text);
      if (tablesLocked) await message.add(unit);
      else if (await batched(unit)) return;
      else if (joins(traits)) await joined(unit);
      else if (needsItsOwn(unit, traits)) await inItsOwnTransaction(unit, () => message.add(unit));
      else await alone(unit);
      if (traits.tableLocks !== undefined) tablesLocked = traits.tableLocks === 'taken';
    },
    async copy(unit: StatementUnit, data: AsyncIterable<string>): Promise<void> {
      const feed = async (): Promise<void> => {
        await message.flush();
        await copyIn(unit, data, execution, progress);
      };
      if (unit.statement.expected !== undefined && !step.ownTransactions) return inItsOwnTransaction(unit, feed);
      await endTransactionWith(unit);
      kept = true;
      await feed();
    },
    /** History row and the journal's last word are committed together, with the DML before them where it shares their transaction. */
    async close(): Promise<void> {
      if (tablesLocked) await message.control(control.freeTables);
      await message.control(...limit.lift);
      if (!inTransaction) await message.control(...control.begin);
      await message.control(...control.beforeCommit, ...control.home, ...writeHistory(step, execution));
      if (journal !== null) await message.control(...journal.stepDone(entry));
      await message.control(control.commit);
      await message.flush();
    },
  };
}

const isWork = ({ kind }: StatementTraits): boolean => kind === 'data' || kind === 'query' || kind === 'definition';
