// A dump program in a container or on another computer, reached by a command that an administrator set.
import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import type { EngineId } from '../../shared/model/environment.ts';
import type { DumpCommand } from '../../shared/model/settings.ts';
import { raise } from '../../shared/problem.ts';
import { inherited } from './process/program.ts';
import { type DumpProgram, type FindPrograms, listDumpPrograms, parseVersion } from './programs.ts';

/** Long enough for a connection to another computer. */
const VERSION_TIMEOUT_MS = 20_000;

/** This program before those of this computer. @throws {ProblemError} `backup.programMissing` when it does not answer */
export const withRemote =
  (engine: EngineId, command: DumpCommand): FindPrograms =>
  async () => [await identifyRemote(engine, command), ...(await listDumpPrograms())];

async function identifyRemote(engine: EngineId, remote: DumpCommand): Promise<DumpProgram> {
  const [first = '', ...rest] = remote.command;
  const said = await promisify(execFile)(first, [...rest, '--version'], {
    timeout: VERSION_TIMEOUT_MS,
    env: inherited(true),
    windowsHide: true,
  }).catch((error: unknown) => missing(remote, error));
  const name = basename(remote.command.at(-1) ?? first);
  const program = parseVersion(name, first, said.stdout);
  if (program === null || program.engine !== engine) return missing(remote, said.stdout.slice(0, 200));
  return { ...program, remote };
}

const missing = ({ command }: DumpCommand, said: unknown): never =>
  raise(
    {
      code: 'backup.programMissing',
      message: `The command set for this environment reaches no dump program (${command[0] ?? ''} …).`,
      hint: 'Run it with --version in a terminal: it must end with the program’s name, ask nothing and print a version. Then correct it in the settings.',
      serverMessage: said instanceof Error ? said.message : String(said),
    },
    said,
  );
