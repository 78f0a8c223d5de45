// Restores SQLite: a new file beside the live one, checked, then renamed over it.
import { realpathSync } from 'node:fs';
import { access, open, rm } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { TableRows } from '../../../../shared/model/backup.ts';
import type { FileConnection } from '../../../../shared/model/environment.ts';
import { ProblemError, raise } from '../../../../shared/problem.ts';
import type { Session } from '../../../engine/ports.ts';
import type { BackupProgress } from '../../backupTaker.ts';
import { countWithin } from '../../countRows.ts';
import { Throttle } from '../../process/throttle.ts';
import { formatOf, openArchive, pathOf } from '../../restore/archive.ts';
import { cancelled, liveUntouched, loadFailed } from '../../restore/failures.ts';
import { loadSql } from '../../restore/loadSql.ts';
import { compareLoaded, failed } from '../../restore/verify.ts';
import type { LoadedRows, RestorePreflight, RestoreRequest, Restorer, UndoRequest } from '../../restorer.ts';
import { runWorker, WorkerFailure } from '../runWorker.ts';
import { isThere, leaveExtraName, removeFile } from './files.ts';
import { requireForeignStatement } from './foreignStatements.ts';
import { exchange, requireUnused } from './swap.ts';

type Request = RestoreRequest<FileConnection>;

export const sqliteRestorer: Restorer<FileConnection> = {
  engine: 'sqlite',
  names: ({ file }, stamp) => {
    const live = realOf(file);
    return { live, restored: `${live}.restored_${stamp}`, kept: `${live}.before_${stamp}` };
  },
  exists: (_session, file) => isThere(file),
  preflight,
  othersOn: async () => [],
  countRows,
  create,
  load,
  verify,
  swap: async (request) => exchange(request, request.names.kept, request.names.restored),
  discard: ({ names }) => removeFile(names.restored),
  settle: ({ live, restored, kept }, stage) => leaveExtraName(live, stage === 'undoing' ? restored : kept),
  undo,
};

/** A link stays a link: what it points to is replaced. */
function realOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return resolve(file); // what is wrong with it is told when it is opened
  }
}

async function preflight({ archive, names, swaps }: Request): Promise<RestorePreflight> {
  if (formatOf(archive) === 'postgresArchive')
    raise({
      code: 'restore.unfit',
      message: 'This is an archive of PostgreSQL, not a SQLite database.',
      hint: 'Choose a SQLite file or the SQL that sqlite3 .dump wrote.',
    });
  if (!isAbsolute(names.restored) || (await isThere(names.restored)))
    raise({
      code: 'restore.unfit',
      message: `There is a file already: ${names.restored}`,
      hint: 'Name a file that does not exist yet.',
    });
  await requireWritable(dirname(names.restored));
  if (swaps) await requireUnused(names.live);
  return { sessions: [], warnings: [] };
}

async function requireWritable(folder: string): Promise<void> {
  await access(folder, 2).catch((error: unknown) =>
    raise(
      {
        code: 'restore.rights',
        message: `The folder ${folder} cannot be written: the restored file must lie beside the live one.`,
        hint: 'Give your account write access to the folder, or restore elsewhere with --into PATH.',
        serverMessage: String(error),
      },
      error,
    ),
  );
}

async function countRows(session: Session, budget: number): Promise<TableRows[]> {
  const rows = await session.query(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
  );
  const [pages] = await session.query(
    'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size',
  );
  // SQLite keeps no statistics of its own: a file too large to count is not counted at all.
  const estimate = Number(pages?.['bytes'] ?? 0) / BYTES_A_ROW / Math.max(1, rows.length);
  const tables = rows.map((row) => {
    const table = String(row['name']);
    return { table, sql: `"${table.replaceAll('"', '""')}"`, estimate };
  });
  return (await countWithin(session, tables, budget)).filter(({ source }) => source === 'counted');
}

