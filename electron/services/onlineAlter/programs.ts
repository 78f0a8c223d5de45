import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { OnlineAlterSettings } from '../../../shared/model/settings.ts';
import { nothingChanged, raise } from '../../../shared/problem.ts';
import { inherited } from '../../backups/process/program.ts';
import { compareVersions } from '../../backups/version.ts';

export interface AlterProgram {
  readonly path: string;
  readonly version: string;
}

/** Name, and the oldest version that its command line here is of. */
const known = {
  'pt-osc': ['pt-online-schema-change', '3.2', 'percona-toolkit'],
  'gh-ost': ['gh-ost', '1.1', 'gh-ost'],
} as const;

const usual = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];

/** @throws {ProblemError} `alter.program` */
export async function findAlterProgram(which: keyof typeof known): Promise<AlterProgram> {
  const [name, oldest, from] = known[which];
  for (const folder of [...(process.env['PATH'] ?? '').split(delimiter), ...usual]) {
    const path = join(folder, name);
    if (folder === '' || !(await isExecutable(path))) continue;
    const version = await versionOf(path);
    if (version !== null && compareVersions(version, oldest) >= 0) return { path, version };
    raise({
      code: 'alter.program',
      message: `${path} is version ${version ?? 'unknown'}; ${oldest} or later is needed.`,
      hint: `Install a newer ${from}, or let the server change big tables (setting onlineAlter.program).`,
      state: nothingChanged,
    });
  }
  return raise({
    code: 'alter.program',
    message: `${name} is not installed on this computer, and the settings name it for big tables.`,
    hint: `Install ${from}, or let the server change big tables (setting onlineAlter.program).`,
    state: nothingChanged,
  });
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

async function versionOf(path: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 20_000, env: inherited(false) });
    return /\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? null;
  } catch {
    return null;
  }
}

export type AlterProgramName = Exclude<OnlineAlterSettings['program'], 'none'>;
