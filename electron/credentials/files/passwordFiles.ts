/** Passwords from the files that the servers' own clients read: `.pgpass` and `.my.cnf`. */
import type { Connection } from '../../../shared/model/environment.ts';
import { myCnfFile, myCnfPassword } from './myCnf.ts';
import { readOptionGroups } from './optionFile.ts';
import { pgpassFile, pgpassPassword, readPgpass } from './pgpass.ts';
import { readPrivateFile } from './readPrivateFile.ts';

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

export interface FilePassword {
  readonly password: string | null;
  /** Why a file that is there was not used, in words. */
  readonly refused: string | null;
}

export async function passwordFromFiles(connection: Connection): Promise<FilePassword> {
  if (connection.engine === 'sqlite') return { password: null, refused: null };
  // Beyond a tunnel `localhost` is another computer: what is meant for this one's database is not shown to it.
  if (connection.ssh !== undefined && loopback.has(connection.host)) return { password: null, refused: null };
  const isPostgres = connection.engine === 'postgres';
  const file = await readPrivateFile(isPostgres ? pgpassFile() : myCnfFile());
  if (file.kind !== 'read') return { password: null, refused: file.kind === 'refused' ? file.message : null };
  const password = isPostgres
    ? pgpassPassword(readPgpass(file.text), connection)
    : myCnfPassword(readOptionGroups(file.text), connection);
  return { password, refused: null };
}
