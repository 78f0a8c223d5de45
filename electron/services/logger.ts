import log from 'electron-log/node.js';
import { redact } from './redact.ts';

/** The application's own log; run logs are the runs' event records. Redacted at the source. */
export const logger = {
  toFile(file: string): void {
    log.transports.file.resolvePathFn = () => file;
    log.transports.file.maxSize = 5 * 1024 * 1024;
    log.transports.console.level = false;
  },
  error: (message: string, thrown: unknown): void => log.error(redact(`${message}\n${describe(thrown)}`, null)),
  info: (message: string): void => log.info(redact(message, null)),
};

/** What was said stands behind `|`, where it was said behind `>`: diagnostics take the places along, not the words. */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return marked('|', String(thrown));
  const { name, message, stack = '' } = thrown;
  const at = stack.indexOf(message);
  const places = at === -1 ? stack : stack.slice(at + message.length);
  return [marked('|', `${name}: ${message}`), marked('>', places)].join('\n');
}

const marked = (mark: string, text: string): string =>
  text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .filter((line) => line.trim() !== '')
    .map((line) => `${mark} ${line.trim()}`)
    .join('\n');

/** Of the log's text what holds nobody's words: when, what of ours failed, and where. */
export const withoutWords = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.startsWith('> ') || /^\[\d{4}-\d\d-\d\d /.test(line))
    .join('\n');
