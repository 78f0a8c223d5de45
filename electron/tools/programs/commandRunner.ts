/** Programs that the project's own command runs: what it would send, and running it. */

import type { Command, ProgramScript } from '../../../shared/model/migration.ts';
import { nothingChanged, type Problem, ProblemError } from '../../../shared/problem.ts';
import type { LentSession, ProgramPreview } from '../../engine/ports.ts';
import { printable } from '../common/problems.ts';
import { runPython } from './commandProcess.ts';
import { changedFile } from './dataFiles.ts';

/** Milliseconds that a migration may take; a person ends one sooner by cancelling. */
const longestRunMs = 6 * 3600 * 1000;
const longestPreviewMs = 30_000;
/** Characters of a preview; more is for no person to read. */
const shown = 20_000;

/** What it would send, as it tells itself; what it cannot tell is no obstacle. @throws {ProblemError} `plan.stale` */
export async function previewCommand(
  root: string,
  script: ProgramScript,
  { preview }: Command,
): Promise<ProgramPreview> {
  await requireUnchanged(root, script);
  if (preview === null) return { kind: 'runs' };
  const signal = new AbortController().signal;
  const limits = { line: () => undefined, signal, limitMs: longestPreviewMs, most: shown };
  const { failure, output } = await runPython(root, preview, limits);
  return failure === null ? { kind: 'shown', sql: output.slice(0, shown) } : { kind: 'runs' };
}

/** @throws {ProblemError} `plan.stale`, `script.program`, `run.cancelled` */
export async function runCommand(
  root: string,
  script: ProgramScript,
  { tool, args }: Command,
  lent: Pick<LentSession, 'say'>,
  signal: AbortSignal,
): Promise<void> {
  await requireUnchanged(root, script);
  lent.say('log', `${tool} runs it, over a connection of its own: python ${args.join(' ')}`);
  const line = (text: string) => lent.say('output', text);
  const { failure, stopped } = await runPython(root, args, { line, signal, limitMs: longestRunMs, most: 0 });
  if (stopped === 'cancelled')
    throw new ProblemError(
      problem(
        script,
        'run.cancelled',
        `${tool} was ended before it was done.`,
        'Read the status before anything else.',
      ),
    );
  if (stopped === 'tooLong')
    throw new ProblemError(
      problem(
        script,
        'script.program',
        `${tool} took longer than six hours and was ended.`,
        'Read the status before anything else.',
      ),
    );
  if (failure === null) return;
  throw new ProblemError({
    ...problem(
      script,
      'script.program',
      `${tool} could not run ${printable(script.path)}.`,
      'Read what it said; its settings must lead to this database without variables of the environment.',
    ),
    serverMessage: failure,
  });
}

const problem = (script: ProgramScript, code: Problem['code'], message: string, hint: string): Problem => ({
  code,
  message,
  state: nothingChanged,
  hint,
  path: script.path,
});

async function requireUnchanged(root: string, script: ProgramScript): Promise<void> {
  const changed = await changedFile(root, script.program);
  if (changed !== null)
    throw new ProblemError(
      problem(
        script,
        'plan.stale',
        `${printable(changed)} is not what was trusted and planned any more.`,
        'Look at what changed, then trust and plan it again.',
      ),
    );
}
