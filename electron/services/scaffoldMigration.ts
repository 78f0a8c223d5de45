/** A new migration's files in the tool's own format; nothing that is there is ever overwritten. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ScaffoldReport } from '../../shared/model/validation.ts';
import { ProblemError, raise } from '../../shared/problem.ts';
import { unreadable } from '../tools/common/folder.ts';
import { chooseTool } from '../tools/detect.ts';
import { lockkeeper } from '../tools/lockkeeper/index.ts';
import { toolFor } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';
import type { Context } from './context.ts';
import type { OfflineSource } from './offlineSource.ts';
import { tableName } from './readSource.ts';

/** Seconds that a version may be put off because another migration has it. */
const patience = 60;

/** @throws {ProblemError} `source.*`, `usage.invalid` for a name without letters */
export async function scaffoldMigration(
  context: Context,
  source: OfflineSource,
  name: string,
): Promise<ScaffoldReport> {
  if (!/[\p{L}\p{N}]/u.test(name))
    raise({
      code: 'usage.invalid',
      message: 'A migration needs a name with letters or digits.',
      hint: 'For example: lockkeeper new "add customers"',
    });
  const root = path.resolve(source.path);
  const tool = await toolOf(root, source);
  const now = context.clock.now();
  for (let seconds = 0; seconds < patience; seconds++) {
    const existing = await readExisting(tool, root, source);
    const wanted = tool.scaffold(name, existing.migrations, new Date(now + seconds * 1000));
    await writeAll(root, wanted);
    const files = wanted.map((file) => file.path);
    if ((await readExisting(tool, root, source)).duplicates <= existing.duplicates)
      return { tool: tool.id, source: root, files };
    await removeAll(root, files);
  }
  return raise({
    code: 'source.duplicateVersion',
    message: 'No free version was found for a new migration.',
    hint: 'Number it by hand.',
    path: root,
  });
}

/** In a folder without any file our own format begins. */
async function toolOf(root: string, { tool }: OfflineSource): Promise<Tool> {
  if (tool !== undefined) return toolFor(tool);
  return (await isEmpty(root)) ? lockkeeper : chooseTool(root, null);
}

const isEmpty = async (root: string): Promise<boolean> => {
  const names = await readdir(root).catch((thrown: unknown) => {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return [];
    throw new ProblemError(unreadable(root, thrown), { cause: thrown });
  });
  return names.length === 0;
};

async function readExisting(tool: Tool, root: string, source: OfflineSource) {
  if (await isEmpty(root)) return { migrations: [], duplicates: 0 };
  const { source: read, problems } = await tool.read(root, {
    engine: source.engine,
    placeholders: source.placeholders ?? {},
    historyTable: tableName(source.historyTable),
  });
  return {
    migrations: read.migrations,
    duplicates: problems.filter((problem) => problem.code === 'source.duplicateVersion').length,
  };
}

async function writeAll(
  root: string,
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<void> {
  const written: string[] = [];
  try {
    for (const file of files) {
      await mkdir(path.dirname(path.join(root, file.path)), { recursive: true });
      await writeFile(path.join(root, file.path), file.text, { flag: 'wx' });
      written.push(file.path);
    }
  } catch (thrown) {
    await removeAll(root, written);
    throw fileProblem(root, thrown);
  }
}

/** Only what was just written; a folder that held nothing else goes too. */
async function removeAll(root: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await rm(path.join(root, file), { force: true });
    const folder = path.dirname(path.join(root, file));
    if (folder !== root && (await isEmpty(folder))) await rm(folder, { recursive: true, force: true });
  }
}

function fileProblem(root: string, thrown: unknown): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
  if (code === null) return thrown;
  const message = thrown instanceof Error ? thrown.message : '';
  return new ProblemError(
    {
      code: code === 'EEXIST' ? 'source.exists' : 'source.unreadable',
      message: code === 'EEXIST' ? 'There is a file of that name already.' : `A file could not be written in ${root}.`,
      state: 'Nothing was overwritten; what had been written for this migration was removed again.',
      hint: code === 'EEXIST' ? 'Choose another name.' : 'Check the folder’s rights and its disk.',
      path: root,
      serverMessage: message,
    },
    { cause: thrown },
  );
}
