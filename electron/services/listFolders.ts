import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { FolderListing } from '../../shared/contract/views.ts';
import { raise } from '../../shared/problem.ts';

/** Files named so that a person recognises a folder. */
const filesShown = 12;

/** Folders of this computer for shells without a native dialog; null: the home folder. @throws {ProblemError} `source.unreadable` */
export async function listFolders(folder: string | null): Promise<FolderListing> {
  const here = path.resolve(folder ?? homedir());
  const entries = await readdir(here, { withFileTypes: true }).catch((thrown: unknown) =>
    raise(
      {
        code: 'source.unreadable',
        message: `The folder ${here} cannot be read.`,
        hint: 'Choose another folder, or ask for the right to read it.',
        serverMessage: String(thrown),
      },
      thrown,
    ),
  );
  const visible = entries
    .filter((entry) => !entry.name.startsWith('.'))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const parent = path.dirname(here);
  return {
    path: here,
    parent: parent === here ? null : parent,
    folders: visible.filter((entry) => entry.isDirectory()).map(({ name }) => ({ name, path: path.join(here, name) })),
    files: visible
      .filter((entry) => entry.isFile())
      .slice(0, filesShown)
      .map(({ name }) => name),
  };
}
