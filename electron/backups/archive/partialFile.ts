// A file that appears under its name complete and on disk, or not at all.
import type { FileHandle } from 'node:fs/promises';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { partialName } from './leftovers.ts';

export class PartialFile implements AsyncDisposable {
  readonly target: string;
  readonly path: string;
  readonly handle: FileHandle;
  #published = false;

  private constructor(target: string, path: string, handle: FileHandle) {
    this.target = target;
    this.path = path;
    this.handle = handle;
  }

  /** Opens the temporary file beside `target`, readable by its owner only. */
  static async create(target: string): Promise<PartialFile> {
    const path = join(dirname(target), partialName(basename(target)));
    return new PartialFile(target, path, await open(path, 'wx', 0o600));
  }

  /** Brings the content to the disk, then gives the file its name, then brings the name to the disk. */
  async publish(): Promise<void> {
    await this.handle.sync();
    await this.handle.close();
    await rename(this.path, this.target);
    this.#published = true;
    await syncFolder(dirname(this.target));
  }

  /** Removes the temporary file unless it was published. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#published) return;
    await this.handle.close();
    await rm(this.path, { force: true });
  }
}

/** Windows cannot open folders; its file system journals the rename. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
