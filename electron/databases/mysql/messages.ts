// Which units share a message. Answers are told apart by counting, so a unit shares one only if it is sure to get exactly one answer.
import type { Unit } from '../../engine/ports.ts';

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
const separator = '\n;\n';

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
  const answers = units.flatMap((unit) => (asksWarnings(unit, alone) ? (['unit', 'warnings'] as const) : (['unit'] as const)));
  return { first: start, units, offsets, answers, sql: texts.join(separator), alone };
}

const textOf = (unit: Unit, alone: boolean): string => (asksWarnings(unit, alone) ? `${unit.sql}${separator}SHOW WARNINGS` : unit.sql);

/**
 * The words of a warning are gone with the next statement, so they are asked for in the same message. Not after what
 * changes rows: it would take ROW_COUNT() and FOUND_ROWS() from the statement after it.
 */
const asksWarnings = (unit: Unit, alone: boolean): boolean =>
  unit.kind === 'statement' && !alone && /^(?:CREATE|ALTER|DROP|RENAME)\b/i.test(codeOf(unit.sql));

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

const commentsAndQuotes = /\/\*(?!M?!).*?\*\/|#[^\n]*|--(?=[\s]|$)[^\n]*|'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`/gs;
const leadingComments = /^(?:\s+|\/\*(?!M?!).*?\*\/|#[^\n]*(?:\n|$)|--(?=\s|$)[^\n]*(?:\n|$))*/s;
/**
 * An executable comment that every supported server reads: MariaDB skips versions 50700 to 99999, older servers newer
 * versions. One that is skipped is no statement at all, and that is an error where a `;` follows.
 */
const executed = /^\/\*!(?:[0-4]\d{4}|50[0-6]\d{2})?(?!\d)/;

const codeOf = (sql: string): string => sql.replace(leadingComments, '').replace(executed, '').trimStart();

export function answersOnce(sql: string): boolean {
  const code = codeOf(sql);
  const verb = /^\(*\s*([a-z]+)/i.exec(code)?.[1]?.toUpperCase();
  if (verb === undefined || !single.has(verb)) return false;
  if (verb === 'BEGIN' && !/^BEGIN(?:\s+WORK)?$/i.test(code)) return false;
  if (verb === 'SET' && /^SET\s+STATEMENT\b/i.test(code)) return false;
  // A DELIMITER of its own makes several statements one, and so do the bodies of routines.
  return !sql.includes(';') || !sql.replace(commentsAndQuotes, '').includes(';');
}
