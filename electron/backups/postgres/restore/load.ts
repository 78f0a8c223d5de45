// Fills the new database: by pg_restore from an archive, by our own session from SQL text.
import { createWriteStream } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { NetworkConnection } from '../../../../shared/model/environment.ts';
import { type Problem, ProblemError } from '../../../../shared/problem.ts';
import type { Session } from '../../../engine/ports.ts';
import { Relay } from '../../../tunnels/relay.ts';
import { freeBytesIn, prepareFolder } from '../../archive/diskProblem.ts';
import { WorkFolder } from '../../archive/workFolder.ts';
import type { BackupProgress } from '../../backupTaker.ts';
import { callOf, type Ended, type ProgramCall, runProgram } from '../../process/program.ts';
import { SecretFolder } from '../../process/secretFolder.ts';
import { Throttle } from '../../process/throttle.ts';
import type { DumpProgram } from '../../programs.ts';
import { formatOf, type OpenContent, openArchive, pathOf } from '../../restore/archive.ts';
import { loadSql } from '../../restore/loadSql.ts';
import type { RestoreRequest } from '../../restorer.ts';
import { libpqEnvironment, targetArguments } from '../connection.ts';
import { readList } from '../listContents.ts';
import { copyEntries, staysOut } from './copyEntries.ts';
import { requireForeignStatement } from './foreignStatements.ts';

type Request = RestoreRequest<NetworkConnection>;

/** Bytes of an archive from which on several connections load faster than one. */
const PARALLEL_FROM = 16 << 20;
/** Compression has never been seen to exceed this on dumps; the archive is unpacked for several connections. */
const UNPACKED_RATIO = 10;
const MOST_JOBS = 4;

export async function fill(
  request: Request,
  program: DumpProgram | null,
  progress: BackupProgress,
  signal: AbortSignal,
): Promise<void> {
  await using content = await openArchive(request.archive, signal);
  if (program === null || formatOf(request.archive) === 'sql')
    return await fillFromSql(request, content, progress, signal);
  if (program.remote !== undefined) return await fillByRemote(request, program, content, progress, signal);
  await using secrets = await SecretFolder.create();
  await using relay = await Relay.open(request.connection);
  const chosen = request.asCopy === true ? await copyArguments(program, content, secrets, signal) : [];
  const call = (more: readonly string[]): Promise<ProgramCall> =>
    pgRestore(request, program, [...chosen, ...more], secrets, relay);
  if (await worthUnpacking(request)) return await fillParallel(request, content, call, progress, signal);
  const throttle = new Throttle(progress);
  const counted = content.content(signal, counting(throttle));
  check(await runProgram(await call(oneConnection(request)), signal, counted, drain), request);
  throttle.flush();
}

/** Whose objects they are, and what reaches beyond the copy, stays out. */
async function copyArguments(
  program: DumpProgram,
  content: OpenContent,
  secrets: SecretFolder,
  signal: AbortSignal,
): Promise<string[]> {
  const list = copyEntries(await readList(program, content.content(signal), signal));
  return ['--no-owner', '--no-privileges', `--use-list=${await secrets.write('list', list)}`];
}

/**
 * A pg_restore elsewhere has no file of ours and no way to our password; it only makes SQL of the archive, which our own
 * session loads.
 */
async function fillByRemote(
  request: Request,
  program: DumpProgram,
  content: OpenContent,
  progress: BackupProgress,
  signal: AbortSignal,
): Promise<void> {
  const call = callOf(program, ['--file=-', ...(request.asCopy === true ? ['--no-owner', '--no-privileges'] : [])]);
  await inTransaction(request, async (session) => {
    // What it has said when it ends is lost unless somebody reads already, hence the session first.
    const ended = await runProgram(call, signal, content.content(signal), (sql) =>
      load(request, session, { content: () => sql }, progress, signal),
    );
    check(ended, request);
  });
}

/** The same for pg_restore. */
const oneConnection = (request: Request): string[] => (request.intoExisting ? ['--single-transaction'] : []);

const drain = async (output: NodeJS.ReadableStream): Promise<void> => void output.resume();

