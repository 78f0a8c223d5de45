// What a restore reads: a backup that matches its record, or somebody else's dump after explicit trust.
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Backup } from '../../../shared/model/backup.ts';
import { raise } from '../../../shared/problem.ts';
import { pass } from '../archive/compress.ts';
import { OpenArchive, piecesOf } from '../archive/openArchive.ts';

export type Archive = OwnArchive | ForeignDump;

export interface OwnArchive {
  readonly kind: 'backup';
  readonly backup: Backup;
}

export interface ForeignDump {
  readonly kind: 'foreign';
  readonly path: string;
  readonly format: DumpFormat;
}

/** What a dump turned out to be by its first bytes. */
export type DumpFormat = 'postgresArchive' | 'sqliteFile' | 'sql';

export interface OpenContent extends AsyncDisposable {
  /** Decompressed, from the beginning; again only after the stream before has ended. */
  content(signal: AbortSignal, observe?: (piece: Buffer) => void): Readable;
}

/** @throws {ProblemError} `backup.notFound`, `backup.damaged` */
export const openArchive = (archive: Archive, signal: AbortSignal): Promise<OpenContent> =>
  archive.kind === 'backup' ? OpenArchive.open(archive.backup, signal) : OpenDump.open(archive.path);

export const formatOf = (archive: Archive): DumpFormat => {
  if (archive.kind === 'foreign') return archive.format;
  const { engine, format } = archive.backup;
  if (engine === 'sqlite') return 'sqliteFile';
  return engine === 'postgres' && format !== 'plain' ? 'postgresArchive' : 'sql';
};

export const pathOf = (archive: Archive): string => (archive.kind === 'backup' ? archive.backup.path : archive.path);

/** Enough for every mark below. */
const HEAD_BYTES = 16;

/** Reads a dump's first bytes. @throws {ProblemError} `backup.notFound`, `restore.unfit` */
export async function recogniseDump(path: string): Promise<ForeignDump> {
  await using dump = await OpenDump.open(path);
  const head = await firstBytes(dump.content(new AbortController().signal), path);
  const text = head.toString('latin1');
  if (text.startsWith('PGDMP')) return { kind: 'foreign', path, format: 'postgresArchive' };
  if (text.startsWith('SQLite format 3\0')) return { kind: 'foreign', path, format: 'sqliteFile' };
  if (head.length === 0 || head.includes(0)) return unfit(path);
  return { kind: 'foreign', path, format: 'sql' };
}

async function firstBytes(content: Readable, path: string): Promise<Buffer> {
  let head = Buffer.alloc(0);
  try {
    for await (const piece of content as AsyncIterable<Buffer>) {
      head = Buffer.concat([head, piece.subarray(0, HEAD_BYTES)]);
      if (head.length >= HEAD_BYTES) break;
    }
    return head;
  } catch {
    return unfit(path);
  }
}

const unfit = (path: string): never =>
  raise({
    code: 'restore.unfit',
    message: `${path} is no dump that can be restored: neither an archive of pg_dump, nor a SQLite file, nor SQL text.`,
    hint: 'Give a custom archive (pg_dump -Fc), a plain SQL dump or a SQLite file, as it is or compressed by gzip or zstd.',
  });

/** A dump without a record: as it is, or compressed by gzip or zstd. */
class OpenDump implements OpenContent {
  readonly #handle: FileHandle;
  readonly #magic: Buffer;

  private constructor(handle: FileHandle, magic: Buffer) {
    this.#handle = handle;
    this.#magic = magic;
  }

  static async open(path: string): Promise<OpenDump> {
    try {
      const handle = await open(path, 'r');
      const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
      return new OpenDump(handle, buffer);
    } catch (error) {
      return raise(
        {
          code: 'backup.notFound',
          message: `The file ${path} cannot be read.`,
          hint: 'Check the path and your rights to it.',
          serverMessage: String(error),
        },
        error,
      );
    }
  }

  content(signal: AbortSignal, observe: (piece: Buffer) => void = () => undefined): Readable {
    const raw = Readable.from(piecesOf(this.#handle));
    if (this.#magic.equals(ZSTD)) return pass([raw, createZstdDecompress()], signal, observe);
    if (this.#magic.subarray(0, 2).equals(GZIP)) return pass([raw, createGunzip()], signal, observe);
    return pass([raw], signal, observe);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const GZIP = Buffer.from([0x1f, 0x8b]);
