// Backups of PostgreSQL by pg_dump.
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import { freeBytesIn, leastArchiveBytes, requireSpace } from '../archive/diskProblem.ts';
import type { BackupRequest, BackupTaker, Preflight } from '../backupTaker.ts';
import { flawWarning } from '../flaws.ts';
import { type FindPrograms, listDumpPrograms } from '../programs.ts';
import { countObjects, dataBytes, notCovered, requireTables } from './catalogue.ts';
import { checkDump } from './check.ts';
import { shownCommand } from './command.ts';
import { choosePgDump } from './programs.ts';
import { requireRights } from './rights.ts';
import { takeDump } from './take.ts';

export function postgresTaker(findPrograms: FindPrograms = listDumpPrograms): BackupTaker<NetworkConnection> {
  return {
    engine: 'postgres',
    preflight: (request) => preflight(request, findPrograms),
    take: (request, found, progress, signal) => takeDump(request, found, findPrograms, progress, signal),
    check: (backup, signal, progress) => checkDump(backup, findPrograms, signal, progress ?? (() => undefined)),
  };
}

async function preflight(request: BackupRequest<NetworkConnection>, findPrograms: FindPrograms): Promise<Preflight> {
  const { session, folder } = request;
  const program = choosePgDump(await findPrograms(), session.identity.version);
  await requireTables(request);
  // What single tables ask for, pg_dump itself tells.
  if (request.covers !== 'tables') await requireRights(session, request.connection);
  const estimatedBytes = request.covers === 'everything' ? await dataBytes(session) : null;
  const freeBytes = await freeBytesIn(folder);
  requireSpace(folder, leastArchiveBytes(estimatedBytes ?? 0), freeBytes);
  const flaw = flawWarning(program);
  return {
    program,
    command: shownCommand(request, program),
    objects: await countObjects(session),
    estimatedBytes,
    freeBytes,
    notCovered: await notCovered(session),
    warnings: flaw === null ? [] : [flaw],
  };
}
