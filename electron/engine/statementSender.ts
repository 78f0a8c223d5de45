/** Sends the statements of a step that is not one transaction, each as it must be sent. */
import type { Step } from '../../shared/model/plan.ts';
import type { Statement, StatementTraits } from '../../shared/model/statement.ts';
import { ProblemError } from '../../shared/problem.ts';
import { noteDone, noteStatement } from './clientNotes.ts';
import { copyIn } from './copyIn.ts';
import type { Execution } from './execute.ts';
import { waitForAnotherTry } from './lockRetry.ts';
import { collectMessage, createMessage, SendFailure, type StatementUnit } from './message.ts';
import { type Announcement, keptOfStatement, ServerFault, type Unit } from './ports.ts';
import type { Progress } from './progress.ts';
import { commitSql, type DoneAlone, historyWrite, journalStep, openStep, writeHistory } from './records.ts';
import { runBatches } from './runBatches.ts';
import { placeAfter, startOf } from './startAt.ts';
import { statementLimit } from './statementLimit.ts';

export type Sender = ReturnType<typeof createSender>;

type Sending = Announcement['sending'];
type Place = Pick<Announcement, 'statement' | 'part'>;

/**
 * Whatever can share a transaction with its journal row does, so that what became of it is always known: with
 * transactional DDL each statement has a transaction of its own, without it (MySQL, MariaDB) consecutive DML shares one.
 * The announcement of the next statement ends that transaction. Every other statement is sent alone after its
 * announcement was committed, with a probe of what it changes. While a script holds locks on tables (LOCK TABLES) nothing
 * but its own statements can be sent: a row of ours would be refused, a transaction would end the locks.
 *
 * @param collected takes the units in place of the session, where the step shares a message with others
 */
