// Copies one consistent state of a database in use, by SQLite's online backup (sqlite.org/backup.html).
import Database from 'better-sqlite3';
import { countObjects, danglingReferences } from './checkFile.ts';
import type { CopyResult } from './protocol.ts';
import { readContent } from './readContent.ts';

/** Milliseconds to wait for a writer that has locked the file. */
const BUSY_TIMEOUT_MS = 30_000;

/** Pages between two reports. */
const PAGES_A_STEP = 2_000;

export async function copySnapshot(
  task: { readonly file: string; readonly copy: string },
  progress: (bytes: number) => void,
): Promise<CopyResult> {
  const source = new Database(task.file, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    // Held until the copy is done, this read transaction keeps other writers from making the backup start over.
    source.exec('BEGIN');
    const objects = countObjects(source);
    const takenAt = new Date().toISOString();
    const pageSize = Number(source.pragma('page_size', { simple: true }));
    await source.backup(task.copy, {
      progress: ({ totalPages, remainingPages }) => {
        progress((totalPages - remainingPages) * pageSize);
        return PAGES_A_STEP;
      },
    });
    // Not of the copy: what was broken in copying shall show.
    const content = readContent(source, null);
    source.exec('COMMIT');
    return { kind: 'copy', takenAt, objects, content, danglingReferences: inCopy(task.copy) };
  } finally {
    source.close();
  }
}

function inCopy(file: string): number {
  const copy = new Database(file, { fileMustExist: true });
  try {
    return danglingReferences(copy);
  } finally {
    copy.close();
  }
}
