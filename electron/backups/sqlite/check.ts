// Checks an archive: digest, then SQLite's own checks of the decompressed copy.
import { createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Backup } from '../../../shared/model/backup.ts';
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import { damaged } from '../archive/damaged.ts';
import { fromDisk } from '../archive/diskProblem.ts';
import { finding } from '../archive/finding.ts';
import { OpenArchive } from '../archive/openArchive.ts';
import { WorkFolder } from '../archive/workFolder.ts';
import type { BackupProgress } from '../backupTaker.ts';
import { incomplete } from '../compareObjects.ts';
import { Throttle } from '../process/throttle.ts';
import { runWorker, WorkerFailure } from './runWorker.ts';

export async function checkCopy(
  backup: Backup,
  signal: AbortSignal,
  progress: BackupProgress,
): Promise<Problem | null> {
  const parent = dirname(backup.path);
  return finding(backup, signal, async () => {
    await using archive = await OpenArchive.open(backup, signal);
    try {
      await using folder = await WorkFolder.create(parent);
      const copy = join(folder.path, 'copy.sqlite');
      await decompress(archive, copy, signal, progress);
      await judge(backup, copy, signal);
    } catch (error) {
      throw fromDisk(error, parent);
    }
  });
}

async function decompress(
  archive: OpenArchive,
  copy: string,
  signal: AbortSignal,
  progress: BackupProgress,
): Promise<void> {
  const throttle = new Throttle(progress);
  let bytes = 0;
  const content = archive.content(signal, (piece) => {
    bytes += piece.length;
    throttle.tell(bytes, null);
  });
  await pipeline(content, createWriteStream(copy, { mode: 0o600 }));
  throttle.flush();
}

/** Throws what SQLite finds wrong in the archive's content. @throws {ProblemError} `backup.damaged`, `backup.incomplete` */
export async function judge(backup: Backup, copy: string, signal: AbortSignal): Promise<void> {
  const found = await runWorker({ kind: 'check', file: copy }, signal, () => undefined).catch((error: unknown) => {
    // SQLite refuses to read what is no database any more.
    if (error instanceof WorkerFailure && !signal.aborted)
      throw new ProblemError({ ...damaged(backup, 'SQLite cannot read it'), serverMessage: error.message });
    throw error;
  });
  if (found.damage.length > 0) {
    throw new ProblemError({
      ...damaged(backup, 'SQLite finds it inconsistent'),
      serverMessage: found.damage.join('\n'),
    });
  }
  const known = backup.danglingReferences ?? 0;
  if (found.danglingReferences > known) {
    throw new ProblemError(
      damaged(backup, `${found.danglingReferences} rows refer to missing rows, ${known} when it was taken`),
    );
  }
  const lacking = incomplete(backup.objects, found.objects, backup);
  if (lacking !== null) throw new ProblemError(lacking);
}
