/** In which order node-pg-migrate runs its files: its versions differ (src/migration.ts; src/utils/fileNameUtils.ts since 9). */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findPackage, readManifest } from '../programs/packages.ts';
import { projectOf } from '../programs/readProgram.ts';

export interface OrderRule {
  readonly version: 8 | 9;
  /** Why this one, for people. */
  readonly reason: string;
}

/** By the version that the project has installed or asks for; without any, by the names. */
export function orderRule(root: string, names: readonly string[]): OrderRule {
  const wanted = installedVersion(root) ?? lockedVersion(root) ?? askedVersion(root);
  const major = wanted === null ? Number.NaN : Number(/\d+/.exec(wanted.version)?.[0]);
  if (wanted !== null && !Number.isNaN(major))
    return { version: major >= 9 ? 9 : 8, reason: `${wanted.where} ${wanted.version}` };
  const numbered = names.every((name) => /^\d/.test(name));
  return numbered
    ? { version: 9, reason: 'every file is numbered, and no version of the tool is named in the project' }
    : { version: 8, reason: 'some files are not numbered, which version 9 refuses' };
}

interface Wanted {
  readonly version: string;
  readonly where: string;
}

function installedVersion(root: string): Wanted | null {
  const folder = findPackage('node-pg-migrate', root);
  const version = folder === null ? undefined : readManifest(folder).version;
  return version === undefined ? null : { version, where: 'the project has installed version' };
}

function lockedVersion(root: string): Wanted | null {
  const file = join(projectOf(root), 'package-lock.json');
  if (!existsSync(file)) return null;
  const found = /"node_modules\/node-pg-migrate":\s*\{\s*"version":\s*"([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1];
  return found === undefined ? null : { version: found, where: 'package-lock.json names version' };
}

function askedVersion(root: string): Wanted | null {
  const project = projectOf(root);
  for (const folder of [project, dirname(project)]) {
    const { dependencies, devDependencies } = readManifest(folder);
    const range = { ...devDependencies, ...dependencies }['node-pg-migrate'];
    if (range !== undefined) return { version: range, where: 'package.json asks for' };
  }
  return null;
}

/**
 * Ties by name as people sort it; the same in every language setting, so that one folder has one order. Made when it is
 * needed: to make the first one of a process takes longer than most of its commands' own modules.
 */
const createCollator = (): Intl.Collator =>
  new Intl.Collator('en', { usage: 'sort', numeric: true, sensitivity: 'variant', ignorePunctuation: true });

/** Compares file names with their extensions. */
export function compareNames({ version }: OrderRule): (left: string, right: string) => number {
  const collator = createCollator();
  return (left, right) => prefixOf(version, left) - prefixOf(version, right) || collator.compare(left, right);
}

/** Number before the name: milliseconds since the epoch, a UTC date of 17 digits turned into them, or any other number. */
function prefixOf(version: 8 | 9, name: string): number {
  // 9: all digits at the beginning. 8: everything before the first underscore, and 0 where that is no number.
  const prefix = (version === 9 ? /^\d*/.exec(name)?.[0] : name.split('_')[0]) ?? '';
  const date = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/.exec(prefix);
  if (date === null) return Number(prefix) || 0;
  const [, year, month, day, hour, minute, second, ms] = date;
  // Of no existing date this is no number either; names are then compared, as the tool does.
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}
