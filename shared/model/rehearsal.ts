import type { Problem } from '../problem.ts';
import type { Hazard } from './plan.ts';
import type { StepOutcome } from './run.ts';
import type { SchemaChange } from './snapshot.ts';

/** A plan tried on a copy of its database: what was seen there. */
export interface Rehearsal {
  readonly id: string;
  /** Of the plan's files, history and database: equal for plans that do the same there, however they were asked for. */
  readonly key: string;
  readonly environment: string;
  readonly engine: string;
  readonly tool: string;
  readonly database: string;
  readonly serverVersion: string;
  readonly direction: 'up' | 'down';
  readonly actor: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly durationMs: number;
  readonly copy: RehearsalCopy;
  /** `failed`: the plan itself did, or what rolls it back does not restore what was before. */
  readonly outcome: 'passed' | 'failed';
  readonly problem: Problem | null;
  readonly steps: readonly RehearsedStep[];
  /** Of all steps together. */
  readonly schema: readonly SchemaChange[];
  /** SHA-256 of the schema that the steps leave, without owners and rights, which are the copy's. */
  readonly schemaSha256: string;
  /** Rows of every table before and after all steps. */
  readonly rows: readonly RowChange[];
  /** What the steps leave that the database does not hold to be sound, in sentences. */
  readonly unsound: readonly string[];
  /** Null where the plan rolls back itself, or has failed. */
  readonly back: RehearsedBack | null;
}

/** Goes on without the rehearsal that is asked for; needs a reason. */
export const notRehearsed = 'notRehearsed';

/** Whether a rehearsal takes a backup first. `ifNeeded`: where none fits whose rows could be restored. */
export const newBackupChoices = ['never', 'ifNeeded', 'always'] as const;

/** What the plan was tried on. */
export interface RehearsalCopy {
  /** `schema`: its tables are empty but for the tool's own. `subset`: some tables or rows stand for all. */
  readonly kind: 'data' | 'schema' | 'subset';
  /** The backup that was restored for it; null: it was copied in another way. */
  readonly backup: string | null;
  /** Where it was made, in words. */
  readonly place: string;
  /** With `subset`: those whose rows are in it. */
  readonly tables: readonly string[] | null;
  /** In what it is not like the original, and what could not be seen, in sentences. */
  readonly limits: readonly string[];
}

export interface RehearsedStep {
  readonly index: number;
  readonly version: string;
  readonly name: string;
  readonly action: 'apply' | 'revert';
  /** SHA-256 of its script, lower-case hex. Absent: recorded by an earlier version. */
  readonly scriptSha256?: string;
  /** All of it was one transaction. Absent: recorded by an earlier version. */
  readonly transactional?: boolean;
  readonly outcome: StepOutcome;
  readonly durationMs: number;
  /** For the real run: scaled where the copy has fewer rows. Null: it was not tried to its end. */
  readonly estimateMs: number | null;
  readonly problem: Problem | null;
  /** Of the plan, with what was seen of them. */
  readonly hazards: readonly Hazard[];
  readonly statements: readonly RehearsedStatement[];
  /** Statements that are not listed, of a very long script. */
  readonly unlisted: number;
  readonly schema: readonly SchemaChange[];
  readonly rows: readonly RowChange[];
}

/** What one statement did. Null wherever this server, or this account, could not tell. */
export interface RehearsedStatement {
  /** Position in its script, from 0. */
  readonly statement: number;
  /** From 0, where it was sent in parts. */
  readonly part: number;
  /** 1-based, in the script's file. */
  readonly line: number;
  /** Its beginning. */
  readonly text: string;
  readonly durationMs: number;
  readonly rows: number | null;
  /** On tables that were there before; taken by this statement. */
  readonly locks: readonly SeenLock[] | null;
  /** Rows that it kept locked. */
  readonly lockedRows: number | null;
  /** Tables that were there before and were written anew. */
  readonly rewritten: readonly string[] | null;
  /** Tables read as a whole to check or to index them. */
  readonly scanned: readonly string[] | null;
  /** What the server would do at best, asked on the copy. */
  readonly algorithm: { readonly algorithm: string; readonly lock: string } | null;
  /** State of what it changes, after it; for judging an interruption. */
  readonly probe: string | null;
}

export interface SeenLock {
  readonly table: string;
  /** The server's word. */
  readonly mode: string;
  /** Whom it keeps out while it lasts. */
  readonly keepsOut: 'everybody' | 'writers' | 'changes';
}

export interface RowChange {
  readonly table: string;
  /** Null: the table was not there. */
  readonly before: number | null;
  readonly after: number | null;
}

/** What rolling back did, and applying again after it. */
export interface RehearsedBack {
  /** Versions, in the order in which they were rolled back. */
  readonly versions: readonly string[];
  /** The first one that has no way back; null: all were rolled back. */
  readonly stoppedAt: string | null;
  readonly durationMs: number;
  /** What differs from the schema before; empty: it is restored. */
  readonly schema: readonly SchemaChange[];
  /** Tables whose rows are not those before. */
  readonly rows: readonly RowDifference[];
  /** Tables whose rows were counted only, as there are many. */
  readonly countedOnly: readonly string[];
  /** What applying again left different from the first time. */
  readonly again: readonly SchemaChange[];
  /** Of rolling back, or of applying again. */
  readonly problem: Problem | null;
}

export interface RowDifference extends RowChange {
  /** As many rows as before, and not the same. */
  readonly changed: boolean;
}

/** The last rehearsal in an environment that one migration was part of. */
export interface MigrationRehearsal {
  readonly rehearsal: Rehearsal;
  /** The migration's own. */
  readonly step: RehearsedStep;
  /** Its file is another one by now. */
  readonly outdated: boolean;
}

/** What a plan knows of its rehearsal. */
export interface RehearsalSummary {
  readonly id: string;
  readonly at: string;
  readonly outcome: Rehearsal['outcome'];
  readonly copy: RehearsalCopy['kind'];
  /** Of all its steps on the copy. */
  readonly durationMs: number;
}