export function createSender(step: Step, execution: Execution, progress: Progress, collected: Unit[] | null = null) {
  const { journal, control, capabilities, sql, session } = execution;
  const limit = statementLimit(step, execution);
  /** Sent alone: when the server says that they are done, their effect is there. */
  const alones = new WeakMap<Statement, DoneAlone>();
  let lastDone: DoneAlone | null = null;
  const witness = witnessing();
  const sending = createMessage(session, capabilities, witness, limit.deadlineMs, again);
  const message = collected === null ? sending : collectMessage(collected);
  const entry = journalStep(step, execution);
  const start = startOf(step, execution);
  /** What the row that begins the step announced. */
  let first: Place | null = null;
  let inTransaction = false;
  let tablesLocked = false;
  let locksTables = false;
  let kept = false;

  /** Inside of a script's own transactions and table locks nobody knows what a failure has ended. */
  async function again(unit: StatementUnit, fault: ServerFault, attempt: number): Promise<readonly string[] | null> {
    if (step.ownTransactions || locksTables) return null;
    const isAlone = sendingOf(unit.statement) === 'alone';
    const isKept = isAlone || (await control.keepsTransaction(session, fault));
    if (!isKept && !capabilities.transactionalDdl) return null;
    if (!(await waitForAnotherTry(step.index, execution, fault, attempt))) return null;
    // With transactional DDL each statement has a transaction of its own.
    return isKept ? [] : [control.rollback, ...control.begin];
  }

  function witnessing(): Progress {
    return {
      ...progress,
      observe(units) {
        const observer = progress.observe(units);
        return {
          ...observer,
          completed(index, result) {
            observer.completed(index, result);
            const unit = units[index];
            if (unit?.kind === 'statement') tellDone(unit.statement);
          },
        };
      },
    };
  }

  function tellDone(statement: Statement): void {
    const done = alones.get(statement);
    if (done === undefined) return;
    // Of what follows while it holds locks nothing can be announced.
    if (sql.classify(statement.text).tableLocks !== 'taken') lastDone = done;
    if (done.next.statement > statement.index && outlivesRollback(statement))
      noteDone(execution, step, statement.index);
  }

  /** Inside of a script's own transaction what is done may yet be undone. */
  function outlivesRollback({ text }: Statement): boolean {
    const { refusesTransaction, implicitCommit } = sql.classify(text);
    return !step.ownTransactions || refusesTransaction || implicitCommit;
  }

  const announcement = (statement: Statement, sending: Sending, part: number | null): Announcement => ({
    statement: statement.index,
    part,
    sending,
    text: execution.redact(statement.text.slice(0, keptOfStatement)),
    line: statement.line,
    probe: sending === 'alone' ? (control.probe(statement.text)?.state ?? null) : null,
    expected: sending === 'alone' ? (execution.expectedState?.(step, statement.index, part) ?? null) : null,
    batch: start?.statement === statement.index ? start.batch : null,
  });

  async function announce(statement: Statement, sending: Sending, part: number | null = null): Promise<void> {
    if (first?.statement === statement.index && first.part === part) return;
    const told = announcement(statement, sending, part);
    noteStatement(execution, step, told);
    if (journal !== null) await message.control(...journal.statementIntent(entry, told));
  }

  async function endTransaction(): Promise<void> {
    if (!inTransaction) return;
    inTransaction = false;
    kept = true;
    await message.control(...commitSql(execution));
  }

  /** The announcement of the next statement tells that the ones before are done: it belongs into their transaction. */
  async function endTransactionWith(statement: Statement, sending: Sending, part: number | null = null): Promise<void> {
    await announce(statement, sending, part);
    await endTransaction();
  }

  async function alone(unit: StatementUnit, part: number | null = null, parts = 1): Promise<void> {
    const sending = sendingOf(unit.statement);
    await endTransactionWith(unit.statement, sending, part);
    // What commits by itself cannot carry the fence: it is asked right before.
    if (sending === 'alone' && !step.ownTransactions) await message.control(...session.fence());
    if (capabilities.transactionalDdl) await message.flush();
    kept = true;
    const at = { statement: unit.statement.index, part };
    if (sending === 'alone' && sql.classify(unit.statement.text).kind !== 'transactionControl')
      alones.set(unit.statement, { at, next: placeAfter(at, parts) });
    if (isHandedOver(unit)) await handOver(unit);
    else await message.add(unit);
    if (capabilities.transactionalDdl) await message.flush();
  }

  const isHandedOver = ({ statement }: StatementUnit): boolean =>
    execution.onlineAlter !== undefined && step.handedOver?.includes(statement.index) === true;

  /** Its announcement is committed first, as of every statement that is sent alone: its probe judges what a crash leaves. */
  async function handOver(unit: StatementUnit): Promise<void> {
    await message.flush();
    const observer = progress.observe([unit]);
    const { signal, emit } = execution;
    try {
      await execution.onlineAlter?.alter(unit.sql, {
        session,
        signal,
        warn: (text) => emit({ type: 'warning', message: text }),
        progress: (found) => emit({ type: 'serverProgress', progress: found }),
      });
    } catch (thrown) {
      if (!(thrown instanceof ProblemError || thrown instanceof ServerFault)) throw thrown;
      throw new SendFailure(unit.statement, thrown);
    } finally {
      emit({ type: 'serverProgress', progress: null });
    }
    observer.completed(0, { affectedRows: null, resultSet: null });
    tellDone(unit.statement);
  }

  /** A statement that drops several objects, where the server does not drop all or none: one after the other. */
  async function inParts(unit: StatementUnit, parts: readonly string[]): Promise<void> {
    const done = start?.statement === unit.statement.index ? (start.part ?? 0) : 0;
    for (const [part, text] of parts.entries())
      if (part >= done) await alone({ ...unit, sql: text, statement: { ...unit.statement, text } }, part, parts.length);
  }

  const partsOf = ({ text }: Statement): readonly string[] | null =>
    step.ownTransactions ? null : (sql.partsOf?.(text, session.identity.product) ?? null);

  async function begin(): Promise<void> {
    await message.control(...control.begin);
    inTransaction = true;
  }

  async function joined(unit: StatementUnit): Promise<void> {
    if (capabilities.transactionalDdl || !inTransaction) await endTransactionWith(unit.statement, 'together');
    if (!inTransaction) await begin();
    await message.add(unit);
  }

  async function batched(unit: StatementUnit): Promise<boolean> {
    const { batch } = unit.statement;
    if (batch === undefined) return false;
    await endTransactionWith(unit.statement, 'together');
    await message.flush();
    const committed = () => {
      kept = true;
    };
    const before = start?.statement === unit.statement.index ? start.batch : null;
    await runBatches(unit, batch, { step, execution, progress, deadlineMs: limit.deadlineMs, before, committed });
    return true;
  }

  /** Inside of a script's own transactions nothing of ours can begin or end one. */
  function joins(traits: StatementTraits): boolean {
    if (step.ownTransactions) return false;
    return capabilities.transactionalDdl ? sharesTransaction(traits) : isRows(traits);
  }

  /** What sets the session only is done again when the step is resumed. */
  function sendingOf(statement: Statement): Sending {
    const traits = sql.classify(statement.text);
    const repeated = traits.kind === 'session' && traits.tableLocks === undefined;
    return repeated || statement.batch !== undefined || joins(traits) ? 'together' : 'alone';
  }

  /** What begins the step; of a statement that is sent in parts the first of them. */
  function opening({ statement }: StatementUnit): Announcement {
    const parts = partsOf(statement);
    const part = parts === null ? null : (start?.part ?? 0);
    const text = part === null ? statement.text : (parts?.[part] ?? statement.text);
    return announcement({ ...statement, text }, sendingOf(statement), part);
  }

  return {
    /** Was anything sent whose effect a rollback would not undo? */
    kept: () => kept,
    /** The last that was sent alone, and is done. */
    lastDone: () => lastDone,
    failure: sending.failure,
    goOn: sending.goOn,
    observe: witness.observe,
    /** `unit`: the first one; null where it is not known yet, or all are done. `before`: of the session, done again. */
    async open(unit: StatementUnit | null, before: readonly StatementUnit[]): Promise<void> {
      await message.control(...openStep(execution), execution.dialect.startTimer, ...limit.set);
      const told = unit === null ? nothingYet(start === null ? 0 : step.statements) : opening(unit);
      first = unit === null ? null : told;
      noteStatement(execution, step, told);
      // First: it fails when another run has taken over, and nothing may be written then.
      if (journal !== null) await message.control(...journal.stepIntent(entry, told));
      await message.control(...(execution.history.started?.(historyWrite(step, execution)) ?? []));
      await message.control(...before.map((one) => one.sql));
      if (capabilities.transactionalDdl) await message.flush();
    },
    /** Before a program's statement, which is sent alone. */
    async announce(statement: Statement): Promise<void> {
      await announce(statement, 'alone');
      await message.flush();
      kept = true;
    },
    async statement(unit: StatementUnit): Promise<void> {
      const traits = sql.classify(unit.statement.text);
      const parts = partsOf(unit.statement);
      if (tablesLocked) await message.add(unit);
      else if (await batched(unit)) return;
      else if (joins(traits)) await joined(unit);
      else if (parts !== null) await inParts(unit, parts);
      else await alone(unit);
      if (traits.tableLocks !== undefined) tablesLocked = traits.tableLocks === 'taken';
      locksTables ||= tablesLocked;
    },
    async copy(unit: StatementUnit, data: AsyncIterable<string>): Promise<void> {
      await endTransactionWith(unit.statement, sendingOf(unit.statement));
      if (step.ownTransactions) kept = true;
      else await begin();
      await message.flush();
      await copyIn(unit, data, execution, progress);
    },
    /** History row and the journal's last word are committed together, with the DML before them where it shares their transaction. */
    async close(): Promise<void> {
      if (tablesLocked) await message.control(control.freeTables);
      await message.control(...limit.lift);
      if (!inTransaction) await message.control(...control.begin);
      await message.control(...control.beforeCommit, ...control.home, ...writeHistory(step, execution));
      if (journal !== null) await message.control(...journal.stepDone(entry));
      await message.control(...commitSql(execution));
      await message.flush();
    },
  };
}

const isRows = ({ implicitCommit, kind }: StatementTraits): boolean =>
  !implicitCommit && (kind === 'data' || kind === 'query' || kind === 'session');

/** A procedure may end the transaction that it is called in. */
const sharesTransaction = ({ kind, verb, refusesTransaction, beforeTransaction }: StatementTraits): boolean =>
  !refusesTransaction &&
  beforeTransaction !== true &&
  kind !== 'session' &&
  kind !== 'transactionControl' &&
  verb !== 'CALL';

/** Where no statement is known: a program's first, or the end. Nothing was sent yet. */
const nothingYet = (statement: number): Announcement => ({
  statement,
  part: null,
  sending: 'together',
  text: '',
  line: 1,
  probe: null,
  batch: null,
});
