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
  // What is shorter than the limit is all the rest of the message.
  const rest = message.sql.length - quoted.length;
  if (message.sql.endsWith(quoted)) return rest >= start && rest <= end + 1 ? Math.min(rest - start, unit.length) : null;
  const text = quoted.length > 40 && quoted.endsWith('...') ? quoted.slice(0, -3) : quoted;
  const found = message.sql.indexOf(text, start);
  if (found === -1 || found > end + 1) return null;
  const again = message.sql.indexOf(text, found + 1);
  if (again !== -1 && again <= end) return null;
  return Math.min(found - start, unit.length);
}
