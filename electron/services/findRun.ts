/** What is known of a run: from this computer's workspace, and from the journal of its database. */

import { runFromRecords } from '../../shared/model/reduceRun.ts';
import type { Run, RunStep } from '../../shared/model/run.ts';
import { raise } from '../../shared/problem.ts';
import type { JournaledRun, JournalRow } from '../engine/ports.ts';
import type { ClientEvidence } from '../engine/reconcile.ts';
import { withKept } from './bundles/bundleTarget.ts';
import type { Context } from './context.ts';
import type { TargetRequest } from './target.ts';

/** A step as far as anybody knows it. */
export interface KnownStep extends Pick<RunStep, 'version' | 'name'> {
  readonly index: number;
  readonly action: RunStep['action'];
  readonly statements: number;
  /** Null: not known. */
  readonly transactional: boolean | null;
}

/** Null: this computer's workspace does not have it. */
export async function localRun(context: Context, id: string): Promise<Run | null> {
  const active = context.runs.active().find((run) => run.id === id);
  if (active !== undefined) return active;
  return runFromRecords(await context.workspace.runEvents.read(id, 0)) ?? context.workspace.runs.get(id);
}

/** The database of a run of this workspace; of another one it must be named. @throws {ProblemError} `run.notFound`, `usage.invalid` */
/** Where it was, with the bundle that it was of unless another source is named. @throws {ProblemError} `run.notFound`, `usage.invalid` */
export function targetOfRun(context: Context, id: string, run: Run | null, named: TargetRequest | null): TargetRequest {
  const target = named ?? ownTarget(id, run);
  return target.overrides?.path === undefined && run?.bundle !== undefined ? withKept(context, target, run) : target;
}

function ownTarget(id: string, run: Run | null): TargetRequest {
  if (run === null)
    return raise({
      code: 'run.notFound',
      message: `There is no run ${id} in this workspace.`,
      hint: 'Name the database that it was on, with --env or --url, and --source: its journal may know the run.',
    });
  if (run.environmentId === null)
    return raise({
      code: 'usage.invalid',
      message: `The run ${id} was on a database that is no environment here.`,
      hint: 'Name the database with --url or --url-env, and the migration folder with --source.',
    });
  return { kind: 'environment', nameOrId: run.environmentId };
}

/** In order. The workspace knows all of them, the journal those that were begun, and their versions. */
export function knownSteps(run: Run | null, journaled: JournaledRun | null, rows: readonly JournalRow[]): KnownStep[] {
  if (run !== null) return [...run.steps];
  const count = Math.max(journaled?.versions.length ?? 0, ...rows.map((row) => row.step + 1));
  return Array.from({ length: count }, (_, index) => {
    const row = rows.find(({ step }) => step === index);
    return {
      index,
      version: row?.version ?? journaled?.versions[index] ?? '',
      name: '',
      action: (row?.action ?? journaled?.action) === (row === undefined ? 'down' : 'revert') ? 'revert' : 'apply',
      statements: row?.statements ?? 0,
      transactional: null,
    };
  });
}

/** What this computer's own journal was told last of each step, by its number. */
export async function clientEvidence(context: Context, id: string): Promise<Map<number, ClientEvidence>> {
  const found = new Map<number, ClientEvidence>();
  for (const record of await context.workspace.readClientJournal(id)) {
    const { type, step, statement, part, outcome } = record;
    if (typeof step !== 'number') continue;
    const before = found.get(step) ?? { outcome: null, place: null, done: null };
    if (type === 'stepIntent') found.set(step, before);
    if (type === 'statement' && typeof statement === 'number')
      found.set(step, { ...before, place: { statement, part: typeof part === 'number' ? part : null } });
    if (type === 'statementDone' && typeof statement === 'number') found.set(step, { ...before, done: statement });
    if (type === 'stepOutcome') found.set(step, { ...before, outcome: String(outcome) });
  }
  return found;
}
