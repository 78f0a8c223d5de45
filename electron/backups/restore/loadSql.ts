// Loads a plain SQL dump through our own splitter and session: no client program, none of its commands.
import type { Statement } from '../../../shared/model/statement.ts';
import { type Problem, ProblemError, raise } from '../../../shared/problem.ts';
import {
  MessageFault,
  type MessageObserver,
  ServerFault,
  type Session,
  type SqlText,
  type Unit,
} from '../../engine/ports.ts';
import type { BackupProgress } from '../backupTaker.ts';
import { Throttle } from '../process/throttle.ts';
import type { OpenContent } from './archive.ts';
import { withoutClientLines } from './clientLines.ts';

/** UTF-16 units of SQL that are collected before they are sent. */
const MESSAGE_LENGTH = 1 << 20;

export interface SqlLoad {
  readonly path: string;
  readonly content: Pick<OpenContent, 'content'>;
  readonly session: Session;
  readonly sql: SqlText;
  readonly signal: AbortSignal;
  readonly progress: BackupProgress;
  /**
   * `bytes`: each character stands for a byte, and `prepare` makes text of it; for dumps whose encoding changes from
   * statement to statement.
   */
  readonly encoding: 'utf8' | 'bytes';
  /** What to send in place of a statement; null: nothing. @throws {ProblemError} when it may not be sent at all */
  prepare(statement: Statement): string | null;
  /** A statement was executed. */
  executed?(sql: string, affectedRows: number | null): void;
  readonly live: string;
  /** More sessions on the same database, among which rows are shared out. */
  readonly helpers?: readonly Session[];
  /** The table that a statement only adds rows to; null: another statement. Of meaning with `helpers` only. */
  rowsOf?(sql: string): string | null;
}

/** @throws {ProblemError} `restore.failed` with the line of the dump, `script.*` where the dump is no SQL */
export async function loadSql(load: SqlLoad): Promise<void> {
  const loader = new Loader(load);
  const splitter = load.sql.createSplitter({ path: load.path });
  const decode = load.encoding === 'utf8' ? utf8(load.path) : (piece: Buffer) => piece.toString('latin1');
  const throttle = new Throttle(load.progress);
  const sessions = [load.session, ...(load.helpers ?? [])];
  const abort = () => {
    for (const session of sessions) void session.cancel().catch(() => undefined);
  };
  load.signal.addEventListener('abort', abort, { once: true });
  let bytes = 0;
  try {
    for await (const piece of withoutClientLines(load.content.content(load.signal)) as AsyncIterable<Buffer>) {
      load.signal.throwIfAborted();
      for (const part of splitter.push(decode(piece))) await loader.take(part);
      bytes += piece.length;
      throttle.tell(bytes, null);
    }
    for (const part of splitter.finish()) await loader.take(part);
    await loader.finish();
    throttle.flush();
  } finally {
    await loader.settled();
    load.signal.removeEventListener('abort', abort);
  }
}

function utf8(path: string): (piece: Buffer) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return (piece) => {
    try {
      return decoder.decode(piece, { stream: true });
    } catch (error) {
      return raise(notUtf8(path), error);
    }
  };
}

export const notUtf8 = (path: string) =>
  ({
    code: 'script.notUtf8',
    message: `${path} is not UTF-8.`,
    hint: 'Take the dump again with the encoding UTF8 (pg_dump --encoding, mysqldump --default-character-set=utf8mb4).',
  }) as const;

type Piece = ReturnType<ReturnType<SqlText['createSplitter']>['push']>[number];

type SentStatement = Unit & { readonly kind: 'statement'; readonly statement: Statement };

interface Lane {
  readonly session: Session;
  /** What it was sent; null: it has been done. Rejects with why it failed. */
  busy: Promise<void> | null;
}

/** What all sessions must know. */
const setting = /^(?:\/\*!\d*\s*)?SET\b/i;

class Loader {
  readonly #load: SqlLoad;
  #units: SentStatement[] = [];
  #length = 0;
  readonly #lanes: readonly Lane[];
  /** Whose rows are under way. */
  #table: string | null = null;
  /** Data of the COPY under way goes here, as the statement's session takes it. */
  #copy: { readonly data: PushedText; readonly done: Promise<unknown> } | null = null;

  constructor(load: SqlLoad) {
    this.#load = load;
    this.#lanes = [load.session, ...(load.helpers ?? [])].map((session) => ({ session, busy: null }));
  }

