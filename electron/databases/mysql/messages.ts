// Which units share a message. Answers are told apart by counting, so a unit shares one only if it is sure to get exactly one answer.
import type { Unit } from '../../engine/ports.ts';
import { type Token, TokenReader } from '../splitting/tokenReader.ts';
import { firstWord } from '../splitting/traits.ts';
import { mysqlLexicon } from './lexicon.ts';

export interface Message {
  /** Index of its first unit. */
  readonly first: number;
  readonly units: readonly Unit[];
  /** Where each unit begins in `sql`. */
  readonly offsets: readonly number[];
  /** What each answer belongs to, in order; of no meaning where `alone`. */
  readonly answers: readonly ('unit' | 'warnings')[];
  readonly sql: string;
  /** The one unit may get any number of answers. */
  readonly alone: boolean;
}

/** On a line of its own, because a unit may end with a comment that ends with its line. */
export const separator = '\n;\n';

/** Messages of at most `maxBytes`, a longer unit in one of its own. */
export function* messagesOf(units: readonly Unit[], maxBytes: number): Generator<Message> {
  let start = 0;
  let bytes = 0;
  for (const [index, unit] of units.entries()) {
    const alone = !answersOnce(unit.sql);
    const length = Buffer.byteLength(textOf(unit, alone)) + separator.length;
    if (index > start && (alone || bytes + length > maxBytes)) {
      yield message(units, start, index, false);
      start = index;
      bytes = 0;
    }
    bytes += length;
    if (!alone) continue;
    yield message(units, start, index + 1, true);
    start = index + 1;
    bytes = 0;
  }
  if (start < units.length) yield message(units, start, units.length, false);
}

function message(all: readonly Unit[], start: number, end: number, alone: boolean): Message {
  const units = all.slice(start, end);
  const texts = units.map((unit) => textOf(unit, alone));
  const offsets: number[] = [];
  let length = 0;
  for (const text of texts) {
    offsets.push(length);
    length += text.length + separator.length;
  }
  const answers = units.flatMap((unit) =>
    asksWarnings(unit, alone) ? (['unit', 'warnings'] as const) : (['unit'] as const),
  );
  return { first: start, units, offsets, answers, sql: texts.join(separator), alone };
}

const textOf = (unit: Unit, alone: boolean): string =>
  asksWarnings(unit, alone) ? `${unit.sql}${separator}SHOW WARNINGS` : unit.sql;

/**
 * The words of a warning are gone with the next statement, so they are asked for in the same message. Not after what
 * changes rows: it would take ROW_COUNT() and FOUND_ROWS() from the statement after it.
 */
const asksWarnings = (unit: Unit, alone: boolean): boolean =>
  unit.kind === 'statement' && !alone && /^(?:CREATE|ALTER|DROP|RENAME)$/.test(firstWord(unit.sql));

/**
 * Statements that answer once. Not among them: CALL, EXECUTE, compound statements (BEGIN NOT ATOMIC, IF …) and MariaDB's
 * SET STATEMENT … FOR, which answer with any number of result sets and an OK, and whatever a later server invents.
 */
const single = new Set(
  (
    'ALTER ANALYZE BEGIN BINLOG CACHE CHANGE CHECK CHECKSUM COMMIT CREATE DEALLOCATE DELETE DESC DESCRIBE DO DROP EXPLAIN FLUSH GRANT HANDLER HELP ' +
    'INSERT INSTALL KILL LOAD LOCK OPTIMIZE PREPARE PURGE RELEASE RENAME REPAIR REPLACE RESET REVOKE ROLLBACK SAVEPOINT SELECT SET SHOW ' +
    'SHUTDOWN START STOP TABLE TRUNCATE UNINSTALL UNLOCK UPDATE USE VALUES WITH XA'
  ).split(' '),
);
/** Of these, what begins BEGIN NOT ATOMIC and SET STATEMENT. */
const ambiguous = new Set(['BEGIN', 'SET']);

/**
 * An executable comment that every supported server reads: MariaDB skips versions 50700 to 99999, older servers newer
 * versions. One that is skipped is no statement at all, and that is an error where a `;` follows.
 */
const executed = /\/\*!(?:[0-4]\d{4}|50[0-6]\d{2})?(?!\d)/;

export function answersOnce(sql: string): boolean {
  const word = firstWord(sql);
  // Most statements of a long script are decided here.
  if (single.has(word) && !ambiguous.has(word) && !sql.includes(';')) return true;
  const reader = new TokenReader(mysqlLexicon, sql);
  const verb = firstToken(reader);
  if (verb === undefined || !single.has(verb.text)) return false;
  if (/\/\*M?!/.test(sql.slice(0, verb.start).replace(executed, ''))) return false;
  if (verb.text === 'SET' && reader.accept('STATEMENT')) return false;
  if (verb.text === 'BEGIN') reader.accept('WORK');
  return verb.text === 'BEGIN' ? reader.peek() === undefined : !holdsSeveral(reader);
}

/** A parenthesis may open a SELECT. */
function firstToken(reader: TokenReader): Token | undefined {
  while (reader.accept('('));
  return reader.next();
}

/** A DELIMITER of its own makes several statements one, and so do the bodies of routines. */
function holdsSeveral(reader: TokenReader): boolean {
  for (let token = reader.next(); token !== undefined; token = reader.next()) if (token.text === ';') return true;
  return false;
}
