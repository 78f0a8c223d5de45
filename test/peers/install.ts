// Installs the original programs, each once in a run of the tests, into a temporary folder, never into the project.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './runProgram.ts';

/** Environment variable with the folder of the run's installations; what is there already is not installed again. */
export const PEERS_FOLDER = 'LOCKKEEPER_PEERS';

/**
 * A folder whose `node_modules` holds these packages, by exact version, and what they need; none of their scripts run.
 * `overrides`: as in package.json, where what they need is of a version that cannot be installed so.
 */
export const npmPackages = (
  packages: Readonly<Record<string, string>>,
  overrides: Readonly<Record<string, string | Readonly<Record<string, string>>>> = {},
): Promise<string> =>
  installed(`npm-${Object.keys(packages)[0] ?? ''}`, [packages, overrides], async (folder) => {
    const manifest = { name: 'peers', private: true, dependencies: packages, overrides };
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
    const options = [
      '--prefix',
      folder,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--fetch-retries',
      '1',
    ];
    await npm(folder, 'install', ...options, '--loglevel', 'error');
  });

/**
 * The folder in which `install` has worked; `contents` tells it from others of that name.
 * @throws with the installer's own words: a program that cannot be had fails its tests
 */
export async function installed(
  name: string,
  contents: unknown,
  install: (folder: string) => Promise<void>,
): Promise<string> {
  const parent = process.env[PEERS_FOLDER];
  if (parent === undefined) throw new Error('programs are installed within `npm run test:peers` only');
  const digest = createHash('sha256').update(JSON.stringify(contents)).digest('hex').slice(0, 12);
  const folder = join(parent, `${name.replaceAll(/[^\w.-]/g, '-')}-${digest}`);
  if (existsSync(folder)) return folder;
  await mkdir(parent, { recursive: true });
  // Complete under its name or not there at all, whoever else installs the same at this moment.
  const partial = await mkdtemp(`${folder}-partial-`);
  try {
    await install(partial);
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (existsSync(folder)) return folder;
    throw new Error(`${name} could not be installed: ${lastLine(error)}`, { cause: error });
  }
  return folder;
}

/** The npm that runs the tests, or else the one on the path; with the caller's settings, his proxy among them. */
function npm(folder: string, ...args: readonly string[]): Promise<string> {
  const script = process.env['npm_execpath'];
  const surroundings = { cwd: folder, env: process.env };
  return script?.endsWith('.js')
    ? runProgram(process.execPath, [script, ...args], surroundings)
    : runProgram('npm', args, surroundings);
}

const lastLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1) ?? '';
