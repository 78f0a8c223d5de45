// Checks an archive: digest, every byte of it decompressed, end marker, objects counted again.
import type { Backup } from '../../../shared/model/backup.ts';
import { type Problem, ProblemError, raise } from '../../../shared/problem.ts';
import { finding } from '../archive/finding.ts';
import { OpenArchive } from '../archive/openArchive.ts';
import type { BackupProgress } from '../backupTaker.ts';
import { incomplete, withoutEnd } from '../compareObjects.ts';
import { Throttle } from '../process/throttle.ts';
import { DumpInspector } from './dumpInspector.ts';

export async function checkDump(
  backup: Backup,
  signal: AbortSignal,
  progress: BackupProgress,
): Promise<Problem | null> {
  return finding(backup, signal, async () => {
    await using archive = await OpenArchive.open(backup, signal);
    const inspector = new DumpInspector();
    const throttle = new Throttle(progress);
    let bytes = 0;
    for await (const piece of archive.content(signal) as AsyncIterable<Buffer>) {
      inspector.add(piece);
      bytes += piece.length;
      throttle.tell(bytes, inspector.table);
    }
    throttle.flush();
    if (!inspector.end()) raise(withoutEnd(backup.program?.name ?? 'the dump program'));
    const lacking = incomplete(backup.objects, inspector.objects, backup);
    if (lacking !== null) throw new ProblemError(lacking);
  });
}
