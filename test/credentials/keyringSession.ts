/** A session with an unlocked keyring of its own that lasts, for processes that a test starts one after the other. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { endKeyring, unlock } from './keyring.ts';

export interface KeyringSession extends AsyncDisposable {
  /** For the environment of a process that shall use it. */
  readonly variables: Readonly<Record<string, string>>;
  /** A home that is thrown away with it. */
  readonly folder: string;
}

/** @param uid of whom it is; default: whoever runs the test */
export async function openKeyring(uid?: number): Promise<KeyringSession> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-keyring-'));
  if (uid !== undefined) await chown(folder, uid, uid);
  const own = { HOME: folder, XDG_DATA_HOME: path.join(folder, 'data'), XDG_RUNTIME_DIR: folder };
  const script = `${unlock}echo "$DBUS_SESSION_BUS_ADDRESS"; cat >/dev/null; ${endKeyring} true`;
  const [program = '', ...words] = ['dbus-run-session', '--', 'sh', '-c', script];
  const child = spawn(program, words, {
    env: { PATH: process.env['PATH'] ?? '', ...own },
    ...(uid === undefined ? {} : { uid, gid: uid }),
    cwd: folder,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const [address] = await Promise.race([once(lines, 'line'), ended.then(() => [''])]);
  if (typeof address !== 'string' || address === '') throw new Error('The keyring did not start.');
  return {
    folder,
    variables: { ...own, DBUS_SESSION_BUS_ADDRESS: address },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
