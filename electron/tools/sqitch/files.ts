/** sqitch's project: the plan, and for each change a deploy, a revert and a verify script (App::Sqitch::Plan::Change). */
import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import type { Migration, Script } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { listFolder, walkFolder } from '../common/folder.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import { type ScannedFile, scanFile, wholeScript } from '../common/scan.ts';
import { readSettingsText } from '../common/settingsFile.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import type { ReadOptions, ReadResult } from '../tool.ts';
import { type PlannedChange, parsePlan, type SqitchPlan } from './plan.ts';
import { type Folders, readSettings, type SqitchSettings } from './settings.ts';

export async function readSqitch(root: string, { engine }: ReadOptions): Promise<ReadResult> {
  await listFolder(root);
  const findings = newFindings();
  const { problems } = findings;
  const settings = await readSettings(root, engine, problems);
  const text = await readSettingsText(root, settings.planFile, problems);
  if (text === null) {
    if (problems.length === 0) problems.push(noPlan(settings.planFile));
    return readResult(root, 'sqitch', [], findings);
  }
  const plan = parsePlan(settings.planFile, text, problems);
  const migrations: Migration[] = [];
  for (const change of plan.changes) migrations.push(await migrationOf(root, change, { plan, settings, findings }));
  problems.push(...sameScripts(migrations));
  findings.notices.push(...(await strayFiles(root, settings, migrations)));
  if (engine === 'sqlite') findings.notices.push(secondFile(settings.planFile));
  const historyTable = { schema: settings.registry, name: 'changes' };
  const read = { ...readResult(root, 'sqitch', migrations, findings), historyTable };
  // Its engine for SQLite locks nothing.
  return engine === 'sqlite' ? { ...read, rules: { ownLock: null } } : read;
}

interface Project {
  readonly plan: SqitchPlan;
  readonly settings: SqitchSettings;
  readonly findings: Findings;
}

async function migrationOf(root: string, change: PlannedChange, project: Project): Promise<Migration> {
  const { plan, settings, findings } = project;
  const { folders, named } = await placeOf(root, change, settings);
  const deploy = await scanFile(root, `${folders.deploy}/${named}`, { digest: createHashOfFile() });
  if (deploy.problem !== null) findings.problems.push(deploy.problem);
  const [revert, verify] = [
    await scriptIn(root, folders.revert, named, findings),
    await scriptIn(root, folders.verify, named, findings),
  ];
  const reworked = change.reworkTags.at(-1);
  const foreign = change.dependencies.filter(({ project: other, id, key }) => other !== null || isUnknownId(id, key));
  return {
    version: `${change.name}${reworked ?? ''}`,
    historyKey: change.id,
    name: change.tags.map(({ name }) => name).join(' '),
    kind: 'versioned',
    up: wholeScript(deploy),
    down: revert,
    verify,
    checksum: deploy.problem === null ? deploy.digest : null,
    ...(foreign.length === 0 ? {} : { notRunnable: dependsOnOthers(foreign.map(({ text }) => text)) }),
    recorded: recordedOf(plan, change),
    transaction: { up: true, down: true },
    metadata: metadataOf(plan, change),
  };
}

const isUnknownId = (id: string | null, key: string): boolean => id === null && /^[0-9a-f]{40}$/.test(key);

const dependsOnOthers = (texts: readonly string[]): string =>
  `it depends on ${texts.map(printable).join(', ')} of another project, which only sqitch looks up.`;

const createHashOfFile = () => {
  const hash = createHash('sha1');
  return { update: (bytes: Buffer) => hash.update(bytes), digest: () => hash.digest('hex') };
};

/** Of the names that a reworked change may have, the first whose deploy script is there. */
async function placeOf(
  root: string,
  { name, reworkTags }: PlannedChange,
  { folders, reworked, extension }: SqitchSettings,
): Promise<{ folders: Folders; named: string }> {
  const [first] = reworkTags;
  if (first === undefined) return { folders, named: `${name}.${extension}` };
  const names = reworkTags.map((tag) => `${name}${tag}.${extension}`);
  for (const named of names)
    if (await isThere(root, `${reworked.deploy}/${named}`)) return { folders: reworked, named };
  return { folders: reworked, named: `${name}${first}.${extension}` };
}

