// What a backup must hold, in a file beside its archive: compressed, and encrypted where that is.
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Backup } from '../../../shared/model/backup.ts';
import type { BackupContent } from '../../../shared/model/proof.ts';
import type { BackupRequest } from '../backupTaker.ts';
import { contentPath } from './archiveName.ts';
import { OpenArchive } from './openArchive.ts';
import { PartialFile } from './partialFile.ts';
import { type WrittenArchive, writeArchive } from './writeArchive.ts';

export async function writeContent(
  archivePath: string,
  content: BackupContent,
  request: Pick<BackupRequest, 'compression' | 'key'>,
  signal: AbortSignal,
): Promise<WrittenArchive> {
  await using file = await PartialFile.create(contentPath(archivePath));
  const source = Readable.from([Buffer.from(JSON.stringify(content))]);
  const written = await writeArchive(source, file, request, () => undefined, signal);
  await file.publish();
  return written;
}

/** Null: the backup was taken by a version that recorded nothing. @throws {ProblemError} as `OpenArchive.open` */
export async function readContent(backup: Backup, signal: AbortSignal): Promise<BackupContent | null> {
  if (backup.content === undefined) return null;
  await using file = await OpenArchive.open({ ...backup, ...backup.content, path: contentPath(backup.path) }, signal);
  // Only we wrote it: it has the digest that the catalogue names.
  return JSON.parse(await text(file.content(signal))) as BackupContent;
}
