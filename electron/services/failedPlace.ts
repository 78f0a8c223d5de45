/** Where a run failed, with the lines around it: as they were run where they were kept, else as the file is now. */
import type { Script } from '../../shared/model/migration.ts';
import type { Run } from '../../shared/model/run.ts';
import type { FailedPlace, FailureMark } from '../../shared/model/scriptLines.ts';
import { ProblemError } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { readScriptLines } from './scriptLines.ts';

/** Lines shown before and after the one that failed. */
const around = 30;

/** Null: no step failed, or nothing says at which line. @throws {ProblemError} `run.notFound` */
export async function failedPlace(context: Context, id: string): Promise<FailedPlace | null> {
  const run = await context.runs.get(id);
  const failed = run.steps.find(({ problem }) => problem?.line !== undefined && problem.path !== undefined);
  const problem = failed?.problem;
  if (failed === undefined || problem?.line === undefined || problem.path === undefined) return null;
  const { path, line } = problem;
  const text = (await asItWasRun(context, run, path, line)) ?? (await asItIsNow(context, run, failed, line));
  if (text === null) return null;
  return {
    version: failed.version,
    path,
    line,
    column: problem.column ?? null,
    message: problem.serverMessage ?? problem.message,
    ...text,
  };
}

/** Runs of an environment that are looked back at. */
const runsRead = 50;

/** Where the script failed when it was last tried; null: it did not, nothing says where, or it is another text now. */
export async function lastFailure(
  context: Context,
  environmentId: string,
  version: string,
  script: Script | null,
): Promise<(FailureMark & { readonly run: string }) | null> {
  if (script === null || environmentId === '') return null;
  for (const run of context.workspace.runs.latest({ environmentId, limit: runsRead })) {
    const step = run.steps.find((one) => one.version === version && one.action === 'apply' && one.startedAt !== null);
    if (step === undefined) continue;
    const { problem } = step;
    if (problem?.line === undefined || problem.path !== script.path) return null;
    const then = await context.workspace.scriptTexts.ofFile(run.id, script.path, problem.line);
    if (then !== null && then.sha256 !== script.sha256) return null;
    const message = problem.serverMessage ?? problem.message;
    return { run: run.id, line: problem.line, column: problem.column ?? null, message };
  }
  return null;
}

type Around = Pick<FailedPlace, 'from' | 'text' | 'source'>;

async function asItWasRun(context: Context, run: Run, path: string, line: number): Promise<Around | null> {
  const script = await context.workspace.scriptTexts.ofFile(run.id, path, line);
  if (script === null) return null;
  const lines = script.text.split(/\r?\n/);
  const first = Math.max(0, line - script.line - around);
  const text = lines.slice(first, line - script.line + around + 1).join('\n');
  return { from: script.line + first, text, source: 'run' };
}

async function asItIsNow(
  context: Context,
  run: Run,
  { version, action }: Run['steps'][number],
  line: number,
): Promise<Around | null> {
  if (run.environmentId === null || context.workspace.environments.find(run.environmentId) === null) return null;
  try {
    const found = await readScriptLines(
      context,
      { kind: 'environment', nameOrId: run.environmentId },
      { version, part: action === 'revert' ? 'down' : 'up', from: line - around, count: 2 * around + 1 },
    );
    const holds = found.firstLine <= line && line <= found.lastLine;
    return holds ? { from: found.from, text: found.lines.join('\n'), source: 'file' } : null;
  } catch (thrown) {
    // The folder changed since, or is not there: then the place is told without its text.
    if (thrown instanceof ProblemError) return null;
    throw thrown;
  }
}