/** A small row with its share of indexes. */
const BYTES_A_ROW = 100;

async function create({ names, note }: Request): Promise<void> {
  await note(`creating the file ${names.restored}`);
  try {
    await (await open(names.restored, 'wx', 0o600)).close();
  } catch (error) {
    throw loadFailed(error, null, names.live);
  }
}

async function load(request: Request, progress: BackupProgress, signal: AbortSignal): Promise<LoadedRows> {
  const { archive, names } = request;
  try {
    if (formatOf(archive) === 'sql') await loadText(request, progress, signal);
    else await unpack(request, progress, signal);
    signal.throwIfAborted();
    return new Map();
  } catch (error) {
    throw signal.aborted
      ? new ProblemError(cancelled(names.live), { cause: error })
      : loadFailed(error, archive, names.live);
  }
}

async function unpack({ archive, names }: Request, progress: BackupProgress, signal: AbortSignal): Promise<void> {
  await using content = await openArchive(archive, signal);
  const throttle = new Throttle(progress);
  let bytes = 0;
  const source = content.content(signal, (piece) => {
    bytes += piece.length;
    throttle.tell(bytes, null);
  });
  await using file = await open(names.restored, 'r+');
  await pipeline(
    source,
    async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) await file.appendFile(piece);
    },
    { signal },
  );
  await file.sync();
  throttle.flush();
}

async function loadText(request: Request, progress: BackupProgress, signal: AbortSignal): Promise<void> {
  const { archive, names } = request;
  await using content = await openArchive(archive, signal);
  const session = await request.open(names.restored);
  try {
    await loadSql({
      path: pathOf(archive),
      content,
      session,
      sql: request.sql,
      signal,
      progress,
      encoding: 'utf8',
      prepare: (statement) => {
        requireForeignStatement(statement);
        return statement.text;
      },
      live: names.live,
    });
  } finally {
    await session.close();
  }
}

async function verify({ archive, names }: Request, _loaded: LoadedRows, signal: AbortSignal): Promise<void> {
  try {
    const found = await runWorker({ kind: 'check', file: names.restored }, signal, () => undefined);
    if (found.damage.length > 0)
      raise({ ...failed('SQLite finds the restored file inconsistent.'), serverMessage: found.damage.join('\n') });
    const known = archive.kind === 'backup' ? (archive.backup.danglingReferences ?? 0) : Number.POSITIVE_INFINITY;
    if (found.danglingReferences > known)
      raise(failed(`${found.danglingReferences} restored rows refer to missing rows, ${known} when it was taken.`));
    await compareLoaded(
      archive,
      found.objects,
      async () => new Map(found.rows.map(({ table, rows }) => [table, rows])),
    );
  } catch (error) {
    if (signal.aborted) throw new ProblemError(cancelled(names.live), { cause: error });
    if (error instanceof WorkerFailure)
      raise({ ...failed('SQLite cannot read the restored file.'), serverMessage: error.message }, error);
    throw error;
  }
}

async function undo(request: UndoRequest<FileConnection>): Promise<'undone' | 'removed'> {
  const { stage } = request;
  const { live, restored, kept } = request.names;
  const [keptThere, restoredThere] = [await isThere(kept), await isThere(restored)];
  if (keptThere && (stage === 'undoing' || !restoredThere)) {
    // A crash may have left a second copy of the live file under this name.
    if (restoredThere) await rm(restored);
    await request.begins();
    await exchange(request, restored, kept);
    return 'undone';
  }
  if (stage === 'undoing') return 'undone';
  if (stage === 'swapped')
    raise({
      code: 'restore.notUndoable',
      message: `The restore cannot be undone: ${kept} is not there any more.`,
      state: liveUntouched(live),
      hint: 'Put the file back under its name, or restore a backup.',
    });
  // The live file was never renamed over: what lies beside it is ours.
  if (keptThere) await rm(kept);
  await removeFile(restored);
  return 'removed';
}
