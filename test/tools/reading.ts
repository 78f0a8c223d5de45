// What tests ask of a source that was read.
import { join } from 'node:path';
import { createScriptReader } from '../../electron/tools/common/scriptReader.ts';
import { toolFor } from '../../electron/tools/registry.ts';
import type { ReadResult } from '../../electron/tools/tool.ts';
import type { EngineId } from '../../shared/model/environment.ts';
import type { Script } from '../../shared/model/migration.ts';

export const samples = join(import.meta.dirname, '../../migrations-samples');
export const fixtures = join(import.meta.dirname, '../fixtures');

export const read = (tool: string, folder: string, engine: EngineId | null = null): Promise<ReadResult> =>
  toolFor(tool).read(folder, { engine, historyTable: null, placeholders: {} });

export async function textOf(root: string, script: Script | null): Promise<string | null> {
  if (script === null) return null;
  let text = '';
  for await (const chunk of createScriptReader(root).read(script)) text += chunk;
  return text;
}

/** Code, path and line: what a Problem is recognised by. */
export const places = (problems: ReadResult['problems']): string[] =>
  problems.map(({ code, path, line }) => [code, path, line].filter((part) => part !== undefined).join(' '));
