import log from 'electron-log/node.js';
import { redact } from './redact.ts';

/** The application's own log; run logs are the runs' event records. Redacted at the source. */
export const logger = {
  toFile(file: string): void {
    // Else it looks for a package.json above the current folder, and complains on the terminal when there is none.
    log.transports.file.setAppName('Lockkeeper');
    log.transports.file.resolvePathFn = () => file;
    log.transports.file.maxSize = 5 * 1024 * 1024;
    log.transports.console.level = false;
  },
  error: (message: string, thrown: unknown): void => log.error(message, describe(thrown)),
  info: (message: string): void => log.info(redact(message, null)),
};

function describe(thrown: unknown): string {
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return redact(text, null);
}
