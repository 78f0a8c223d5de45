/** Flyway's placeholders: replaced anywhere in a script's text, comments included, before anything else is looked at. */
import { basename } from 'node:path';
import type { Problem } from '../../../shared/problem.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import type { ReadOptions } from '../tool.ts';
import { defaultTable, type FlywaySettings } from './settings.ts';

/** Null: nobody gave one. `path`: of the script. */
export type Values = (name: string, path: string) => string | null;

/** Given values come first, then those of the project's settings, then what Flyway itself knows. */
export function valuesFrom(settings: FlywaySettings, options: ReadOptions): Values {
  const given = new Map(Object.entries(options.placeholders).map(([name, value]) => [name.toLowerCase(), value]));
  return (written, path) => {
    const name = written.toLowerCase();
    return given.get(name) ?? settings.placeholders.get(name) ?? builtIn(name, path, settings, options);
  };
}

function builtIn(name: string, path: string, settings: FlywaySettings, options: ReadOptions): string | null {
  const { engine, historyTable, database = null, user = null } = options;
  const home = { postgres: null, mysql: database, sqlite: 'main' };
  switch (name) {
    case 'flyway:filename':
      return basename(path);
    case 'flyway:table':
      return historyTable?.name ?? settings.table ?? defaultTable;
    case 'flyway:database':
      return database;
    case 'flyway:user':
      return user;
    case 'flyway:defaultschema':
      return historyTable?.schema ?? settings.schema ?? (engine === null ? null : home[engine]);
    default:
      return null;
  }
}

/** The text with values; a Problem for each placeholder that has none, which stays as it is written. */
export function replaced(
  text: string,
  path: string,
  { placeholderPrefix, placeholderSuffix }: FlywaySettings,
  values: Values,
): { readonly text: string; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  let result = '';
  let from = 0;
  for (let at = text.indexOf(placeholderPrefix); at >= 0; at = text.indexOf(placeholderPrefix, from)) {
    const nameAt = at + placeholderPrefix.length;
    const end = text.indexOf(placeholderSuffix, nameAt);
    const name = text.slice(nameAt, end < 0 ? nameAt + 40 : end);
    const value = end < 0 ? null : values(name, path);
    const line = text.slice(0, at).split('\n').length;
    if (value === null) problems.push(missing(placeholderPrefix + name + placeholderSuffix, name, path, line));
    const next = value === null ? nameAt : end + placeholderSuffix.length;
    result += text.slice(from, at) + (value ?? placeholderPrefix);
    from = next;
  }
  return { text: result + text.slice(from), problems };
}

function missing(written: string, name: string, path: string, line: number): Problem {
  const message = `There is no value for the placeholder ${printable(written)}; Flyway stops at it, in comments too.`;
  const hint = `Give one with --set ${printable(name)}=…, in the environment’s settings or in flyway.toml, or set placeholderReplacement to false there.`;
  return sourceProblem('script.placeholderMissing', message, hint, { path, line });
}
