// Which units share a message. Answers are told apart by counting, so a unit shares one only if it is sure to get exactly one answer.
import type { Unit } from '../../engine/ports.ts';

export interface Message {
  /** Index of its first unit. */
  readonly first: number;
  readonly units: readonly Unit[];
  /** Where each unit begins in `sql`. */
  readonly offsets: readonly number[];
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
    const length = Buffer.byteLength(unit.sql) + separator.length;
    const alone = !answersOnce(unit.sql);
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
  const offsets: number[] = [];
  let length = 0;
  for (const { sql } of units) {
    offsets.push(length);
    length += sql.length + separator.length;
  }
  return { first: start, units, offsets, sql: units.map(({ sql }) => sql).join(separator), alone };
}

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

export function answersOnce(sql: string): boolean {
  const code = sql.replace(leadingComments, '').replace(executed, '').trimStart();
  const verb = /^\(*\s*([a-z]+)/i.exec(code)?.[1]?.toUpperCase();
  if (verb === undefined || !single.has(verb)) return false;
  if (verb === 'BEGIN' && !/^BEGIN(?:\s+WORK)?$/i.test(code)) return false;
  if (verb === 'SET' && /^SET\s+STATEMENT\b/i.test(code)) return false;
  // A DELIMITER of its own makes several statements one, and so do the bodies of routines.
  return !sql.includes(';') || !sql.replace(commentsAndQuotes, '').includes(';');
}