function counting(throttle: Throttle): (piece: Buffer) => void {
  let bytes = 0;
  return (piece) => {
    bytes += piece.length;
    throttle.tell(bytes, null);
  };
}

async function pgRestore(
  { connection, password, names }: Request,
  program: DumpProgram,
  more: readonly string[],
  secrets: SecretFolder,
  relay: Relay | null,
): Promise<ProgramCall> {
  const target = targetArguments({ ...connection, database: names.restored }, relay);
  return callOf(program, ['--exit-on-error', '--no-password', ...target, ...more], {
    environment: { ...(await libpqEnvironment(connection, password, secrets, relay)), PGAPPNAME: 'Lockkeeper restore' },
    password,
  });
}

async function worthUnpacking({ archive, folder, intoExisting }: Request): Promise<boolean> {
  if (intoExisting || archive.kind !== 'backup' || archive.backup.bytes < PARALLEL_FROM) return false;
  return availableParallelism() > 1 && (await freeBytesIn(folder)) > archive.backup.bytes * UNPACKED_RATIO;
}

/** Several connections read a file at several places. */
async function fillParallel(
  request: Request,
  content: OpenContent,
  call: (more: readonly string[]) => Promise<ProgramCall>,
  progress: BackupProgress,
  signal: AbortSignal,
): Promise<void> {
  await prepareFolder(request.folder);
  await using folder = await WorkFolder.create(request.folder);
  const file = join(folder.path, 'archive.pgdump');
  const throttle = new Throttle(progress);
  await pipeline(content.content(signal, counting(throttle)), createWriteStream(file, { mode: 0o600 }), { signal });
  throttle.flush();
  const jobs = Math.min(MOST_JOBS, availableParallelism());
  check(await runProgram(await call([`--jobs=${jobs}`, file]), signal, null, drain), request);
}

function check(ended: Ended, request: Request): void {
  if (ended.exitCode !== 0) throw new ProblemError(explain(ended, request));
}

function explain(ended: Ended, { archive, names, connection }: Request): Problem {
  const said = ended.errorLines.join('\n');
  const about = {
    state: `${names.live} is unchanged. Nothing of the restore was left behind.`,
    ...(said === '' ? {} : { serverMessage: said }),
  };
  if (/permission denied|must be owner|must be superuser|must be (able|member)|only superuser/i.test(said))
    return {
      ...about,
      code: 'restore.rights',
      message: `The account ${connection.user} may not restore everything in ${pathOf(archive)}.`,
      hint: 'Restore with an account that owns the objects or is superuser, or have the named object created first.',
    };
  if (/role "(?:[^"]|"")*" does not exist/.test(said))
    return {
      ...about,
      code: 'restore.failed',
      message: 'A role that the backup names does not exist on this server.',
      hint: 'Create the role that is named (roles are not part of a backup), then restore again.',
    };
  return {
    ...about,
    code: 'restore.failed',
    message: `pg_restore failed (${ended.how}).`,
    hint: 'Remove the cause that pg_restore names, then restore again.',
  };
}

async function fillFromSql(
  request: Request,
  content: OpenContent,
  progress: BackupProgress,
  signal: AbortSignal,
): Promise<void> {
  await inTransaction(request, (session) => load(request, session, content, progress, signal));
}

/** Into a database that is not ours a failed restore must leave nothing. */
async function inTransaction(request: Request, work: (session: Session) => Promise<void>): Promise<void> {
  const session = await request.open(request.names.restored);
  try {
    await session.query('BEGIN');
    await work(session);
    await session.query('COMMIT');
  } finally {
    await session.close();
  }
}

const load = (
  request: Request,
  session: Session,
  content: Pick<OpenContent, 'content'>,
  progress: BackupProgress,
  signal: AbortSignal,
): Promise<void> =>
  loadSql({
    path: pathOf(request.archive),
    content,
    session,
    sql: request.sql,
    signal,
    progress,
    encoding: 'utf8',
    prepare: (statement) => {
      if (request.archive.kind === 'foreign') requireForeignStatement(statement, request.sql);
      return request.asCopy === true && staysOut(statement.text) ? null : statement.text;
    },
    live: request.names.live,
  });
