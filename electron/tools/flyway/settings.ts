/** What flyway.toml or flyway.conf sets of a project; only what concerns migrations, never how to connect. */
import { join, relative, sep } from 'node:path';
import type { Problem } from '../../../shared/problem.ts';
import { projectFolders } from '../common/detecting.ts';
import { listed } from '../common/metadata.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import {
  parseProperties,
  readSettingsText,
  readTomlFile,
  settingText,
  type Table,
  tableIn,
} from '../common/settingsFile.ts';

export const defaultTable = 'flyway_schema_history';

export interface FlywaySettings {
  /** The file that was read, relative to the source's root; null: there is none. */
  readonly path: string | null;
  /** It lies in the root itself, so that locations are relative to it. */
  readonly inRoot: boolean;
  /** As written; null: not set. */
  readonly locations: readonly string[] | null;
  readonly prefixes: Readonly<Record<'versioned' | 'undo' | 'repeatable' | 'baseline', string>>;
  readonly separator: string;
  readonly suffixes: readonly string[];
  readonly table: string | null;
  readonly schema: string | null;
  readonly placeholderReplacement: boolean;
  readonly placeholderPrefix: string;
  readonly placeholderSuffix: string;
  /** By name in lower case: Flyway's names know no case. */
  readonly placeholders: ReadonlyMap<string, string>;
  readonly outOfOrder: boolean;
  readonly mixed: boolean;
  readonly executeInTransaction: boolean;
  readonly validateNaming: boolean;
}

const fileNames = ['flyway.toml', 'conf/flyway.toml', 'flyway.conf', 'conf/flyway.conf'];

export async function readSettings(root: string, problems: Problem[]): Promise<FlywaySettings> {
  for (const folder of await projectFolders(root)) {
    for (const name of fileNames) {
      const path = relative(root, join(folder, name)).split(sep).join('/');
      const values = await readValues(root, path, problems);
      if (values !== null) return settingsOf(values, path, problems);
    }
  }
  return settingsOf(new Map(), null, problems);
}

/** By name as documented, without `flyway.`. */
async function readValues(
  root: string,
  path: string,
  problems: Problem[],
): Promise<ReadonlyMap<string, string> | null> {
  if (path.endsWith('.toml')) {
    const toml = await readTomlFile(root, path, problems);
    return toml === null ? null : flattened(tableIn(toml, 'flyway'), '');
  }
  const text = await readSettingsText(root, path, problems);
  if (text === null) return null;
  const ours = [...parseProperties(text)].filter(([key]) => key.startsWith('flyway.'));
  return new Map(ours.map(([key, value]) => [key.slice('flyway.'.length), value]));
}

function flattened(table: Table, before: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(table)) {
    const name = before + key;
    const text = Array.isArray(value) ? value.map(settingText).join(',') : settingText(value);
    if (text !== null) values.set(name, text);
    else for (const [inner, one] of flattened(tableIn(table, key), `${name}.`)) values.set(inner, one);
  }
  return values;
}

function settingsOf(values: ReadonlyMap<string, string>, path: string | null, problems: Problem[]): FlywaySettings {
  const text = (name: string, otherwise: string) => values.get(name) || otherwise;
  const flag = (name: string, otherwise: boolean) => (values.get(name) ?? String(otherwise)).trim() === 'true';
  const placeholders = [...values].filter(([name]) => name.startsWith('placeholders.'));
  problems.push(...unsupported(values, path));
  const locations = values.get('locations');
  return {
    path,
    inRoot: path !== null && !path.startsWith('../'),
    locations: locations === undefined ? null : listed(locations),
    prefixes: {
      versioned: text('sqlMigrationPrefix', 'V'),
      undo: text('undoSqlMigrationPrefix', 'U'),
      repeatable: text('repeatableSqlMigrationPrefix', 'R'),
      baseline: text('baselineMigrationPrefix', 'B'),
    },
    separator: text('sqlMigrationSeparator', '__'),
    suffixes: listed(text('sqlMigrationSuffixes', '.sql')),
    table: values.get('table') ?? null,
    schema: values.get('defaultSchema') ?? listed(values.get('schemas') ?? '')[0] ?? null,
    placeholderReplacement: flag('placeholderReplacement', true),
    placeholderPrefix: text('placeholderPrefix', '${'),
    placeholderSuffix: text('placeholderSuffix', '}'),
    placeholders: new Map(
      placeholders.map(([name, value]) => [name.slice('placeholders.'.length).toLowerCase(), value]),
    ),
    outOfOrder: flag('outOfOrder', false),
    mixed: flag('mixed', false),
    executeInTransaction: flag('executeInTransaction', true),
    validateNaming: flag('validateMigrationNaming', false),
  };
}

/** Settings that would make Flyway read or run something else than we do. */
function unsupported(values: ReadonlyMap<string, string>, path: string | null): Problem[] {
  if (path === null) return [];
  const refuse = (what: string, hint: string) => sourceProblem('source.unsupported', what, hint, { path });
  const problems: Problem[] = [];
  const encoding = values.get('encoding');
  if (encoding !== undefined && !/^utf-?8$/i.test(encoding))
    problems.push(
      refuse(
        `${path} says that scripts are in ${printable(encoding)}.`,
        'Save them as UTF-8, and set encoding to UTF-8.',
      ),
    );
  if ((values.get('callbackLocations') ?? '') !== '')
    problems.push(
      refuse(`${path} names folders of callbacks, which are not run here.`, 'Run this project with Flyway itself.'),
    );
  return problems;
}
