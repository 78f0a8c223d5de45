import type { LockHolder, LockInfo } from '../../../shared/model/lock.ts';
import type {
  Capabilities,
  MessageObserver,
  Rows,
  ServerIdentity,
  Session,
  TableName,
  Unit,
  UnitResult,
} from '../../engine/ports.ts';
import { MessageFault, ServerFault } from '../../engine/ports.ts';
import type { RunnerLocks } from '../common/runnerLocks.ts';
import { useHomeDatabase } from './control.ts';
import { bind, mysqlDialect } from './dialect.ts';
import { supersededCode } from './journal.ts';
import { MessageAnswers } from './messageAnswers.ts';
import { type Message, messagesOf } from './messages.ts';
import { Oversight } from './oversight.ts';
import { locate } from './position.ts';
import { Questions } from './questions.ts';
import type { Wire } from './wire.ts';

/** Milliseconds the server has to take leave. */
const closeTimeout = 2000;

export interface SessionParts {
  readonly wire: Wire;
  readonly identity: ServerIdentity;
  readonly capabilities: Capabilities;
  readonly locksOf: (session: Session) => RunnerLocks;
  readonly connectionId: number;
  /** Bytes of a message at most, as the server takes them. */
  readonly maxPacket: number;
  /** Bytes of a message that Lockkeeper makes of several units, at most. */
  readonly maxMessage: number;
  /** Opens another connection with the same credentials. */
  readonly openAnother: () => Promise<Wire>;
}

export class MysqlSession implements Session {
  readonly #parts: SessionParts;
  readonly #oversight: Oversight;
  readonly #locks: RunnerLocks;
  readonly #questions: Questions;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#locks = parts.locksOf(this);
    this.#oversight = new Oversight(parts.wire, parts.connectionId, parts.openAnother);
    this.#questions = new Questions(
      (sql, observer) => this.#oversight.during(() => parts.wire.exchange(sql, observer)),
      parts.maxMessage,
    );
  }

  get identity(): ServerIdentity {
    return this.#parts.identity;
  }

  get capabilities(): Capabilities {
    return this.#parts.capabilities;
  }

  async send(units: readonly Unit[], observer: MessageObserver): Promise<void> {
    for (const { kind, sql } of units) if (kind === 'statement') this.#locks.doubt(sql);
    const sent = units.map((unit) => this.#atHome(unit));
    for (const message of messagesOf(sent, this.#parts.maxMessage)) await this.#sendMessage(message, observer);
  }

  /** `USE` takes no expression, so the name is put in here. */
  #atHome(unit: Unit): Unit {
    if (unit.kind !== 'control' || unit.sql !== useHomeDatabase) return unit;
    return { kind: 'control', sql: `USE ${mysqlDialect.quoteIdentifier(this.identity.database)}` };
  }

  async #sendMessage(message: Message, observer: MessageObserver): Promise<void> {
    this.#checkSize(message);
    const answers = new MessageAnswers(message, observer);
    try {
      const { wire } = this.#parts;
      await this.#oversight.during(() => wire.exchange(message.sql, answers), this.#questions.settled());
    } catch (error) {
      throw faultIn(message, answers.completed, error);
    }
    answers.end();
  }

  #checkSize({ sql, first }: Message): void {
    const bytes = Buffer.byteLength(sql);
    // One byte is the command's.
    if (bytes < this.#parts.maxPacket) return;
    const text = `The statement has ${bytes} bytes; the server takes ${this.#parts.maxPacket} (max_allowed_packet).`;
    throw new MessageFault(first, new ServerFault('statement', text));
  }

  copyIn(): Promise<UnitResult> {
    return Promise.reject(new ServerFault('statement', 'MySQL and MariaDB have no COPY … FROM stdin.'));
  }

  async query(sql: string, parameters: readonly (string | number | null)[] = []): Promise<Rows> {
    this.#locks.doubt(sql);
    return await this.#questions.ask(bind(sql, parameters));
  }

  async columns(table: TableName): Promise<string[] | null> {
    const rows = await this.query(
      'SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = COALESCE($1, DATABASE()) AND TABLE_NAME = $2 ORDER BY ORDINAL_POSITION',
      [table.schema, table.name],
    );
    return rows.length === 0 ? null : rows.map(({ name }) => String(name));
  }

  cancel(): Promise<void> {
    this.#questions.cancel();
    return this.#oversight.stop();
  }

  tryLock(name: string, holder: LockHolder): Promise<LockInfo | null> {
    return this.#locks.tryLock(name, holder);
  }

  lockInfo(name: string): Promise<LockInfo> {
    return this.#locks.lockInfo(name);
  }

  unlock(name: string): Promise<void> {
    return this.#locks.unlock(name);
  }

  confirmLocks(always: boolean): Promise<void> {
    return this.#locks.confirm(always);
  }

  mayFreeLocks(sql: string): boolean {
    return this.#locks.mayFree(sql);
  }

  fence(): readonly string[] {
    return this.#locks.fence();
  }

  endHolder(name: string): Promise<'ended' | 'free'> {
    return this.#locks.endHolder(name);
  }

  async close(): Promise<void> {
    await this.#locks.close();
    await this.#parts.wire.close(closeTimeout);
  }

  abandon(reason: ServerFault): void {
    this.#locks.abandon();
    this.#parts.wire.abandon(reason);
  }
}

/** The fault of the unit after the `completed` ones, with its place in that unit's text. */
function faultIn(message: Message, completed: number, error: unknown): unknown {
  if (!(error instanceof ServerFault)) return error;
  const index = Math.min(completed, message.units.length - 1);
  const position = locate(error.message, message, index);
  const { code, detail, remedy } = error;
  const superseded = code === supersededCode && message.units[index]?.kind === 'control';
  const kind = superseded ? 'lockLost' : error.kind;
  return new MessageFault(
    message.first + index,
    new ServerFault(kind, error.message, { code, position, detail, remedy, cause: error.cause }),
  );
}
