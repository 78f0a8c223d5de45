/** Where in a statement SQLite's error lies: its library does not tell the offset, only the token's text. */
import type Database from 'better-sqlite3';

/** Prepares at most; each costs microseconds. */
const attempts = 500;

const namedToken =
  /^no such (?:column|table|function|index|view|trigger|collation sequence|module|savepoint): (?:\w+\.)*(.+)$/s;

/** 0-based offset in UTF-16 units; null when the message names no place that can be found for sure. */
export function positionOf(database: Database.Database, sql: string, message: string): number | null {
  if (message === 'incomplete input') return sql.trimEnd().length;
  const near = /^near "(.*)": syntax error$/s.exec(message)?.[1] ?? /^unrecognized token: "(.*)"$/s.exec(message)?.[1];
  if (near !== undefined && near !== '') return failingOccurrence(database, sql, near, message);
  const name = namedToken.exec(message)?.[1] ?? /has no column named (.+)$/s.exec(message)?.[1];
  return name === undefined ? null : onlyOccurrence(sql, name);
}

/** The parser stops at the first token it cannot use: cut behind the right one, the text fails in the same words. */
function failingOccurrence(database: Database.Database, sql: string, token: string, message: string): number | null {
  let attempt = 0;
  for (const { index } of wordsIn(sql, token, 'g')) {
    if (attempt++ === attempts) return null;
    if (failsWith(database, sql.slice(0, index + token.length), message)) return index;
  }
  return null;
}

function failsWith(database: Database.Database, sql: string, message: string): boolean {
  try {
    database.prepare(sql);
    return false;
  } catch (error) {
    return error instanceof Error && error.message === message;
  }
}

function onlyOccurrence(sql: string, name: string): number | null {
  const [first, second] = wordsIn(sql, name, 'gi');
  return first !== undefined && second === undefined ? first.index : null;
}

/** Occurrences of `text` that are not part of a longer word. */
function wordsIn(sql: string, text: string, flags: string): IterableIterator<RegExpExecArray> {
  const before = /^[\w$]/.test(text) ? '(?<![\\w$])' : '';
  const after = /[\w$]$/.test(text) ? '(?![\\w$])' : '';
  return sql.matchAll(new RegExp(before + text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') + after, flags));
}
