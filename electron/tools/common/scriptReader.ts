/** Reads scripts for whoever splits, shows or runs them; never gives out text that is not the planned one. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FileScript, ProgramScript, Script, TextScript } from '../../../shared/model/migration.ts';
import { ProblemError, raise } from '../../../shared/problem.ts';
import type { ScriptReader } from '../../engine/ports.ts';
import { blockBytes, countNewlines, lineNotUtf8, readBlocks } from './blocks.ts';
import { unreadable } from './folder.ts';
import { notUtf8, printable } from './problems.ts';

/** Up to this many bytes the digest is compared before the first character is given out, beyond at the end. */
const checkedAhead = 8 * blockBytes;

/** `root`: absolute path of the source's folder. */
export function createScriptReader(root: string): ScriptReader {
  return {
    read(script: Script) {
      if (script.kind === 'text') return readText(script);
      return readFile(join(root, script.path), script.kind === 'file' ? script : sourceOf(script));
    },
  };
}

/** A program's own file, for people to read. */
function sourceOf(script: ProgramScript): FileScript {
  const { path, line, bytes } = script;
  const sha256 = script.program.files.find((file) => file.path === path)?.sha256 ?? '';
  return { kind: 'file', path, line, bytes, sha256, start: 0, end: bytes };
}

async function* readText(script: TextScript): AsyncGenerator<string> {
  const bytes = Buffer.from(script.text);
  if (createHash('sha256').update(bytes).digest('hex') !== script.sha256) raiseStale(script, false);
  for (let at = 0; at < script.text.length; ) {
    const end = chunkEnd(script.text, at);
    yield script.text.slice(at, end);
    at = end;
  }
}

/** At most a quarter of a block of UTF-16 units: no more than a block of UTF-8. Never between two surrogates. */
function chunkEnd(text: string, from: number): number {
  const end = Math.min(from + blockBytes / 4, text.length);
  const last = text.charCodeAt(end - 1);
  return end < text.length && last >= 0xd800 && last < 0xdc00 ? end - 1 : end;
}

async function* readFile(file: string, script: FileScript): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const ahead = script.bytes <= checkedAhead;
  const held: string[] = [];
  let line = script.line;
  let bytes = 0;
  for await (const block of blocksOf(file, script)) {
    hash.update(block);
    bytes += block.length;
    const bad = lineNotUtf8(block);
    if (bad !== null) throw new ProblemError(notUtf8(script.path, line + bad));
    const text = block.toString('utf8');
    if (ahead) held.push(text);
    else yield text;
    line += countNewlines(block);
  }
  if (bytes !== script.bytes || hash.digest('hex') !== script.sha256) raiseStale(script, !ahead);
  yield* held;
}

async function* blocksOf(file: string, script: FileScript): AsyncGenerator<Buffer> {
  try {
    yield* readBlocks(file, script.start, script.end);
  } catch (error) {
    throw new ProblemError(unreadable(script.path, error), { cause: error });
  }
}

function raiseStale(script: Script, sent: boolean): never {
  raise({
    code: 'plan.stale',
    message: `${printable(script.path)} changed after the plan was made.`,
    state: sent
      ? 'Its statements were already sent; a transaction around them is rolled back.'
      : 'Nothing of this script was sent.',
    hint: 'Make the plan again and look at what changed.',
    path: script.path,
  });
}
