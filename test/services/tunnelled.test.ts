/** Environments that are reached through an SSH server: the whole walk, a run with its backup, a proof. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { addEnvironment, editEnvironment } from '../../electron/services/environments.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { startBackup, startProof } from '../../electron/services/startBackup.ts';
import { testConnection } from '../../electron/services/testConnection.ts';
import { trustHostKey } from '../../electron/services/trustHostKey.ts';
import type { NetworkConnection } from '../../shared/model/environment.ts';
import type { Run } from '../../shared/model/run.ts';
import { ProblemError } from '../../shared/problem.ts';
import {
  mariadb,
  postgres15,
  type SshServer,
  startSshd,
  type TestDatabase,
  type TestServer,
} from '../servers/index.ts';
import { run, testBackend, writeFolder } from './backend.ts';
import { environmentOf } from './values.ts';

const throughSsh = (server: TestServer, { name }: TestDatabase, sshd: SshServer): NetworkConnection => ({
  engine: server.kind === 'mariadb' ? 'mysql' : 'postgres',
  host: server.tls.host,
  port: server.port,
  database: name,
  user: server.superuser.user,
  tls: 'verify-full',
  tlsAuthorityFile: server.tls.caFile,
  ssh: {
    host: sshd.host,
    port: sshd.port,
    user: sshd.user,
    keyFile: sshd.keyFile,
    knownHostsFile: sshd.knownHostsFile,
  },
});

const ended = async (started: Promise<{ readonly finished: Promise<Run> }>) => (await started).finished;

describe.each([
  ['PostgreSQL', postgres15],
  ['MariaDB', mariadb],
] as const)('%s behind an SSH server', (_product, start) => {
  // Many logins by SSH, each a process of its own.
  it('is tested rung by rung, migrated, backed up and proven', { timeout: 180_000 }, async () => {
    await using sshd = await startSshd();
    await using here = await testBackend();
    const { context } = here.backend;
    const server = await start();
    await using database = await server.createDatabase();
    const connection = throughSsh(server, database, sshd);
    const { password } = server.superuser;
    const walk = () => testConnection(context, { connection, password, id: null });

    const first = await walk();
    expect(first.checks.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['name', 'passed'],
      ['network', 'passed'],
      ['ssh', 'failed'],
    ]);
    expect(first.checks.at(-1)?.problem?.code).toBe('connect.hostKeyUnknown');
    expect(first.hostKey).toEqual({ host: sshd.host, kind: 'ED25519', fingerprint: sshd.fingerprint });
    await expect(trustHostKey(context, { connection, fingerprint: 'SHA256:another' })).rejects.toThrow(ProblemError);
    const { file } = await trustHostKey(context, { connection, fingerprint: sshd.fingerprint });
    expect(await readFile(file, 'utf8')).toContain('ssh-ed25519');

    const second = await walk();
    expect(second.checks.map(({ name, outcome }) => [name, outcome])).toEqual(
      ['name', 'network', 'ssh', 'tls', 'login', 'database', 'rights', 'dumpProgram'].map((name) => [name, 'passed']),
    );
    expect(second.checks.find(({ name }) => name === 'tls')?.detail).toContain('verified by name');
    expect(second.hostKey).toBeNull();

    const source = await writeFolder(here.folder, {
      '1_table.up.sql': 'CREATE TABLE sold (id integer PRIMARY KEY);\nINSERT INTO sold VALUES (1), (2);\n',
      '1_table.down.sql': 'DROP TABLE sold;\n',
    });
    const { id } = await addEnvironment(context, {
      ...environmentOf('sqlite:/x'),
      connection,
      source: { path: source, tool: 'golang-migrate' },
      secret: { password, keep: 'ask' },
    });
    const target = { kind: 'environment', nameOrId: id } as const;
    const before = await sshd.forwarded();
    const migrated = await run(here.backend, target, { backup: true });
    expect(migrated.run).toMatchObject({ outcome: 'succeeded' });
    expect(await database.query('SELECT count(*) AS count FROM sold')).toMatchObject([{ count: expect.anything() }]);
    // The session, the look at the history, and the dump program's own.
    expect(await sshd.forwarded()).toBeGreaterThan(before + 1);

    const backed = await ended(startBackup(context, target));
    expect(backed).toMatchObject({ outcome: 'succeeded', backup: { level: 'checked' } });
    const proven = await ended(startProof(context, backed.backup?.id ?? '', null, ['sharedLogin', 'busyServer']));
    expect(proven).toMatchObject({ outcome: 'succeeded' });

    await sshd.stop();
    const failed = await ended(startBackup(context, target));
    expect(failed).toMatchObject({ outcome: 'failed', problem: { code: 'connect.unreachable' } });
  });

  it('is read-only on the server where the environment is', async () => {
    await using here = await testBackend();
    const { context } = here.backend;
    const server = await start();
    await using database = await server.createDatabase();
    const source = await writeFolder(here.folder, { '1_table.up.sql': 'CREATE TABLE sold (id integer);\n' });
    const environment = await addEnvironment(context, {
      ...environmentOf(database.url),
      source: { path: source, tool: 'golang-migrate' },
    });
    const { password } = server.superuser;
    const { id, protection } = await editEnvironment(context, {
      id: environment.id,
      secret: { password, keep: 'ask' },
    });
    await editEnvironment(context, { id, protection: { ...protection, readOnly: true } });
    const target = { kind: 'environment', nameOrId: id } as const;
    expect((await readStatus(context, target)).pending).toBe(1);
    await expect(run(here.backend, target)).rejects.toMatchObject({ problem: { code: 'gate.readOnly' } });
    expect(await ended(startBackup(context, target))).toMatchObject({ outcome: 'succeeded' });
    const { openSession, resolveTarget } = await import('../../electron/services/target.ts');
    const session = await openSession(context, await resolveTarget(context, target), false);
    await expect(session.query('CREATE TABLE sold (id integer)')).rejects.toMatchObject({ kind: 'readOnly' });
    await session.close();
  });
});
