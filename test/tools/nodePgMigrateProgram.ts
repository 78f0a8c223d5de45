// The real node-pg-migrate, as its npm package ships it.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const program = join(
  dirname(createRequire(import.meta.url).resolve('node-pg-migrate/package.json')),
  'bin/node-pg-migrate.js',
);

/** @throws with the program's own words when it fails. */
export async function nodePgMigrate(url: string, folder: string, ...command: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, [program, ...command, '-m', folder], {
    cwd: dirname(folder),
    env: { PATH: process.env.PATH, DATABASE_URL: url },
  });
  return `${stdout}${stderr}`;
}
