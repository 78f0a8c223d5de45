// What all backup tests use: requests for real servers, archives damaged on purpose, a look at the processes.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { BackupRequest, BackupTaker } from '../../electron/backups/backupTaker.ts';
import { connect as connectMysql } from '../../electron/databases/mysql/connect.ts';
import { connect as connectPostgres } from '../../electron/databases/postgres/connect.ts';
import { connect as connectSqlite } from '../../electron/databases/sqlite/connect.ts';
import type { Session } from '../../electron/engine/ports.ts';
import type { Backup } from '../../shared/model/backup.ts';
import type { Connection, FileConnection, NetworkConnection } from '../../shared/model/environment.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import type { Account, TestServer } from '../servers/index.ts';
import { sha256Of } from './archiveBytes.ts';

export { sha256Of };

/** A signal that never aborts. */
export const never = new AbortController().signal;

export const quiet = (): void => undefined;

const sessionOptions = {
  applicationName: 'backup test',
  readOnly: false,
  connectTimeoutMs: 10_000,
  lockTimeoutMs: 5_000,
};

export async function networkRequest(
  server: TestServer,
  database: string,
  account: Account = server.superuser,
  tls: Partial<NetworkConnection> = { tls: 'disable' },
): Promise<BackupRequest<NetworkConnection>> {
  const engine = server.kind === 'mariadb' ? 'mysql' : 'postgres';
  const connection: NetworkConnection = {
    engine,
    host: server.host,
    port: server.port,
    database,
    user: account.user,
    tls: 'disable',
    ...tls,
  };
  const connect = engine === 'mysql' ? connectMysql : connectPostgres;
  return request(
    connection,
    account.password,
    await connect(connection, { ...sessionOptions, password: account.password }),
  );
}

export async function fileRequest(file: string): Promise<BackupRequest<FileConnection>> {
  const connection: FileConnection = { engine: 'sqlite', file };
  return request(connection, null, await connectSqlite(connection, { ...sessionOptions, password: null }));
}

async function request<C extends Connection>(
  connection: C,
  password: string | null,
  session: Session,
): Promise<BackupRequest<C>> {
  onTestFinished(() => session.close());
  return {
    id: '01TEST',
    environment: 'Ward 7 / test',
    connection,
    password,
    session,
    folder: await temporaryFolder(),
    covers: 'everything',
    tables: [],
    format: 'custom',
    compression: 1,
    key: null,
  };
}

export async function take<C extends Connection>(taker: BackupTaker<C>, wanted: BackupRequest<C>): Promise<Backup> {
  return taker.take(wanted, await taker.preflight(wanted), quiet, never);
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The Problem a promise is rejected with; fails when it is not. */
export async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('expected a Problem, but it succeeded');
}

/** Changes the archive on disk behind its record's back. */
export async function damageArchive(backup: Backup, change: (content: Buffer) => Buffer): Promise<void> {
  await writeFile(backup.path, change(await readFile(backup.path)));
}

/** Damage done before the digest was taken: the record matches the file. */
export async function damageContent(backup: Backup, change: (content: Buffer) => Buffer): Promise<Backup> {
  const archive = zstdCompressSync(change(await decompressedContent(backup)));
  await writeFile(backup.path, archive);
  return { ...backup, bytes: archive.length, sha256: sha256Of(archive) };
}

export const decompressedContent = async (backup: Backup): Promise<Buffer> =>
  zstdDecompressSync(await readFile(backup.path));

export const filesIn = async (folder: string): Promise<string[]> => (await readdir(folder)).sort();

/** Command lines and environments of all processes whose command line holds `text`; Linux. */
export function processesWith(text: string): { readonly commandLine: string; readonly environment: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => ({
      commandLine: readIfThere(`/proc/${pid}/cmdline`),
      environment: readIfThere(`/proc/${pid}/environ`),
    }))
    .filter(({ commandLine }) => commandLine.includes(text));
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
