/** Versions of the application × what is applied → what suits. Pure. */
import {
  type ApplicationSuitability,
  applicationFor,
  type CompatibilityReport,
  type CompatibilityVerdict,
  type Suitability,
} from '../../shared/model/compatibility.ts';
import type { ApplicationVersion } from '../../shared/model/migration.ts';
import { type Compared, isApplied, versionOf } from './compare.ts';

/** Milliseconds between two migrations of one deployment, at most. */
const oneDeployment = 60 * 60 * 1000;

export type CompatibilityFound = Pick<
  CompatibilityReport,
  'basis' | 'applications' | 'databases' | 'cells' | 'verdict'
>;

/**
 * @param told what the source says; empty: it is derived
 * @param wanted the application's version; null: the source's own
 */
export function judgeCompatibility(
  rows: readonly Compared[],
  told: { readonly applications: readonly ApplicationVersion[]; readonly applicationVersion: string | null },
  wanted: string | null,
): CompatibilityFound {
  const versions = rows.filter((row) => row.migration?.kind !== 'repeatable');
  const basis = told.applications.length > 0 ? 'manifest' : 'history';
  const released = basis === 'manifest' ? told.applications : deriveReleases(versions);
  const applications = released.map((application) => ({ ...application, ...standing(versions, application) }));
  const databases = databasesOf(versions, released);
  const asked = wanted ?? (basis === 'manifest' ? told.applicationVersion : null) ?? released.at(-1)?.version ?? null;
  return {
    basis,
    applications: applications.map(({ missing: _, beyond: __, ...application }) => application),
    databases,
    cells: released.map((application) => databases.map((database) => cellOf(versions, application, database))),
    verdict: asked === null ? null : verdictOn(applications, asked),
  };
}

const isThere = (row: Compared): boolean => isApplied(row) || row.status === 'baseline';
const placeOf = (rows: readonly Compared[], version: string): number =>
  rows.findLastIndex((row) => versionOf(row) === version);

type Standing = Pick<ApplicationSuitability, 'reached' | 'suitability'> &
  Pick<CompatibilityVerdict, 'missing' | 'beyond'>;

/** What an application finds in the database as it is. */
function standing(rows: readonly Compared[], { database, until }: ApplicationVersion): Standing {
  const needed = placeOf(rows, database);
  const last = until === undefined ? needed : placeOf(rows, until);
  const missing = rows.slice(0, needed + 1).filter((row) => !isThere(row) && row.status !== 'ignored');
  const beyond = rows.slice(needed + 1).filter(isThere);
  const tooFar = rows.slice(last + 1).some(isThere);
  return {
    reached: missing.length === 0,
    suitability: missing.length > 0 ? 'tooOld' : newer(beyond.length > 0, tooFar, until !== undefined),
    missing: missing.map(versionOf),
    beyond: beyond.map(versionOf),
  };
}

const newer = (beyond: boolean, tooFar: boolean, isSaid: boolean): Suitability => {
  if (!beyond || (isSaid && !tooFar)) return 'suits';
  return isSaid ? 'tooNew' : 'unsaid';
};

/** Of a database that has everything up to `database`, and nothing else. */
function cellOf(rows: readonly Compared[], { database: needed, until }: ApplicationVersion, database: string) {
  const at = placeOf(rows, database);
  if (at < placeOf(rows, needed)) return 'tooOld';
  return newer(at > placeOf(rows, needed), at > placeOf(rows, until ?? needed), until !== undefined);
}

/** Those that applications name, and what the database has now; in the tool's order. */
function databasesOf(rows: readonly Compared[], applications: readonly ApplicationVersion[]): string[] {
  const named = new Set(
    applications.flatMap(({ database, until }) => (until === undefined ? [database] : [database, until])),
  );
  const current = rows.findLastIndex(isThere);
  return [...new Set(rows.filter((row, index) => named.has(versionOf(row)) || index === current).map(versionOf))];
}

function verdictOn(
  applications: readonly (ApplicationVersion & Standing)[],
  application: string,
): CompatibilityVerdict {
  const found = applicationFor(applications, application);
  if (found === null)
    return { application, judgedAs: null, suitability: 'unknown', needs: null, missing: [], beyond: [] };
  const { version, suitability, database, missing, beyond } = found;
  return { application, judgedAs: version, suitability, needs: database, missing, beyond };
}

/**
 * What was applied together came together: each deployment stands for a release, named by the database that it left, and
 * what waits in the folder for the one to come.
 */
function deriveReleases(rows: readonly Compared[]): ApplicationVersion[] {
  const groups: Compared[][] = [];
  for (const row of rows.filter(isThere)) {
    const group = groups.at(-1);
    if (group !== undefined && isSameDeployment(group.at(-1), row)) group.push(row);
    else groups.push([row]);
  }
  const waiting = rows.filter((row) => row.migration !== null && !isThere(row) && row.status !== 'ignored');
  if (waiting.length > 0) groups.push(waiting);
  return groups.flatMap((group) => {
    const last = group.at(-1);
    if (last === undefined) return [];
    const version = versionOf(last);
    const date = isThere(last) ? (last.entry?.appliedAt ?? null) : null;
    return [{ version, database: version, date, changes: group.flatMap(changesOf) }];
  });
}

function isSameDeployment(before: Compared | undefined, row: Compared): boolean {
  const [last, next] = [before?.entry ?? null, row.entry];
  if (last === null || next === null) return true;
  if (last.batch !== null && next.batch !== null) return last.batch === next.batch;
  if (last.appliedAt === null || next.appliedAt === null) return true;
  return Math.abs(Date.parse(next.appliedAt) - Date.parse(last.appliedAt)) <= oneDeployment;
}

const changesOf = ({ migration, entry }: Compared): readonly string[] =>
  migration?.metadata.changes ?? [
    migration?.metadata.description ?? (migration?.name ?? entry?.name ?? '').replace(/[_-]+/g, ' '),
  ];
