// A small file system in memory, to be filled up.
import { execFile } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdir, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Bytes that all targets and workers need at once. */
const needed = 3 * 2 ** 30;
const inMemory = '/dev/shm';

/**
 * What a process wrote survives its death in memory as on a disk, and only processes die here; but in memory nobody waits
 * for a disk. Null: this machine has no such folder, or too little room in it.
 */
export async function memoryFolder(): Promise<string | null> {
  try {
    const { bavail, bsize } = await statfs(inMemory);
    return bavail * bsize > needed ? inMemory : null;
  } catch {
    return null;
  }
}

export interface SmallDisk extends AsyncDisposable {
  readonly folder: string;
  /** Until not a byte more fits. */
  fill(): void;
  free(): void;
}

const chunk = Buffer.alloc(65_536, 1);

/** A text: why this account cannot have one here. */
export async function mountSmall(bytes: number): Promise<SmallDisk | string> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-crash-disk-'));
  await mkdir(folder, { recursive: true });
  const failure = await mount(folder, bytes);
  if (failure !== null) {
    await rm(folder, { recursive: true });
    return failure;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: () => fill(filler),
    free: () => rmSync(filler, { force: true }),
    async [Symbol.asyncDispose]() {
      await promisify(execFile)('umount', ['--lazy', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function mount(folder: string, bytes: number): Promise<string | null> {
  if (process.platform !== 'linux') return 'small file systems are mounted on Linux only';
  if (process.getuid?.() !== 0) return 'only root may mount a small file system';
  try {
    await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=1777`, 'none', folder]);
    return null;
  } catch {
    return 'mounting is not allowed here';
  }
}

function fill(filler: string): void {
  const file = openSync(filler, 'a');
  try {
    for (let size = chunk.length; size > 0; ) {
      try {
        writeSync(file, chunk, 0, size);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(file);
  }
}
