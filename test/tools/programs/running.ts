// Programs of a temporary source, read and run as a migration's are.
import { onTestFinished } from 'vitest';
import type { LentSession, Row } from '../../../electron/engine/ports.ts';
import { PackageReader } from '../../../electron/tools/programs/packages.ts';
import { createProgramRunner, type RunnerLimits } from '../../../electron/tools/programs/programRunner.ts';
import { type ReadProgram, readProgram } from '../../../electron/tools/programs/readProgram.ts';
import type { ProgramScript } from '../../../shared/model/migration.ts';
import { ProblemError } from '../../../shared/problem.ts';
import { folderOf } from '../folder.ts';

export async function sourceWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await folderOf(files);
  onTestFinished(() => folder[Symbol.asyncDispose]());
  return folder.path;
}

export const readHandle = (root: string, path: string): Promise<ReadProgram> =>
  readProgram(root, path, { calledWith: 'handle', before: [], library: null, packages: new PackageReader() });

export async function scriptOf(root: string, path: string, direction: 'up' | 'down' = 'up'): Promise<ProgramScript> {
  const { program, bytes } = await readHandle(root, path);
  return { kind: 'program', path, line: 1, bytes, sha256: program.digest, direction, program };
}

export interface Heard {
  readonly problem: ProblemError['problem'] | null;
  readonly logged: readonly string[];
  readonly printed: readonly string[];
  readonly asked: readonly string[];
}

/** Runs `main.js` or another file; the session answers every query with these rows. */
export async function runIn(
  root: string,
  options: {
    path?: string;
    rows?: readonly Row[];
    limits?: RunnerLimits;
    signal?: AbortSignal;
    said?: (text: string) => void;
  } = {},
): Promise<Heard> {
  const [logged, printed, asked]: [string[], string[], string[]] = [[], [], []];
  const lent: LentSession = {
    inTransaction: true,
    wantsTransaction: true,
    database: 'desk',
    product: 'SQLite',
    async query(sql) {
      asked.push(sql);
      return { rows: options.rows ?? [], affectedRows: null, columnTypes: {} };
    },
    say(severity, message) {
      (severity === 'log' ? logged : printed).push(message);
      options.said?.(message);
    },
    progress: () => undefined,
  };
  const signal = options.signal ?? new AbortController().signal;
  try {
    await createProgramRunner(root, options.limits).run(await scriptOf(root, options.path ?? 'main.js'), lent, signal);
    return { problem: null, logged, printed, asked };
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    return { problem: thrown.problem, logged, printed, asked };
  }
}
