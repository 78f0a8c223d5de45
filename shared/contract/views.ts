/** Answers of procedures that are not themselves central types. */

import type { ActivitySession } from '../model/activity.ts';
import type { AdoptedRow, AdoptedSide } from '../model/adoption.ts';
import type { Appearance } from '../model/appearance.ts';
import type { GivenApproval } from '../model/approval.ts';
import type { Backup } from '../model/backup.ts';
import type { Connection, Environment } from '../model/environment.ts';
import type { LockHolder, LockInfo } from '../model/lock.ts';
import type { BatchedStatement, Direction, Estimate, Hazard } from '../model/plan.ts';
import type { Reconciliation } from '../model/reconcile.ts';
import type { RehearsalSummary } from '../model/rehearsal.ts';
import type { RepairChange } from '../model/repair.ts';
import type { Role } from '../model/role.ts';
import type { RunSummary } from '../model/run.ts';
import type { SettingsLayers } from '../model/settings.ts';
import type { TrustRequest } from '../model/trust.ts';
import type { Problem } from '../problem.ts';

export interface ApplicationInfo {
  readonly version: string;
  readonly shell: 'electron' | 'browser';
  readonly platform: string;
  readonly hostName: string;
  readonly user: string;
  readonly dataDirectory: string;
  readonly keychain: { readonly available: boolean; readonly reason: string | null };
  readonly role: Role;
}

export interface Settings extends Appearance {
  /** What workspace and tiers say; an environment's own are part of it. `settingsFor` tells which hold. */
  readonly layers: SettingsLayers;
  /** Where dump programs are looked for besides the usual places. */
  readonly programFolders: readonly string[];
  /** Where the installed application looks for its updates; null: nowhere, and it installs none by itself. */
  readonly updateAddress: string | null;
  /** The key that new encrypted backups get; null: none was made. */
  readonly archiveKey: ArchiveKeyView | null;
  /** An administrator's file that an ordinary user could have written: it locks nothing; null: there is none. */
  readonly untrustedPolicy: string | null;
}

export interface ArchiveKeyView {
  readonly id: string;
  readonly kind: 'random' | 'passphrase';
  readonly keep: 'keychain' | 'ask';
  /** It can be used now, without asking for a passphrase. */
  readonly unlocked: boolean;
}

/** What pruning removed, or would remove. */
export interface PruneReport {
  readonly removed: readonly {
    readonly id: string;
    readonly environment: string;
    readonly takenAt: string;
    readonly path: string;
    readonly bytes: number;
  }[];
  /** Beyond the limits, yet kept: why, in words. */
  readonly kept: readonly {
    readonly id: string;
    readonly environment: string;
    readonly takenAt: string;
    readonly why: string;
  }[];
  readonly dryRun: boolean;
}

/** An environment as lists and cards show it: stored facts only, no connection is made. */
export interface EnvironmentSummary {
  readonly environment: Environment;
  /** Connection without its secret, as a URL. */
  readonly url: string;
  /** What the last reading found; null before the first. */
  readonly lastKnown: {
    readonly at: string;
    readonly current: string | null;
    readonly pending: number;
    readonly attention: number;
    readonly problem: Problem | null;
  } | null;
  readonly lastRun: RunSummary | null;
  readonly lastBackup: Backup | null;
  /** The run that goes on now. */
  readonly activeRun: string | null;
}

export interface ParsedConnection {
  readonly connection: Connection;
  /** What the pasted text held; the caller already has it. */
  readonly password: string | null;
}

export interface FolderListing {
  readonly path: string;
  readonly parent: string | null;
  readonly folders: readonly { readonly name: string; readonly path: string }[];
  /** Names of the first files, so that a person recognises the folder. */
  readonly files: readonly string[];
}

export interface Change {
  readonly kind: 'environments' | 'runs' | 'backups' | 'settings' | 'fleets' | 'schedules' | 'trust';
  readonly environmentId: string | null;
}

