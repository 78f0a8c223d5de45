/** The programs among selected steps: trusted ones give the SQL they yield, which is then analysed, shown and run as any other. */
import type { Migration, ProgramScript } from '../../shared/model/migration.ts';
import type { TrustRequest } from '../../shared/model/trust.ts';
import { nothingChanged, type Problem, ProblemError } from '../../shared/problem.ts';
import type { SelectedStep, Selection } from '../engine/select.ts';
import { yieldedScript } from '../engine/textScript.ts';
import type { Context } from './context.ts';
import type { OpenSource } from './readSource.ts';
import { grantTrust, isAccepted, trustProblem, trustRequest } from './trust.ts';

export interface PreparedPrograms {
  readonly selection: Selection;
  /** What must be trusted first; null when nothing must. */
  readonly trust: TrustRequest | null;
}

/** `accept`: codes given with the request; one may trust exactly what is asked here. */
export async function preparePrograms(
  context: Context,
  environment: string,
  source: OpenSource,
  selection: Selection,
  accept: readonly string[],
): Promise<PreparedPrograms> {
  const request = trustRequest(
    context,
    selection.steps.map((step) => step.script),
  );
  if (request !== null && !isAccepted(request, accept))
    return { selection: { ...selection, problems: [...selection.problems, trustProblem(request)] }, trust: request };
  if (request !== null) grantTrust(context, environment, source.path, request);
  const steps: SelectedStep[] = [];
  const problems: Problem[] = [];
  for (const step of selection.steps) {
    const { script } = step;
    // What is known to be wrong with a program is told by the source; it is not run to find out more.
    const isSound = !source.problems.some((problem) => problem.path === script.path);
    try {
      const prepared = script.kind === 'program' && isSound ? await prepareStep(source, step, script) : step;
      if ('code' in prepared) problems.push(prepared);
      else steps.push(prepared);
    } catch (thrown) {
      if (!(thrown instanceof ProblemError)) throw thrown;
      problems.push(thrown.problem);
      steps.push(step);
    }
  }
  return { selection: { ...selection, steps, problems: [...selection.problems, ...problems] }, trust: null };
}

/** What its tool would send is shown beside it. */
const withNotes = (migration: Migration, sql: string): Migration => {
  const notes = [migration.metadata.notes, sql].filter((text) => text !== undefined).join('\n\n');
  return { ...migration, metadata: { ...migration.metadata, notes } };
};

async function prepareStep(
  source: OpenSource,
  step: SelectedStep,
  script: ProgramScript,
): Promise<SelectedStep | Problem> {
  const preview = await source.programs.preview(script);
  if (preview.kind === 'runs') return step;
  if (preview.kind === 'shown') return { ...step, migration: withNotes(step.migration, preview.sql) };
  if (preview.kind === 'irreversible')
    return {
      code: 'plan.irreversible',
      message: `Migration ${step.migration.version} cannot be rolled back: ${preview.reason}.`,
      state: nothingChanged,
      hint: 'Write a new migration that undoes it, or restore a backup taken before it.',
      path: script.path,
    };
  const direction = step.action === 'apply' ? 'up' : 'down';
  const transaction = { ...step.migration.transaction, [direction]: preview.transaction };
  return { ...step, script: yieldedScript(script.path, preview.sql), migration: { ...step.migration, transaction } };
}
