// The unprivileged user that runs the servers: PostgreSQL refuses to run as root, and MariaDB should not.
import { execFile, execFileSync, type SpawnOptions } from 'node:child_process';
import { chownSync } from 'node:fs';
import { promisify } from 'node:util';

/** User and group for `spawn`; nothing when the tests themselves run unprivileged. */
export const identity: Pick<SpawnOptions, 'uid' | 'gid'> =
  process.getuid?.() === 0 ? { uid: idOfNobody('-u'), gid: idOfNobody('-g') } : {};

function idOfNobody(option: '-u' | '-g'): number {
  return Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }));
}

/** Gives a file or folder to the servers' user. */
export function giveToServer(path: string): void {
  if (identity.uid !== undefined && identity.gid !== undefined) chownSync(path, identity.uid, identity.gid);
}

/** Runs a program as the servers' user in `folder` and waits; its output is in the error when it fails. */
export async function runAsServer(program: string, args: readonly string[], folder: string): Promise<void> {
  await promisify(execFile)(program, args, {
    ...identity,
    cwd: folder,
    env: serverEnvironment(folder),
  });
}

/** Environment of the servers: nothing of the caller's but PATH, so that its PGPORT or MYSQL_HOME changes nothing. */
export function serverEnvironment(folder: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: folder,
    TMPDIR: folder,
    LC_ALL: 'C.UTF-8',
  };
}
