// From a taker's data to an archive with its manifest and record: the same for every engine.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backup } from '../../../shared/model/backup.ts';
import { nothingChanged, type Problem, ProblemError } from '../../../shared/problem.ts';
import type { BackupRequest, Preflight } from '../backupTaker.ts';
import { archiveName } from './archiveName.ts';
import { fromDisk, prepareFolder } from './diskProblem.ts';
import { writeManifest } from './manifest.ts';
import { PartialFile } from './partialFile.ts';
import type { WrittenArchive } from './writeArchive.ts';

/** What an engine knows once its data is in the file. */
export interface Taken extends WrittenArchive, Pick<Backup, 'takenAt' | 'objects' | 'rows'> {
  readonly danglingReferences?: number;
  readonly warnings?: readonly string[];
}

/**
 * Lets `write` fill the archive, then publishes it with its manifest. Whatever fails, no file is left.
 * @throws {ProblemError} what `write` throws, `backup.folder`, `backup.diskFull`, `backup.cancelled`
 */
export async function storeArchive(
  request: BackupRequest,
  preflight: Preflight,
  database: string,
  signal: AbortSignal,
  write: (file: PartialFile) => Promise<Taken>,
): Promise<Backup> {
  const started = performance.now();
  const path = join(
    request.folder,
    archiveName(request.connection.engine, request.environment, request.id, new Date()),
  );
  try {
    signal.throwIfAborted();
    await prepareFolder(request.folder);
    await using file = await PartialFile.create(path);
    const taken = await write(file);
    await file.publish();
    const backup = record(request, preflight, database, path, taken, performance.now() - started);
    await writeManifest(backup, preflight.command).catch(async (error: unknown) => {
      await rm(path, { force: true });
      throw error;
    });
    return backup;
  } catch (error) {
    // Whatever broke when it was cancelled is a consequence.
    throw signal.aborted ? new ProblemError(cancelled, { cause: error }) : fromDisk(error, request.folder);
  }
}

const cancelled: Problem = {
  code: 'backup.cancelled',
  message: 'The backup was cancelled.',
  state: `${nothingChanged} No file was left behind.`,
  hint: 'Take the backup again when it suits.',
};

function record(
  request: BackupRequest,
  preflight: Preflight,
  database: string,
  path: string,
  taken: Taken,
  durationMs: number,
): Backup {
  const { program } = preflight;
  return {
    id: request.id,
    environment: request.environment,
    engine: request.connection.engine,
    database,
    level: 'taken',
    takenAt: taken.takenAt,
    durationMs: Math.round(durationMs),
    bytes: taken.bytes,
    path,
    sha256: taken.sha256,
    encrypted: false,
    covers: request.covers,
    notCovered: preflight.notCovered,
    warnings: [...preflight.warnings, ...(taken.warnings ?? [])],
    objects: taken.objects,
    ...(taken.rows === undefined ? {} : { rows: taken.rows }),
    ...(taken.danglingReferences === undefined ? {} : { danglingReferences: taken.danglingReferences }),
    program: program === null ? null : { name: program.name, version: program.version },
    serverVersion: request.session.identity.version,
    checkedAt: null,
    problem: null,
  };
}
