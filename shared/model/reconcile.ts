import type { Problem } from '../problem.ts';
import type { LockInfo } from './lock.ts';
import type { PlannedStep, Run, RunAction, RunOutcome } from './run.ts';

/** A statement of a step's script. */
export interface StatementPlace {
  /** From 0; as many as the script has when all are done. */
  readonly statement: number;
  /** From 0, where it was sent in parts. */
  readonly part: number | null;
}

/** What became of one step, from evidence. */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'notDone' }
  /** Everything before the place is done, nothing from there on. `cleanup`: SQL that removes what is left half-made. */
  | {
      readonly kind: 'partly';
      readonly at: StatementPlace;
      readonly batch: { readonly batches: number; readonly rows: number } | null;
      readonly cleanup: readonly string[];
    }
  /** The server still works on it. */
  | { readonly kind: 'stillRunning'; readonly at: StatementPlace }
  /** Nothing tells whether the statement at the place took effect: a person must. Everything before it is done. */
  | {
      readonly kind: 'unknown';
      readonly at: StatementPlace;
      readonly before: string | null;
      readonly now: string | null;
      /** The same of all from there to before this one: they held locks on tables, and nothing could be written. */
      readonly until?: number;
    };

export interface StepFinding {
  readonly step: number;
  readonly version: string;
  readonly name: string;
  readonly action: PlannedStep['action'];
  readonly statements: number;
  readonly verdict: Verdict;
  /** What it was found out from, in one sentence. */
  readonly evidence: string;
  /** The statement at the verdict's place; null where there is none, or its text is not at hand. */
  readonly statement: { readonly line: number; readonly text: string } | null;
  /** The first error, with its statement. */
  readonly error: string | null;
  /** What other witnesses tell differently: this computer's own journal, the tool's history. */
  readonly contradictions: readonly string[];
}

/** The server session of the interrupted run, still there. */
export interface OrphanView {
  readonly session: string;
  /** What it runs; null: not told, or nothing. */
  readonly statement: string | null;
  /** Milliseconds for which it has been running that. */
  readonly ageMs: number | null;
}

/** One thing that may be done now. */
export interface ReconcileOffer {
  readonly action: 'resume' | 'rollBack' | 'restore' | 'markApplied' | 'markReverted';
  /** What it means, in one sentence. */
  readonly meaning: string;
  readonly command: string;
  /** Why it cannot be done; null: it can. */
  readonly problem: Problem | null;
}

/** What is known of a run, and what may be done about it. */
export interface Reconciliation {
  readonly run: string;
  readonly environment: string;
  readonly action: RunAction | string;
  readonly actor: string;
  readonly host: string;
  readonly startedAt: string;
  /** As this says it; null: it still goes on. */
  readonly outcome: RunOutcome | null;
  readonly lock: LockInfo;
  readonly orphan: OrphanView | null;
  readonly steps: readonly StepFinding[];
  /** Everything that is not as the witnesses agree on. */
  readonly contradictions: readonly string[];
  readonly offers: readonly ReconcileOffer[];
  /** Present while something is to be waited for or to be answered. */
  readonly problem: Problem | null;
  /** Whether what was found out is written into journal and history. */
  readonly recorded: boolean;
}

/** What is known of one run. */
export interface ShownRun {
  /** Null: this workspace does not have it. */
  readonly run: Run | null;
  /** Of a run that did not end, or that this workspace does not have. */
  readonly reconciliation: Reconciliation | null;
  /** Why the database could not be asked. */
  readonly problem: Problem | null;
}
