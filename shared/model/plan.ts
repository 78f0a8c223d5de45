import type { Problem } from '../problem.ts';
import type { Batch } from './directive.ts';
import type { Migration, Script } from './migration.ts';

export type Direction = 'up' | 'down';

/** What a person asked for. */
export type Target =
  | (FromBundle & { readonly direction: 'up'; readonly to?: string; readonly steps?: number })
  | (FromBundle & {
      readonly direction: 'down';
      readonly to?: string;
      readonly steps?: number;
      readonly version?: string;
    });

interface FromBundle {
  /** Digest of an open bundle whose migrations are meant; absent: those of the environment's folder. */
  readonly bundle?: string;
}

/** Code of the hazard that SQLite's guard finds at run time too: rows would be gone that no statement deletes. */
export const rowsLost = 'rowsLost';

/** A coded warning about a statement. */
export interface Hazard {
  readonly code: string;
  readonly severity: 'notice' | 'warning' | 'danger';
  readonly message: string;
  /** It must be accepted whatever the environment's protection says. */
  readonly mustAccept?: boolean;
  /** 1-based line in the script's file; null for the whole script. */
  readonly line: number | null;
  readonly category?: HazardCategory;
  /** What to do instead, in words. */
  readonly remedy?: string;
  /** The safe way as SQL. */
  readonly rewrite?: string;
  /** The file itself accepts it, with this reason: nobody is asked again. */
  readonly accepted?: string;
  /** Present where a rehearsal has looked: the guess is true there, or not. */
  readonly seen?: 'confirmed' | 'refuted';
}

/** What a hazard is about: chips and filters go by it. */
export const hazardCategories = [
  'locksWrites',
  'locksReads',
  'rewritesTable',
  'scansTable',
  'dataLoss',
  'irreversible',
  'notTransactional',
  'externalEffect',
  'sessionSetting',
  'mixedStatements',
  'breaksApplication',
] as const;
export type HazardCategory = (typeof hazardCategories)[number];

export interface Estimate {
  readonly ms: number;
  /** `rehearsal`: measured on a copy, scaled where that has fewer rows. */
  readonly source: 'author' | 'history' | 'rehearsal';
}

export interface Step {
  readonly index: number;
  readonly version: string;
  readonly historyKey: string;
  readonly name: string;
  readonly action: 'apply' | 'revert';
  readonly script: Script;
  /** Recorded in the history table; null where the tool keeps none. */
  readonly checksum: string | null;
  /** Effect, history row and journal row in one transaction. */
  readonly transactional: boolean;
  /** The script opens and ends transactions of its own; only where the step is not one transaction. */
  readonly ownTransactions: boolean;
  /** Number of statements in the script. */
  readonly statements: number;
  readonly reversible: boolean;
  readonly hazards: readonly Hazard[];
  /** Tables named by its statements or its metadata. */
  readonly tables: readonly string[];
  readonly estimate: Estimate | null;
  /** Statements that are repeated until nothing is left. */
  readonly batched: readonly BatchedStatement[];
  /** Statements, from 0, that a program changes a table for in place of the server; absent: none. */
  readonly handedOver?: readonly number[];
  /** Values put into its script, by name. */
  readonly placeholders: Readonly<Record<string, string>>;
  readonly migration: Migration;
}

export interface BatchedStatement extends Batch {
  /** 1-based, in the script's file. */
  readonly line: number;
}

/** What a script turned out to hold when it was split; computed before planning, without a database. */
export interface ScriptAnalysis {
  readonly statements: number;
  /** First statement that the server refuses in a transaction block, or ignores there (`beforeOthers`: it may come first). */
  readonly refusesTransaction: { readonly verb: string; readonly line: number; readonly beforeOthers: boolean } | null;
  /** Present where every statement is such. */
  readonly allRefuse?: true;
  /** First BEGIN, COMMIT, ROLLBACK … of the script's own. */
  readonly transactionControl: { readonly verb: string; readonly line: number } | null;
  readonly tables: readonly string[];
  readonly hazards: readonly Hazard[];
  readonly batched: readonly BatchedStatement[];
  /** As `Step.handedOver`. */
  readonly handedOver?: readonly number[];
  readonly placeholders: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
}

export interface PlanTarget {
  readonly environment: string;
  readonly engine: string;
  /** Identity of server and database; a plan runs nowhere else. */
  readonly server: string;
  readonly database: string;
  readonly tool: string;
  readonly historyTable: string;
}

/** An immutable value: what is shown, exported, approved and run. */
export interface Plan {
  /** SHA-256 over files, history, target and request; a stale plan is refused. */
  readonly fingerprint: string;
  /** SHA-256 of the history it was computed from, compared again under the lock. */
  readonly historySha256: string;
  readonly direction: Direction;
  readonly request: Target;
  readonly target: PlanTarget;
  readonly steps: readonly Step[];
  /** What prevents this plan from being run. */
  readonly problems: readonly Problem[];
  /** What a person should know first, but may go on with. */
  readonly warnings: readonly Problem[];
}
