import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Program } from '../../../shared/model/migration.ts';

/** The first data file that is not the trusted one. Code is compared by the process itself, as it is loaded. */
export async function changedFile(root: string, program: Program): Promise<string | null> {
  for (const file of program.files) {
    if (file.role !== 'data') continue;
    const content = await readFile(join(root, file.path)).catch(() => null);
    if (content === null || createHash('sha256').update(content).digest('hex') !== file.sha256) return file.path;
  }
  return null;
}
