// Takes a dump and compares its objects with the catalogue's.
import type { Backup } from '../../../shared/model/backup.ts';
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import { ProblemError, raise } from '../../../shared/problem.ts';
import { Relay } from '../../tunnels/relay.ts';
import type { PartialFile } from '../archive/partialFile.ts';
import { countedRows, storeArchive, type Taken } from '../archive/storeArchive.ts';
import type { WrittenArchive } from '../archive/writeArchive.ts';
import type { BackupProgress, BackupRequest, Preflight } from '../backupTaker.ts';
import { expectedObjects, incomplete, withoutEnd } from '../compareObjects.ts';
import { COUNTED_ROWS, countWithin, orUnknown } from '../countRows.ts';
import { dumpToFile } from '../process/dumpToFile.ts';
import { callOf } from '../process/program.ts';
import { SecretFolder } from '../process/secretFolder.ts';
import type { DumpProgram } from '../programs.ts';
import { countObjects, serverTime, tablesToCount, usesTls } from './catalogue.ts';
import { whatToDump } from './command.ts';
import { optionFileArgument, remoteArguments } from './connection.ts';
import { SurroundedDump } from './content.ts';
import { DumpInspector } from './dumpInspector.ts';
import { explainFailure } from './explainFailure.ts';

type Request = BackupRequest<NetworkConnection>;

export async function takeDump(
  request: Request,
  preflight: Preflight,
  program: DumpProgram,
  progress: BackupProgress,
  signal: AbortSignal,
): Promise<Backup> {
  const { session, connection } = request;
  return storeArchive(request, preflight, connection.database, signal, async (file): Promise<Taken> => {
    // Before the snapshot: what was written later may be missing, what was written earlier is there.
    const takenAt = await serverTime(session);
    const objects = expectedObjects(request, await countObjects(session));
    const { covers, recording } = request;
    const records = covers === 'everything' && recording !== undefined;
    const rows = covers === 'everything' && !records ? await orUnknown(countRows(session)) : null;
    await using surrounded = records ? await SurroundedDump.open(recording, signal) : null;
    const inspector = new DumpInspector();
    const written = await dump(request, program, file, observed(inspector, surrounded), progress, signal);
    if (!inspector.end()) raise(withoutEnd(program.name));
    const lacking = incomplete(objects, inspector.objects, connection);
    if (lacking !== null) throw new ProblemError(lacking);
    const about = { ...written, takenAt, objects, definers: inspector.definers };
    if (surrounded === null) return { ...about, ...(rows === null ? {} : { rows }) };
    const content = await surrounded.finish(signal);
    return { ...about, content, rows: countedRows(content) };
  });
}

interface Observed {
  readonly inspector: DumpInspector;
  add(piece: Buffer): void;
}

const observed = (inspector: DumpInspector, surrounded: SurroundedDump | null): Observed => ({
  inspector,
  add(piece) {
    inspector.add(piece);
    if (inspector.table !== null) surrounded?.dumpBegan();
  },
});

/** The dump's snapshot cannot be shared: rows written in the moment between are not in these numbers. */
const countRows = async (session: Request['session']) =>
  countWithin(session, await tablesToCount(session), COUNTED_ROWS);

async function dump(
  request: Request,
  program: DumpProgram,
  file: PartialFile,
  { inspector, add }: Observed,
  progress: BackupProgress,
  signal: AbortSignal,
): Promise<WrittenArchive> {
  const { connection, password, session } = request;
  await using secrets = await SecretFolder.create();
  await using relay = program.remote === undefined ? await Relay.open(connection) : null;
  const reach = { connection, password, program, relay, encrypted: await usesTls(session) };
  const options =
    program.remote === undefined ? [await optionFileArgument(reach, secrets)] : remoteArguments(reach, program.remote);
  const call = callOf(program, [...options, ...whatToDump(request, program.product)], { password });
  return await dumpToFile(call, file, {
    request,
    progress,
    signal,
    observe: add,
    errorLine: () => undefined,
    current: () => inspector.table,
    connected: () => void secrets.remove(),
    explain: (ended) => explainFailure(ended, program.name, connection),
  });
}
