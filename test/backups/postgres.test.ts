import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { postgresTaker } from '../../electron/backups/postgres/index.ts';
import { findDumpPrograms } from '../../electron/backups/programs.ts';
import type { BackupRequest } from '../../electron/backups/backupTaker.ts';
import type { NetworkConnection } from '../../shared/model/environment.ts';
import { connect } from '../../electron/databases/postgres/connect.ts';
import { postgres15, postgres18, type Account, type TestServer } from '../servers/index.ts';
import { never, problemOf, temporaryFolder } from './support.ts';

const taker = postgresTaker();

async function requestFor(server: TestServer, database: string, account: Account = server.superuser): Promise<BackupRequest<NetworkConnection>> {
  const connection: NetworkConnection = { engine: 'postgres', host: server.host, port: server.port, database, user: account.user, tls: 'disable' };
  const session = await connect(connection, { password: account.password, applicationName: 'backup test', readOnly: false, connectTimeoutMs: 10_000, lockTimeoutMs: 5_000 });
  onTestFinished(() => session.close());
  return { id: 'b1', environment: 'Ward 7 / test', connection, password: account.password, session, folder: await temporaryFolder(), covers: 'everything', tables: [] };
}

describe('PostgreSQL backup', () => {
  test('takes, checks, restores', {timeout:10000}, async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    await database.query(`create table patient (id int primary key, name text); insert into patient select i, 'p' || i from generate_series(1, 1000) i`);
    const request = await requestFor(server, database.name);
    const preflight = await taker.preflight(request);
    const backup = await taker.take(request, preflight, () => undefined, never).catch((e) => { console.log(e.problem); throw e; });
    console.log(preflight, backup, await readdir(request.folder));
    expect(await taker.check(backup, never)).toBeNull();
  });
});
