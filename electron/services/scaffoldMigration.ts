/** A new migration's files in the tool's own format; nothing that is there is ever overwritten. */
import path from 'node:path';
import type { ScaffoldReport } from '../../shared/model/validation.ts';
import { raise } from '../../shared/problem.ts';
import { chooseTool } from '../tools/detect.ts';
import { lockkeeper } from '../tools/lockkeeper/index.ts';
import { toolFor } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';
import type { Context } from './context.ts';
import type { OfflineSource } from './offlineSource.ts';
import { tableName } from './readSource.ts';
import { isEmptyFolder, removeFiles, writeFiles } from './writeFiles.ts';

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
    await writeFiles(root, wanted);
    const files = wanted.map((file) => file.path);
    if ((await readExisting(tool, root, source)).duplicates <= existing.duplicates)
      return { tool: tool.id, source: root, files };
    await removeFiles(root, files);
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
  return (await isEmptyFolder(root)) ? lockkeeper : chooseTool(root, null);
}

async function readExisting(tool: Tool, root: string, source: OfflineSource) {
  if (await isEmptyFolder(root)) return { migrations: [], duplicates: 0 };
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
