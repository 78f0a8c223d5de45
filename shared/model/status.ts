import type { Problem } from '../problem.ts';
import { attentionStatuses, type MigrationRow, type MigrationStatus } from './history.ts';
import type { LockInfo } from './lock.ts';
import type { ApplicationVersion, MigrationMetadata } from './migration.ts';
import type { Estimate, Hazard } from './plan.ts';
import type { ChecksumDifference } from './repair.ts';
import type { HistoryLine } from './run.ts';
import type { FailureMark } from './scriptLines.ts';
import type { TrustRequest } from './trust.ts';

export interface StatusMigration extends MigrationRow {
  /** The up script's file; null when the file is missing. */
  readonly path: string | null;
  readonly metadata: MigrationMetadata;
  /** It is code, not SQL: whether a person has trusted exactly what it is now. */
  readonly program: { readonly trusted: boolean } | null;
}

/** The answer of `status`, as cli.md has it. */
export interface StatusReport {
  readonly environment: string;
  readonly engine: string;
  /** `PostgreSQL`, `MariaDB`, `MySQL`, `SQLite`. */
  readonly product: string;
  readonly serverVersion: string;
  /** Equal for the same server and database, however reached. */
  readonly serverId: string;
  readonly database: string;
  readonly tool: string;
  readonly source: string;
  readonly historyTable: string;
  /** Newest applied version in the tool's order; null on an empty database. */
  readonly current: string | null;
  /** What the source belongs to, where a manifest says so. */
  readonly applicationVersion: string | null;
  /** Versions of the application that the source tells of, with the database each needs, oldest first. */
  readonly applications: readonly ApplicationVersion[];
  readonly counts: Readonly<Record<MigrationStatus, number>>;
  /** How many `up` would apply, whatever their status is called. */
  readonly pending: number;
  readonly migrations: readonly StatusMigration[];
  readonly lock: LockInfo;
  readonly problems: readonly Problem[];
  /** Worth telling, preventing nothing: which rule of order holds, files that are passed over. */
  readonly notices: readonly Problem[];
  /** Programs of the folder that are not trusted; null when there are none. */
  readonly trust: TrustRequest | null;
  /** When this was read; ISO 8601 in UTC. */
  readonly readAt: string;
}

/** How many things a person should look at before going on. */
export const attentionOf = ({ counts, problems }: Pick<StatusReport, 'counts' | 'problems'>): number =>
  attentionStatuses.reduce((total, status) => total + counts[status], 0) + problems.length;

/** Everything known of one migration in one environment. */
export interface MigrationDetail extends StatusMigration {
  readonly environment: string;
  /** Of a program: the SQL that it yields; null before it is trusted, and where it is known only when it runs. */
  readonly upSql: string | null;
  readonly downSql: string | null;
  readonly verifySql: string | null;
  /** The same with values in the place of placeholders; null where there are none. */
  readonly sentSql: { readonly up: string | null; readonly down: string | null; readonly verify: string | null };
  /** Line of each script's first character in its file, 1-based: hazards and problems name lines of the file. */
  readonly firstLines: { readonly up: number; readonly down: number; readonly verify: number };
  /** A program's own file as it is written. */
  readonly source: string | null;
  /** What to trust so that its SQL can be shown; null when nothing. */
  readonly trust: TrustRequest | null;
  /** A script longer than the limit is shown shortened. */
  readonly shortened: boolean;
  /** False: how many statements it has, which tables and hazards, and what is wrong with them, is not known yet. */
  readonly analysed: boolean;
  readonly statements: number;
  readonly tables: readonly string[];
  readonly hazards: readonly Hazard[];
  readonly estimate: Estimate | null;
  readonly fileChecksum: string | null;
  readonly recordedChecksum: string | null;
  /** Of a changed migration: how its file differs from what was applied. */
  readonly difference: ChecksumDifference | null;
  readonly runs: readonly HistoryLine[];
  /** Where its up script failed when it was last tried here; null: it did not, or is another script now. */
  readonly failure: (FailureMark & { readonly run: string }) | null;
  readonly problems: readonly Problem[];
}

/** One rung of a connection test, in order; the first failure ends it. */
export interface ConnectionCheck {
  readonly name: 'name' | 'network' | 'ssh' | 'tls' | 'login' | 'database' | 'rights' | 'dumpProgram';
  readonly outcome: 'passed' | 'failed' | 'warned' | 'skipped';
  readonly detail: string;
  readonly problem: Problem | null;
}

/** What an SSH server shows that is not known here: to be compared with what its administrator says. */
export interface UnknownHostKey {
  readonly host: string;
  /** As OpenSSH names it, `ED25519` for example. */
  readonly kind: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
}

export interface ConnectionTest {
  readonly checks: readonly ConnectionCheck[];
  /** Null where there is none, or it is known. */
  readonly hostKey: UnknownHostKey | null;
  readonly identity: {
    readonly product: string;
    readonly version: string;
    readonly database: string;
    readonly user: string;
  } | null;
}

interface DumpProgramFound {
  readonly engine: string;
  readonly path: string;
  readonly version: string;
  /** CVE numbers of known flaws by which it, or who reads its dumps, can be made to run code. */
  readonly flaws: readonly string[];
  /** What they mean and what to do; null: none is known. */
  readonly advice: string | null;
}

export interface ToolsReport {
  readonly tools: readonly { readonly id: string; readonly title: string; readonly engines: readonly string[] }[];
  readonly engines: readonly { readonly id: string; readonly title: string }[];
  /** What the engines can be connected to, and what each can do. */
  readonly products: readonly ProductFound[];
  readonly dumpPrograms: readonly DumpProgramFound[];
}

interface ProductFound {
  readonly engine: string;
  readonly title: string;
  /** The tests ran on it; else what it can do is from its documentation. */
  readonly wasRun: boolean;
  /** What keeps a second runner out: a lock of the server, a row that is renewed, or nothing. */
  readonly lock: 'session' | 'lease' | 'none';
  readonly transactionalDdl: boolean;
  readonly backups: boolean;
}
