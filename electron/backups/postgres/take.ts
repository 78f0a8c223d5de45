// Takes a dump of the snapshot in which the objects are counted.
import type { Backup } from '../../../shared/model/backup.ts';
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import { ProblemError } from '../../../shared/problem.ts';
import type { PartialFile } from '../archive/partialFile.ts';
import { storeArchive, type Taken } from '../archive/storeArchive.ts';
import type { BackupProgress, BackupRequest, Preflight } from '../backupTaker.ts';
import { expectedObjects, incomplete } from '../compareObjects.ts';
import { COUNTED_ROWS, countWithin, orUnknown } from '../countRows.ts';
import { dumpToFile } from '../process/dumpToFile.ts';
import { SecretFolder } from '../process/secretFolder.ts';
import type { FindPrograms } from '../programs.ts';
import { countObjects, tablesToCount } from './catalogue.ts';
import { dumpArguments } from './command.ts';
import { libpqEnvironment } from './connection.ts';
import { explainFailure } from './explainFailure.ts';
import { listContents } from './listContents.ts';
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
  const restore = await choosePgRestore(programs, dump.version);
  const { database } = request.connection;
  return storeArchive(request, preflight, database, signal, (file) =>
    withSnapshot(request.session, async (snapshot) => {
      const objects = expectedObjects(request, await countObjects(request.session));
      const written = await dumpSnapshot(request, dump.path, snapshot, file, progress, signal);
      const lacking = incomplete(objects, await listContents(restore.path, file.path, signal), { database });
      if (lacking !== null) throw new ProblemError(lacking);
      const rows = await orUnknown(countRows(request));
      return { ...written, objects, takenAt: snapshot.moment, ...(rows === null ? {} : { rows }) } satisfies Taken;
    }),
  );
}

/** In the snapshot of the dump, so that a restored copy must have the same. */
const countRows = async ({ session, covers }: Request) =>
  covers === 'everything' ? countWithin(session, await tablesToCount(session), COUNTED_ROWS) : null;

async function dumpSnapshot(
  request: Request,
  path: string,
  snapshot: Snapshot,
  file: PartialFile,
  progress: BackupProgress,
  signal: AbortSignal,
) {
  const { connection, password } = request;
  await using secrets = await SecretFolder.create();
  const call = {
    path,
    arguments: dumpArguments(request, snapshot.name),
    environment: await libpqEnvironment(connection, password, secrets),
    password,
  };
  let table: string | null = null;
  return await dumpToFile(call, file, {
    folder: request.folder,
    progress,
    signal,
    observe: () => undefined,
    errorLine: (line) => {
      table = /^pg_dump: dumping contents of table "(?<table>.+)"$/.exec(line)?.groups?.['table'] ?? table;
    },
    current: () => table,
    connected: () => void secrets.remove(),
    explain: (ended) => explainFailure(ended, connection),
  });
}
