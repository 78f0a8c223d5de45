import type { LockHolder, LockInfo } from '../../../shared/model/lock.ts';
import type {
  MessageObserver,
  Row,
  Rows,
  ServerIdentity,
  Session,
  TableName,
  Unit,
  UnitResult,
} from '../../engine/ports.ts';
import { MessageFault, ServerFault, typedRows } from '../../engine/ports.ts';
import { useHomeDatabase } from './control.ts';
import { bind, mysqlDialect } from './dialect.ts';
import type { AnswerObserver } from './exchange.ts';
import { supersededCode } from './journal.ts';
import { endHolder, freesLocks, holdsAll, lockInfo, tryLock, unlock } from './lock.ts';
import { MessageAnswers } from './messageAnswers.ts';
import { type Message, messagesOf } from './messages.ts';
import { Oversight } from './oversight.ts';
import { locate } from './position.ts';
import { type Column, typedValue } from './values.ts';
import { silent, type Wire } from './wire.ts';

/** Milliseconds the server has to take leave. */
const closeTimeout = 2000;

export interface SessionParts {
  readonly wire: Wire;
  readonly identity: ServerIdentity;
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
  readonly #locks = new Set<string>();
  /** Something was sent that could have freed a lock. */
  #locksInDoubt = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#oversight = new Oversight(parts.wire, parts.connectionId, parts.openAnother);
  }

  get identity(): ServerIdentity {
    return this.#parts.identity;
  }

  async send(units: readonly Unit[], observer: MessageObserver): Promise<void> {
    this.#locksInDoubt ||= units.some(({ kind, sql }) => kind === 'statement' && freesLocks.test(sql));
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
      await this.#oversight.during(() => this.#parts.wire.exchange(message.sql, answers));
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
    this.#locksInDoubt ||= freesLocks.test(sql);
    let columns: readonly Column[] = [];
    // A text of several statements answers with the rows of all.
    const rows: Row[] = [];
    const answers: AnswerObserver = {
      ...silent,
      columns: (found) => {
        columns = found;
      },
      row: (cells) => {
        rows.push(
          Object.fromEntries(columns.map((column, index) => [column.name, typedValue(cells[index] ?? null, column)])),
        );
      },
    };
    await this.#oversight.during(() => this.#parts.wire.exchange(bind(sql, parameters), answers));
    return typedRows(rows, Object.fromEntries(columns.map(({ name, type }) => [name, type])));
  }

  async columns(table: TableName): Promise<string[] | null> {
    const rows = await this.query(
      'SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = COALESCE($1, DATABASE()) AND TABLE_NAME = $2 ORDER BY ORDINAL_POSITION',
      [table.schema, table.name],
    );
    return rows.length === 0 ? null : rows.map(({ name }) => String(name));
  }

  cancel(): Promise<void> {
    return this.#oversight.stop();
  }

  async tryLock(name: string, holder: LockHolder): Promise<LockInfo | null> {
    const other = await tryLock(this, name, holder);
    if (other === null) this.#locks.add(name);
    return other;
  }

  lockInfo(name: string): Promise<LockInfo> {
    return lockInfo(this, name);
  }

  async unlock(name: string): Promise<void> {
    if (!this.#locks.delete(name)) return;
    if (!(await unlock(this, name))) throw lostLock();
  }

  async confirmLocks(always: boolean): Promise<void> {
    if (!always && !this.#locksInDoubt) return;
    const held = await holdsAll(this, [...this.#locks]);
    this.#locksInDoubt = false;
    if (!held) throw lostLock();
  }

  endHolder(name: string): Promise<'ended' | 'free'> {
    return endHolder(this, name);
  }

  close(): Promise<void> {
    return this.#parts.wire.close(closeTimeout);
  }

  abandon(reason: ServerFault): void {
    this.#parts.wire.abandon(reason);
  }
}

const lostLock = (): ServerFault =>
  new ServerFault('lockLost', 'A statement of this session freed the lock, for example RELEASE_ALL_LOCKS().');

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
