/** Reads an environment's migration folder with its tool; executes nothing. */
import { dirname } from 'node:path';
import type { ApplicationVersion, Migration } from '../../shared/model/migration.ts';
import { type Problem, raise } from '../../shared/problem.ts';
import type { HistoryTable, ProgramRunner, ScriptReader, TableName } from '../engine/ports.ts';
import { createScriptPieces, type KeptPieces, type ScriptPieces } from '../engine/scriptPieces.ts';
import { createScriptReader } from '../tools/common/scriptReader.ts';
import { programRunner } from '../tools/programs/lazyRunner.ts';
import { toolFor } from '../tools/registry.ts';
import type { ReadResult, Tool } from '../tools/tool.ts';
import type { UsedBundle } from './bundles/useBundle.ts';
import { type Folders, readEachTime } from './folders.ts';
import { placeholdersOf } from './placeholderValues.ts';
import type { TargetDatabase } from './target.ts';

export interface OpenSource {
  /** As a person names it: a folder, or a bundle. */
  readonly path: string;
  /** Folder of its files. */
  readonly root: string;
  /** Null: it is none. */
  readonly bundle: UsedBundle | null;
  readonly tool: Tool;
  readonly migrations: readonly Migration[];
  readonly applicationVersion: string | null;
  readonly applications: readonly ApplicationVersion[];
  readonly problems: readonly Problem[];
  /** Worth telling, preventing nothing. */
  readonly notices: readonly Problem[];
  readonly history: HistoryTable;
  readonly scripts: ScriptReader;
  readonly pieces: ScriptPieces;
  readonly programs: ProgramRunner;
}

/** @throws {ProblemError} `source.*` when there is nothing that could be read */
export async function readSource(target: TargetDatabase, folders: Folders = readEachTime): Promise<OpenSource> {
  const { source } = target.environment;
  if (source === null)
    return raise({
      code: 'source.unreadable',
      message: `${target.environment.name} has no migration folder.`,
      hint: 'Choose one in the environment’s settings, or give --source.',
    });
  const bundle = (await target.openBundle?.()) ?? null;
  if (bundle !== null) requireItsTool(source.tool, bundle);
  const root = bundle?.folder ?? source.path;
  const tool = await folders.tool(root, bundle?.manifest.tool ?? source.tool ?? null);
  const engine = target.driver.id;
  if (!tool.engines.includes(engine))
    return raise({
      code: 'source.unsupported',
      message: `${tool.title} does not work on ${target.driver.title}.`,
      hint: `Choose another tool or database; ${tool.title} works on: ${tool.engines.join(', ')}.`,
    });
  const { connection } = target.environment;
  const read = await folders.read(tool, root, {
    engine,
    placeholders: source.placeholders ?? {},
    historyTable: tableName(source.historyTable),
    ...(connection.engine === 'sqlite' ? {} : { database: connection.database, user: connection.user }),
  });
  if (bundle === null) return openedSource(target, tool.id, read, folders.pieces);
  const { asBundled } = await import('./bundles/useBundle.ts');
  return { ...openedSource(target, tool.id, asBundled(read, bundle), folders.pieces), path: source.path, bundle };
}

/** Another tool would begin a second history. @throws {ProblemError} `bundle.unfit` */
function requireItsTool(known: string | undefined, { manifest }: UsedBundle): void {
  if (known === undefined || known === manifest.tool) return;
  raise({
    code: 'bundle.unfit',
    message: `The bundle holds migrations of ${toolFor(manifest.tool).title}, and this database those of ${toolFor(known).title}.`,
    hint: 'Ask whoever made the bundle for one of the other tool.',
  });
}

/** What a tool has read, with all that working on the target needs. */
export function openedSource(
  target: TargetDatabase,
  toolId: string,
  read: ReadResult,
  pieces?: KeptPieces,
): OpenSource {
  const { driver, environment } = target;
  const tool = toolFor(toolId);
  const { root, migrations, applicationVersion, applications } = read.source;
  const scripts = createScriptReader(root);
  return {
    path: root,
    root,
    bundle: null,
    tool: read.rules === undefined ? tool : { ...tool, rules: { ...tool.rules, ...read.rules } },
    migrations,
    applicationVersion,
    applications,
    problems: read.problems,
    notices: read.notices,
    history: tool.history(
      driver.id,
      driver.dialect,
      tableName(environment.source?.historyTable) ?? read.historyTable ?? null,
      migrations,
    ),
    scripts,
    pieces: createScriptPieces(scripts, driver.sql, placeholdersOf(target), pieces),
    programs: programRunner(root),
  };
}

/** Those that stand in the way of the steps: what is wrong with the files of other migrations alone does not. */
export function problemsFor(source: OpenSource, steps: readonly { readonly migration: Migration }[]): Problem[] {
  const planned = new Set(steps.map((step) => step.migration.historyKey));
  return source.problems.filter((problem) => {
    const owner = ownerOf(source, problem);
    return owner === undefined || planned.has(owner.historyKey);
  });
}

/** The migration that a problem of the source concerns alone. */
export const ownerOf = (source: Pick<OpenSource, 'tool' | 'migrations'>, { path }: Problem): Migration | undefined =>
  path === undefined || source.tool.rules.manyInOneFile === true
    ? undefined
    : source.migrations.find((migration) => owns(migration, path));

/** One of its scripts, or beside them in a folder of its own. */
const owns = ({ up, down, verify }: Migration, path: string): boolean =>
  [up, down, verify].some((script) => script?.path === path) ||
  (up.path.includes('/') && dirname(up.path) === dirname(path));

/** `name` or `schema.name`. */
export function tableName(text: string | undefined): TableName | null {
  if (text === undefined || text === '') return null;
  const dot = text.indexOf('.');
  return dot === -1 ? { schema: null, name: text } : { schema: text.slice(0, dot), name: text.slice(dot + 1) };
}

export const formatTable = (table: TableName): string =>
  table.schema === null ? table.name : `${table.schema}.${table.name}`;
