import type { MessageObserver } from '../../engine/ports.ts';
import { MessageFault, ServerFault } from '../../engine/ports.ts';
import { BoundedResult } from '../common/boundedResult.ts';
import type { AnswerObserver } from './exchange.ts';
import type { Message } from './messages.ts';
import { type Cell, type Column, textOf } from './values.ts';

/** Turns the answers to one message into completed units. */
export class MessageAnswers implements AnswerObserver {
  readonly #message: Message;
  readonly #observer: MessageObserver;
  #completed = 0;
  #answers = 0;
  #columns: readonly Column[] = [];
  #result: BoundedResult | null = null;
  #affectedRows: number | null = null;
  /** Result sets of a unit that is alone, after its first. */
  #further = 0;

  constructor(message: Message, observer: MessageObserver) {
    this.#message = message;
    this.#observer = observer;
  }

  /** Units that completed so far. */
  get completed(): number {
    return this.#completed;
  }

  done(affectedRows: number, warnings: number): void {
    const told = this.#message.answers[this.#answers + 1] === 'warnings';
    if (warnings > 0 && !told) this.#observer.notice('warning', warnings === 1 ? '1 warning' : `${warnings} warnings`);
    this.#affectedRows = affectedRows;
    this.#answered();
  }

  columns(columns: readonly Column[]): void {
    this.#columns = columns;
    if (this.#readsWarnings) return;
    if (this.#result === null) this.#result = new BoundedResult(columns.map(({ name }) => name));
    else this.#further += 1;
  }

  row(cells: readonly Cell[]): void {
    if (this.#readsWarnings) this.#tellWarning(cells);
    else if (this.#further === 0)
      this.#result?.add(this.#result.full ? [] : cells.map((cell, index) => this.#text(cell, index)));
  }

  rowsEnd(): void {
    this.#answered();
  }

  /** All answers have come. @throws {MessageFault} when there were more than units. */
  end(): void {
    if (this.#message.alone) {
      if (this.#further > 0) this.#observer.notice('info', `${this.#further} more result sets are not shown`);
      this.#complete();
    }
    const { first, units } = this.#message;
    if (this.#completed === units.length) return;
    const text = `The server ran ${this.#completed} statements where ${units.length} were sent: one of them holds several.`;
    throw new MessageFault(first + units.length - 1, new ServerFault('statement', text));
  }

  get #readsWarnings(): boolean {
    return !this.#message.alone && this.#message.answers[this.#answers] === 'warnings';
  }

  /** A row of SHOW WARNINGS: level, number, words. */
  #tellWarning(cells: readonly Cell[]): void {
    const [level, , words] = cells.map((cell, index) => this.#text(cell, index));
    this.#observer.notice((level ?? 'warning').toLowerCase(), words ?? '');
  }

  #answered(): void {
    if (this.#message.alone) return;
    if (!this.#readsWarnings) this.#complete();
    this.#answers += 1;
  }

  #complete(): void {
    const unit = this.#completed;
    this.#completed += 1;
    const result = { affectedRows: this.#affectedRows, resultSet: this.#result?.result ?? null };
    this.#affectedRows = null;
    this.#result = null;
    if (unit < this.#message.units.length) this.#observer.completed(this.#message.first + unit, result);
  }

  #text(cell: Cell, index: number): string | null {
    const column = this.#columns[index];
    return cell === null || column === undefined ? null : textOf(cell, column);
  }
}
