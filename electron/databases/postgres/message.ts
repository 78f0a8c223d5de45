// How units travel as one simple-protocol query, and how the server's answer is traced back to the unit concerned.
import type { Unit } from '../../engine/ports.ts';

/** After a line break, so that a comment at a unit's end does not swallow it. */
const terminator = '\n;\n';

export const joinUnits = (units: readonly Unit[]): string => units.map((unit) => unit.sql + terminator).join('');

/**
 * Whether the server will answer `sql` with a completion: it sends none for text that holds only white space, comments
 * and semicolons.
 */
export function hasCommand(sql: string): boolean {
  let rest = 0;
  while (rest < sql.length) {
    const next = skipBlank(sql, rest);
    if (next === rest) return true;
    rest = next;
  }
  return false;
}

const blank = /[\s;]+|--[^\n\r]*/y;

function skipBlank(sql: string, from: number): number {
  blank.lastIndex = from;
  if (blank.test(sql)) return blank.lastIndex;
  return sql.startsWith('/*', from) ? endOfComment(sql, from) : from;
}

/** PostgreSQL nests block comments. */
function endOfComment(sql: string, from: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = from;
  let depth = 0;
  for (let found = mark.exec(sql); found !== null; found = mark.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return sql.length;
}

/**
 * Lexing depends on these settings, and the server lexes a whole message before it runs any of it: what follows such a
 * unit must travel in the next message.
 */
export const changesLexing = (sql: string): boolean => /standard_conforming_strings|client_encoding|\bset\s+names\b/i.test(sql);

export interface Place {
  readonly unit: number;
  /** 0-based offset in that unit's sql, in UTF-16 code units. */
  readonly offset: number;
}

/**
 * @param position 1-based, as the server counts: characters of the message, or bytes in a database without encoding.
 * @returns null when it lies in no unit.
 */
export function placeOf(units: readonly Unit[], position: number, counts: 'characters' | 'bytes'): Place | null {
  let left = position - 1;
  for (const [unit, { sql }] of units.entries()) {
    const length = lengthOf(sql, counts);
    // The terminator belongs to its unit: a statement that stops too early is an error there.
    if (left < length + terminator.length) return { unit, offset: offsetOf(sql, left, counts) };
    left -= length + terminator.length;
  }
  return null;
}

const highSurrogates = /[\ud800-\udbff](?=[\udc00-\udfff])/g;

function lengthOf(sql: string, counts: 'characters' | 'bytes'): number {
  if (counts === 'bytes') return Buffer.byteLength(sql);
  return sql.length - (sql.match(highSurrogates)?.length ?? 0);
}

function offsetOf(sql: string, position: number, counts: 'characters' | 'bytes'): number {
  let left = position;
  let offset = 0;
  for (const character of sql) {
    left -= counts === 'bytes' ? Buffer.byteLength(character) : 1;
    if (left < 0) return offset;
    offset += character.length;
  }
  return offset;
}
