/** Programs that the project's own command runs: what it would send, and running it. */

import type { Command, CommandCheck, ProgramScript } from '../../../shared/model/migration.ts';
import { nothingChanged, type Problem, ProblemError } from '../../../shared/problem.ts';
import type { LentSession, ProgramPreview } from '../../engine/ports.ts';
import { printable } from '../common/problems.ts';
import { runPython } from './commandProcess.ts';
import { changedFile } from './dataFiles.ts';

/** Characters of what it answers; more is for no person to read. */
const shown = 20_000;
/** Lines that a command may say; more would be its data. */
const mostLines = 10_000;

interface Limits {
  readonly signal: AbortSignal;
  readonly limitMs: number;
}

/** What it would send, as it tells itself; what it cannot tell is no obstacle. @throws {ProblemError} `plan.stale` */
export async function previewCommand(
  root: string,
  script: ProgramScript,
  { preview }: Command,
  limitMs: number,
): Promise<ProgramPreview> {
  const signal = new AbortController().signal;
  const sql = preview === null ? null : await answerOf(root, script, preview, { signal, limitMs });
  return sql === null ? { kind: 'runs' } : { kind: 'shown', sql: sql.slice(0, shown) };
}

/** Keys that it prints; null when it cannot tell. @throws {ProblemError} `plan.stale` */
export async function checkCommand(
  root: string,
  script: ProgramScript,
  { args, applied }: CommandCheck,
  limits: Limits,
): Promise<ReadonlySet<string> | null> {
  const answer = await answerOf(root, script, args, limits);
  if (answer === null) return null;
  const pattern = new RegExp(applied);
  return new Set(answer.split('\n').flatMap((line) => pattern.exec(line)?.[1] ?? []));
}

/** What it prints; null when it fails. */
async function answerOf(
  root: string,
  script: ProgramScript,
  args: readonly string[],
  { signal, limitMs }: Limits,
): Promise<string | null> {
  await requireUnchanged(root, script);
  const listening = { line: () => undefined, signal, limitMs, most: Number.POSITIVE_INFINITY };
  const { failure, output } = await runPython(root, args, listening);
  return failure === null ? output : null;
}

/** @throws {ProblemError} `plan.stale`, `script.program`, `run.cancelled` */
export async function runCommand(
  root: string,
  script: ProgramScript,
  { tool, args }: Command,
  lent: Pick<LentSession, 'say'>,
  { signal, limitMs }: Limits,
): Promise<void> {
  await requireUnchanged(root, script);
  lent.say('log', `${tool} runs it, over a connection of its own: python ${args.join(' ')}`);
  let lines = 0;
  const line = (text: string): void => {
    lines += 1;
    if (lines <= mostLines) lent.say('output', text);
    else if (lines === mostLines + 1) lent.say('output', 'What it says further is not kept.');
  };
  const { failure, stopped } = await runPython(root, args, { line, signal, limitMs, most: 0 });
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
        `${tool} took longer than ${seconds(limitMs)} seconds and was ended.`,
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

const seconds = (ms: number): number => Math.ceil(ms / 1000);

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
