// pg_dump's arguments.
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { BackupRequest } from '../backupTaker.ts';
import { shellCommand } from '../process/shellCommand.ts';
import { targetArguments } from './connection.ts';

/** Milliseconds to wait for a table that somebody has locked. */
const LOCK_WAIT_MS = 60_000;

/** Compression is ours: pg_dump's own, before version 16, takes six times as long as the dump. */
export function dumpArguments(request: BackupRequest<NetworkConnection>, snapshot: string | null): string[] {
  return [
    '--format=custom',
    '--compress=0',
    '--verbose',
    '--no-password',
    `--lock-wait-timeout=${LOCK_WAIT_MS}`,
    ...(snapshot === null ? [] : [`--snapshot=${snapshot}`]),
    ...(request.covers === 'schema' ? ['--schema-only'] : []),
    ...(request.covers === 'tables'
      ? ['--strict-names', ...request.tables.map((table) => `--table=${tablePattern(table)}`)]
      : []),
    ...targetArguments(request.connection),
  ];
}

export const shownCommand = (args: readonly string[]): string => `${shellCommand('pg_dump', args)} | zstd -1`;

/** pg_dump reads a pattern; quoted, each part stands for itself. */
const tablePattern = (table: string): string =>
  table
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.');
