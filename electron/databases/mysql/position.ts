import type { Message } from './messages.ts';

/** The server quotes at most 80 characters from where it stopped reading. */
const near = /near '([\s\S]*)' at line \d+$/;

/**
 * 0-based offset in the text of unit `index` of `message` at which the server stopped reading, found by the text that
 * it quotes; null when it quotes none, or when that text is there several times.
 */
export function locate(serverMessage: string, message: Message, index: number): number | null {
  const quoted = near.exec(serverMessage)?.[1];
  const unit = message.units[index]?.sql;
  const start = message.offsets[index];
  if (quoted === undefined || unit === undefined || start === undefined) return null;
  const end = start + unit.length;
  // What is not cut is all the rest of the message.
  const rest = message.sql.slice(start).search(new RegExp(`${patternOf(quoted)}$`));
  const found =
    rest === -1
      ? onlyMatch(message.sql.slice(start, end + quoted.length), patternOf(quoted.replace(/\.\.\.$/, '')))
      : rest;
  return found === null || found > unit.length + 1 ? null : Math.min(found, unit.length);
}

function onlyMatch(text: string, pattern: string): number | null {
  const [first, second] = text.matchAll(new RegExp(pattern, 'g'));
  return first !== undefined && second === undefined ? first.index : null;
}

/** MariaDB writes a question mark for every character beyond the basic plane. */
const patternOf = (quoted: string): string =>
  quoted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\\?', '(?:\\?|[\\ud800-\\udbff][\\udc00-\\udfff])');
