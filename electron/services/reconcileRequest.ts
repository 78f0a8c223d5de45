/** What may be asked of an interrupted run, and what reconciling tells of it. */
import type { StepFinding } from '../../shared/model/reconcile.ts';
import type { RunOutcome } from '../../shared/model/run.ts';
import type { Context } from './context.ts';
import { recordAudit } from './recordAudit.ts';
import type { TargetDatabase, TargetRequest } from './target.ts';

export interface ReconcileRequest {
  readonly run: string;
  /** Null: the environment of the run, as the workspace knows it. */
  readonly target: TargetRequest | null;
  /** What to do while the server still works for the interrupted run. */
  readonly orphan: 'tell' | 'wait' | 'cancel';
  /** A person's word on the one statement that nothing tells of; null: none was given. */
  readonly answer: 'done' | 'notDone' | null;
  /** Why, kept in the audit; needed with an answer. */
  readonly reason: string | null;
  /** Takes no lock and writes nothing: what is found may change at once. */
  readonly readOnly?: boolean;
  readonly signal?: AbortSignal;
}

export const outcomeOf = (steps: readonly StepFinding[]): RunOutcome =>
  steps.every(({ verdict }) => verdict.kind === 'done') ? 'succeeded' : 'interrupted';

export function audit(
  context: Context,
  target: TargetDatabase,
  run: string,
  action: string,
  detail: Readonly<Record<string, unknown>>,
): void {
  recordAudit(context, {
    action,
    environment: target.environment.name,
    run,
    detail,
  });
}
