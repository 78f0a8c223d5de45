/** Does a bundle suit a database? Asked before anything of it is planned, and of every plan with it again. */
import type { BundleCheck, BundleRequirements, ProductRange } from '../../../shared/model/bundle.ts';
import { compareApplicationVersions } from '../../../shared/model/compatibility.ts';
import { nothingChanged, type Problem } from '../../../shared/problem.ts';
import type { Driver } from '../../databases/driver.ts';
import { type Compared, type Comparison, isApplied, isPending, keyOf, versionOf } from '../../engine/compare.ts';
import type { ServerIdentity, Session } from '../../engine/ports.ts';
import type { OpenSource } from '../readSource.ts';
import { formatTable } from '../readSource.ts';
import type { UsedBundle } from './useBundle.ts';

export interface Judged {
  readonly bundle: UsedBundle;
  readonly driver: Driver;
  readonly source: OpenSource;
  readonly session: Session;
  readonly comparison: Comparison;
  readonly tableExists: boolean;
}

/** In the order of `bundleChecks`, from `server` on. A question. */
export async function judge(judged: Judged): Promise<BundleCheck[]> {
  const { bundle, session, comparison, source, tableExists } = judged;
  const { requires } = bundle.manifest;
  return [
    server(requires.servers, session.identity),
    await extensions(requires, judged),
    schemaVersion(requires, comparison.rows),
    predecessors(judged),
    checksums(comparison.rows),
    range(comparison.rows, tableExists ? formatTable(source.history.table) : null),
  ];
}

/** The first that fails, as what stands in the way; null: nothing does. */
export function unfit(checks: readonly BundleCheck[]): Problem | null {
  const failed = checks.find(({ passed }) => !passed);
  if (failed === undefined) return null;
  return {
    code: 'bundle.unfit',
    message: `The bundle does not suit this database: ${failed.detail}`,
    state: nothingChanged,
    hint: hints[failed.check] ?? 'Ask whoever made the bundle for one that fits.',
  };
}

const hints: Partial<Readonly<Record<BundleCheck['check'], string>>> = {
  predecessors: 'Apply the bundle or the release that has them first.',
  schemaVersion: 'Apply the bundle or the release that has it first.',
  checksums: 'Tell whoever made the bundle: this database was changed by other scripts than theirs.',
  extensions: 'Have them installed by the database’s administrator: CREATE EXTENSION.',
};

const list = (names: readonly string[]): string =>
  `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;

function server(servers: readonly ProductRange[], { product, version }: ServerIdentity): BundleCheck {
  const here = `${product} ${version}`;
  const passed = servers.length === 0 || servers.some((one) => one.product === product && isWithin(version, one));
  const detail =
    servers.length === 0
      ? `it names none; here is ${here}`
      : `it is for ${list(servers.map(rangeWords))}; here is ${here}`;
  return { check: 'server', passed, detail: `${detail}.` };
}

function rangeWords({ product, from, to }: ProductRange): string {
  if (from === null && to === null) return product;
  if (from === to) return `${product} ${from}`;
  return from === null
    ? `${product} up to ${to}`
    : to === null
      ? `${product} from ${from}`
      : `${product} ${from} to ${to}`;
}

/** The end of a range holds all that begins with it: up to 17 includes 17.4. */
function isWithin(version: string, { from, to }: ProductRange): boolean {
  const number = /^\d+(?:\.\d+)*/.exec(version)?.[0] ?? null;
  if (number === null) return from === null && to === null;
  const cut = to === null ? number : number.split('.').slice(0, to.split('.').length).join('.');
  const above = from === null ? 0 : compareApplicationVersions(number, from);
  const below = to === null ? 0 : compareApplicationVersions(cut, to);
  return above !== null && above >= 0 && below !== null && below <= 0;
}

async function extensions(
  { extensions: wanted }: BundleRequirements,
  { driver, session }: Judged,
): Promise<BundleCheck> {
  if (wanted.length === 0) return { check: 'extensions', passed: true, detail: 'it asks for none.' };
  const there = new Set(await driver.readExtensions?.(session));
  const missing = wanted.filter((name) => !there.has(name));
  const detail = missing.length === 0 ? `${list(wanted)}: all are there.` : `extensions are missing: ${list(missing)}.`;
  return { check: 'extensions', passed: missing.length === 0, detail };
}

const isThere = (row: Compared): boolean => isApplied(row) || row.status === 'baseline' || row.status === 'ignored';

function schemaVersion({ schemaVersion: wanted }: BundleRequirements, rows: readonly Compared[]): BundleCheck {
  if (wanted === null) return { check: 'schemaVersion', passed: true, detail: 'it asks for none by name.' };
  const passed = rows.some((row) => (versionOf(row) === wanted || keyOf(row) === wanted) && isThere(row));
  return { check: 'schemaVersion', passed, detail: `version ${wanted} ${passed ? 'is' : 'is not'} applied.` };
}

function predecessors({ bundle, comparison }: Judged): BundleCheck {
  const before = new Set(bundle.manifest.migrations.filter((one) => !one.included).map((one) => one.historyKey));
  const missing = comparison.rows.filter((row) => before.has(keyOf(row)) && !isThere(row)).map(versionOf);
  const detail =
    missing.length > 0
      ? `migrations before it are not applied: ${list(missing)}.`
      : before.size === 0
        ? 'it begins with the first migration.'
        : `all ${before.size} before it are applied.`;
  return { check: 'predecessors', passed: missing.length === 0, detail };
}

function checksums(rows: readonly Compared[]): BundleCheck {
  const changed = rows.filter(({ status }) => status === 'changed').map(versionOf);
  const detail =
    changed.length === 0
      ? 'what is applied is what the bundle has.'
      : `applied here with another content: ${list(changed)}.`;
  return { check: 'checksums', passed: changed.length === 0, detail };
}

function range(rows: readonly Compared[], table: string | null): BundleCheck {
  const pending = rows
    .filter(isPending)
    .filter(({ migration }) => migration?.notRunnable === undefined)
    .map(versionOf);
  const unknown = rows.filter(({ status }) => status === 'missing').length;
  const what = pending.length === 0 ? 'all of it is applied' : `it would apply ${pending.length}: ${list(pending)}`;
  const history = table === null ? '; there is no history table yet' : `; history in ${table}`;
  const more = unknown === 0 ? '' : `; the history has ${unknown} that the bundle does not know`;
  return { check: 'range', passed: true, detail: `${what}${history}${more}.` };
}
