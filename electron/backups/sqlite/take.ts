// Takes a backup: a copy by SQLite in a worker, then the archive from the copy.
import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import type { Backup } from '../../../shared/model/backup.ts';
import type { FileConnection } from '../../../shared/model/environment.ts';
import type { BackupContent } from '../../../shared/model/proof.ts';
import type { SchemaObject } from '../../../shared/model/snapshot.ts';
import { nothingChanged, ProblemError } from '../../../shared/problem.ts';
import { fromDisk } from '../archive/diskProblem.ts';
import type { PartialFile } from '../archive/partialFile.ts';
import { storeArchive, type Taken } from '../archive/storeArchive.ts';
import { WorkFolder } from '../archive/workFolder.ts';
import { writeArchive } from '../archive/writeArchive.ts';
import type { BackupProgress, BackupRequest, Preflight } from '../backupTaker.ts';
import { contentOf, requireSameSchema } from '../content/contentReader.ts';
import { Throttle } from '../process/throttle.ts';
import { type ContentFound, FORM } from './protocol.ts';
import { runWorker, WorkerFailure } from './runWorker.ts';

const READ_BYTES = 1 << 20;

export async function takeCopy(
  request: BackupRequest<FileConnection>,
  preflight: Preflight,
  progress: BackupProgress,
  signal: AbortSignal,
): Promise<Backup> {
  const throttle = new Throttle(progress);
  const tell = (bytes: number) => throttle.tell(bytes, null);
  try {
    const backup = await storeArchive(request, preflight, basename(request.connection.file), signal, (file) =>
      copyInto(file, request, tell, signal),
    );
    throttle.flush();
    return backup;
  } catch (error) {
    throw explain(error, request);
  }
}

async function copyInto(
  file: PartialFile,
  request: BackupRequest<FileConnection>,
  tell: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Taken> {
  await using folder = await WorkFolder.create(request.folder);
  const copy = join(folder.path, 'copy.sqlite');
  const { recording, session } = request;
  const schema = (await recording?.readSchema(session)) ?? null;
  const { takenAt, objects, danglingReferences, content } = await runWorker(
    { kind: 'copy', file: request.connection.file, copy },
    signal,
    tell,
  );
  const written = await writeArchive(
    createReadStream(copy, { highWaterMark: READ_BYTES }),
    file,
    request,
    () => undefined,
    signal,
  );
  return {
    ...written,
    takenAt,
    objects,
    danglingReferences,
    rows: content.tables.map(({ table, rows }) => ({ table, rows, source: 'counted' })),
    ...(schema === null ? {} : { content: await recorded(request, schema, content) }),
    warnings: danglingReferences === 0 ? [] : [dangling(danglingReferences)],
  };
}

async function recorded(
  { recording, session }: BackupRequest<FileConnection>,
  schema: readonly SchemaObject[],
  { tables, sequences }: ContentFound,
): Promise<BackupContent> {
  requireSameSchema(schema, (await recording?.readSchema(session)) ?? schema);
  const positions = sequences.map(([sequence, position]) => ({ sequence, before: position, after: position }));
  return contentOf({ schema, tables, digestForm: FORM, sequences: positions, database: {} });
}

const dangling = (count: number): string =>
  `${count} rows refer to missing rows (PRAGMA foreign_key_check). They are so in the database itself; the backup holds them as they are.`;

function explain(error: unknown, request: BackupRequest<FileConnection>): unknown {
  if (!(error instanceof WorkerFailure)) return error;
  if (error.code?.startsWith('SQLITE_FULL'))
    return fromDisk(Object.assign(new Error(error.message, { cause: error }), { code: 'ENOSPC' }), request.folder);
  const busy = error.code?.startsWith('SQLITE_BUSY') === true;
  return new ProblemError(
    {
      code: 'backup.programFailed',
      message: busy
        ? `Another program keeps ${request.connection.file} locked.`
        : `SQLite could not copy ${request.connection.file}.`,
      state: `${nothingChanged} No file was left behind.`,
      hint: busy
        ? 'Wait until the other program has finished writing, then take the backup again.'
        : 'Check the file with PRAGMA integrity_check and the disk it is on, then take the backup again.',
      serverMessage: error.message,
    },
    { cause: error },
  );
}
