// Which pg_dump and pg_restore fit.
import { access, constants } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { raise } from '../../../shared/problem.ts';
import type { DumpProgram } from '../programs.ts';
import { compareVersions, majorOf } from '../version.ts';

/**
 * The newest pg_dump at least as new as the server: an older one cannot read it, a newer one can
 * (postgresql.org/docs/current/app-pgdump.html, Notes).
 * @throws {ProblemError} `backup.programMissing`, `backup.programTooOld`
 */
export function choosePgDump(programs: readonly DumpProgram[], serverVersion: string): DumpProgram {
  const server = majorOf(serverVersion);
  const advice = `Install PostgreSQL's client programs of version ${server} or newer (Debian and Ubuntu: package postgresql-client-${server}, where needed from apt.postgresql.org; macOS: brew install libpq; Windows: "Command Line Tools" of the installer).`;
  const newest = programs.find((program) => program.engine === 'postgres');
  if (newest === undefined)
    raise({ code: 'backup.programMissing', message: 'There is no pg_dump on this computer.', hint: advice });
  if (majorOf(newest.version) >= server) return newest;
  return raise({
    code: 'backup.programTooOld',
    message: `pg_dump ${newest.version} (${newest.path}) is too old for the server's PostgreSQL ${serverVersion}.`,
    hint: advice,
  });
}

/** The newest pg_restore that reads what pg_dump `dumpVersion` wrote. @throws {ProblemError} */
export const choosePgRestore = (programs: readonly DumpProgram[], dumpVersion: string): Promise<DumpProgram> =>
  firstPgRestore(programs, dumpVersion);

/**
 * The oldest one that reads it: a newer one sends settings that an older server does not know. @throws {ProblemError}
 */
export const choosePgRestoreFor = (programs: readonly DumpProgram[], dumpVersion: string): Promise<DumpProgram> =>
  firstPgRestore(
    programs.toSorted((a, b) => majorOf(a.version) - majorOf(b.version) || compareVersions(b.version, a.version)),
    dumpVersion,
  );

async function firstPgRestore(programs: readonly DumpProgram[], dumpVersion: string): Promise<DumpProgram> {
  for (const dump of programs.toSorted(hereFirst)) {
    if (dump.engine !== 'postgres' || majorOf(dump.version) < majorOf(dumpVersion)) continue;
    const beside = pgRestoreBeside(dump);
    if (beside !== null) return beside;
    if (dump.remote !== undefined) continue;
    const path = join(dirname(dump.path), process.platform === 'win32' ? 'pg_restore.exe' : 'pg_restore');
    if (await isExecutable(path)) return { ...dump, name: 'pg_restore', path };
  }
  return raise({
    code: 'backup.programMissing',
    message: `There is no pg_restore of version ${majorOf(dumpVersion)} or newer on this computer to read the archive with.`,
    hint: `Install PostgreSQL's client programs of that version (Debian and Ubuntu: package postgresql-client-${majorOf(dumpVersion)}).`,
  });
}

/** An archive is not sent elsewhere where it can be read here. */
const hereFirst = (a: DumpProgram, b: DumpProgram): number =>
  Number(a.remote !== undefined) - Number(b.remote !== undefined);

/** Where a command ends with pg_dump, pg_restore is reached by the same way. */
function pgRestoreBeside({ remote, ...program }: DumpProgram): DumpProgram | null {
  const last = remote?.command.at(-1);
  if (remote === undefined || last === undefined || !/(^|[\\/])pg_dump(\.exe)?$/.test(last)) return null;
  const command = [...remote.command.slice(0, -1), last.replace(/pg_dump(\.exe)?$/, 'pg_restore$1')];
  return { ...program, name: 'pg_restore', remote: { ...remote, command } };
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
