/** Finding and opening the file. */
import { open, realpath, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename } from 'node:path';
import type { FileConnection } from '../../../shared/model/environment.ts';
import type { Session } from '../../engine/ports.ts';
import { ServerFault } from '../../engine/ports.ts';
import { nodeErrorCode } from '../common/socketFault.ts';
import type { SessionOptions } from '../driver.ts';
import { SqliteSession } from './session.ts';

/** @throws {ServerFault} `noDatabase` for a missing file, which is never created in silence. */
export async function connect(connection: FileConnection, options: SessionOptions): Promise<Session> {
  const file = await existingFile(connection.file);
  const facts = { id: `sqlite:${file}`, database: basename(file), user: userName() };
  const request = { type: 'open', file, readOnly: options.readOnly, busyTimeoutMs: options.lockTimeoutMs } as const;
  return SqliteSession.open(facts, request, options.connectTimeoutMs);
}

/**
 * Makes an empty database: to SQLite a file of no bytes is one.
 * @throws {ServerFault} `noDatabase` when there is a file already or none can be made.
 */
export async function createDatabase(file: string): Promise<void> {
  try {
    const handle = await open(file, 'wx');
    await handle.close();
  } catch (cause) {
    const code = nodeErrorCode(cause);
    throw new ServerFault(
      'noDatabase',
      code === 'EEXIST' ? `There is a file already: ${file}` : `The file cannot be made: ${file}`,
      { code, cause },
    );
  }
}

/** Its one true path: symbolic links to one file must lead to the same lock and the same journal. */
async function existingFile(path: string): Promise<string> {
  // The library cuts white space off a file's name, and would open another file.
  if (path.trim() !== path)
    throw new ServerFault(
      'noDatabase',
      `A file whose name begins or ends with white space cannot be opened: "${path}"`,
    );
  try {
    const file = await realpath(path);
    if ((await stat(file)).isFile()) return file;
  } catch (cause) {
    const code = nodeErrorCode(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new ServerFault('noDatabase', `There is no such file: ${path}`, { code, cause });
    throw new ServerFault('unreachable', `The file cannot be reached: ${path}`, {
      code,
      detail: cause instanceof Error ? cause.message : null,
      cause,
    });
  }
  throw new ServerFault('noDatabase', `This is not a file: ${path}`);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown'); // a user without an entry in the system's list
  }
}
