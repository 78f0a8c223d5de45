/** Flyway's migrations in a folder: which files are some, and what each is. */
import type { Migration } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { walkFolder } from '../common/folder.ts';
import { printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import { canonicalSegments, compareBytes, compareSegments } from '../common/versions.ts';
import type { ReadOptions, ReadResult } from '../tool.ts';
import { foldersOf } from './locations.ts';
import { type FlywayName, parseName } from './names.ts';
import { valuesFrom } from './placeholders.ts';
import { type FlywayScript, programSuffixes, type Reading, readScript } from './script.ts';
import { defaultTable, readSettings } from './settings.ts';

export const repeatableKey = (description: string): string => `R__${description.replaceAll(' ', '_')}`;
export const baselineKey = (version: string): string => `B${canonicalSegments(version)}`;

/** A file by its name, in one of the locations. */
interface Found {
  readonly path: string;
  /** Relative to its location: what the history calls it. */
  readonly recordedAs: string;
  readonly name: FlywayName;
}

export async function readFlyway(root: string, options: ReadOptions): Promise<ReadResult> {
  const findings = newFindings();
  const settings = await readSettings(root, findings.problems);
  const reading: Reading = { root, settings, values: valuesFrom(settings, options), findings };
  const found = await findFiles(reading);
  const undo = undoByVersion(found, findings);
  const migrations: Migration[] = [];
  for (const one of found) {
    const { role } = one.name;
    if (role === 'versioned' || role === 'baseline' || role === 'repeatable')
      migrations.push(await migrationOf(one, undo, reading));
  }
  migrations.sort(compareMigrations);
  const { kept, problems } = withoutDuplicates(migrations, (migration) => migration.historyKey);
  findings.problems.push(...problems, ...undoWithoutVersion(undo, kept));
  return {
    ...readResult(root, 'flyway', kept, findings),
    rules: {
      outOfOrder: settings.outOfOrder ? 'allowed' : 'refused',
      leavesTransaction: settings.mixed ? 'always' : 'unmixed',
    },
    ...(settings.table === null && settings.schema === null
      ? {}
      : { historyTable: { schema: settings.schema, name: settings.table ?? defaultTable } }),
  };
}

async function findFiles({ root, settings, findings }: Reading): Promise<Found[]> {
  const found: Found[] = [];
  const withPrograms = { ...settings, suffixes: programSuffixes };
  for (const location of await foldersOf(root, settings, findings.problems)) {
    const { files, problems } = await walkFolder(root, location);
    findings.problems.push(...problems);
    for (const path of files) {
      const recordedAs = location === '' ? path : path.slice(location.length + 1);
      const file = path.slice(path.lastIndexOf('/') + 1);
      const program = parseName(file, withPrograms);
      const name = parseName(file, settings) ?? (program?.role === 'invalid' ? null : program);
      if (name?.role === 'callback') findings[name.runs ? 'problems' : 'notices'].push(callback(path, name.event));
      else if (name?.role === 'invalid')
        findings[settings.validateNaming ? 'problems' : 'notices'].push(misnamed(path, name.wanted));
      else if (name !== null) found.push({ path, recordedAs, name });
      else if (file.toLowerCase().endsWith('.sql')) findings.notices.push(misnamed(path, 'V1.2__description.sql'));
    }
  }
  return found;
}

function undoByVersion(found: readonly Found[], findings: Findings): Map<string, Found> {
  const undo = new Map<string, Found>();
  for (const one of found) {
    if (one.name.role !== 'undo') continue;
    const key = canonicalSegments(one.name.version);
    const other = undo.get(key);
    if (other === undefined) undo.set(key, one);
    else {
      const message = `${printable(one.path)} and ${printable(other.path)} undo the same version, ${one.name.version}.`;
      const hint = 'Keep the one that belongs to the migration.';
      findings.problems.push(sourceProblem('source.duplicateVersion', message, hint, { path: one.path }));
    }
  }
  return undo;
}

const undoWithoutVersion = (undo: ReadonlyMap<string, Found>, migrations: readonly Migration[]): Problem[] =>
  [...undo].flatMap(([key, { path }]) => {
    if (migrations.some((migration) => migration.kind === 'versioned' && migration.historyKey === key)) return [];
    const message = `${printable(path)} undoes a version that no migration here has.`;
    return [
      sourceProblem('source.downWithoutUp', message, 'Add the versioned migration, or remove this file.', { path }),
    ];
  });

async function migrationOf(found: Found, undo: ReadonlyMap<string, Found>, reading: Reading): Promise<Migration> {
  const { path, recordedAs, name } = found;
  const up = await readScript(path, reading);
  const back = name.role === 'versioned' ? undo.get(canonicalSegments(name.version)) : undefined;
  const down = back === undefined ? null : await readScript(back.path, reading);
  return {
    ...identityOf(name),
    up: up.script,
    down: down?.script ?? null,
    verify: null,
    ...(recordedAs === path ? {} : { recordedAs }),
    ...checksumsOf(up, name.role === 'repeatable'),
    ...up.conditions,
    transaction: { up: up.inTransaction, down: down?.inTransaction ?? true },
    metadata: {},
  };
}

/** A repeatable one's checksum is that of its text with values; that of the file stands for the same. */
function checksumsOf({ checksum, replacedChecksum }: FlywayScript, repeatable: boolean) {
  if (!repeatable || replacedChecksum === checksum || checksum === null) return { checksum };
  return { checksum: replacedChecksum, otherChecksums: [checksum] };
}

function identityOf(name: FlywayName): Pick<Migration, 'version' | 'historyKey' | 'name' | 'kind'> {
  switch (name.role) {
    case 'repeatable': {
      const key = repeatableKey(name.description);
      return { version: key, historyKey: key, name: name.description, kind: 'repeatable' };
    }
    case 'baseline':
      return {
        version: `B${name.version}`,
        historyKey: baselineKey(name.version),
        name: name.description,
        kind: 'baseline',
      };
    case 'versioned':
      return {
        version: name.version,
        historyKey: canonicalSegments(name.version),
        name: name.description,
        kind: 'versioned',
      };
    default:
      throw new Error('only migrations have an identity');
  }
}

/** By version, a baseline behind the version it stands for; then the repeatable ones by description. */
function compareMigrations(left: Migration, right: Migration): number {
  if (left.kind === 'repeatable' || right.kind === 'repeatable')
    return left.kind === right.kind ? compareBytes(left.name, right.name) : left.kind === 'repeatable' ? 1 : -1;
  const order = compareSegments(left.version.replace(/^B/, ''), right.version.replace(/^B/, ''));
  return order === 0 ? compareBytes(right.kind, left.kind) : order;
}

function callback(path: string, event: string): Problem {
  const message = `${printable(path)} is a callback of Flyway’s event ${event}; callbacks are not run here.`;
  const hint = 'Run this project with Flyway itself, or move the callback’s work into a (repeatable) migration.';
  return sourceProblem('source.unsupported', message, hint, { path });
}

function misnamed(path: string, wanted: string): Problem {
  const message = `${printable(path)} is not named as Flyway names migrations; it is passed over.`;
  return sourceProblem('source.unknownName', message, `If it is a migration, name it like ${wanted}.`, { path });
}
