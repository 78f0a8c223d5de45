/** Django's migrations: `<app>/migrations/NNNN_name.py`, in Python; their heads are read, and they are run by the project. */
import { basename, dirname } from 'node:path';
import type { Migration } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { listFolder, walkFolder } from '../common/folder.ts';
import { printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { scanFile, wholeScript } from '../common/scan.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import { readWholeText } from '../common/wholeText.ts';
import { assignmentsOf, type Literal } from '../python/assignments.ts';
import { commandScript, type PythonProject, pythonProject } from '../python/command.ts';
import { inOrder, type Node } from '../python/order.ts';
import type { ReadResult } from '../tool.ts';

export const manager = 'manage.py';

/** Django takes every module in such a folder whose name begins neither with `_` nor with `~`. */
export const isMigration = (path: string): boolean =>
  /(?:^|\/)[^/]+\/migrations\/[^_~./][^/]*\.py$/.test(path) && !/(?:^|\/)(?:site-packages|venv|env)\//.test(path);

interface Module extends Node {
  readonly path: string;
  readonly app: string;
  readonly name: string;
  /** A squashed one stands for these. */
  readonly replaces: readonly string[];
}

export async function readDjango(root: string): Promise<ReadResult> {
  const { files } = await listFolder(root);
  const findings = newFindings();
  const modules: Module[] = [];
  for (const path of (await walkFolder(root)).files.filter(isMigration)) {
    const found = await readModule(root, path, findings);
    if (found !== null) modules.push(found);
  }
  const apps = new Set(modules.map(({ app }) => app));
  const { sorted, circle } = inOrder(modules.map((one) => ({ ...one, after: firstOnes(one.after, modules) })));
  findings.problems.push(...unknownOnes(sorted, apps), ...circle.map(inCircle), ...severalLast(modules));
  const project = files.includes(manager) ? await pythonProject(root, []) : null;
  const migrations: Migration[] = [];
  for (const one of sorted) migrations.push(await migrationOf(root, one, sorted, project, findings));
  const { kept, problems } = withoutDuplicates(migrations, ({ historyKey }) => historyKey, 'app and name');
  findings.problems.push(...problems);
  return readResult(root, 'django', kept, findings);
}

const appOf = (path: string): string => basename(dirname(dirname(path)));

/** Null: there is no class Migration in it. */
async function readModule(root: string, path: string, { problems }: Findings): Promise<Module | null> {
  const text = await readWholeText(root, path, 'no migration is');
  if (typeof text !== 'string') {
    problems.push(text);
    return null;
  }
  const migration = assignmentsOf(text).classes.get('Migration');
  if (migration === undefined) {
    problems.push(noClass(path));
    return null;
  }
  const [app, name] = [appOf(path), basename(path, '.py')];
  if (migration.has('dependencies') && !Array.isArray(migration.get('dependencies')))
    problems.push(computed(path, 'dependencies'));
  const after = pairsIn(migration.get('dependencies'));
  return { key: keyOf(app, name), path, app, name, after, replaces: pairsIn(migration.get('replaces')) };
}

const keyOf = (app: string, name: string): string => `${app}.${name}`;

/** Pairs of app and name; what is computed, as on the user's own model, leads out of what can be read. */
const pairsIn = (value: Literal): string[] =>
  Array.isArray(value)
    ? value.flatMap((pair: Literal) => {
        if (!Array.isArray(pair)) return [];
        const [app, name] = pair as readonly Literal[];
        return typeof app === 'string' && typeof name === 'string' ? [keyOf(app, name)] : [];
      })
    : [];

/** `__first__` and `__latest__` of an app by their names. */
function firstOnes(after: readonly string[], modules: readonly Module[]): string[] {
  return after.flatMap((key) => {
    const [, app, which] = /^(.*)\.__(first|latest)__$/.exec(key) ?? [];
    if (app === undefined) return [key];
    const own = modules.filter((one) => one.app === app).map((one) => one.key);
    const found = which === 'first' ? own[0] : own.at(-1);
    return found === undefined ? [] : [found];
  });
}

async function migrationOf(
  root: string,
  one: Module,
  all: readonly Module[],
  project: PythonProject | null,
  { problems }: Findings,
): Promise<Migration> {
  const { key, path, app, name, after } = one;
  const file = await scanFile(root, path);
  if (file.problem !== null) problems.push(file.problem);
  const isSquash = one.replaces.length > 0 || all.some(({ replaces }) => replaces.includes(key));
  const runnable = isSquash ? null : project;
  const target = targetBefore(one, all);
  const place = { path, bytes: file.bytes };
  const own = (command: string, ...args: string[]) => [manager, command, ...args, '--no-color'];
  const apps = new Set(all.map((other) => other.app));
  const required = after.filter((other) => apps.has(other.slice(0, other.indexOf('.'))));
  const title = { tool: 'Django' };
  const check = { args: own('showmigrations', '--plan'), applied: '^\\[X\\]\\s+(\\S+)' };
  return {
    version: key,
    historyKey: key,
    name: name.replace(/^\d+_/, ''),
    kind: 'versioned',
    up:
      runnable === null
        ? wholeScript(file)
        : commandScript(
            runnable,
            { ...place, direction: 'up' },
            {
              ...title,
              args: own('migrate', app, name, '--no-input'),
              preview: own('sqlmigrate', app, name),
              check: { ...check, keys: required },
            },
          ),
    down:
      runnable === null || target === null
        ? null
        : commandScript(
            runnable,
            { ...place, direction: 'down' },
            {
              ...title,
              args: own('migrate', app, target, '--no-input'),
              preview: own('sqlmigrate', app, name, '--backwards'),
              check: { ...check, keys: [key] },
            },
          ),
    verify: null,
    checksum: null,
    ...(runnable === null ? { notRunnable: whyNot(isSquash) } : {}),
    transaction: { up: false, down: false },
    recorded: { app, name },
    metadata: required.length === 0 ? {} : { dependencies: required },
  };
}

const whyNot = (isSquash: boolean): string =>
  isSquash
    ? 'it belongs to a squashed migration, of which only Django knows which part to run: run manage.py migrate.'
    : `it is Python, and only a project with ${manager} runs it: choose that folder.`;

/** What to migrate the app to so that this one alone is taken back; null: there is no such place. */
function targetBefore({ key, app, after }: Module, all: readonly Module[]): string | null {
  const parents = after.filter((other) => other.startsWith(`${app}.`));
  const others = all.filter((other) => other.app === app && other.key !== key);
  if (parents.length === 0)
    return others.some((other) => other.after.every((each) => !each.startsWith(`${app}.`))) ? null : 'zero';
  const parent = parents.find((each) => !others.some((other) => other.after.includes(each)));
  return parent === undefined ? null : parent.slice(app.length + 1);
}

const unknownOnes = (modules: readonly Module[], apps: ReadonlySet<string>): Problem[] => {
  const known = new Set(modules.map(({ key }) => key));
  return modules.flatMap(({ path, after }) =>
    after
      .filter((key) => !known.has(key) && apps.has(key.slice(0, key.indexOf('.'))))
      .map((key) =>
        sourceProblem(
          'source.order',
          `${printable(path)} comes after ${printable(key)}, of which there is no file.`,
          'Get the missing file, or correct the dependencies.',
          { path },
        ),
      ),
  );
};

/** Branches that each made a migration of one app; of squashed ones only Django knows what they stand for. */
function severalLast(modules: readonly Module[]): Problem[] {
  const followed = new Set(modules.flatMap(({ after }) => after));
  const squashed = new Set(modules.filter(({ replaces }) => replaces.length > 0).map(({ app }) => app));
  const first = new Map<string, Module>();
  return modules.flatMap((one) => {
    if (followed.has(one.key) || squashed.has(one.app)) return [];
    const other = first.get(one.app);
    if (other === undefined) first.set(one.app, one);
    return other === undefined ? [] : [conflict(one, other)];
  });
}

const conflict = ({ path, app }: Module, other: Module): Problem =>
  sourceProblem(
    'source.order',
    `${printable(path)} and ${printable(other.path)} both come last in the app ${printable(app)}: Django refuses to migrate.`,
    'Merge them: manage.py makemigrations --merge; or make one depend on the other.',
    { path },
  );

const inCircle = ({ path }: Module): Problem =>
  sourceProblem('source.order', `${printable(path)} waits for itself.`, 'Correct the dependencies.', { path });

const noClass = (path: string): Problem =>
  sourceProblem(
    'source.invalidSections',
    `${printable(path)} has no class Migration: Django refuses the whole project for it.`,
    'Write one, or move the file out of the folder.',
    { path },
  );

const computed = (path: string, name: string): Problem =>
  sourceProblem(
    'source.invalidMetadata',
    `${printable(path)} does not write out its ${name}.`,
    'Write the list out; code is not run to read it.',
    { path },
  );
