// pg_dump's arguments.
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { Relay } from '../../tunnels/relay.ts';
import type { BackupRequest } from '../backupTaker.ts';
import { shellCommand } from '../process/shellCommand.ts';
import type { DumpProgram } from '../programs.ts';
import { remoteArguments, targetArguments } from './connection.ts';

/** Milliseconds to wait for a table that somebody has locked. */
const LOCK_WAIT_MS = 60_000;

type Request = BackupRequest<NetworkConnection>;

/** Compression is ours: pg_dump's own, before version 16, takes six times as long as the dump. */
export function dumpArguments(
  request: Request,
  { remote }: Pick<DumpProgram, 'remote'>,
  snapshot: string | null,
  relay: Relay | null,
): string[] {
  return [
    ...(request.format === 'plain' ? ['--format=plain'] : ['--format=custom', '--compress=0']),
    '--verbose',
    `--lock-wait-timeout=${LOCK_WAIT_MS}`,
    ...(snapshot === null ? [] : [`--snapshot=${snapshot}`]),
    ...(request.covers === 'schema' ? ['--schema-only'] : []),
    ...(request.covers === 'tables'
      ? ['--strict-names', ...request.tables.map((table) => `--table=${tablePattern(table)}`)]
      : []),
    ...(remote === undefined
      ? ['--no-password', ...targetArguments(request.connection, relay)]
      : remoteArguments(request.connection, request.password, remote)),
  ];
}

export const shownCommand = (request: Request, program: DumpProgram): string =>
  `${shellCommand('pg_dump', dumpArguments(request, program, null, null))} | zstd -${request.compression}`;

/** pg_dump reads a pattern; quoted, each part stands for itself. */
const tablePattern = (table: string): string =>
  partsOf(table)
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.');

/** `name` or `schema.name`. */
export function partsOf(table: string): string[] {
  const dot = table.indexOf('.');
  return dot === -1 ? [table] : [table.slice(0, dot), table.slice(dot + 1)];
}
