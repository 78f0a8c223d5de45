// Takes a dump of the snapshot in which the objects are counted.
import type { Backup, ObjectCounts } from '../../../shared/model/backup.ts';
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { BackupContent } from '../../../shared/model/proof.ts';
import { ProblemError, raise } from '../../../shared/problem.ts';
import type { Session } from '../../engine/ports.ts';
import { Relay } from '../../tunnels/relay.ts';
import type { PartialFile } from '../archive/partialFile.ts';
import { countedRows, storeArchive, type Taken } from '../archive/storeArchive.ts';
import type { BackupProgress, BackupRequest, Preflight } from '../backupTaker.ts';
import { expectedObjects, incomplete, withoutEnd } from '../compareObjects.ts';
import { COUNTED_ROWS, countWithin, orUnknown } from '../countRows.ts';
import { dumpToFile } from '../process/dumpToFile.ts';
import { callOf } from '../process/program.ts';
import { SecretFolder } from '../process/secretFolder.ts';
import type { DumpProgram, FindPrograms } from '../programs.ts';
import { countObjects, tablesToCount } from './catalogue.ts';
import { dumpArguments } from './command.ts';
import { libpqEnvironment } from './connection.ts';
import { beginContent } from './content.ts';
import { explainFailure } from './explainFailure.ts';
import { listContents } from './listContents.ts';
import { PlainInspector } from './plainInspector.ts';
import { choosePgDump, choosePgRestore } from './programs.ts';
import { type Snapshot, withSnapshot } from './snapshot.ts';

type Request = BackupRequest<NetworkConnection>;

export async function takeDump(
  request: Request,
  preflight: Preflight,
  findPrograms: FindPrograms,
  progress: BackupProgress,
  signal: AbortSignal,
): Promise<Backup> {
  const programs = await findPrograms();
  const dump = preflight.program ?? choosePgDump(programs, request.session.identity.version);
  const contents = await readerOf(request, dump, programs);
  const { database } = request.connection;
  return storeArchive(request, preflight, database, signal, (file) =>
    withSnapshot(request.session, async (snapshot) => {
      const objects = expectedObjects(request, await countObjects(request.session));
      const content = await recordingOf(request);
      const [written, rows] = await together(
        request.session,
        signal,
        (stop) => dumpSnapshot(request, snapshot, file, { dump, contents, progress, signal: stop }),
        async (stop) => (content === null ? [] : content.readRows(stop)),
      );
      const lacking = incomplete(objects, await contents.count(file.path, signal), { database });
      if (lacking !== null) throw new ProblemError(lacking);
      return {
        ...written,
        objects,
        takenAt: snapshot.moment,
        ...(await rowsOf(request, (await content?.finish(rows)) ?? null)),
      } satisfies Taken;
    }),
  );
}

interface ContentsReader {
  readonly observe: (piece: Buffer) => void;
  /** Objects by kind in the archive, when all of it was observed. @throws {ProblemError} */
  count(path: string, signal: AbortSignal): Promise<ObjectCounts>;
}

async function readerOf(
  request: Request,
  dump: DumpProgram,
  programs: readonly DumpProgram[],
): Promise<ContentsReader> {
  if (request.format === 'plain') {
    const inspector = new PlainInspector();
    return {
      observe: (piece) => inspector.add(piece),
      count: async () => (inspector.end() ? inspector.objects : raise(withoutEnd(dump.name))),
    };
  }
  const restore = await choosePgRestore(programs, dump.version);
  return {
    observe: () => undefined,
    count: (path, signal) => listContents(restore, { path, encrypted: request.key !== null }, signal),
  };
}

const recordingOf = async ({ session, covers, recording }: Request) =>
  recording === undefined || covers !== 'everything' ? null : beginContent(session, recording);

/** The session reads beside the dump. Where one of both fails, the other is ended first: both use the session's transaction. */
async function together<D, R>(
  session: Session,
  signal: AbortSignal,
  dump: (stop: AbortSignal) => Promise<D>,
  read: (stop: AbortSignal) => Promise<R>,
): Promise<[D, R]> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  stop.addEventListener('abort', () => void session.cancel().catch(() => undefined), { once: true });
  const first = (error: unknown) => {
    failed.abort(error);
    throw error;
  };
  const both = [dump(stop).catch(first), read(stop).catch(first)] as const;
  await Promise.allSettled(both);
  return Promise.all(both).catch((error: unknown) => {
    throw failed.signal.reason ?? error;
  });
}

async function rowsOf(request: Request, content: BackupContent | null): Promise<Pick<Taken, 'rows' | 'content'>> {
  if (content !== null) return { content, rows: countedRows(content) };
  const rows = await orUnknown(countRows(request));
  return rows === null ? {} : { rows };
}

/** In the snapshot of the dump, so that a restored copy must have the same. */
const countRows = async ({ session, covers }: Request) =>
  covers === 'everything' ? countWithin(session, await tablesToCount(session), COUNTED_ROWS) : null;

interface Dumping {
  readonly dump: DumpProgram;
  readonly contents: ContentsReader;
  readonly progress: BackupProgress;
  readonly signal: AbortSignal;
}

async function dumpSnapshot(
  request: Request,
  snapshot: Snapshot,
  file: PartialFile,
  { dump, contents, progress, signal }: Dumping,
) {
  const { connection, password } = request;
  await using secrets = await SecretFolder.create();
  await using relay = dump.remote === undefined ? await Relay.open(connection) : null;
  const call = callOf(dump, dumpArguments(request, dump, snapshot.name, relay), {
    environment: dump.remote === undefined ? await libpqEnvironment(connection, password, secrets, relay) : {},
    password,
  });
  let table: string | null = null;
  return await dumpToFile(call, file, {
    request,
    progress,
    signal,
    observe: contents.observe,
    errorLine: (line) => {
      table = /^pg_dump: dumping contents of table "(?<table>.+)"$/.exec(line)?.groups?.['table'] ?? table;
    },
    current: () => table,
    connected: () => void secrets.remove(),
    explain: (ended) => explainFailure(ended, connection),
  });
}
