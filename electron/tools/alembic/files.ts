/** Alembic's revisions (alembic/script/base.py): Python files whose heads name themselves and those before them. */
import type { Migration } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { TableName } from '../../engine/ports.ts';
import { folderWithin, listFolder, walkFolder } from '../common/folder.ts';
import { parseIni } from '../common/ini.ts';
import { printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { scanFile, wholeScript } from '../common/scan.ts';
import { readSettingsText } from '../common/settingsFile.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import { readWholeText } from '../common/wholeText.ts';
import { type Assignments, assignmentsOf, textsOf } from '../python/assignments.ts';
import { commandScript, type PythonProject, pythonProject } from '../python/command.ts';
import { inOrder, type Node } from '../python/order.ts';
import type { ReadResult } from '../tool.ts';

export const settingsFile = 'alembic.ini';

interface Places {
  /** There is an alembic.ini, and thereby a project whose command can be run. */
  readonly found: boolean;
  /** Folders with revisions. */
  readonly versions: readonly string[];
  readonly script: string;
}

interface Revision extends Node {
  readonly path: string;
  readonly parents: readonly string[];
  readonly branches: readonly string[];
}

/** @throws {ProblemError} `source.unreadable` */
export async function placesOf(root: string, problems: Problem[]): Promise<Places> {
  await listFolder(root);
  const text = await readSettingsText(root, settingsFile, problems);
  const section = parseIni(text ?? '').get('alembic');
  const plain = (path: string) => path.replaceAll('%(here)s/', '').replace(/^\.\//, '').replace(/\/$/, '');
  const script = plain(section?.get('script_location') ?? (text === null ? '.' : 'alembic'));
  const named =
    section
      ?.get('version_locations')
      ?.split(/[\s;:]+/)
      .map(plain)
      .filter((path) => path !== '') ?? [];
  const usual = script === '.' ? 'versions' : `${script}/versions`;
  const versions: string[] = [];
  for (const path of named.length === 0 ? [usual] : named) {
    const within = await folderWithin(root, path);
    if (within !== null) versions.push(within);
    else if (text !== null) problems.push(noFolder(path));
  }
  // The folder of the revisions itself.
  return { found: text !== null, versions: versions.length === 0 && text === null ? [''] : versions, script };
}

export async function readAlembic(root: string): Promise<ReadResult> {
  const findings = newFindings();
  const places = await placesOf(root, findings.problems);
  const revisions: Revision[] = [];
  for (const folder of places.versions)
    for (const path of (await walkFolder(root, folder)).files.filter((file) => isCode(file))) {
      const revision = await readRevision(root, path, findings);
      if (revision !== null) revisions.push(revision);
    }
  const { sorted, circle } = inOrder(revisions);
  findings.problems.push(...unknownParents(revisions), ...circle.map(inCircle));
  const project = places.found ? await pythonProject(root, [settingsFile]) : null;
  const migrations: Migration[] = [];
  for (const revision of sorted) migrations.push(await migrationOf(root, revision, revisions, project, findings));
  const { kept, problems } = withoutDuplicates(migrations, ({ historyKey }) => historyKey, 'revision');
  findings.problems.push(...problems);
  const historyTable = await tableIn(root, places, findings.problems);
  return { ...readResult(root, 'alembic', kept, findings), ...(historyTable === null ? {} : { historyTable }) };
}

const isCode = (path: string): boolean => path.endsWith('.py') && !/(?:^|\/)__\w+__(?:\/|\.py$)/.test(path);

/** Null: it names no revision, and Alembic passes it over. */
async function readRevision(root: string, path: string, { problems, notices }: Findings): Promise<Revision | null> {
  const text = await readWholeText(root, path, 'no revision is');
  if (typeof text !== 'string') {
    problems.push(text);
    return null;
  }
  const { file, functions }: Assignments = assignmentsOf(text);
  const key = file.get('revision');
  if (typeof key !== 'string') {
    (file.has('revision') ? problems : notices).push(noRevision(path, file.has('revision')));
    return null;
  }
  const listed = (name: string): readonly string[] => {
    const texts = file.has(name) ? textsOf(file.get(name)) : [];
    if (texts === null) problems.push(computed(path, name));
    return texts ?? [];
  };
  if (!file.has('down_revision')) problems.push(computed(path, 'down_revision'));
  for (const name of ['upgrade', 'downgrade']) if (!functions.has(name)) problems.push(noFunction(path, name));
  const [parents, depends] = [listed('down_revision'), listed('depends_on')];
  return { key, path, parents, after: [...parents, ...depends], branches: listed('branch_labels') };
}

async function migrationOf(
  root: string,
  { key, path, parents, after, branches }: Revision,
  all: readonly Revision[],
  project: PythonProject | null,
  { problems }: Findings,
): Promise<Migration> {
  const file = await scanFile(root, path);
  if (file.problem !== null) problems.push(file.problem);
  const name = path.replace(/^.*\//, '').replace(/\.py$/, '').replace(`${key}_`, '');
  const [parent = null] = parents;
  const target = parents.length === 0 ? 'base' : (parents.find((one) => childrenOf(one, all) === 1) ?? null);
  const roots = all.filter((revision) => revision.parents.length === 0).length;
  const place = { path, bytes: file.bytes };
  const command = (...args: string[]) => ['-m', 'alembic', '-c', settingsFile, ...args];
  const check = { args: command('current'), applied: '^(\\S+)', keys: null };
  const down = target === null || (target === 'base' && roots > 1) ? null : target;
  return {
    version: key,
    historyKey: key,
    name,
    kind: 'versioned',
    up:
      project === null
        ? wholeScript(file)
        : commandScript(
            project,
            { ...place, direction: 'up' },
            {
              tool: 'Alembic',
              args: command('upgrade', key),
              preview:
                parents.length > 1 ? null : command('upgrade', parent === null ? key : `${parent}:${key}`, '--sql'),
              check,
            },
          ),
    down:
      project === null || down === null
        ? null
        : commandScript(
            project,
            { ...place, direction: 'down' },
            {
              tool: 'Alembic',
              args: command('downgrade', down),
              preview: command('downgrade', `${key}:${down}`, '--sql'),
              check,
            },
          ),
    verify: null,
    checksum: null,
    ...(project === null
      ? { notRunnable: `it is Python, and only a project with ${settingsFile} runs it: choose that folder.` }
      : {}),
    recorded: { after: JSON.stringify(after), parents: JSON.stringify(parents) },
    transaction: { up: false, down: false },
    metadata: {
      ...(after.length === 0 ? {} : { dependencies: after }),
      ...(branches.length === 0 ? {} : { notes: `Branch: ${branches.join(', ')}` }),
    },
  };
}

const childrenOf = (key: string, all: readonly Revision[]): number =>
  all.filter(({ parents }) => parents.includes(key)).length;

/** What env.py sets, where it is written out. */
async function tableIn(root: string, { script }: Places, problems: Problem[]): Promise<TableName | null> {
  const text = (await readSettingsText(root, script === '.' ? 'env.py' : `${script}/env.py`, problems)) ?? '';
  const named = (name: string) => new RegExp(`\\b${name}\\s*=\\s*["']([^"'\\n]+)["']`).exec(text)?.[1] ?? null;
  const [name, schema] = [named('version_table'), named('version_table_schema')];
  return name === null && schema === null ? null : { schema, name: name ?? 'alembic_version' };
}

const unknownParents = (revisions: readonly Revision[]): Problem[] => {
  const known = new Set(revisions.flatMap(({ key, branches }) => [key, ...branches]));
  return revisions.flatMap(({ path, after }) =>
    after
      .filter((key) => !known.has(key))
      .map((key) =>
        sourceProblem(
          'source.order',
          `${printable(path)} comes after ${printable(key)}, of which there is no file.`,
          'Get the missing revision, or correct down_revision.',
          { path },
        ),
      ),
  );
};

const inCircle = ({ path }: Revision): Problem =>
  sourceProblem('source.order', `${printable(path)} waits for itself.`, 'Correct down_revision and depends_on.', {
    path,
  });

const noRevision = (path: string, isComputed: boolean): Problem =>
  isComputed
    ? computed(path, 'revision')
    : sourceProblem(
        'source.unknownName',
        `${printable(path)} names no revision, so Alembic passes it over.`,
        'If it is a revision, add its head.',
        { path },
      );

const computed = (path: string, name: string): Problem =>
  sourceProblem(
    'source.invalidMetadata',
    `${printable(path)} does not write out its ${name}.`,
    `Write it out: ${name} = "…"; code is not run to read it.`,
    { path },
  );

const noFunction = (path: string, name: string): Problem =>
  sourceProblem(
    'source.invalidSections',
    `${printable(path)} has no function ${name}().`,
    'Add one; it may do nothing.',
    {
      path,
    },
  );

const noFolder = (path: string): Problem =>
  sourceProblem(
    'source.unreadable',
    `${settingsFile} names ${printable(path)}, which is no folder within the project.`,
    'Correct script_location or version_locations.',
    { path: settingsFile },
  );
