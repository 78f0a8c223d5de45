import { type Rows, ServerFault } from '../../engine/ports.ts';
import { RowsGatherer } from './askWire.ts';
import type { AnswerObserver } from './exchange.ts';
import { answersOnce, separator } from './messages.ts';
import type { Cell, Column } from './values.ts';

interface Question {
  readonly sql: string;
  readonly gatherer: RowsGatherer;
  readonly resolve: (rows: Rows) => void;
  readonly reject: (reason: unknown) => void;
  alone: boolean;
}

/** What the server could not read (ER_PARSE_ERROR): nothing of it was carried out. */
const unreadable = '1064';

/**
 * Questions that are asked before the event loop turns travel together, as one text, and are answered in their order.
 * The server stops at the first that fails: those after it are sent again, so that each has an answer of its own.
 */
export class Questions {
  readonly #exchange: (sql: string, observer: AnswerObserver) => Promise<void>;
  readonly #maxBytes: number;
  #collected: Question[] = [];
  #flushing: NodeJS.Immediate | undefined;
  #answered: Promise<void> = Promise.resolve();

  /** `exchange` sends one message; `maxBytes` of one at most. */
  constructor(exchange: (sql: string, observer: AnswerObserver) => Promise<void>, maxBytes: number) {
    this.#exchange = exchange;
    this.#maxBytes = maxBytes;
  }

  /** `sql` has no placeholders left. @throws {ServerFault} */
  ask(sql: string): Promise<Rows> {
    return new Promise((resolve, reject) => {
      this.#collected.push({ sql, gatherer: new RowsGatherer(), resolve, reject, alone: false });
      this.#flushing ??= setImmediate(() => this.#flush());
    });
  }

  /** Resolves when all that was asked is answered: what is sent then comes after it. */
  settled(): Promise<void> {
    if (this.#collected.length > 0) this.#flush();
    return this.#answered;
  }

  /** What is not on its way yet is not sent. */
  cancel(): void {
    const cancelled = this.#collected;
    this.#collected = [];
    for (const { reject } of cancelled) reject(new ServerFault('cancelled', 'Cancelled before it was sent.'));
  }

  #flush(): void {
    clearImmediate(this.#flushing);
    this.#flushing = undefined;
    const asked = this.#collected;
    this.#collected = [];
    this.#answered = this.#answered.then(() => this.#sendAll(asked));
  }

  async #sendAll(asked: readonly Question[]): Promise<void> {
    for (let left = asked; left.length > 0; ) {
      const settled = await this.#send(left.slice(0, this.#together(left)));
      left = left.slice(settled);
    }
  }

  /** How many of the first share a message: answers are told apart by counting them. */
  #together(questions: readonly Question[]): number {
    if (questions.length === 1) return 1;
    let bytes = 0;
    const end = questions.findIndex(({ sql, alone }) => {
      bytes += Buffer.byteLength(sql) + separator.length;
      return bytes > this.#maxBytes || alone || !answersOnce(sql);
    });
    return end === -1 ? questions.length : Math.max(1, end);
  }

  /** How many are settled; never rejects. */
  async #send(questions: readonly Question[]): Promise<number> {
    const answers = new Answers(questions.map(({ gatherer }) => gatherer));
    try {
      await this.#exchange(questions.map(({ sql }) => sql).join(separator), answers);
    } catch (error) {
      return fail(questions, Math.min(answers.completed, questions.length - 1), error);
    }
    for (const { resolve, gatherer } of questions) resolve(gatherer.rows);
    return questions.length;
  }
}

/** What the server says of a text that it could not read counts the lines of the whole message: it is asked alone. */
function fail(questions: readonly Question[], completed: number, error: unknown): number {
  for (const { resolve, gatherer } of questions.slice(0, completed)) resolve(gatherer.rows);
  const failed = questions[completed];
  if (failed === undefined) return completed;
  if (questions.length > 1 && error instanceof ServerFault && error.code === unreadable) {
    failed.alone = true;
    return completed;
  }
  failed.reject(error);
  return completed + 1;
}

/** Gives each answer to its gatherer; a question that is alone has all answers. */
class Answers implements AnswerObserver {
  readonly #gatherers: readonly RowsGatherer[];
  #completed = 0;

  constructor(gatherers: readonly RowsGatherer[]) {
    this.#gatherers = gatherers;
  }

  get completed(): number {
    return this.#completed;
  }

  done(): void {
    this.#completed += 1;
  }

  columns(columns: readonly Column[]): void {
    this.#current?.columns(columns);
  }

  row(cells: readonly Cell[]): void {
    this.#current?.row(cells);
  }

  rowsEnd(): void {
    this.#completed += 1;
  }

  get #current(): RowsGatherer | undefined {
    return this.#gatherers[Math.min(this.#completed, this.#gatherers.length - 1)];
  }
}
