/** Collects units into messages of bounded size and sends each when it is full. */
import type { Statement } from '../../shared/model/statement.ts';
import { ProblemError } from '../../shared/problem.ts';
import { type Capabilities, MessageFault, ServerFault, type Session, type Unit } from './ports.ts';
import type { Progress } from './progress.ts';

/** A fault with the statement of the script it belongs to. */
export class SendFailure extends Error {
  readonly statement: Statement | null;
  readonly fault: ServerFault | ProblemError;

  constructor(statement: Statement | null, fault: ServerFault | ProblemError) {
    super(fault.message, { cause: fault });
    this.statement = statement;
    this.fault = fault;
  }
}

export interface Message {
  /** Adds a unit; sends first when the message would grow beyond its bound. */
  add(unit: Unit): Promise<void>;
  control(...sql: readonly string[]): Promise<void>;
  /** Sends what is collected, and waits for all answers. @throws {SendFailure} */
  flush(): Promise<void>;
  /** Waits for the answers to what was sent so far. @throws {SendFailure} */
  answered(): Promise<void>;
  /** What failed first: something on its way, or else `thrown`. Afterwards nothing is on its way any more. */
  failure(thrown: unknown): Promise<SendFailure>;
}

/** While one message is on its way the next is collected: a long script is read and split while the server works. */
export function createMessage(session: Session, capabilities: Capabilities, progress: Progress): Message {
  let units: Unit[] = [];
  let size = 0;
  let onItsWay: Promise<void> = Promise.resolve();

  async function send(sending: readonly Unit[]): Promise<void> {
    try {
      await session.send(sending, progress.observe(sending));
    } catch (thrown) {
      if (!(thrown instanceof MessageFault)) throw thrown;
      const unit = sending[thrown.unit];
      throw new SendFailure(unit?.kind === 'statement' ? unit.statement : null, thrown.fault);
    }
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
    if (size > 0 && size + unit.sql.length > capabilities.maxMessageBytes) await sendCollected();
    units.push(unit);
    size += unit.sql.length;
    if (!capabilities.multiStatementMessages) await flush();
  }

  return {
    add,
    flush,
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

/** What reading a script or talking to the server threw, as one kind of failure; anything else is our own fault and goes on up. */
function asSendFailure(thrown: unknown): SendFailure {
  if (thrown instanceof SendFailure) return thrown;
  if (thrown instanceof ServerFault || thrown instanceof ProblemError) return new SendFailure(null, thrown);
  throw thrown;
}