  async take(piece: Piece): Promise<void> {
    if (piece.kind === 'copyData') {
      await this.#copy?.data.push(piece.text);
      return;
    }
    await this.#endCopy();
    const sql = this.#load.prepare(piece.statement);
    if (sql === null) return;
    if (piece.statement.copiesData) return this.#beginCopy(piece.statement, sql);
    const unit: SentStatement = { kind: 'statement', sql, statement: piece.statement };
    const table = this.#lanes.length === 1 ? null : (this.#load.rowsOf?.(sql) ?? null);
    if (table !== null) return this.#addRows(table, unit);
    this.#table = null;
    this.#units.push(unit);
    this.#length += sql.length;
    if (this.#length >= MESSAGE_LENGTH) await this.#flush();
  }

  /**
   * The first rows of a table go alone: while it is empty, MariaDB locks all of it for them, and two sessions that do so
   * at once end in a deadlock.
   */
  async #addRows(table: string, unit: SentStatement): Promise<void> {
    const first = table !== this.#table;
    if (first) await this.#flush();
    await this.#send(await this.#freeLane(), [unit]);
    if (first) await this.#idle();
    this.#table = table;
  }

  async finish(): Promise<void> {
    await this.#endCopy();
    await this.#flush();
    await this.#idle();
  }

  /** When nothing is under way any more, however it ended. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#lanes.map(({ busy }) => busy));
  }

  async #beginCopy(statement: Statement, sql: string): Promise<void> {
    await this.#flush();
    await this.#idle();
    const data = new PushedText();
    const done = this.#load.session.copyIn(sql, data.read()).catch((error: unknown) => {
      data.end();
      throw this.#explain(error, statement);
    });
    done.catch(() => undefined);
    this.#copy = { data, done };
  }

  async #endCopy(): Promise<void> {
    const copy = this.#copy;
    this.#copy = null;
    copy?.data.end();
    await copy?.done;
  }

  async #flush(): Promise<void> {
    const units = this.#units;
    this.#units = [];
    this.#length = 0;
    if (units.length === 0) return;
    await this.#idle();
    const [first, ...helpers] = this.#lanes;
    if (first !== undefined) await this.#send(first, units);
    if (helpers.length === 0) return;
    await this.#idle();
    const settings = units.filter(({ sql }) => setting.test(sql));
    if (settings.length > 0) for (const helper of helpers) await this.#send(helper, settings);
  }

  /** While the server works on these, the next ones are read. */
  async #send(lane: Lane, units: readonly SentStatement[]): Promise<void> {
    await lane.busy;
    const observer: MessageObserver = {
      completed: (index, { affectedRows }) => this.#load.executed?.(units[index]?.sql ?? '', affectedRows),
      notice: () => undefined,
    };
    const sent = lane.session.send(units, observer).then(
      () => {
        lane.busy = null;
      },
      (error: unknown) => {
        if (!(error instanceof MessageFault)) throw error;
        throw this.#explain(error.fault, units[error.unit]?.statement ?? null);
      },
    );
    lane.busy = sent;
    // Awaited before the next message.
    sent.catch(() => undefined);
  }

  async #freeLane(): Promise<Lane> {
    for (;;) {
      const free = this.#lanes.find(({ busy }) => busy === null);
      if (free !== undefined) return free;
      await Promise.race(this.#lanes.map(({ busy }) => busy));
    }
  }

  async #idle(): Promise<void> {
    await Promise.all(this.#lanes.map(({ busy }) => busy));
  }

  #explain(error: unknown, statement: Statement | null): unknown {
    if (!(error instanceof ServerFault) || this.#load.signal.aborted) return error;
    const problem: Problem = {
      code: error.kind === 'rights' ? 'restore.rights' : 'restore.failed',
      message: `The server refused a statement of the dump${statement === null ? '' : ` at line ${statement.line}`}.`,
      state: `${this.#load.live} is unchanged. Nothing of the restore was left behind.`,
      hint:
        error.kind === 'rights'
          ? 'Grant the right that the server names, or restore with an account that has it.'
          : 'Remove the cause that the server names, then restore again.',
      path: this.#load.path,
      ...(statement === null ? {} : { line: statement.line }),
      serverMessage: error.detail === null ? error.message : `${error.message}\n${error.detail}`,
    };
    return new ProblemError(problem, { cause: error });
  }
}

/** Text handed from who splits to who sends, one piece at a time. */
class PushedText {
  #piece: string | null = null;
  #ended = false;
  #wake = Promise.withResolvers<void>();
  #taken = Promise.withResolvers<void>();

  /** Resolves when the piece was taken, or nobody will. */
  async push(text: string): Promise<void> {
    if (this.#ended) return;
    this.#piece = text;
    this.#taken = Promise.withResolvers();
    this.#wake.resolve();
    await this.#taken.promise;
  }

  end(): void {
    this.#ended = true;
    this.#wake.resolve();
    this.#taken.resolve();
  }

  async *read(): AsyncGenerator<string> {
    for (;;) {
      await this.#wake.promise;
      const piece = this.#piece;
      if (piece === null) return;
      this.#piece = null;
      this.#wake = Promise.withResolvers();
      this.#taken.resolve();
      yield piece;
      if (this.#ended) return;
    }
  }
}
