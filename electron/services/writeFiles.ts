/** New files in a folder: nothing that is there is ever overwritten, and what was written can be taken away again. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../../shared/problem.ts';
import { unreadable } from '../tools/common/folder.ts';

/** A path relative to a folder, and what goes there. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** Also one that is not there yet. */
export const isEmptyFolder = async (root: string): Promise<boolean> => {
  const names = await readdir(root).catch((thrown: unknown) => {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return [];
    throw new ProblemError(unreadable(root, thrown), { cause: thrown });
  });
  return names.length === 0;
};

/** All or nothing. @throws {ProblemError} `source.exists`, `source.unreadable` */
export async function writeFiles(root: string, files: readonly NewFile[]): Promise<void> {
  const written: string[] = [];
  try {
    for (const file of files) {
      await mkdir(path.dirname(path.join(root, file.path)), { recursive: true });
      await writeFile(path.join(root, file.path), file.text, { flag: 'wx' });
      written.push(file.path);
    }
  } catch (thrown) {
    await removeFiles(root, written);
    throw fileProblem(root, thrown);
  }
}

/** Only what was just written; a folder that held nothing else goes too. */
export async function removeFiles(root: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await rm(path.join(root, file), { force: true });
    const folder = path.dirname(path.join(root, file));
    if (folder !== root && (await isEmptyFolder(folder))) await rm(folder, { recursive: true, force: true });
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
