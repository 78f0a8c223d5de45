// Restores MySQL and MariaDB: a new database, filled by our own session and verified, then its tables renamed across.
import type { NetworkConnection } from '../../../../shared/model/environment.ts';
import { ProblemError, raise } from '../../../../shared/problem.ts';
import type { Session } from '../../../engine/ports.ts';
import type { BackupProgress } from '../../backupTaker.ts';
import { countAll, countWithin } from '../../countRows.ts';
import { type Archive, formatOf } from '../../restore/archive.ts';
import { cancelled, loadFailed } from '../../restore/failures.ts';
import { databaseNames } from '../../restore/names.ts';
import { compareLoaded, failed } from '../../restore/verify.ts';
import type { LoadedRows, RestorePreflight, RestoreRequest, Restorer } from '../../restorer.ts';
import { countObjects, quoteName, tablesToCount } from '../catalogue.ts';
import { databaseExists, encodingOf } from './keptRecord.ts';
import { fill, requireDefiners } from './load.ts';
import { requireRights } from './rights.ts';
import { removeRestored, swap, undo } from './swap.ts';

type Request = RestoreRequest<NetworkConnection>;

const LONGEST_NAME = 64;

export const mysqlRestorer: Restorer<NetworkConnection> = {
  engine: 'mysql',
  names: (connection, stamp) => databaseNames(connection.database, stamp, LONGEST_NAME),
  exists: databaseExists,
  preflight,
  othersOn: async () => [],
  countRows: async (session, budget) => countWithin(session, await tablesToCount(session), budget),
  create,
  load,
  verify,
  swap,
  discard: removeRestored,
  undo,
};

async function preflight(request: Request): Promise<RestorePreflight> {
  const { archive, session, names, swaps, intoExisting } = request;
  if (formatOf(archive) !== 'sql')
    raise({
      code: 'restore.unfit',
      message: 'This is no dump of MySQL or MariaDB.',
      hint: 'Choose the SQL that mysqldump or mariadb-dump wrote.',
    });
  await requireRights(request);
  if (intoExisting) await requireEmpty(request);
  else if (await databaseExists(session, names.restored))
    raise({
      code: 'restore.unfit',
      message: `There is a database ${names.restored} already.`,
      hint: 'Name one that does not exist yet, or an empty one.',
    });
  if (!swaps) return { sessions: [], warnings: [] };
  await requireNoReferences(session, names.live);
  return { sessions: [], warnings: await aboutOthers(session, names.live) };
}

async function requireEmpty({ open, names }: Request): Promise<void> {
  const session = await open(names.restored);
  try {
    if (Object.values(await countObjects(session)).some((count) => count > 0))
      raise({
        code: 'restore.unfit',
        message: `The database ${names.restored} is not empty.`,
        hint: 'Name an empty one, or one that does not exist yet.',
      });
  } finally {
    await session.close();
  }
}

/** They would follow the tables to where these are kept. */
async function requireNoReferences(session: Session, live: string): Promise<void> {
  const rows =
    await session.query(`SELECT DISTINCT TABLE_SCHEMA AS db, TABLE_NAME AS name FROM information_schema.KEY_COLUMN_USAGE
WHERE REFERENCED_TABLE_SCHEMA = DATABASE() AND TABLE_SCHEMA <> DATABASE()`);
  const [first] = rows;
  if (first === undefined) return;
  raise({
    code: 'restore.unfit',
    message: `Foreign keys of other databases refer to tables of ${live}: ${rows.map((row) => `${String(row['db'])}.${String(row['name'])}`).join(', ')}.`,
    hint: 'Drop them before and create them again after the restore, or restore beside with --beside.',
  });
}

async function aboutOthers(session: Session, live: string): Promise<string[]> {
  const rows = await session.query(
    'SELECT DISTINCT USER AS user FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()',
  );
  if (rows.length === 0) return [];
  return [
    `${live} is in use by ${rows.map((row) => String(row['user'])).join(', ')}. Sessions stay open and find the restored tables under the same names; what they write until then is kept aside with the old tables. Stop the applications first.`,
  ];
}

async function create(request: Request, signal: AbortSignal): Promise<void> {
  const { session, names, intoExisting, archive, note } = request;
  try {
    await requireDefiners(request, signal);
    if (intoExisting) return;
    await note(`creating the database ${names.restored}`);
    await session.query(`CREATE DATABASE ${quoteName(names.restored)} ${await encodingOf(session)}`);
  } catch (error) {
    throw explained(error, request, signal, archive);
  }
}

async function load(request: Request, progress: BackupProgress, signal: AbortSignal): Promise<LoadedRows> {
  const filling = await request.open(request.names.restored);
  try {
    const loaded = await fill(request, filling, progress, signal);
    signal.throwIfAborted();
    return loaded;
  } catch (error) {
    throw explained(error, request, signal, request.archive);
  } finally {
    await filling.close();
  }
}

const explained = (error: unknown, { names }: Request, signal: AbortSignal, archive: Archive): unknown =>
  signal.aborted ? new ProblemError(cancelled(names.live), { cause: error }) : loadFailed(error, archive, names.live);

async function verify(request: Request, loaded: LoadedRows, signal: AbortSignal): Promise<void> {
  const { names, archive } = request;
  const session = await request.open(names.restored);
  const abort = () => void session.cancel().catch(() => undefined);
  signal.addEventListener('abort', abort, { once: true });
  try {
    // The recorded rows were counted a moment before the dump's own snapshot; what the dump holds is exact.
    await compareLoaded(archive, await countObjects(session), null);
    const tables = (await tablesToCount(session)).filter(({ table }) => loaded.has(table));
    const counted = await countAll(session, tables);
    const wrong = [...loaded].filter(([table, rows]) => counted.get(table) !== rows);
    if (archive.kind === 'backup' && wrong.length > 0)
      raise(
        failed(
          `The restored database has not the rows of the dump (${wrong
            .map(([table]) => table)
            .slice(0, 5)
            .join(', ')}).`,
        ),
      );
    signal.throwIfAborted();
  } catch (error) {
    throw explained(error, request, signal, archive);
  } finally {
    signal.removeEventListener('abort', abort);
    await session.close();
  }
}
