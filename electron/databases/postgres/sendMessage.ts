import type pg from 'pg';
import pgModule from 'pg';
import { MessageFault, type MessageObserver, ServerFault, type Unit, type UnitResult } from '../../engine/ports.ts';
import { changesLexing, hasCommand, joinUnits, placeOf } from './message.ts';
import { MessageQuery } from './messageQuery.ts';

export interface Sending {
  readonly positionsCount: 'characters' | 'bytes';
  readonly completed: MessageObserver['completed'];
  /** @param position 0-based offset in the failing unit's sql. */
  faultOf(error: unknown, position: number | null): ServerFault;
}

/** Units that may travel together, with the index of the first of them. */
export function* messages(units: readonly Unit[]): Generator<{ readonly first: number; readonly units: readonly Unit[] }> {
  let first = 0;
  for (const [index, unit] of units.entries()) {
    if (index === units.length - 1 || changesLexing(unit.sql)) {
      yield { first, units: units.slice(first, index + 1) };
      first = index + 1;
    }
  }
}

/** Sends the units as one query. @throws {MessageFault} */
export async function sendMessage(client: pg.Client, units: readonly Unit[], sending: Sending): Promise<void> {
  refuseNul(units);
  const progress = new Progress(units, sending.completed);
  const query = client.query(new MessageQuery(joinUnits(units), (tag, result) => progress.completed(tag, result)));
  try {
    await query.settled;
  } catch (error) {
    throw messageFault(error, units, progress.unit, sending);
  }
  progress.finish();
}

function messageFault(error: unknown, units: readonly Unit[], reached: number, sending: Sending): MessageFault {
  const position = error instanceof pgModule.DatabaseError ? Number(error.position ?? 0) : 0;
  const place = position > 0 ? placeOf(units, position, sending.positionsCount) : null;
  return new MessageFault(place?.unit ?? reached, sending.faultOf(error, place?.offset ?? null));
}

/** The protocol ends a message's text at the first NUL: what follows would be lost silently. */
function refuseNul(units: readonly Unit[]): void {
  for (const [index, { sql }] of units.entries()) {
    const position = sql.indexOf('\0');
    if (position !== -1) throw new MessageFault(index, new ServerFault('statement', 'The statement holds the character NUL.', { position }));
  }
}

/** Which unit the server is at: it completes one statement after the other, and says nothing of units without any. */
class Progress {
  readonly #units: readonly Unit[];
  readonly #completed: MessageObserver['completed'];
  #unit = 0;
  #swallowed: number | null = null;

  constructor(units: readonly Unit[], completed: MessageObserver['completed']) {
    this.#units = units;
    this.#completed = completed;
    this.#skipEmpty();
  }

  /** The unit now running. */
  get unit(): number {
    return this.#unit;
  }

  completed(tag: string, result: UnitResult): void {
    // COMMIT in a transaction that had failed answers ROLLBACK, and no error.
    if (tag === 'ROLLBACK' && this.#units[this.#unit]?.sql === 'COMMIT') this.#swallowed ??= this.#unit;
    this.#report(result);
    this.#skipEmpty();
  }

  /** @throws {MessageFault} when not every unit was answered as it must be. */
  finish(): void {
    if (this.#swallowed !== null) {
      throw new MessageFault(this.#swallowed, new ServerFault('statement', 'The transaction had failed before; the server rolled it back instead of committing it.'));
    }
    if (this.#unit !== this.#units.length) {
      throw new MessageFault(Math.min(this.#unit, this.#units.length - 1), new ServerFault('statement', 'The server completed another number of statements than it was sent.'));
    }
  }

  #report(result: UnitResult): void {
    if (this.#unit < this.#units.length) this.#completed(this.#unit, result);
    this.#unit += 1;
  }

  #skipEmpty(): void {
    for (let unit = this.#units[this.#unit]; unit !== undefined && !hasCommand(unit.sql); unit = this.#units[this.#unit]) {
      this.#report({ affectedRows: null, resultSet: null });
    }
  }
}
