// A folder for files that live only as long as one task.

import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { partialName } from './leftovers.ts';

export class WorkFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Readable by its owner only. */
  static async create(parent: string): Promise<WorkFolder> {
    const path = join(parent, partialName(randomUUID()));
    await mkdir(path, { mode: 0o700 });
    return new WorkFolder(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
