// The only way to an archive's content: no byte of it reaches a program before the whole file matched its record.
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Backup } from '../../../shared/model/backup.ts';
import { ProblemError, raise } from '../../../shared/problem.ts';
import { decrypted, keyFor } from '../encryption/decrypt.ts';
import { HEADER_BYTES } from '../encryption/header.ts';
import { Digest, decompressed } from './compress.ts';
import { damaged } from './damaged.ts';

const READ_BYTES = 1 << 20;

export class OpenArchive implements AsyncDisposable {
  readonly #backup: Backup;
  readonly #handle: FileHandle;

  private constructor(backup: Backup, handle: FileHandle) {
    this.#backup = backup;
    this.#handle = handle;
  }

  /**
   * @throws {ProblemError} `backup.notFound`, `backup.damaged` when size or digest differ from the record,
   * `backup.keyMissing` when it is encrypted and this process was not given its key
   */
  static async open(backup: Backup, signal: AbortSignal): Promise<OpenArchive> {
    const handle = await openFile(backup);
    try {
      await verify(backup, handle, signal);
      if (backup.encrypted) await requireKey(backup, handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
    return new OpenArchive(backup, handle);
  }

  /** The decrypted and decompressed content from its beginning, each piece shown to `observe`; again only after the stream before has ended. */
  content(signal: AbortSignal, observe: (piece: Buffer) => void = () => undefined): Readable {
    const { encrypted, path } = this.#backup;
    const pieces = piecesOf(this.#handle);
    return decompressed(Readable.from(encrypted ? decrypted(pieces, path) : pieces), signal, observe);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

async function openFile(backup: Backup): Promise<FileHandle> {
  try {
    return await open(backup.path, 'r');
  } catch (error) {
    raise(
      {
        code: 'backup.notFound',
        message: `The archive ${backup.path} cannot be read.`,
        hint: 'Put the file back where it was, or take a new backup.',
        serverMessage: String(error),
      },
      error,
    );
  }
}

async function verify(backup: Backup, handle: FileHandle, signal: AbortSignal): Promise<void> {
  const { size } = await handle.stat();
  if (size !== backup.bytes)
    throw new ProblemError(damaged(backup, `its size is ${size} bytes, but ${backup.bytes} were written`));
  const digest = new Digest();
  for await (const piece of piecesOf(handle)) {
    signal.throwIfAborted();
    digest.add(piece);
  }
  if (digest.finish() !== backup.sha256) throw new ProblemError(damaged(backup, 'its content is not what was written'));
}

/** Before anybody waits for the content. */
async function requireKey(backup: Backup, handle: FileHandle): Promise<void> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
  keyFor(buffer.subarray(0, bytesRead), backup.path);
}

export async function* piecesOf(handle: FileHandle): AsyncGenerator<Buffer> {
  let position = 0;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
