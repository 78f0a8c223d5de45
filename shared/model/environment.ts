import type { BackupLevel } from './backup.ts';
import type { ChangeWindow, Freeze } from './changeWindow.ts';
import type { SettingsLayer } from './settings.ts';
import type { Tenant } from './tenant.ts';

export const engineIds = ['postgres', 'mysql', 'sqlite'] as const;
/** An engine driver; MySQL and MariaDB share one. */
export type EngineId = (typeof engineIds)[number];

export const tiers = ['development', 'test', 'staging', 'production'] as const;
export type Tier = (typeof tiers)[number];

export const tlsModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
/** libpq's words, for every engine. */
export type TlsMode = (typeof tlsModes)[number];

export interface NetworkConnection {
  readonly engine: 'postgres' | 'mysql';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly tls: TlsMode;
  /** PEM file of the authority to verify the server with; the system's store without it. */
  readonly tlsAuthorityFile?: string;
  /** PEM files of the client's certificate and its key, which must have no passphrase; both or none. */
  readonly tlsCertificateFile?: string;
  readonly tlsKeyFile?: string;
  /** Through this server, which then reaches `host`; absent: directly. */
  readonly ssh?: SshTunnel;
  /** PostgreSQL only: first entry is where a tool's history table lives by default. */
  readonly searchPath?: string;
}

/** A way through an SSH server. Logs in by the agent or a key; what is absent is as ~/.ssh/config has it. */
export interface SshTunnel {
  /** A name, an address, or a `Host` of ~/.ssh/config. */
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  /** Private key without a passphrase; with one it belongs into the agent. */
  readonly keyFile?: string;
  readonly knownHostsFile?: string;
}

export interface FileConnection {
  readonly engine: 'sqlite';
  /** Absolute path. */
  readonly file: string;
}

/** How to reach one database. Never holds a secret. */
export type Connection = NetworkConnection | FileConnection;

/** Where the password comes from. The password itself is never part of an environment. */
export type CredentialReference =
  | { readonly kind: 'none' }
  | { readonly kind: 'keychain'; readonly account: string }
  | { readonly kind: 'ask' };

/** What must be true before anything is changed; enforced behind the contract. */
export interface Protection {
  /** The environment's name must be typed. */
  readonly typedName: boolean;
  readonly reason: boolean;
  readonly backup: 'none' | BackupLevel;
  /** A recorded snapshot of somebody else's will do instead of a backup of ours. Absent: it will not. */
  readonly externalBackups?: boolean;
  /** Hazards of severity `danger` must be accepted by their code. */
  readonly acceptHazards: boolean;
  /** Hours that a rehearsal of the plan may be old; null: none is asked for. */
  readonly rehearsalHours: number | null;
  readonly readOnly: boolean;
  /** Changes are made inside of one of them; absent or none: at any time. */
  readonly changeWindows?: readonly ChangeWindow[];
  /** Nothing is changed until its end. */
  readonly freeze?: Freeze | null;
  /** Codes of hazards that nobody needs to accept. */
  readonly allowedHazards?: readonly string[];
  /** Codes of hazards that only an administrator may accept. */
  readonly forbiddenHazards?: readonly string[];
  /** Hours that a second person's approval of exactly this plan holds; absent or null: none is asked for. */
  readonly approvalHours?: number | null;
}

/** What is built in for each tier (design.md section 4), as far as the levels exist today; `settingsFor` tells what holds. */
export const protectionByTier: Readonly<Record<Tier, Protection>> = {
  development: {
    typedName: false,
    reason: false,
    backup: 'none',
    acceptHazards: false,
    rehearsalHours: null,
    readOnly: false,
  },
  test: {
    typedName: false,
    reason: false,
    backup: 'taken',
    acceptHazards: false,
    rehearsalHours: null,
    readOnly: false,
  },
  staging: {
    typedName: false,
    reason: false,
    backup: 'checked',
    acceptHazards: true,
    rehearsalHours: null,
    readOnly: false,
  },
  production: {
    typedName: true,
    reason: true,
    backup: 'proven',
    acceptHazards: true,
    rehearsalHours: 24,
    readOnly: false,
  },
};

export const environmentColours = ['grey', 'blue', 'green', 'yellow', 'orange', 'red', 'violet', 'teal'] as const;
export type EnvironmentColour = (typeof environmentColours)[number];

/** Where an environment's migrations come from and how to read them. */
export interface SourceReference {
  /** Absolute path of the folder. */
  readonly path: string;
  /** Absent: detected each time the source is read. */
  readonly tool?: string;
  /** `name` or `schema.name`; absent: the tool's default. */
  readonly historyTable?: string;
  readonly placeholders?: Readonly<Record<string, string>>;
}

export interface Environment {
  readonly id: string;
  /** Unique in the workspace; what a person types to confirm. */
  readonly name: string;
  readonly tier: Tier;
  readonly colour: EnvironmentColour;
  /** Empty: in no group. */
  readonly group: string;
  readonly connection: Connection;
  readonly credential: CredentialReference;
  /** As it holds: its own settings over its tier's, the workspace's and what is built in. */
  readonly protection: Protection;
  /** Its own settings; absent: it has none. */
  readonly settings?: SettingsLayer;
  readonly source: SourceReference | null;
  /** Present for one that is stored nowhere, but reached as another one is. */
  readonly tenant?: Tenant;
}
