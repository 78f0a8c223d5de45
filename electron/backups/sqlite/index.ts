// Backups of SQLite by its own online backup; no program is needed.
import { stat } from 'node:fs/promises';
import type { ObjectCounts } from '../../../shared/model/backup.ts';
import type { FileConnection } from '../../../shared/model/environment.ts';
import { raise } from '../../../shared/problem.ts';
import type { Session } from '../../engine/ports.ts';
import { freeBytesIn, requireSpace } from '../archive/diskProblem.ts';
import type { BackupRequest, BackupTaker, Preflight } from '../backupTaker.ts';
import { shellCommand } from '../process/shellCommand.ts';
import { checkCopy } from './check.ts';
import { countsQuery } from './countsQuery.ts';
import { takeCopy } from './take.ts';

export const sqliteTaker: BackupTaker<FileConnection> = {
  engine: 'sqlite',
  preflight,
  take: takeCopy,
  check: (backup, signal, progress) => checkCopy(backup, signal, progress ?? (() => undefined)),
};

async function preflight(request: BackupRequest<FileConnection>): Promise<Preflight> {
  const { connection, session, folder, covers, compression } = request;
  if (covers !== 'everything') {
    raise({
      code: 'usage.invalid',
      message: 'A backup of SQLite is always of the whole file.',
      hint: 'Leave out the choice of schema or tables.',
    });
  }
  const estimatedBytes = await sizeOf(connection.file);
  const freeBytes = await freeBytesIn(folder);
  // The copy lies beside the archive until it is compressed.
  requireSpace(folder, estimatedBytes, freeBytes);
  return {
    program: null,
    command: `${shellCommand('sqlite3', [connection.file, '.backup copy.sqlite'])} && zstd -${compression} copy.sqlite`,
    objects: await countObjects(session),
    estimatedBytes,
    freeBytes,
    notCovered: [],
    warnings: [],
  };
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    return raise(
      {
        code: 'connect.noDatabase',
        message: `The file ${file} cannot be read.`,
        hint: 'Correct the path of the environment.',
        serverMessage: String(error),
      },
      error,
    );
  }
}

async function countObjects(session: Session): Promise<ObjectCounts> {
  const rows = await session.query(countsQuery);
  return Object.fromEntries(rows.map((row) => [String(row['kind']), Number(row['number'])]));
}