export interface PlanStepView {
  readonly index: number;
  readonly version: string;
  readonly name: string;
  readonly action: 'apply' | 'revert';
  readonly path: string;
  readonly transactional: boolean;
  readonly statements: number;
  readonly reversible: boolean;
  readonly hazards: readonly Hazard[];
  readonly tables: readonly string[];
  readonly estimate: Estimate | null;
  readonly description: string | null;
  readonly author: string | null;
  readonly requiresDowntime: boolean;
  readonly affectedModules: readonly string[];
  readonly notes: string | null;
  /** What must be so before it runs. */
  readonly prerequisites: readonly string[];
  /** Statements that are repeated until nothing is left. */
  readonly batched: readonly BatchedStatement[];
  /** Values put into its script, by name. */
  readonly placeholders: Readonly<Record<string, string>>;
  /** Milliseconds that each of its statements may take; null: no limit of its own. */
  readonly statementTimeoutMs: number | null;
}

/** What the environment's protection asks for this plan. */
export interface GateView {
  readonly typedName: string | null;
  readonly reason: boolean;
  readonly backup: 'none' | 'taken' | 'checked' | 'proven';
  readonly hazardsToAccept: readonly string[];
  /** Present when nothing a person enters here would help: the first of `stops`. */
  readonly blocked: Problem | null;
  /** All that is missing and from whom: the time, a second person, an administrator. */
  readonly stops: readonly Problem[];
  /** When the change window that is open now closes, in milliseconds since the epoch; null: none does. */
  readonly closesAt: number | null;
  /** The second person's, where one is asked for and given. */
  readonly approval?: GivenApproval;
  /** The recorded snapshot of somebody else's that may stand for the backup; absent: there is none, or it may not. */
  readonly external?: { readonly name: string; readonly takenAt: string };
  /** Present where a rehearsal is asked for and not there. */
  readonly rehearsal?: Problem;
}

/** What a correction of the history would write. */
export interface RepairView {
  readonly fingerprint: string;
  readonly environment: string;
  readonly database: string;
  readonly historyTable: string;
  readonly changes: readonly RepairChange[];
  readonly gate: GateView;
  /** The gate's hazards in words, by code. */
  readonly hazards: Readonly<Record<string, string>>;
}

/** What moving a history would write. */
export interface AdoptView {
  readonly fingerprint: string;
  readonly environment: string;
  readonly database: string;
  readonly from: AdoptedSide;
  readonly to: AdoptedSide;
  /** Every applied migration, in the order in which they are written. */
  readonly rows: readonly AdoptedRow[];
  /** Versions of the other tool that stay pending. */
  readonly pending: readonly string[];
  /** New files that are written before, relative to the new folder. */
  readonly files: readonly string[];
  /** What the other history will not say, in sentences. */
  readonly notCarried: readonly string[];
  readonly gate: GateView;
  /** The gate's hazards in words, by code. */
  readonly hazards: Readonly<Record<string, string>>;
}

export interface EndedSession {
  /** `asked`: the server was told to end it; it rolls back first what is not committed. `gone`: it had ended by itself. */
  readonly outcome: 'asked' | 'gone';
  /** As it was seen before. */
  readonly session: ActivitySession;
}

export interface ReleasedLock extends LockInfo {
  readonly released: boolean;
  /** Who held it. */
  readonly before: LockHolder | null;
}

export interface PlanView {
  readonly fingerprint: string;
  readonly direction: Direction;
  readonly target: string | null;
  readonly environment: string;
  readonly server: string;
  readonly database: string;
  readonly steps: readonly PlanStepView[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Programs whose steps are not complete, nor can be run, before they are trusted; null when there are none. */
  readonly trust: TrustRequest | null;
  /** The last one of exactly this plan; null: there is none. */
  readonly rehearsal: RehearsalSummary | null;
  readonly gate: GateView;
  readonly backup: {
    readonly command: string;
    readonly estimatedBytes: number | null;
    readonly freeBytes: number | null;
    /** Of the dump program and of what it will not hold, in words. */
    readonly warnings: readonly string[];
    readonly problem: Problem | null;
  } | null;
}

/** What going on with an interrupted run would do. */
export interface ResumeView {
  readonly reconciliation: Reconciliation;
  readonly plan: PlanView;
}
