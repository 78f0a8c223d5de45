/** Environments carried from one workspace, or from other programs' files, to another. Never a password. */
import type { Environment, Tier } from './environment.ts';
import type { SettingsLayer } from './settings.ts';

/** What travels: everything but identity and secret. */
export type TransferredEnvironment = Pick<
  Environment,
  'name' | 'tier' | 'colour' | 'group' | 'connection' | 'protection' | 'source'
> & {
  /** What it chose for itself; `protection` is what held where it comes from. Absent: nothing, or not told. */
  readonly settings?: SettingsLayer;
  /** It needs a password, which is asked for or found in the clients' own files. */
  readonly credential: 'none' | 'ask';
};

export interface ImportCandidate {
  readonly environment: TransferredEnvironment;
  /** The file it comes from. */
  readonly from: string;
  /** `found`: in the file; `asked`: it is not. */
  readonly password: 'none' | 'found' | 'asked';
  /** What a person should know, in words. */
  readonly notes: readonly string[];
  /** There is one of this name, or with this connection: it is left as it is. */
  readonly existing: string | null;
}

/** Settings for all environments, or for those of a tier. */
export interface ImportedLayer {
  readonly scope: 'workspace' | Tier;
  readonly values: SettingsLayer;
}

export interface ImportPreview {
  readonly candidates: readonly ImportCandidate[];
  /** Entries that name no single database, and why. */
  readonly passedOver: readonly { readonly from: string; readonly what: string; readonly why: string }[];
  /** Settings of the file that nothing is set for here: added only when asked for. */
  readonly settings: readonly ImportedLayer[];
}

/** The answer of `env import`. */
export interface ImportReport extends ImportPreview {
  readonly added: readonly string[];
  /** Whether `settings` were added. */
  readonly settingsAdded: boolean;
}

/** A file of another program on the computer Lockkeeper runs on, which may name connections. */
export interface ImportSource {
  readonly program: 'pgpass' | 'pgService' | 'myCnf' | 'dbeaver';
  readonly path: string;
}
