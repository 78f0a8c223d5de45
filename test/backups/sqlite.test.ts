import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { BackupRequest } from '../../electron/backups/backupTaker.ts';
import { sqliteTaker as taker } from '../../electron/backups/sqlite/index.ts';
import { connect } from '../../electron/databases/sqlite/connect.ts';
import type { FileConnection } from '../../shared/model/environment.ts';
import { never, temporaryFolder } from './support.ts';

async function requestFor(file: string): Promise<BackupRequest<FileConnection>> {
  const connection: FileConnection = { engine: 'sqlite', file };
  const session = await connect(connection, { password: null, applicationName: 'backup test', readOnly: false, connectTimeoutMs: 10_000, lockTimeoutMs: 5_000 });
  onTestFinished(() => session.close());
  return { id: 'b1', environment: 'Ward 7', connection, password: null, session, folder: await temporaryFolder(), covers: 'everything', tables: [] };
}

describe('SQLite backup', () => {
  test('takes and checks', async () => {
    const file = join(await temporaryFolder(), 'ward.db');
    const database = new Database(file);
    database.exec(`create table patient (id integer primary key, name text unique); create view v as select 1; insert into patient values (1,'a')`);
    database.close();
    const request = await requestFor(file);
    const preflight = await taker.preflight(request);
    const backup = await taker.take(request, preflight, () => undefined, never);
    console.log(preflight, backup, await readdir(request.folder));
    expect(await taker.check(backup, never)).toBeNull();
  });
});
