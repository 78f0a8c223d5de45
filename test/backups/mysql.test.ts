import { readdir } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { BackupRequest } from '../../electron/backups/backupTaker.ts';
import { mysqlTaker } from '../../electron/backups/mysql/index.ts';
import { connect } from '../../electron/databases/mysql/connect.ts';
import type { NetworkConnection } from '../../shared/model/environment.ts';
import { type Account, mariadb, type TestServer } from '../servers/index.ts';
import { never, problemOf, temporaryFolder } from './support.ts';

const taker = mysqlTaker();

async function requestFor(server: TestServer, database: string, account: Account = server.superuser): Promise<BackupRequest<NetworkConnection>> {
  const connection: NetworkConnection = { engine: 'mysql', host: server.host, port: server.port, database, user: account.user, tls: 'disable' };
  const session = await connect(connection, { password: account.password, applicationName: 'backup test', readOnly: false, connectTimeoutMs: 10_000, lockTimeoutMs: 5_000 });
  onTestFinished(() => session.close());
  return { id: 'b1', environment: 'Ward 7', connection, password: account.password, session, folder: await temporaryFolder(), covers: 'everything', tables: [] };
}

describe('MariaDB backup', () => {
  test('takes and checks', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    const q = database.query;
    await q('create table patient (id int auto_increment primary key, name varchar(50), bin varbinary(100))');
    await q("insert into patient(name,bin) values ('a\nCREATE TABLE `x` (', 'b\n/*!50001 VIEW')");
    await q('create table myi (id int) engine=myisam'); await q('create sequence s1');
    await q("create view v as select id, 'x\nCREATE TABLE `q` (' as t from patient");
    await q('create trigger trg before insert on patient for each row set new.name = upper(new.name)');
    await q("create procedure p() begin\nselect 1;\nselect 'x\nCREATE TABLE `q` (';\nend");
    await q('create function f() returns int return 1');
    await q('create event e on schedule every 1 day do select 1');
    const request = await requestFor(server, database.name);
    const preflight = await taker.preflight(request);
    const backup = await taker.take(request, preflight, () => undefined, never);
    console.log(preflight, backup, await readdir(request.folder));
    expect(await taker.check(backup, never)).toBeNull();
    const u = await server.createUser();
    console.log(await problemOf(taker.preflight(await requestFor(server, database.name, {...u, }).catch(async()=>{await server.query(`grant select on ${database.name}.* to ${u.user}@'%'`);return requestFor(server, database.name, u);}))));
  });
});
