// Restores PostgreSQL: a new database, filled and verified, then two renames in one transaction.
import type { NetworkConnection } from '../../../../shared/model/environment.ts';
import { ProblemError, raise } from '../../../../shared/problem.ts';
import type { Session } from '../../../engine/ports.ts';
import type { BackupProgress } from '../../backupTaker.ts';
import { countAll, countWithin } from '../../countRows.ts';
import { flawWarning } from '../../flaws.ts';
import { type DumpProgram, type FindPrograms, listDumpPrograms } from '../../programs.ts';
import { formatOf } from '../../restore/archive.ts';
import { cancelled, loadFailed } from '../../restore/failures.ts';
import { databaseNames } from '../../restore/names.ts';
import { compareLoaded } from '../../restore/verify.ts';
import type {
  LoadedRows,
  RestorePreflight,
  RestoreRequest,
  Restorer,
  SwapRequest,
  UndoRequest,
} from '../../restorer.ts';
import { majorOf } from '../../version.ts';
import { countObjects, tablesToCount } from '../catalogue.ts';
import { choosePgRestoreFor } from '../programs.ts';
import { fill } from './load.ts';
import { createLike, propertiesFor } from './properties.ts';
import { notUndoable, requireFit, requireRights } from './requirements.ts';
import { exchange, existing, openMaintenance, sessionsOn } from './swap.ts';

type Request = RestoreRequest<NetworkConnection>;

/** NAMEDATALEN less one. */
const LONGEST_NAME = 63;

export function postgresRestorer(findPrograms: FindPrograms = listDumpPrograms): Restorer<NetworkConnection> {
  return {
    engine: 'postgres',
    names: (connection, stamp) => databaseNames(connection.database, stamp, LONGEST_NAME),
    exists: async (session, database) => (await existing(session, [database])).size > 0,
    preflight: (request) => preflight(request, findPrograms),
    othersOn: sessionsOn,
    countRows: async (session, budget) => countWithin(session, await tablesToCount(session), budget),
    create,
    load: (request, progress, signal) => load(request, findPrograms, progress, signal),
    verify,
    swap,
    discard,
    undo,
  };
}

async function programFor({ archive, session }: Request, findPrograms: FindPrograms): Promise<DumpProgram | null> {
  if (formatOf(archive) === 'sql') return null;
  const version = archive.kind === 'backup' ? (archive.backup.program?.version ?? archive.backup.serverVersion) : null;
  return choosePgRestoreFor(await findPrograms(), version ?? session.identity.version);
}

async function preflight(request: Request, findPrograms: FindPrograms): Promise<RestorePreflight> {
  requireFit(request.archive);
  const program = await programFor(request, findPrograms);
  const warnings = await requireRights(request);
  const flaw = program === null ? null : flawWarning(program, request.archive.kind === 'foreign');
  return {
    sessions: request.swaps ? await sessionsOn(request.session, request.names.live) : [],
    warnings: [...warnings, ...(flaw === null ? [] : [flaw])],
  };
}

async function create({ names, session, dialect, intoExisting, note }: Request): Promise<void> {
  if (intoExisting) return;
  try {
    const statement = await createLike(session, names.restored, dialect);
    await note(`creating the database ${names.restored}`);
    await session.query(statement);
  } catch (error) {
    throw loadFailed(error, null, names.live);
  }
}

async function load(
  request: Request,
  findPrograms: FindPrograms,
  progress: BackupProgress,
  signal: AbortSignal,
): Promise<LoadedRows> {
  const { archive, names } = request;
  try {
    await fill(request, await programFor(request, findPrograms), progress, signal);
    signal.throwIfAborted();
    return new Map();
  } catch (error) {
    throw signal.aborted
      ? new ProblemError(cancelled(names.live), { cause: error })
      : loadFailed(error, archive, names.live);
  }
}

async function verify(request: Request, _loaded: LoadedRows, signal: AbortSignal): Promise<void> {
  const { names, archive } = request;
  const session = await request.open(names.restored);
  const abort = () => void session.cancel().catch(() => undefined);
  signal.addEventListener('abort', abort, { once: true });
  try {
    const tables = await tablesToCount(session);
    // Reads every table that the backup counted, so that unreadable ones show.
    await compareLoaded(archive, await countObjects(session), (wanted) =>
      countAll(
        session,
        tables.filter(({ table }) => wanted.has(table)),
      ),
    );
    // A restored database has no statistics, without which plans of queries are poor.
    await session.query('ANALYZE');
  } catch (error) {
    throw signal.aborted
      ? new ProblemError(cancelled(names.live), { cause: error })
      : loadFailed(error, archive, names.live);
  } finally {
    signal.removeEventListener('abort', abort);
    await session.close();
  }
}

async function swap(request: SwapRequest<NetworkConnection>): Promise<void> {
  const { names, session, dialect } = request;
  // Last of all: a setting such as default_transaction_read_only would have stood in the way of loading.
  try {
    for (const statement of await propertiesFor(session, names.restored, dialect)) await session.query(statement);
  } catch (error) {
    throw loadFailed(error, null, names.live);
  }
  await request.note(`renaming ${names.live} to ${names.kept}, and ${names.restored} to ${names.live}`);
  await exchange(request, names.kept, names.restored);
}

async function discard(request: SwapRequest<NetworkConnection>): Promise<void> {
  const session = await openMaintenance(request);
  try {
    await drop(session, request);
  } finally {
    await session.close();
  }
}

/** Programs of ours that were killed may still be connected for a moment. */
async function drop(session: Session, { names, dialect }: SwapRequest): Promise<void> {
  const name = dialect.quoteIdentifier(names.restored);
  if (majorOf(session.identity.version) >= 13) {
    await session.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    return;
  }
  await session.query('SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = $1', [
    names.restored,
  ]);
  await session.query(`DROP DATABASE IF EXISTS ${name}`);
}

async function undo(request: UndoRequest<NetworkConnection>): Promise<'undone' | 'removed'> {
  const { names, session, stage } = request;
  const there = await existing(session, [names.live, names.restored, names.kept]);
  if (there.has(names.kept)) {
    if (there.has(names.restored)) raise(notUndoable(names, `${names.restored} is there already`));
    await request.begins();
    await request.note(`renaming ${names.live} to ${names.restored}, and ${names.kept} to ${names.live}`);
    await exchange(request, names.restored, names.kept);
    return 'undone';
  }
  // The renames of the swap never happened, or those of an undo before this one did.
  if (stage === 'undoing') return 'undone';
  if (stage === 'swapped') raise(notUndoable(names, `${names.kept} is not there any more`));
  await discard(request);
  return 'removed';
}
