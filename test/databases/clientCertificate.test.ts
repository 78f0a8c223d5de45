/** Servers that let nobody in without a certificate, for sessions and for dump programs. */
import { execFile } from 'node:child_process';
import { appendFile, chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { BackupRequest, BackupTaker } from '../../electron/backups/backupTaker.ts';
import { mysqlTaker } from '../../electron/backups/mysql/index.ts';
import { postgresTaker } from '../../electron/backups/postgres/index.ts';
import { driverFor } from '../../electron/databases/registry.ts';
import type { NetworkConnection } from '../../shared/model/environment.ts';
import { networkRequest, never, quiet } from '../backups/support.ts';
import { faultOf } from '../conformance/sessions.ts';
import { type PrivateServer, startMariadb, startPostgres } from '../servers/index.ts';

/** Signed by the server's own authority, in the server's folder. */
async function certificateFor(user: string, { folder }: PrivateServer) {
  const [tlsCertificateFile, tlsKeyFile] = [join(folder, 'client.crt'), join(folder, 'client.key')];
  const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-addext', 'basicConstraints=critical,CA:FALSE'];
  const key = ['-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', tlsKeyFile];
  const request = ['req', '-x509', '-days', '2', '-subj', `/CN=${user}`, ...key, '-out', tlsCertificateFile, ...signed];
  await promisify(execFile)('openssl', request, { cwd: folder });
  await chmod(tlsKeyFile, 0o600);
  return { tlsCertificateFile, tlsKeyFile };
}

const options = {
  applicationName: 'test',
  readOnly: false,
  connectTimeoutMs: 10_000,
  lockTimeoutMs: 0,
};

const open = (connection: NetworkConnection, password: string | null) =>
  driverFor(connection.engine).connect(connection, { ...options, password });

async function backUp(taker: BackupTaker<NetworkConnection>, request: BackupRequest<NetworkConnection>): Promise<void> {
  await request.session.query('CREATE TABLE patient (id integer)');
  const backup = await taker.take(request, await taker.preflight(request), quiet, never);
  expect(await taker.check(backup, never)).toBeNull();
  await request.session.close();
}

test('PostgreSQL', async () => {
  await using server = await startPostgres({ version: 15 });
  const { user, password } = server.superuser;
  const rules = join(server.folder, 'data', 'pg_hba.conf');
  const files = await certificateFor(user, server);
  await server.query(`ALTER SYSTEM SET ssl_ca_file = '${server.tls.caFile}'`);
  await writeFile(rules, `hostssl certified all 127.0.0.1/32 cert\n${await readFile(rules, 'utf8')}`);
  await server.query('CREATE DATABASE certified');
  await server.query('SELECT pg_reload_conf()');
  const connection: NetworkConnection = {
    engine: 'postgres',
    host: server.tls.host,
    port: server.port,
    database: 'certified',
    user,
    tls: 'verify-full',
    tlsAuthorityFile: server.tls.caFile,
  };
  await expect.poll(() => faultOf(open(connection, password)).then(({ kind }) => kind)).toBe('authentication');
  const request = await networkRequest(server, 'certified', server.superuser, { ...connection, ...files });
  await backUp(postgresTaker(), request);
  const alone = { ...connection, tlsCertificateFile: files.tlsCertificateFile };
  expect(await faultOf(open(alone, null))).toMatchObject({
    kind: 'tls',
    message: expect.stringContaining('belong together'),
  });
  await appendFile(files.tlsKeyFile, '-----BEGIN ENCRYPTED PRIVATE KEY-----\n');
  expect(await faultOf(open({ ...connection, ...files }, null))).toMatchObject({
    message: expect.stringContaining('passphrase'),
  });
});

test('MariaDB', async () => {
  await using server = await startMariadb();
  const clerk = await server.createUser();
  await server.query('CREATE DATABASE certified');
  await server.query(`GRANT ALL ON *.* TO ${clerk.user}@'%' REQUIRE X509`);
  const files = await certificateFor(clerk.user, server);
  const connection: NetworkConnection = {
    engine: 'mysql',
    host: server.tls.host,
    port: server.port,
    database: 'certified',
    user: clerk.user,
    tls: 'verify-full',
    tlsAuthorityFile: server.tls.caFile,
  };
  expect(await faultOf(open(connection, clerk.password))).toMatchObject({ kind: 'authentication' });
  await backUp(mysqlTaker(), await networkRequest(server, 'certified', clerk, { ...connection, ...files }));
});
