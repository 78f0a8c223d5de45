// A temporary folder with files, removed at the end of the block.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

export async function folderOf(files: Readonly<Record<string, string | Buffer>> = {}): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'lockkeeper-tools-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
