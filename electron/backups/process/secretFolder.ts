// Password and certificate files for a dump program: readable by this user only, in memory where the system offers it,
// removed as soon as the program has read them, at the latest when this process ends.
import { rmSync, statSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../archive/leftovers.ts';

const PREFIX = 'lockkeeper-secret-';

const open = new Set<string>();

export class SecretFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<SecretFolder> {
    const parent = parentFolder();
    await removeThoseOfKilledProcesses(parent);
    if (open.size === 0) process.once('exit', removeAll);
    // mkdtemp gives mode 0700.
    const path = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
    open.add(path);
    return new SecretFolder(path);
  }

  /** Returns the file's path. */
  async write(name: string, content: string): Promise<string> {
    const path = join(this.path, name);
    await writeFile(path, content, { mode: 0o600, flag: 'wx' });
    return path;
  }

  /** May be called more than once. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    open.delete(this.path);
    if (open.size === 0) process.off('exit', removeAll);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remove();
  }
}

function removeAll(): void {
  for (const path of open) rmSync(path, { recursive: true, force: true });
}

/** A folder in memory, which no power cut can leave on a disk; else the temporary folder. */
function parentFolder(): string {
  const inMemory = [process.env['XDG_RUNTIME_DIR'], '/dev/shm'];
  return (process.platform === 'linux' ? inMemory.find(isWritableFolder) : undefined) ?? tmpdir();
}

function isWritableFolder(path: string | undefined): boolean {
  if (path === undefined || path === '') return false;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true) return false;
  const shared = (found.mode & 0o1002) === 0o1002;
  return shared || found.uid === process.getuid?.();
}

async function removeThoseOfKilledProcesses(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || isRunning(pid)) continue;
    const path = join(parent, name);
    if (statSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.())
      await rm(path, { recursive: true, force: true });
  }
}