async function isThere(root: string, path: string): Promise<boolean> {
  const folder = await listFolder(root, dirname(path)).catch(() => null);
  return folder?.files.includes(basename(path)) === true;
}

async function scriptIn(root: string, folder: string, named: string, findings: Findings): Promise<Script | null> {
  const path = `${folder}/${named}`;
  if (!(await isThere(root, path))) return null;
  const file: ScannedFile = await scanFile(root, path);
  if (file.problem !== null) findings.problems.push(file.problem);
  return wholeScript(file);
}

/** What the registry tells of a change beside its script. */
function recordedOf({ project, uri }: SqitchPlan, change: PlannedChange): Readonly<Record<string, string | null>> {
  const { name, note, at, planner, email, tags, dependencies } = change;
  return {
    project,
    uri,
    change: name,
    note,
    planned_at: at,
    planner_name: planner,
    planner_email: email,
    tags: JSON.stringify(tags),
    dependencies: JSON.stringify(dependencies.map(({ kind, text, id }) => ({ kind, text, id }))),
  };
}

function metadataOf({ changes }: SqitchPlan, change: PlannedChange): Migration['metadata'] {
  const { note, at, planner, email, dependencies } = change;
  const named = (kind: string) =>
    dependencies.flatMap(({ kind: one, id }) => {
      const other = one === kind ? changes.find((candidate) => candidate.id === id) : undefined;
      return other === undefined ? [] : [`${other.name}${other.reworkTags.at(-1) ?? ''}`];
    });
  const [requires, conflicts] = [named('require'), named('conflict')];
  return {
    ...(note === '' ? {} : { description: note }),
    author: `${planner} <${email}>`,
    date: at,
    ...(requires.length === 0 ? {} : { dependencies: requires }),
    ...(conflicts.length === 0 ? {} : { conflicts }),
  };
}

/** The registry holds each script once in a project: sqitch fails at the second one, after it ran. */
function sameScripts(migrations: readonly Migration[]): Problem[] {
  const first = new Map<string, string>();
  return migrations.flatMap(({ checksum, up: { path } }) => {
    if (checksum === null) return [];
    const other = first.get(checksum);
    first.set(checksum, other ?? path);
    return other === undefined ? [] : [sameScript(path, other)];
  });
}

/** Scripts that no line of the plan names. */
async function strayFiles(root: string, { folders }: SqitchSettings, migrations: readonly Migration[]) {
  const known = new Set(migrations.flatMap(({ up, down, verify }) => [up.path, down?.path, verify?.path]));
  const notices: Problem[] = [];
  for (const folder of Object.values(folders)) {
    const walked = await walkFolder(root, folder).catch(() => null);
    const files = walked?.files ?? [];
    notices.push(...files.filter((path) => path.endsWith('.sql') && !known.has(path)).map(notPlanned));
  }
  return notices;
}

const noPlan = (path: string): Problem =>
  sourceProblem(
    'source.empty',
    `There is no plan: ${printable(path)}.`,
    'Choose the folder with sqitch.conf and sqitch.plan.',
    { path },
  );

const sameScript = (path: string, other: string): Problem =>
  sourceProblem(
    'source.duplicateVersion',
    `${printable(path)} is the same script as ${printable(other)}, and sqitch’s registry holds each only once.`,
    'Change one of them; a comment is enough.',
    { path },
  );

const notPlanned = (path: string): Problem =>
  sourceProblem(
    'source.unknownName',
    `${printable(path)} belongs to no change of the plan, so sqitch passes it over.`,
    'If it is a change, add it to the plan with sqitch add.',
    { path },
  );

const secondFile = (path: string): Problem =>
  sourceProblem(
    'source.unsupported',
    'On SQLite, sqitch keeps its registry in a second file beside the database: a backup of the database does not hold it, and with WAL journals a power failure can leave one a step ahead of the other.',
    'Back up both files together; after a power failure, compare them with the status.',
    { path },
  );
