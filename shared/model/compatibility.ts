/** Which version of the application suits which version of the database. */
import type { ApplicationVersion } from './migration.ts';

/** `unsaid`: the database is newer than this version came with, and nothing says whether it suits all the same. */
export type Suitability = 'suits' | 'tooOld' | 'tooNew' | 'unsaid';

/** Both ends belong to it; null: no end on that side. */
export interface VersionRange {
  readonly from: string | null;
  readonly to: string | null;
}

/** A row of the matrix, and what it means for the database that was read. */
export interface ApplicationSuitability extends ApplicationVersion {
  /** Every migration that belongs to it is applied. */
  readonly reached: boolean;
  readonly suitability: Suitability;
}

/** About the application's version that was asked for. */
export interface CompatibilityVerdict {
  readonly application: string;
  /** The entry that it was judged by; null: there is none, or none before it. */
  readonly judgedAs: string | null;
  /** `unknown`: nothing tells of this version. */
  readonly suitability: Suitability | 'unknown';
  /** The database that it needs at least. */
  readonly needs: string | null;
  /** Migrations that it needs and that are not applied. */
  readonly missing: readonly string[];
  /** Migrations that are applied and did not come with it. */
  readonly beyond: readonly string[];
}

/** The answer of `compat`. */
export interface CompatibilityReport {
  readonly environment: string;
  readonly database: string;
  /** Newest applied version; null on an empty database. */
  readonly current: string | null;
  /** `manifest`: the source says it. `history`: derived from what was applied together, since the source says nothing. */
  readonly basis: 'manifest' | 'history';
  readonly verdict: CompatibilityVerdict | null;
  /** Oldest first. */
  readonly applications: readonly ApplicationSuitability[];
  /** Versions of the database, oldest first. */
  readonly databases: readonly string[];
  /** One row for each application, one cell for each database. */
  readonly cells: readonly (readonly Suitability[])[];
}

/** Numbers between dots, as many as a team likes: `2024.3`, `5.1.0.12`, `v2.4`. Null: another way of naming versions. */
function segmentsOf(version: string): bigint[] | null {
  const numbers = /^v?(\d{1,30}(?:\.\d{1,30})*)$/i.exec(version.trim())?.[1];
  return numbers === undefined ? null : numbers.split('.').map(BigInt);
}

/**
 * Less than 0: `left` is before `right`. A missing segment is 0. Null: they are not comparable, as their names say nothing
 * of their order.
 */
export function compareApplicationVersions(left: string, right: string): number | null {
  const [a, b] = [segmentsOf(left), segmentsOf(right)];
  if (a === null || b === null) return sameVersion(left, right) ? 0 : null;
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [one, other] = [a[at] ?? 0n, b[at] ?? 0n];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

const sameVersion = (left: string, right: string): boolean => nameOf(left) === nameOf(right);
const nameOf = (version: string): string =>
  version
    .trim()
    .replace(/^v(?=\d)/i, '')
    .toLowerCase();

/** The entry of exactly this version, else the newest before it: what came between needed no other database. */
export function applicationFor<A extends { readonly version: string }>(
  applications: readonly A[],
  version: string,
): A | null {
  const same = applications.find((one) => compareApplicationVersions(one.version, version) === 0);
  if (same !== undefined) return same;
  const before = applications.filter((one) => (compareApplicationVersions(one.version, version) ?? 1) < 0);
  return before.reduce<A | null>(
    (newest, one) =>
      newest === null || (compareApplicationVersions(one.version, newest.version) ?? 0) >= 0 ? one : newest,
    null,
  );
}

/** Shape and word; colours are each interface's own. */
export const suitabilityMarks = {
  suits: { glyph: '✓', word: 'Suits' },
  tooOld: { glyph: '✕', word: 'Too old' },
  tooNew: { glyph: '▲', word: 'Too new' },
  unsaid: { glyph: '?', word: 'Not said' },
  unknown: { glyph: '?', word: 'Not known' },
} as const satisfies Readonly<Record<Suitability | 'unknown', { readonly glyph: string; readonly word: string }>>;

/** In a sentence. */
export function describeVerdict({ application, judgedAs, suitability, needs, missing, beyond }: CompatibilityVerdict) {
  const named =
    judgedAs === null || judgedAs === application
      ? application
      : `${application} (judged as ${judgedAs}, the newest before it)`;
  const steps = (versions: readonly string[]): string =>
    `${versions.length} ${versions.length === 1 ? 'migration' : 'migrations'}`;
  switch (suitability) {
    case 'suits':
      return `This database suits version ${named} of the application.`;
    case 'tooOld':
      return `This database is too old for version ${named} of the application: ${steps(missing)} up to ${needs} must be applied first.`;
    case 'tooNew':
      return `This database is too new for version ${named} of the application: ${steps(beyond)} after what it suits.`;
    case 'unsaid':
      return `This database is newer than what version ${named} of the application came with, by ${steps(beyond)}; nothing says whether it suits all the same.`;
    case 'unknown':
      return `Nothing tells which database version ${named} of the application needs.`;
  }
}
