/** Where a project's changelogs begin, and its settings: liquibase.properties, the usual names, or what is given. */
import { existsSync } from 'node:fs';
import { basename, extname, join, posix, resolve, sep } from 'node:path';
import { headOf } from '../common/detecting.ts';
import { walkFolder } from '../common/folder.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import { parseProperties, readSettingsText } from '../common/settingsFile.ts';
import type { Findings } from '../common/source.ts';
import type { ReadOptions } from '../tool.ts';
import { changelogExtensions } from './changelog.ts';
import { type Dbms, listOf } from './conditions.ts';
import { firstLine } from './formattedSql.ts';
import { normalPath } from './model.ts';

export interface Project {
  /** Absolute; where the names of files begin. */
  readonly search: readonly string[];
  /** Relative to a search path; null: it is not known, and that was said. */
  readonly changelog: string | null;
  readonly contexts: readonly string[];
  /** An expression; null: none. */
  readonly labels: string | null;
  readonly dbms: Dbms;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
  /** From liquibase.properties; null: Liquibase's own name. */
  readonly historyTable: string | null;
  readonly historySchema: string | null;
}

const propertiesFile = 'liquibase.properties';

/** Placeholders that are settings rather than parameters of changelogs. */
const settingNames: ReadonlySet<string> = new Set(['contexts', 'labels', 'changelogfile', 'dbms']);

export async function projectAt(root: string, options: ReadOptions, findings: Findings): Promise<Project> {
  const text = await readSettingsText(root, propertiesFile, findings.problems);
  const settings = settingsOf(text ?? '');
  for (const [name, value] of Object.entries(options.placeholders))
    if (settingNames.has(name.toLowerCase())) settings.set(name.toLowerCase(), value);
  const search = searchOf(root, settings.get('searchpath') ?? null, findings);
  const named = settings.get('changelogfile');
  return {
    search,
    changelog: named === undefined ? await usualChangelog(root, search[0] ?? root, findings) : normalPath(named),
    contexts: listOf(settings.get('contexts') ?? settings.get('contextfilter') ?? null),
    labels: settings.get('labels') ?? settings.get('labelfilter') ?? null,
    dbms: dbmsOf(options, settings),
    parameters: parametersOf(options, text ?? ''),
    historyTable: settings.get('databasechangelogtablename') ?? null,
    historySchema: settings.get('liquibaseschemaname') ?? null,
  };
}

/** Keys have several spellings: `changeLogFile`, `changelog-file`, `liquibase.command.changelogFile`. */
function settingsOf(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [key, value] of parseProperties(text)) {
    const name = key
      .toLowerCase()
      .replace(/^liquibase\.(?:command\.)?/, '')
      .replaceAll(/[-_.]/g, '');
    if (value.trim() !== '') settings.set(name, value.trim());
  }
  return settings;
}

function parametersOf({ placeholders }: ReadOptions, text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [key, value] of parseProperties(text)) {
    const name = /^parameter\.(.+)$/i.exec(key)?.[1];
    if (name !== undefined) parameters.set(name.toLowerCase(), value);
  }
  for (const [name, value] of Object.entries(placeholders))
    if (!settingNames.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
  return parameters;
}

/** MySQL and MariaDB are two databases to Liquibase; which one it takes a server for, the address in its settings says. */
function dbmsOf({ engine }: ReadOptions, settings: ReadonlyMap<string, string>): Dbms {
  if (engine === 'postgres' || engine === null) return 'postgresql';
  if (engine === 'sqlite') return 'sqlite';
  const given = settings.get('dbms') ?? /^jdbc:(mariadb|mysql):/i.exec(settings.get('url') ?? '')?.[1] ?? 'mariadb';
  return given.toLowerCase() === 'mysql' ? 'mysql' : 'mariadb';
}

/** In a Java project the class path begins above the folder. */
function searchOf(root: string, given: string | null, findings: Findings): string[] {
  const resources = resourcesOf(root);
  const search = given === null ? [] : listOf(given).map((path) => resolve(root, path));
  const stray = search.find((path) => path !== root && !path.startsWith(root + sep));
  if (stray !== undefined)
    findings.problems.push(
      sourceProblem(
        'source.unsupported',
        `${propertiesFile} has a search path outside of the folder: ${printable(stray)}.`,
        'Choose the folder that holds all of them.',
        { path: propertiesFile },
      ),
    );
  const inside = search.filter((path) => path === root || path.startsWith(root + sep));
  return [...new Set([...(inside.length > 0 ? inside : resources === null ? [root] : [resources]), root])];
}

function resourcesOf(root: string): string | null {
  const marker = `${sep}src${sep}main${sep}resources`;
  const at = root.indexOf(marker);
  if (at >= 0) {
    const found = root.slice(0, at + marker.length);
    return root === found || root.startsWith(found + sep) ? found : null;
  }
  const below = join(root, 'src', 'main', 'resources');
  return existsSync(below) ? below : null;
}

const usualNames =
  /^(?:db[.-])?(?:root[.-]|main[.-]|liquibase[.-])?change-?log(?:[.-](?:master|root|main))?\.(?:xml|ya?ml|json|sql)$|^(?:master|root|main|index)\.(?:xml|ya?ml|json)$/i;

/** The changelog that includes the others: by its usual name, or the only one that no other includes. */
async function usualChangelog(root: string, base: string, findings: Findings): Promise<string | null> {
  const { files } = await walkFolder(root);
  const heads = await Promise.all(
    files.filter(isCandidate).map(async (path) => ({ path, head: (await headOf(root, path)) ?? '' })),
  );
  const changelogs = heads.filter(({ path, head }) => isChangelogHead(path, head));
  const depthOf = (path: string) => path.split('/').length;
  const least = Math.min(...changelogs.map(({ path }) => depthOf(path)));
  const named = changelogs.filter(({ path }) => usualNames.test(basename(path)));
  const masters = named.filter(({ path }) => depthOf(path) === Math.min(...named.map((one) => depthOf(one.path))));
  const atTop = changelogs.filter(({ path }) => depthOf(path) === least);
  const free = atTop.filter(
    ({ path }) => !changelogs.some((other) => other.path !== path && other.head.includes(basename(path))),
  );
  const [chosen] = masters.length === 1 ? masters : free.length === 1 ? free : atTop.length === 1 ? atTop : [];
  if (chosen !== undefined) return nameIn(root, base, chosen.path);
  findings.problems.push(
    sourceProblem(
      'source.ambiguousTool',
      changelogs.length === 0
        ? `${printable(root)} holds no changelog.`
        : `${printable(root)} holds several changelogs, and none that is known to include the others: ${(masters.length >
          0
            ? masters
            : atTop
          )
            .slice(0, 3)
            .map(({ path }) => printable(path))
            .join(', ')}.`,
      `Name the first one as changeLogFile in ${propertiesFile}, or with --set changeLogFile=PATH.`,
      { path: root },
    ),
  );
  return null;
}

const nameIn = (root: string, base: string, path: string): string => {
  const file = join(root, path);
  return file.startsWith(base + sep)
    ? posix.normalize(
        file
          .slice(base.length + 1)
          .split(sep)
          .join('/'),
      )
    : path;
};

const isCandidate = (path: string): boolean => changelogExtensions.has(extname(path).toLowerCase());

export function isChangelogHead(path: string, head: string): boolean {
  if (extname(path).toLowerCase() === '.sql')
    return firstLine.test(
      head
        .replace(/^\ufeff/, '')
        .trimStart()
        .split('\n')[0] ?? '',
    );
  return /\bdatabaseChangeLog\b/.test(head);
}
