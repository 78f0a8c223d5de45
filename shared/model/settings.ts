/** What can be set for the workspace, for a tier or for one environment, and which of them holds. Pure. */
import type { ArchiveFormat } from './backup.ts';
import { type Protection, protectionByTier, type Tier } from './environment.ts';
import type { Hook } from './hook.ts';

export const applyAtStartChoices = ['never', 'apply', 'failHard'] as const;

/** How to reach a dump program in a container or on another computer. Runs on this computer: it is never imported. */
export interface DumpCommand {
  /** Words, not a shell's line; the last one is the program: `docker exec -i db pg_dump`. */
  readonly command: readonly string[];
  /** Its words reach a shell on the other side, as ssh's do: they are quoted for it. */
  readonly shell: boolean;
  /** The database's address as seen from there; null: the environment's own. */
  readonly host: string | null;
  readonly port: number | null;
}

export interface BackupSettings {
  /** Null: `backups` in the data directory. */
  readonly folder: string | null;
  readonly format: ArchiveFormat;
  /** zstd's level; `compressionLevels`. */
  readonly compression: number;
  readonly encrypted: boolean;
  readonly dumpCommand: DumpCommand | null;
  /** Where backups are restored to be proven; null: beside the database itself. */
  readonly provingServer: ProvingServer | null;
}

/** A server for copies that are thrown away: of the same engine, and of the same version or newer. */
export interface ProvingServer {
  /** Without a password; names a database from which others can be made. */
  readonly url: string;
  /** Account of the keychain that holds the password; null: none is needed, or it comes from `.pgpass` or `my.cnf`. */
  readonly account: string | null;
}

/** Null: no limit. Where both are set, a backup goes only if it is beyond both. */
export interface BackupRetention {
  readonly days: number | null;
  /** Whole, sound backups that stay whatever their age. */
  readonly count: number | null;
  /** Days during which the backup of a run stays as its undo. */
  readonly undoDays: number;
}

export interface EnvironmentSettings {
  readonly protection: Protection;
  /** Pending migrations when the application opens; `failHard`: it does not open without them. */
  readonly applyAtStart: (typeof applyAtStartChoices)[number];
  /** Only administrators change anything. */
  readonly administratorOnly: boolean;
  /** Runs tell how far they are, statement by statement. */
  readonly progress: boolean;
  /** Logs keep notices and the results of the scripts' own SELECTs. */
  readonly detailedLogs: boolean;
  readonly backup: BackupSettings;
  readonly backupRetention: BackupRetention;
  /** Milliseconds that a statement of a migration waits for a lock; short, so that nobody queues behind it for long. */
  readonly lockTimeoutMs: number;
  /** How often it is tried, the first time included. */
  readonly lockAttempts: number;
  /** Who changes big tables of MySQL and MariaDB. */
  readonly onlineAlter: OnlineAlterSettings;
  /** Null: logs of runs stay for ever. */
  readonly logRetentionDays: number | null;
  /** Null: what rehearsals saw stays, five of each plan. */
  readonly rehearsalRetentionDays: number | null;
  /** Null: recorded schemas stay, two hundred of each database. */
  readonly schemaRetentionDays: number | null;
  /** A level that says any says all of them. They run on this computer: they are never imported. */
  readonly hooks: readonly Hook[];
}

export const onlineAlterPrograms = ['none', 'pt-osc', 'gh-ost'] as const;
export const foreignKeyMethods = ['refuse', 'rebuild', 'dropSwap'] as const;

/** When a statement that would write a table anew is handed to a program that copies it while others work. */
export interface OnlineAlterSettings {
  readonly program: (typeof onlineAlterPrograms)[number];
  /** Megabytes of the table with its indexes. */
  readonly fromMegabytes: number;
  /** Of other tables that refer to it. */
  readonly foreignKeys: (typeof foreignKeyMethods)[number];
  /** Threads at work on the server: above the first it pauses, above the second it gives up. */
  readonly pauseAbove: number;
  readonly stopAbove: number;
  /** Seconds that a replica may be behind. */
  readonly maxLagSeconds: number;
  /** Milliseconds that copying a portion of rows may take. */
  readonly portionMs: number;
}

/** What one level says; what it leaves out comes from the level before. */
export type SettingsLayer = {
  readonly [K in keyof EnvironmentSettings]?: EnvironmentSettings[K] extends
    | readonly unknown[]
    | string
    | boolean
    | number
    | null
    ? EnvironmentSettings[K]
    : { readonly [F in keyof EnvironmentSettings[K]]?: EnvironmentSettings[K][F] };
};

/** The layers of a workspace; an environment's own is part of the environment. */
export interface SettingsLayers {
  readonly workspace: SettingsLayer;
  readonly tiers: Readonly<Partial<Record<Tier, SettingsLayer>>>;
  /** Over everything else, an environment's own included; later ones win. */
  readonly locked?: readonly LockedLayers[];
}

/** What an administrator's file holds fast. */
export interface LockedLayers {
  readonly file: string;
  readonly workspace: SettingsLayer;
  readonly tiers: Readonly<Partial<Record<Tier, SettingsLayer>>>;
}

export const noLayers: SettingsLayers = { workspace: {}, tiers: {} };

const builtIn = (tier: Tier): EnvironmentSettings => ({
  protection: protectionByTier[tier],
  applyAtStart: 'never',
  administratorOnly: false,
  progress: true,
  detailedLogs: true,
  backup: { folder: null, format: 'custom', compression: 1, encrypted: false, dumpCommand: null, provingServer: null },
  backupRetention: { days: null, count: null, undoDays: 30 },
  lockTimeoutMs: 5_000,
  lockAttempts: 5,
  onlineAlter: {
    program: 'none',
    fromMegabytes: 1024,
    foreignKeys: 'refuse',
    pauseAbove: 25,
    stopAbove: 50,
    maxLagSeconds: 5,
    portionMs: 500,
  },
  logRetentionDays: null,
  rehearsalRetentionDays: null,
  schemaRetentionDays: null,
  hooks: [],
});

/** What is locked over environment over tier over workspace over what is built in. Without `own`: what an environment of the tier inherits. */
export const settingsFor = (layers: SettingsLayers, tier: Tier, own: SettingsLayer = {}): EnvironmentSettings =>
  [
    layers.workspace,
    layers.tiers[tier] ?? {},
    own,
    ...(layers.locked ?? []).flatMap((one) => [one.workspace, one.tiers[tier] ?? {}]),
  ].reduce(laidOver, builtIn(tier));

const laidOver = (
  below: EnvironmentSettings,
  { protection, backup, backupRetention, onlineAlter, ...rest }: SettingsLayer,
) => ({
  ...below,
  ...rest,
  protection: { ...below.protection, ...protection },
  backup: { ...below.backup, ...backup },
  backupRetention: { ...below.backupRetention, ...backupRetention },
  onlineAlter: { ...below.onlineAlter, ...onlineAlter },
});

/** Somebody must look at what happens there: nothing is ever applied to it by itself. */
export const isProtected = (tier: Tier, { typedName, reason, readOnly }: Protection): boolean =>
  tier === 'production' || typedName || reason || readOnly;
