// Checks an archive: digest, table of contents, and every byte of it through pg_restore.
import { devNull } from 'node:os';
import type { Backup } from '../../../shared/model/backup.ts';
import { type Problem, ProblemError, raise } from '../../../shared/problem.ts';
import { finding } from '../archive/finding.ts';
import { OpenArchive } from '../archive/openArchive.ts';
import type { BackupProgress } from '../backupTaker.ts';
import { incomplete, withoutEnd } from '../compareObjects.ts';
import { callOf, runProgram } from '../process/program.ts';
import { Throttle } from '../process/throttle.ts';
import type { DumpProgram, FindPrograms } from '../programs.ts';
import { countContents, unreadableArchive } from './listContents.ts';
import { PlainInspector } from './plainInspector.ts';
import { choosePgRestore } from './programs.ts';

export async function checkDump(
  backup: Backup,
  findPrograms: FindPrograms,
  signal: AbortSignal,
  progress: BackupProgress,
): Promise<Problem | null> {
  return finding(backup, signal, async () => {
    if (backup.format === 'plain') return checkPlain(backup, signal, progress);
    const restore = await choosePgRestore(await findPrograms(), backup.program?.version ?? backup.serverVersion);
    await using archive = await OpenArchive.open(backup, signal);
    const counted = await countContents(restore, archive.content(signal), signal);
    const lacking = incomplete(backup.objects, counted, backup);
    if (lacking !== null) throw new ProblemError(lacking);
    await readToEnd(restore, archive, signal, progress);
  });
}

async function checkPlain(backup: Backup, signal: AbortSignal, progress: BackupProgress): Promise<void> {
  await using archive = await OpenArchive.open(backup, signal);
  const inspector = new PlainInspector();
  const throttle = new Throttle(progress);
  let bytes = 0;
  for await (const piece of archive.content(signal) as AsyncIterable<Buffer>) {
    inspector.add(piece);
    bytes += piece.length;
    throttle.tell(bytes, null);
  }
  throttle.flush();
  if (!inspector.end()) raise(withoutEnd(backup.program?.name ?? 'pg_dump'));
  const lacking = incomplete(backup.objects, inspector.objects, backup);
  if (lacking !== null) throw new ProblemError(lacking);
}

/** The list is right even in a truncated archive; only reading it all finds that (safety.md, fact 8). */
async function readToEnd(
  pgRestore: DumpProgram,
  archive: OpenArchive,
  signal: AbortSignal,
  progress: BackupProgress,
): Promise<void> {
  const throttle = new Throttle(progress);
  let bytes = 0;
  const content = archive.content(signal, (piece) => {
    bytes += piece.length;
    throttle.tell(bytes, null);
  });
  const ended = await runProgram(
    callOf(pgRestore, [`--file=${devNull}`]),
    signal,
    content,
    async (output) => void output.resume(),
  );
  throttle.flush();
  if (ended.exitCode !== 0) throw new ProblemError(unreadableArchive(ended));
}
