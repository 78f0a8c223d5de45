/**
 * How far a worker that was killed had come, and whether it could have committed more than that: a few bytes of a nameless
 * file that it shares with the program. A message for each change would wake the program up twice for a migration,
 * though hardly ever is a worker killed.
 */
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Note {
  /** Units of its message before this one are done. */
  readonly unit: number;
  /** Killing the process could leave what it does now applied without our knowing. */
  readonly doubtful: boolean;
}

/** Of the file, in the worker. */
const workerDescriptor = 4;
const numbers = 3;
const length = numbers * Int32Array.BYTES_PER_ELEMENT;

const pageOf = (request: number, { unit, doubtful }: Note): Int32Array =>
  Int32Array.of(request, unit, doubtful ? 1 : 0);

/** The worker's side. */
export function note(request: number, what: Note): void {
  writeSync(workerDescriptor, pageOf(request, what), 0, length, 0);
}

/** The program's side. */
export class Logbook {
  readonly descriptor: number;
  #isOpen = true;

  /** @throws {Error} when no file can be made where temporary ones are */
  constructor() {
    const path = join(tmpdir(), `lockkeeper-${crypto.randomUUID()}`);
    this.descriptor = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    // It has its place on the disk now: no note fails for want of it.
    writeSync(this.descriptor, pageOf(-1, { unit: 0, doubtful: false }), 0, length, 0);
  }

  /** The last one of that request; null: there is none. */
  noteOf(request: number): Note | null {
    if (!this.#isOpen) return null;
    const page = new Int32Array(numbers);
    readSync(this.descriptor, page, 0, length, 0);
    const [noted, unit = 0, doubtful] = page;
    return noted === request ? { unit, doubtful: doubtful === 1 } : null;
  }

  close(): void {
    if (this.#isOpen) closeSync(this.descriptor);
    this.#isOpen = false;
  }
}
