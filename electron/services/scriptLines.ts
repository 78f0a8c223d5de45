/** Lines of a migration's script by number, and words in it: for a window that never holds a large script whole. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileScript, Script } from '../../shared/model/migration.ts';
import { longestLine, mostLines, type ScriptLines } from '../../shared/model/scriptLines.ts';
import { ProblemError, raise } from '../../shared/problem.ts';
import { unreadable } from '../tools/common/folder.ts';
import { findLine, indexLines, type LineIndex, readLines } from '../tools/common/lineIndex.ts';
import type { Context } from './context.ts';
import { readSource } from './readSource.ts';
import { resolveTarget, type TargetRequest } from './target.ts';

export interface ScriptPart {
  readonly version: string;
  readonly part: 'up' | 'down' | 'verify';
}

/** @throws {ProblemError} `source.noSuchVersion`, `source.unsupported`, and what reading the folder throws */
export async function readScriptLines(
  context: Context,
  request: TargetRequest & { kind: 'environment' },
  { from, count, ...wanted }: ScriptPart & { readonly from: number; readonly count: number },
): Promise<ScriptLines> {
  const { script, index } = await opened(context, request, wanted);
  const first = Math.max(0, from - script.line);
  const lines = await reading(script, () => readLines(index, first, Math.min(count, mostLines), longestLine));
  return {
    path: script.path,
    bytes: script.bytes,
    firstLine: script.line,
    lastLine: script.line + index.lines - 1,
    from: script.line + first,
    lines: lines.map(({ text }) => text),
    cut: lines.filter(({ cut }) => cut).map(({ number }) => script.line + number),
  };
}

/** The first line from `from` on that has the words; null: none has. @throws as `readScriptLines` */
export async function findInScript(
  context: Context,
  request: TargetRequest & { kind: 'environment' },
  { from, words, ...wanted }: ScriptPart & { readonly from: number; readonly words: string },
  signal: AbortSignal,
): Promise<number | null> {
  const { script, index } = await opened(context, request, wanted);
  const found = await reading(script, () => findLine(index, words, Math.max(0, from - script.line), signal));
  return found === null ? null : script.line + found;
}

interface Opened {
  readonly script: FileScript;
  readonly index: LineIndex;
  /** Of the file when it was indexed: another one is another file. */
  readonly size: number;
  readonly modifiedAt: number;
}

/** A folder is not read again for every page of one of its files; the newest last. */
const kept = new Map<string, Opened>();
const mostKept = 8;

async function opened(
  context: Context,
  request: TargetRequest & { kind: 'environment' },
  { version, part }: ScriptPart,
): Promise<Opened> {
  // Nobody is asked for a password to read a file.
  const target = await resolveTarget(context, { ...request, password: '' });
  const key = JSON.stringify([target.environment.source, target.driver.id, version, part]);
  const before = kept.get(key);
  if (before !== undefined && isUnchanged(before)) return before;
  kept.delete(key);
  const source = await readSource(target);
  const migration = source.migrations.find((one) => one.version === version || one.historyKey === version);
  const script = fileScript(migration?.[part] ?? null, version);
  const file = join(source.root, script.path);
  const index = await reading(script, () => indexLines(file, script.start, script.end));
  const { size, mtimeMs } = statSync(file);
  const now = { script, index, size, modifiedAt: mtimeMs };
  kept.set(key, now);
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  return now;
}

function isUnchanged({ index, size, modifiedAt }: Opened): boolean {
  const now = statSync(index.file, { throwIfNoEntry: false });
  return now?.size === size && now.mtimeMs === modifiedAt;
}

function fileScript(script: Script | null, version: string): FileScript {
  if (script === null)
    raise({
      code: 'source.noSuchVersion',
      message: `There is no such script of “${version}” in the folder.`,
      hint: 'Read the status again: the folder may have changed.',
    });
  if (script.kind !== 'file')
    raise({
      code: 'source.unsupported',
      message: `What “${version}” sends is not written in a file of SQL.`,
      hint: 'Look at its code instead.',
      path: script.path,
    });
  return script;
}

async function reading<T>(script: Script, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && 'syscall' in thrown)
      throw new ProblemError(unreadable(script.path, thrown), { cause: thrown });
    throw thrown;
  }
}
