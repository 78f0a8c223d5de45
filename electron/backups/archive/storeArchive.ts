// From a taker's data to an archive with its manifest and record: the same for every engine.
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backup, TableRows } from '../../../shared/model/backup.ts';
import type { BackupContent } from '../../../shared/model/proof.ts';
import { nothingChanged, type Problem, ProblemError } from '../../../shared/problem.ts';
import type { BackupRequest, Preflight } from '../backupTaker.ts';
import { rememberKey } from '../encryption/keyRing.ts';
import { archiveName, contentPath } from './archiveName.ts';
import { writeContent } from './contentFile.ts';
import { fromDisk, prepareFolder } from './diskProblem.ts';
import { writeManifest } from './manifest.ts';
import { PartialFile } from './partialFile.ts';
import type { WrittenArchive } from './writeArchive.ts';

/** What an engine knows once its data is in the file. */
export interface Taken extends WrittenArchive, Pick<Backup, 'takenAt' | 'objects' | 'rows' | 'definers'> {
  readonly danglingReferences?: number;
  /** What was recorded; absent: nothing. */
  readonly content?: BackupContent;
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
  const path = join(request.folder, archiveName(request, new Date()));
  try {
    signal.throwIfAborted();
    if (request.key !== null) rememberKey(request.key);
    await prepareFolder(request.folder);
    await using partial = await PartialFile.create(path);
    const taken = await write(partial);
    await partial.publish();
    const { mtimeMs } = await stat(path);
    const file: WrittenFile = { path, modifiedAt: Math.round(mtimeMs), durationMs: performance.now() - started };
    const backup = record(request, preflight, database, file, taken);
    return await describe(backup, request, preflight, taken, signal).catch(async (error: unknown) => {
      for (const written of [path, contentPath(path)]) await rm(written, { force: true });
      throw error;
    });
  } catch (error) {
    // Whatever broke when it was cancelled is a consequence.
    throw signal.aborted ? new ProblemError(cancelled, { cause: error }) : fromDisk(error, request.folder);
  }
}

/** Every table's, of the moment that the backup is of. */
export const countedRows = ({ tables }: BackupContent): TableRows[] =>
  tables.map(({ table, rows }) => ({ table, rows, source: 'counted' }));

/** Writes beside the archive what it must hold, and the manifest. */
async function describe(
  backup: Backup,
  request: BackupRequest,
  preflight: Preflight,
  { content }: Taken,
  signal: AbortSignal,
): Promise<Backup> {
  const recorded = content === undefined ? null : await writeContent(backup.path, content, request, signal);
  const described = recorded === null ? backup : { ...backup, content: recorded };
  await writeManifest(described, preflight.command);
  return described;
}

const cancelled: Problem = {
  code: 'backup.cancelled',
  message: 'The backup was cancelled.',
  state: `${nothingChanged} No file was left behind.`,
  hint: 'Take the backup again when it suits.',
};

type WrittenFile = Pick<Backup, 'path' | 'durationMs'> & { readonly modifiedAt: number };

function record(
  request: BackupRequest,
  preflight: Preflight,
  database: string,
  { path, modifiedAt, durationMs }: WrittenFile,
  taken: Taken,
): Backup {
  const { program } = preflight;
  const { key, covers, tables, format } = request;
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
    modifiedAt,
    encrypted: key !== null,
    ...(key === null ? {} : { key: key.id }),
    covers,
    ...(covers === 'tables' ? { tables } : {}),
    ...(request.connection.engine === 'sqlite' ? {} : { format }),
    notCovered: [...uncovered(request), ...preflight.notCovered],
    warnings: [...preflight.warnings, ...(taken.warnings ?? [])],
    objects: taken.objects,
    ...(request.applied === undefined ? {} : { applied: request.applied }),
    ...(taken.definers === undefined ? {} : { definers: taken.definers }),
    ...(taken.rows === undefined ? {} : { rows: taken.rows }),
    ...(taken.danglingReferences === undefined ? {} : { danglingReferences: taken.danglingReferences }),
    program: program === null ? null : { name: program.name, version: program.version },
    serverVersion: request.session.identity.version,
    checkedAt: null,
    problem: null,
  };
}

function uncovered({ covers, tables }: BackupRequest): string[] {
  if (covers === 'everything') return [];
  return covers === 'schema' ? ['All rows: this is the schema only'] : [`Everything but ${tables.join(', ')}`];
}
