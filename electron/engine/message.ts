/** Collects units into messages of bounded size and sends each when it is full. */
import type { BatchCount } from '../../shared/model/directive.ts';
import type { Statement } from '../../shared/model/statement.ts';
import { ProblemError } from '../../shared/problem.ts';
import { requireExpectedRows } from './expectedRows.ts';
import {
  type Capabilities,
  MessageFault,
  type MessageObserver,
  ServerFault,
  type Session,
  type Unit,
  type UnitResult,
} from './ports.ts';
import type { Progress } from './progress.ts';

export type StatementUnit = Extract<Unit, { kind: 'statement' }>;

/** A fault with the statement of the script it belongs to. */
export class SendFailure extends Error {
  readonly statement: Statement | null;
  readonly fault: ServerFault | ProblemError;
  /** What is committed of it, where it is batched. */
  readonly batch: BatchCount | null;

  constructor(statement: Statement | null, fault: ServerFault | ProblemError, batch: BatchCount | null = null) {
    super(fault.message, { cause: fault });
    this.statement = statement;
    this.fault = fault;
    this.batch = batch;
  }
}

/**
 * Asked when a statement has waited too long for a lock: waits, and tells what to send before it is sent again together
 * with what follows it; null: it stays failed. `attempt`: the one that failed, from 1.
 */
export type Again = (unit: StatementUnit, fault: ServerFault, attempt: number) => Promise<readonly string[] | null>;

/** Of units that were sent: the first that failed. */
export interface FailedUnit {
  readonly unit: number;
  readonly statement: Statement | null;
  readonly fault: ServerFault;
}

export interface Message {
  /** Adds a unit; sends first when the message would grow beyond its bound. */
  add(unit: Unit): Promise<void>;
  control(...sql: readonly string[]): Promise<void>;
  /** Sends what is collected, and waits for all answers. @throws {SendFailure} */
  flush(): Promise<void>;
  /** Goes on with units that were sent elsewhere, if that may be tried again. @throws {SendFailure} */
  goOn(units: readonly Unit[], failed: FailedUnit): Promise<void>;
  /** Waits for the answers to what was sent so far. @throws {SendFailure} */
  answered(): Promise<void>;
  /** What failed first: something on its way, or else `thrown`. Afterwards nothing is on its way any more. */
  failure(thrown: unknown): Promise<SendFailure>;
}

/**
 * While one message is on its way the next is collected: a long script is read and split while the server works. With a
 * deadline each statement travels alone, and one whose rows are counted ends its message: none after it may run.
 */
export function createMessage(
  session: Session,
  capabilities: Capabilities,
  progress: Pick<Progress, 'observe'>,
  deadlineMs: number | null = null,
  again: Again | null = null,
): Message {
  let units: Unit[] = [];
  let size = 0;
  let onItsWay: Promise<void> = Promise.resolve();

  async function send(all: readonly Unit[], tried: FailedUnit | null = null): Promise<void> {
    let sending = all;
    for (let attempt = 1, failed = tried ?? (await sendOnce(sending)); failed !== null; attempt += 1) {
      const { unit, fault, statement } = failed;
      const tried = sending[unit];
      const isLock = fault.kind === 'lockTimeout' && tried !== undefined && isStatement(tried);
      const before = isLock ? ((await again?.(tried, fault, attempt)) ?? null) : null;
      if (before === null) throw new SendFailure(statement, fault);
      sending = [...before.map((sql): Unit => ({ kind: 'control', sql })), ...sending.slice(unit)];
      failed = await sendOnce(sending);
    }
  }

  /** @throws {SendFailure} when all was carried out, and the rows of the last unit are not as expected */
  async function sendOnce(sending: readonly Unit[]): Promise<FailedUnit | null> {
    const observer = progress.observe(sending);
    const last = sending.at(-1);
    const results: UnitResult[] = [];
    const deadline = createDeadline(session, sending.some(isStatement) ? deadlineMs : null);
    try {
      await session.send(sending, last !== undefined && isCounted(last) ? keeping(observer, results) : observer);
    } catch (thrown) {
      if (!(thrown instanceof MessageFault)) throw thrown;
      const unit = sending[thrown.unit];
      const statement = unit?.kind === 'statement' ? unit.statement : null;
      return { unit: thrown.unit, statement, fault: deadline.judge(thrown.fault) };
    } finally {
      deadline.end();
    }
    if (last !== undefined && isCounted(last)) requireRows(last.statement, results.at(-1));
    return null;
  }

  async function sendCollected(): Promise<void> {
    await onItsWay;
    onItsWay = send(units);
    // Whoever waits for it next is told.
    onItsWay.catch(() => undefined);
    units = [];
    size = 0;
  }

  async function flush(): Promise<void> {
    if (units.length > 0) await sendCollected();
    await onItsWay;
  }

  async function add(unit: Unit): Promise<void> {
    const full = size > 0 && size + unit.sql.length > capabilities.maxMessageBytes;
    const timed = deadlineMs !== null && isStatement(unit);
    if (full || (timed && units.length > 0)) await sendCollected();
    units.push(unit);
    size += unit.sql.length;
    if (!capabilities.multiStatementMessages || timed || isCounted(unit)) await flush();
  }

  return {
    add,
    flush,
    goOn: send,
    answered: () => onItsWay,
    async failure(thrown) {
      try {
        await onItsWay;
      } catch (first) {
        return asSendFailure(first);
      }
      return asSendFailure(thrown);
    },
    async control(...sql) {
      for (const text of sql) if (text !== '') await add({ kind: 'control', sql: text });
    },
  };
}

/** Sends nothing: whoever shares a message with others takes what was collected. */
export function collectMessage(units: Unit[]): Pick<Message, 'add' | 'control' | 'flush'> {
  return {
    async add(unit) {
      units.push(unit);
    },
    async control(...sql) {
      for (const text of sql) if (text !== '') units.push({ kind: 'control', sql: text });
    },
    flush: async () => undefined,
  };
}

const isStatement = (unit: Unit): unit is StatementUnit => unit.kind === 'statement';
const isCounted = (unit: Unit): unit is StatementUnit => isStatement(unit) && unit.statement.expected !== undefined;

const keeping = (observer: MessageObserver, results: UnitResult[]): MessageObserver => ({
  ...observer,
  completed(unit, result) {
    results[0] = result;
    observer.completed(unit, result);
  },
});

/** @throws {SendFailure} */
function requireRows(statement: Statement, result: UnitResult | undefined): void {
  try {
    requireExpectedRows(statement, result ?? { affectedRows: null, resultSet: null });
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    throw new SendFailure(statement, thrown);
  }
}

/** Cancels what the session runs when its time is over, and then calls the fault by its name. */
function createDeadline(session: Session, ms: number | null) {
  let isOver = false;
  const timer =
    ms === null
      ? undefined
      : setTimeout(() => {
          isOver = true;
          // Where the server cannot be asked, the statement itself goes on and tells how it ended.
          session.cancel().catch(() => undefined);
        }, ms);
  return {
    end: () => clearTimeout(timer),
    judge: (fault: ServerFault): ServerFault =>
      isOver && ms !== null && fault.kind === 'cancelled'
        ? new ServerFault('timeout', `The statement took longer than ${ms / 1000} s.`, { cause: fault })
        : fault,
  };
}

/** What reading a script or talking to the server threw, as one kind of failure; anything else is our own fault and goes on up. */
function asSendFailure(thrown: unknown): SendFailure {
  if (thrown instanceof SendFailure) return thrown;
  if (thrown instanceof ServerFault || thrown instanceof ProblemError) return new SendFailure(null, thrown);
  throw thrown;
}
