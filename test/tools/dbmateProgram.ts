// The real dbmate, as its npm package ships it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { resolveBinary } from 'dbmate';

const run = promisify(execFile);

export interface DbmateStatus {
  readonly applied: string[];
  readonly pending: string[];
}

/** @throws with the program's own words when it fails. */
export async function dbmate(url: string, folder: string, ...command: readonly string[]): Promise<string> {
  // Out of the project, so that no .env of a developer's is read.
  const { stdout, stderr } = await run(resolveBinary(), ['--url', url, '-d', folder, '--no-dump-schema', ...command], {
    cwd: folder,
    env: { PATH: process.env.PATH },
  });
  return `${stdout}${stderr}`;
}

export async function dbmateStatus(url: string, folder: string): Promise<DbmateStatus> {
  const lines = (await dbmate(url, folder, 'status')).split('\n');
  const versionsIn = (mark: string) =>
    lines.filter((line) => line.startsWith(mark)).map((line) => /\d+/.exec(line)?.[0] ?? '');
  return { applied: versionsIn('[X]'), pending: versionsIn('[ ]') };
}
