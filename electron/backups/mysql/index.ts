// Backups of MariaDB and MySQL by mariadb-dump and mysqldump.
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import { freeBytesIn, leastArchiveBytes, requireSpace } from '../archive/diskProblem.ts';
import type { BackupRequest, BackupTaker, Preflight } from '../backupTaker.ts';
import { flawWarning } from '../flaws.ts';
import { type FindPrograms, listDumpPrograms } from '../programs.ts';
import { countObjects, dataBytes, inconsistentTables, requireTables } from './catalogue.ts';
import { checkDump } from './check.ts';
import { shownCommand } from './command.ts';
import { chooseDump, olderSeries } from './programs.ts';
import { requireRights } from './rights.ts';
import { takeDump } from './take.ts';

export function mysqlTaker(findPrograms: FindPrograms = listDumpPrograms): BackupTaker<NetworkConnection> {
  return {
    engine: 'mysql',
    preflight: (request) => preflight(request, findPrograms),
    take: async (request, found, progress, signal) =>
      takeDump(request, found, chooseDump(await findPrograms(), request.session.identity), progress, signal),
    check: (backup, signal, progress) => checkDump(backup, signal, progress ?? (() => undefined)),
  };
}

async function preflight(request: BackupRequest<NetworkConnection>, findPrograms: FindPrograms): Promise<Preflight> {
  const { session, folder, covers } = request;
  const program = chooseDump(await findPrograms(), session.identity);
  const objects = await countObjects(session);
  await requireTables(request);
  await requireRights(session, objects, covers);
  const estimatedBytes = covers === 'everything' ? await dataBytes(session) : null;
  const freeBytes = await freeBytesIn(folder);
  requireSpace(folder, leastArchiveBytes(estimatedBytes ?? 0), freeBytes);
  const warnings = [olderSeries(program, session.identity), flawWarning(program)];
  return {
    program,
    command: shownCommand(request, program),
    objects,
    estimatedBytes,
    freeBytes,
    notCovered: notCovered(await inconsistentTables(session)),
    warnings: warnings.filter((one) => one !== null),
  };
}

const notCovered = (inconsistent: readonly string[]): string[] => [
  'Accounts, roles and their rights',
  'Character set and collation of the database itself',
  ...(inconsistent.length === 0
    ? []
    : [
        `One common moment of tables that know no transactions: rows written during the backup may be missing in ${inconsistent.join(', ')}`,
      ]),
];
