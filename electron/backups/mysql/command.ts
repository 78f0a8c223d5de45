// The dump program's arguments.
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { BackupRequest } from '../backupTaker.ts';
import { shellCommand } from '../process/shellCommand.ts';
import type { DumpProgram } from '../programs.ts';

export function shownCommand(request: BackupRequest<NetworkConnection>, program: DumpProgram): string {
  const { host, port, user } = request.connection;
  const target = [`--host=${host}`, `--port=${port}`, `--user=${user}`, '--password'];
  return `${shellCommand(program.name, [...target, ...whatToDump(request, program.product)])} | zstd -${request.compression}`;
}

export function whatToDump(
  { connection, covers, tables }: BackupRequest<NetworkConnection>,
  product: DumpProgram['product'],
): string[] {
  return [
    '--single-transaction',
    '--quick',
    // Routines and events belong to the database, not to a table of it.
    ...(covers === 'tables' ? [] : ['--routines', '--events']),
    '--triggers',
    '--hex-blob',
    '--default-character-set=utf8mb4',
    // Rows may be as large as the protocol allows.
    '--max-allowed-packet=1G',
    // Tablespaces need the right PROCESS, and are not the database's own.
    '--no-tablespaces',
    // A backup of one database says nothing about the server's transaction ids, and must restore where others ran.
    ...(product === 'MySQL' ? ['--set-gtid-purged=OFF'] : []),
    ...(covers === 'schema' ? ['--no-data'] : []),
    '--',
    connection.database,
    ...(covers === 'tables' ? tables : []),
  ];
}
