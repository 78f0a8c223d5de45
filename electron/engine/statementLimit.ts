/** The time that a migration's author allows each of its statements: kept by the server, or from here where it cannot. */
import type { Step } from '../../shared/model/plan.ts';
import type { Execution } from './execute.ts';

export interface StatementLimit {
  /** Sent when the script begins, and after its last statement. */
  readonly set: readonly string[];
  readonly lift: readonly string[];
  /** Milliseconds after which a statement is cancelled from here; null: the server sees to it, or there is no limit. */
  readonly deadlineMs: number | null;
}

export function statementLimit(step: Step, { control, session }: Execution): StatementLimit {
  const ms = step.migration.metadata.statementTimeoutMs;
  if (ms === undefined) return { set: [], lift: [], deadlineMs: null };
  const server = control.limitStatements(ms, session.identity.product);
  return server === null
    ? { set: [], lift: [], deadlineMs: ms }
    : { set: [server.set], lift: [server.lift], deadlineMs: null };
}
