/** Scripts that must be held whole: to put values in, to compute what their tool computes of the text. */
import { join } from 'node:path';
import type { Problem } from '../../../shared/problem.ts';
import { blockBytes, lineNotUtf8, readBlocks } from './blocks.ts';
import { unreadable } from './folder.ts';
import { notUtf8, printable, sourceProblem } from './problems.ts';

const mostBytes = 8 * blockBytes;

/** The file's text as it is; or why it cannot be had. `why` completes "… is larger than 8 MiB; ". */
export async function readWholeText(root: string, path: string, why: string): Promise<string | Problem> {
  const blocks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const block of readBlocks(join(root, path))) {
      bytes += block.length;
      if (bytes > mostBytes) {
        const message = `${printable(path)} is larger than 8 MiB; ${why}.`;
        return sourceProblem('script.tooLarge', message, 'Load the data another way, or split the script.', { path });
      }
      blocks.push(block);
    }
  } catch (error) {
    return unreadable(path, error);
  }
  const all = Buffer.concat(blocks);
  const bad = lineNotUtf8(all);
  return bad === null ? all.toString('utf8') : notUtf8(path, bad + 1);
}
