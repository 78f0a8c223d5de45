/** `lockkeeper.json`: the format's version, and which version of the application needs which of the database. */
import type { ApplicationVersion, Migration, MigrationSource } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { invalidMetadata, type JsonObject, readJsonFile } from '../common/json.ts';
import { printable } from '../common/problems.ts';
import { canonicalSegments, compareSegments } from '../common/versions.ts';
import { manifestName } from './layout.ts';

type Told = Pick<MigrationSource, 'applicationVersion' | 'applications'>;

/** `migrations`: in order. */
export async function readManifest(root: string, migrations: readonly Migration[], problems: Problem[]): Promise<Told> {
  const manifest = await readJsonFile(root, manifestName, problems);
  if (manifest === null) return { applicationVersion: null, applications: [] };
  const { lockkeeper: format, applicationVersion, applications } = manifest;
  const refuse = (message: string, hint: string): void => {
    problems.push(invalidMetadata(manifestName, message, hint));
  };
  if (format !== 1)
    refuse(
      `${manifestName} must say "lockkeeper": 1, the version of the format.`,
      'Write it, or use a Lockkeeper that knows the version it names.',
    );
  const told = applications === undefined ? [] : versionsOf(applications, migrations, refuse);
  return {
    applicationVersion: typeof applicationVersion === 'string' ? applicationVersion : (told.at(-1)?.version ?? null),
    applications: told,
  };
}

type Refuse = (message: string, hint: string) => void;

function versionsOf(given: unknown, migrations: readonly Migration[], refuse: Refuse): ApplicationVersion[] {
  const shape =
    'Write a list of { "version": "2.4.0", "database": "1.2.0", "until": "1.4.0", "date": "2026-02-03", "changes": ["…"] }; until, date and changes may be left out.';
  if (!Array.isArray(given)) {
    refuse(`"applications" in ${manifestName} is no list.`, shape);
    return [];
  }
  const known = new Map(migrations.map(({ version }) => [canonicalSegments(version), version]));
  const written: Written[] = [];
  for (const [index, one] of given.entries()) {
    const entry = entryOf(one);
    if (entry === null) {
      refuse(`Entry ${index + 1} of "applications" in ${manifestName} cannot be read.`, shape);
      continue;
    }
    const [database, until] = [entry.database, entry.until].map((named) => named && known.get(segmentsOf(named)));
    if (database === undefined)
      refuse(
        `${manifestName} says that version ${printable(entry.version)} of the application needs the database ${printable(entry.database)}, but no migration has this version.`,
        'Name the version of the last migration that belongs to it.',
      );
    else if (entry.until !== undefined && (until === undefined || compareSegments(until, database) < 0))
      refuse(
        `${manifestName} says that version ${printable(entry.version)} of the application suits databases until ${printable(entry.until)}, but no migration from ${printable(database)} on has this version.`,
        'Name the version of the newest migration that it still suits, or leave "until" out.',
      );
    else if (written.some(({ version }) => version === entry.version))
      refuse(`${manifestName} names version ${printable(entry.version)} of the application twice.`, 'Join the two.');
    else written.push({ ...entry, database, ...(until === undefined ? {} : { until }) });
  }
  // The order of application versions is the list's: how a team numbers them is its own affair.
  return written
    .map((entry, index) => ({ entry, index }))
    .sort((a, b) => compareSegments(a.entry.database, b.entry.database) || a.index - b.index)
    .map(({ entry }, index, sorted) => ({
      ...entry,
      changes: entry.changes ?? changesBetween(sorted[index - 1]?.entry.database ?? null, entry.database, migrations),
    }));
}

type Written = Omit<ApplicationVersion, 'changes'> & { readonly changes: readonly string[] | null };

function entryOf(given: unknown): Written | null {
  if (!isObject(given)) return null;
  const { version, database, until, date, changes } = given;
  const listed = changes === undefined ? null : textsOf(changes);
  if (!isText(version) || !isText(database) || !isTextOrAbsent(until) || !isTextOrAbsent(date)) return null;
  if (changes !== undefined && listed === null) return null;
  return { version, database, date: date ?? null, changes: listed, ...(until === undefined ? {} : { until }) };
}

const segmentsOf = (named: string): string => canonicalSegments(named.replace(/^v/i, ''));

/** What the migrations after one version of the database, up to another, say of themselves. */
function changesBetween(after: string | null, upTo: string, migrations: readonly Migration[]): string[] {
  return migrations
    .filter(
      ({ version }) => (after === null || compareSegments(version, after) > 0) && compareSegments(version, upTo) <= 0,
    )
    .flatMap(({ name, metadata }) => metadata.changes ?? [metadata.description ?? name.replace(/[_-]+/g, ' ')]);
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTextOrAbsent = (value: unknown): value is string | undefined => value === undefined || isText(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const textsOf = (value: unknown): string[] | null => (Array.isArray(value) && value.every(isText) ? value : null);
