/** A file that only grows by lines, written in order by one process. */
import { writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SharedSync, syncFile } from './sharedSync.ts';

/** Milliseconds after which a file nobody writes to is closed; the next line opens it again. */
const closeAfter = 1000;
/** Milliseconds in which lines that nobody waits for are gathered: a write for each would cost a busy run more than its SQL. */
const gatherFor = 100;

interface Line {
  readonly text: string;
  readonly durable: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class LineFile {
  readonly #path: string;
  #queue: Line[] = [];
  #writing: Promise<void> | null = null;
  #handle: FileHandle | null = null;
  #closing: NodeJS.Timeout | undefined;
  /** Its name is on the disk. */
  #named = false;
  /** The file may end in half a line: the next one begins on a new one. */
  #torn = false;
  #hurried = false;
  #endGathering: () => void = () => undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Resolves when the line is written, and on the disk itself if `durable`, then at once. Lines that wait share one write. */
  append(text: string, durable: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ text, durable, resolve, reject });
      if (durable) this.hurry();
      this.#writing ??= this.#writeAll().finally(() => {
        this.#writing = null;
      });
    });
  }

  /** Somebody waits for what was appended: it is written without gathering more. */
  hurry(): void {
    this.#hurried = true;
    this.#endGathering();
  }

  async #writeAll(): Promise<void> {
    clearTimeout(this.#closing);
    while (this.#queue.length > 0) {
      const lines = this.#queue;
      this.#queue = [];
      this.#hurried = false;
      try {
        await this.#write(lines);
        for (const line of lines) line.resolve();
      } catch (error) {
        this.#torn = true;
        for (const line of lines) line.reject(error);
      }
      await this.#gather();
    }
    this.#closing = setTimeout(
      () =>
        this.close().catch(() => {
          this.#torn = true;
        }),
      closeAfter,
    ).unref();
  }

  async #gather(): Promise<void> {
    if (this.#hurried) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, gatherFor);
      this.#endGathering = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #write(lines: readonly Line[]): Promise<void> {
    if (this.#handle === null) {
      this.#handle = await open(this.#path, 'a+', 0o600);
      this.#torn ||= await isTorn(this.#handle);
    }
    const text = lines.map((line) => `${line.text}\n`).join('');
    writeAll(this.#handle.fd, this.#torn ? `\n${text}` : text);
    this.#torn = false;
    if (lines.some((line) => line.durable)) await this.#bringToDisk(this.#handle);
  }

  /** A new file's name is on the disk only once its directory is. */
  async #bringToDisk(handle: FileHandle): Promise<void> {
    await handle.datasync();
    if (this.#named) return;
    await syncDirectory(dirname(this.#path));
    this.#named = true;
  }

  /** Resolves when all that was appended is written and the file is closed. A later line opens it again. */
  async close(): Promise<void> {
    clearTimeout(this.#closing);
    this.hurry();
    await this.#writing;
    clearTimeout(this.#closing);
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }
}

/** Into the system's memory: having another thread do so little would cost more than doing it. */
function writeAll(file: number, text: string): void {
  for (let rest = Buffer.from(text); rest.length > 0; ) rest = rest.subarray(writeSync(file, rest));
}

const directorySyncs = new Map<string, SharedSync>();

/** Runs that begin at the same time share it. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return; // directories cannot be synchronised there
  const shared = directorySyncs.get(path) ?? new SharedSync(() => syncFile(path, 'r'));
  directorySyncs.set(path, shared);
  await shared.wait();
}

/** Whether its last writer died in the middle of a line. */
async function isTorn(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

/** Values of a file of JSON lines. The line that a crash tore, and the empty end, are left out. */
export const linesOf = (text: string): Readonly<Record<string, unknown>>[] => text.split('\n').flatMap(recordOf);

function recordOf(line: string): Readonly<Record<string, unknown>>[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? [value as Record<string, unknown>] : [];
  } catch {
    return [];
  }
}

export function emptyWhenMissing(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
  throw error;
}
