/** What keeps a backup from being restored beside its database: a full disk, much to do, replicas that are behind. */
import { statfs, truncate, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { busyServer, copyLimits } from '../../electron/services/copyRoom.ts';
import { startProof } from '../../electron/services/startBackup.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import type { Backup } from '../../shared/model/backup.ts';
import type { Run } from '../../shared/model/run.ts';
import { until } from '../reconcile/support.ts';
import { problemOf, rehearsed } from '../rehearsal/support.ts';
import { type Engine, fill } from '../restore/databases.ts';
import { backUp } from '../restore/support.ts';
import {
  type PrivateServer,
  startMariadb,
  startPostgres,
  startReplica,
  type TestDatabase,
  unavailable,
} from '../servers/index.ts';
import { adHoc, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';

let test: TestBackend;
let source: string;
beforeAll(async () => {
  test = await testBackend();
  source = await writeFolder(test.folder, {
    '1_a.sql': '-- migrate:up\ncreate table a (id integer);\n-- migrate:down\ndrop table a;\n',
  });
});
afterAll(() => test[Symbol.asyncDispose]());

const prove = async (target: TargetRequest, { id }: Backup, accept: readonly string[] = []): Promise<Run> =>
  (await startProof(test.backend.context, id, target, accept)).finished;

const rehearse = (target: TargetRequest) => rehearsed(test, target, { copy: { kind: 'data', tables: null } });

async function backedUp(engine: Engine, database: Pick<TestDatabase, 'url' | 'query'>) {
  await fill(engine, { ...database, [Symbol.asyncDispose]: async () => undefined });
  const target = adHoc(database.url, source);
  return { target, backup: await backUp(test.backend.context, target) };
}

const refused = { problem: { code: 'backup.serverBusy', hint: expect.stringContaining(busyServer) } };
const done = { problem: null, outcome: 'succeeded', backup: { level: 'proven' } };
const many = copyLimits.runningStatements + 1;

/** The backup is as good as it was before. */
const level = ({ id }: Backup) => test.backend.context.workspace.backups.get(id)?.level;

const freeIn = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

describe('beside PostgreSQL', () => {
  const missing = unavailable('postgres15');
  let server: PrivateServer;
  beforeAll(async () => {
    if (missing === undefined) server = await startPostgres({ version: 15 });
  });
  beforeEach((context) => {
    if (missing !== undefined) skipBecause(context, missing);
  });
  afterAll(() => server?.stop());

  const leftovers = () =>
    server.query(
      "SELECT datname FROM pg_database WHERE datname LIKE 'lockkeeper%' UNION SELECT rolname FROM pg_roles WHERE rolname LIKE 'lockkeeper%'",
    );

  it('nothing begins while many statements run, unless that is accepted', async () => {
    await using database = await server.createDatabase();
    const { target, backup } = await backedUp('postgres15', database);
    const sleepers = Array.from({ length: many }, () => new pg.Client({ connectionString: server.url() }));
    for (const sleeper of sleepers) {
      sleeper.on('error', () => undefined);
      await sleeper.connect();
      sleeper.query('SELECT pg_sleep(3600)').catch(() => undefined);
    }
    const running = "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(3600)'";
    const sleeping = `${running} AND pid <> pg_backend_pid()`;
    await until(async () => (await server.query(sleeping)).length === many);
    const run = await prove(target, backup);
    expect(run).toMatchObject(refused);
    expect(run.problem?.message).toContain(`${many} statements run`);
    expect(level(backup)).toBe('checked');
    expect(await problemOf(rehearse(target))).toMatchObject(refused.problem);
    expect(await leftovers()).toEqual([]);
    expect(await prove(target, backup, [busyServer])).toMatchObject(done);
    await server.query(`SELECT pg_terminate_backend(pid) FROM (${sleeping} LIMIT 1) one`);
    await until(async () => (await server.query(sleeping)).length === many - 1);
    expect(await prove(target, backup)).toMatchObject(done);
    await server.query(`SELECT pg_terminate_backend(pid) FROM (${sleeping}) all_of_them`);
    await Promise.allSettled(sleepers.map((sleeper) => sleeper.end()));
  });

  it('nothing begins while a replica is behind', { timeout: 180_000 }, async () => {
    await using database = await server.createDatabase();
    const { target, backup } = await backedUp('postgres15', database);
    await using replica = await startReplica(server);
    const replicas = async () => (await server.query('SELECT replay_lag, state FROM pg_stat_replication')).length;
    await until(async () => (await replicas()) === 1);
    expect(await prove(target, backup)).toMatchObject(done);
    // The server knows how far behind it is only after the replica has replayed something.
    await database.query("INSERT INTO log VALUES ('before')");
    const lagging = 'SELECT 1 FROM pg_stat_replication WHERE replay_lag';
    await until(async () => {
      await database.query("INSERT INTO log VALUES ('before')");
      return (await server.query(`${lagging} IS NOT NULL`)).length === 1;
    });
    await replica.query('SELECT pg_wal_replay_pause()');
    await until(async () => {
      await database.query("INSERT INTO log VALUES ('behind')");
      return (await server.query(`${lagging} > interval '${copyLimits.lagSeconds + 1} seconds'`)).length === 1;
    });
    const run = await prove(target, backup);
    expect(run).toMatchObject(refused);
    expect(run.problem?.message).toMatch(/replica is \d+ s behind/);
    expect(await problemOf(rehearse(target))).toMatchObject(refused.problem);
    expect(await leftovers()).toEqual([]);
    expect(await prove(target, backup, [busyServer])).toMatchObject(done);
    await replica.query('SELECT pg_wal_replay_resume()');
  });

  it('nothing begins where the disk has too little room, whatever is accepted', async () => {
    await using database = await server.createDatabase();
    const { target, backup } = await backedUp('postgres15', database);
    const [row] = await server.query('SELECT oid FROM pg_database WHERE datname = $1', [database.name]);
    const folder = path.join(server.folder, 'data', 'base', String(row?.['oid']));
    // Counted by PostgreSQL as the database's, and takes no room.
    const sparse = path.join(folder, 'large');
    await writeFile(sparse, '');
    await truncate(sparse, await freeIn(folder));
    const full = { code: 'backup.diskFull', message: expect.stringContaining('are free in') };
    expect((await prove(target, backup, [busyServer])).problem).toMatchObject(full);
    expect(await problemOf(rehearse(target))).toMatchObject(full);
    expect(level(backup)).toBe('checked');
    expect(await leftovers()).toEqual([]);
    await unlink(sparse);
    expect(await prove(target, backup)).toMatchObject(done);
  });

  it('what the account may not see is told', async () => {
    await using database = await server.createDatabase();
    const clerk = await server.createUser();
    await server.query(`ALTER ROLE ${clerk.user} CREATEDB CREATEROLE; GRANT pg_read_all_data TO ${clerk.user}`);
    await server.query(`ALTER DATABASE ${database.name} OWNER TO ${clerk.user}`);
    const { target, backup } = await backedUp('postgres15', { ...database, url: server.url(database.name, clerk) });
    const run = await prove(target, backup);
    expect(run.warnings.join('\n')).toMatch(/server’s disk[\s\S]*pg_read_all_stats/);
  });
});

describe('beside MariaDB', () => {
  const missing = unavailable('mariadb');
  let server: PrivateServer;
  let origin: PrivateServer;
  beforeAll(async () => {
    if (missing !== undefined) return;
    [origin, server] = await Promise.all([
      startMariadb(['--server-id=1', '--log-bin=binlog']),
      // What is written into its statistics by hand must stay.
      startMariadb(['--server-id=2', '--innodb-stats-auto-recalc=0']),
    ]);
  });
  beforeEach((context) => {
    if (missing !== undefined) skipBecause(context, missing);
  });
  afterAll(() => Promise.all([origin?.stop(), server?.stop()]));

  const leftovers = () =>
    server.query(
      "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'lockkeeper\\_copy%' UNION SELECT User FROM mysql.user WHERE User LIKE 'lockkeeper%'",
    );

  it('nothing begins while many statements run, unless that is accepted', async () => {
    await using database = await server.createDatabase();
    const { target, backup } = await backedUp('mariadb', database);
    const sleepers = await Promise.all(Array.from({ length: many }, () => createConnection(server.url())));
    const slept = sleepers.map((sleeper) => sleeper.query('SELECT SLEEP(3600)').catch(() => undefined));
    const sleeping = "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO = 'SELECT SLEEP(3600)'";
    await until(async () => (await server.query(sleeping)).length === many);
    const run = await prove(target, backup);
    expect(run).toMatchObject(refused);
    expect(run.problem?.message).toContain(`${many} statements run`);
    expect(level(backup)).toBe('checked');
    expect(await problemOf(rehearse(target))).toMatchObject(refused.problem);
    expect(await leftovers()).toEqual([]);
    expect(await prove(target, backup, [busyServer])).toMatchObject(done);
    for (const { ID } of await server.query(sleeping)) await server.query(`KILL ${String(ID)}`);
    await Promise.all(slept);
    expect(await prove(target, backup)).toMatchObject(done);
  });

  it('nothing begins while it is behind its source itself', { timeout: 180_000 }, async () => {
    await using database = await server.createDatabase();
    const { target, backup } = await backedUp('mariadb', database);
    const [at] = await origin.query('SHOW MASTER STATUS');
    const { user, password } = origin.superuser;
    await server.query(
      `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${origin.port}, MASTER_USER = '${user}', MASTER_PASSWORD = '${password}', MASTER_LOG_FILE = '${String(at?.['File'])}', MASTER_LOG_POS = ${String(at?.['Position'])}; START SLAVE`,
    );
    await origin.query('CREATE DATABASE ward; CREATE TABLE ward.bed (id int)');
    await until(async () => (await server.query('SHOW TABLES FROM ward').catch(() => [])).length === 1);
    await until(async () => Number((await server.query('SHOW SLAVE STATUS'))[0]?.['Seconds_Behind_Master']) === 0);
    expect(await prove(target, backup)).toMatchObject(done);
    const blocking = await createConnection(server.url('ward'));
    await blocking.query('LOCK TABLES bed WRITE');
    await origin.query('INSERT INTO ward.bed VALUES (1)');
    await until(
      async () =>
        Number((await server.query('SHOW SLAVE STATUS'))[0]?.['Seconds_Behind_Master']) > copyLimits.lagSeconds,
    );
    const run = await prove(target, backup);
    expect(run).toMatchObject(refused);
    expect(run.problem?.message).toMatch(/is 3\d s behind/);
    expect(await problemOf(rehearse(target))).toMatchObject(refused.problem);
    await blocking.end();
    await until(async () => Number((await server.query('SHOW SLAVE STATUS'))[0]?.['Seconds_Behind_Master']) === 0);
    expect(await prove(target, backup)).toMatchObject(done);
    // How far others are behind is not known to the server that they read from.
    await using theirs = await origin.createDatabase();
    const behind = await backedUp('mariadb', theirs);
    expect((await prove(behind.target, behind.backup)).warnings.join()).toContain('Replicas read from this server (1)');
  });

  it('nothing begins where the disk has too little room, whatever is accepted', async () => {
    await using database = await server.createDatabase();
    const { target, backup } = await backedUp('mariadb', database);
    const pages = Math.ceil((await freeIn(server.folder)) / 16_384);
    // What MariaDB believes of a table's size, read when the table is found under its name again.
    const { name } = database;
    await server.query(
      `UPDATE mysql.innodb_table_stats SET clustered_index_size = ${pages} WHERE database_name = '${name}' AND table_name = 'log';
ALTER TABLE ${name}.log RENAME TO ${name}.log_2; ALTER TABLE ${name}.log_2 RENAME TO ${name}.log`,
    );
    const full = { code: 'backup.diskFull', message: expect.stringContaining('are free in') };
    expect((await prove(target, backup, [busyServer])).problem).toMatchObject(full);
    expect(await problemOf(rehearse(target))).toMatchObject(full);
    expect(await leftovers()).toEqual([]);
  });
});

it('a copy of a file that does not fit is not begun', async (context) => {
  await using database = await testDatabase('sqlite');
  const { target, backup } = await backedUp('sqlite', database);
  const file = database.url.slice('sqlite:'.length);
  try {
    await truncate(file, (await freeIn(test.folder)) + 1_000_000);
  } catch (error) {
    skipBecause(context, `no file of that size can be made here: ${String(error)}`);
  }
  expect((await prove(target, backup)).problem).toMatchObject({ code: 'backup.diskFull' });
  expect(await problemOf(rehearse(target))).toMatchObject({ code: 'backup.diskFull' });
});
