/** A signed file with migrations and a manifest, carried to a site. */
import type { Problem } from '../problem.ts';
import type { VersionRange } from './compatibility.ts';
import type { Tier } from './environment.ts';
import type { TrustedKey } from './trustedKey.ts';

/** How such a file's name ends. */
export const bundleEnding = '.lkb';

/** Does a source's path name a bundle instead of a folder? */
export const isBundlePath = (path: string): boolean => path.toLowerCase().endsWith(bundleEnding);

/** What servers call themselves. */
export const products = ['PostgreSQL', 'MySQL', 'MariaDB', 'SQLite'] as const;
export type Product = (typeof products)[number];

/** A server that it is made for, with the versions of it. */
export interface ProductRange extends VersionRange {
  readonly product: Product;
}

/** What it asks of the place that it is applied in. */
export interface BundleRequirements {
  /** Versions of the application that may use the database afterwards; for people. */
  readonly applications: readonly string[];
  /** Version of a migration that must be applied before; null: none beside those before the range. */
  readonly schemaVersion: string | null;
  /** Empty: every server that its tool works on. */
  readonly servers: readonly ProductRange[];
  /** Extensions that the database must have, by name. */
  readonly extensions: readonly string[];
}

export interface BundledMigration {
  readonly version: string;
  readonly historyKey: string;
  readonly name: string;
  readonly kind: 'versioned' | 'repeatable' | 'baseline';
  readonly checksum: string | null;
  readonly otherChecksums: readonly string[];
  /** False: it comes before the range, and its files stayed at home. */
  readonly included: boolean;
  readonly reversible: boolean;
  /** Its scripts are code, which runs only after somebody trusted exactly that. */
  readonly program: boolean;
}

export interface BundledFile {
  /** With `/`, relative to the source. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** What is signed. */
export interface BundleManifest {
  readonly format: 'lockkeeper bundle 1';
  readonly tool: string;
  /** Who made it, in their own words. */
  readonly origin: string | null;
  /** Plain text. */
  readonly notes: string | null;
  /** Versions of the first and last migration that it brings. */
  readonly range: { readonly from: string; readonly to: string };
  readonly requires: BundleRequirements;
  /** Up to the end of the range, in the tool's own order. */
  readonly migrations: readonly BundledMigration[];
  /** In byte order of their paths. */
  readonly files: readonly BundledFile[];
}

/** Everything that can be told of a bundle without trusting it. */
export interface BundleReport {
  /** As it was named, or the name it was brought with. */
  readonly file: string;
  /** SHA-256 of the whole file, lower-case hex. */
  readonly digest: string;
  readonly bytes: number;
  readonly manifest: BundleManifest;
  readonly signer: {
    /** SPKI in DER, base64. */
    readonly publicKey: string;
    readonly fingerprint: string;
    /** Null: nobody here has said that bundles of this key are believed. */
    readonly trusted: Pick<TrustedKey, 'name' | 'addedAt' | 'addedBy'> | null;
  };
}

export const bundleChecks = [
  'contents',
  'trust',
  'tool',
  'server',
  'extensions',
  'schemaVersion',
  'predecessors',
  'checksums',
  'range',
] as const;

export interface BundleCheck {
  readonly check: (typeof bundleChecks)[number];
  readonly passed: boolean;
  /** What was found, in one sentence. */
  readonly detail: string;
}

/** Does it suit an environment? Nothing of it was run for this. */
export interface BundleVerdict {
  readonly environment: string;
  readonly tier: Tier;
  /** Null: it was not asked. */
  readonly server: string | null;
  /** Its address. */
  readonly database: string;
  readonly verdict: 'applicable' | 'alreadyApplied' | 'refused';
  /** Those that were made: the first that fails ends them where it must. */
  readonly checks: readonly BundleCheck[];
  /** Versions that it would apply, in order. */
  readonly pending: readonly string[];
  /** Why it is refused; null: it is not. */
  readonly problem: Problem | null;
}
