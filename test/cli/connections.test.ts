/** Connections on the command line: tunnels, keys that are not known, imports of other programs' files. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSshd } from '../servers/index.ts';
import { lockkeeper } from './lockkeeper.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'lockkeeper-cli-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const add = ['env', 'add', 'shop', '--url', 'postgres://ann@db.internal/shop', '--ask'];

test('a tunnel is added, changed and taken away; beyond it localhost needs a tier', async () => {
  const call = async (...args: string[]) => lockkeeper(home, [...args, '--json', '--non-interactive']);
  const local = ['env', 'add', 'local', '--url', 'postgres://ann@localhost/shop', '--ask', '--ssh', 'bastion'];
  expect(await call(...local)).toMatchObject({ code: 7 });
  const tier = ['--tier', 'staging'];
  const added = await call(...add, ...tier, '--ssh', 'bob@[::1]:2222', '--ssh-key', '/keys/bob');
  const ssh = { host: '::1', user: 'bob', port: 2222, keyFile: '/keys/bob' };
  expect(added.json()).toMatchObject({ connection: { host: 'db.internal', ssh } });
  const direct = await call('env', 'edit', 'shop', '--ssh', 'none');
  expect(direct.json()).toMatchObject({ connection: { host: 'db.internal' } });
  expect(direct.stdout).not.toContain('2222');
  expect(await call('env', 'edit', 'shop', '--ssh', 'host:99999')).toMatchObject({ code: 2 });
});

test('a key that is not known is shown, and another fingerprint makes nothing known', async () => {
  await using sshd = await startSshd();
  const way = ['--ssh', `${sshd.user}@${sshd.host}:${sshd.port}`, '--ssh-key', sshd.keyFile];
  await lockkeeper(home, [...add, '--tier', 'test', ...way]);
  const found = await lockkeeper(home, ['env', 'test', 'shop', '--json']);
  expect(found.code).toBe(6);
  expect(found.json()).toMatchObject({
    hostKey: { host: sshd.host, fingerprint: sshd.fingerprint },
    problem: { code: 'connect.hostKeyUnknown' },
  });
  const told = await lockkeeper(home, ['env', 'test', 'shop']);
  expect(told.stderr).toContain(`--trust-host-key ${sshd.fingerprint}`);
  const other = await lockkeeper(home, ['env', 'test', 'shop', '--json', '--trust-host-key', 'SHA256:another']);
  expect(other.code).toBe(6);
  expect(other.json()).toMatchObject({ problem: { code: 'connect.hostKeyChanged' } });
});

test('files of other programs are imported, as far as wanted, without their passwords', async () => {
  const env = join(home, '.env');
  const servers = join(home, 'servers.json');
  await writeFile(
    env,
    'A_URL=postgres://ann:c4nary@localhost/a\nB_URL=mysql://bob:c4nary@db.example.org/b\nC_URL=postgres://a,b/c\n',
  );
  const one = {
    Name: 'live',
    Group: 'Shop',
    Host: 'db.example.org',
    Port: 5432,
    MaintenanceDB: 'postgres',
    Username: 'ann',
  };
  await writeFile(servers, JSON.stringify({ Servers: { 1: one } }));
  const files = ['env', 'import', '--file', env, servers];
  const dry = await lockkeeper(home, [...files, '--dry-run']);
  expect(dry.stdout).toMatch(/a@localhost\s+development\s+ann@localhost:5432\/a\s+in the file\s+added/);
  expect(dry.stderr).toMatch(/Passed over: C_URL/);
  const done = await lockkeeper(home, [...files, '--only', 'b@db.example.org', 'live', '--json']);
  expect(done.json()).toMatchObject({ added: ['b@db.example.org', 'live'] });
  const list = await lockkeeper(home, ['env', 'list', '--json']);
  expect(list.json()).toMatchObject({
    environments: [
      { name: 'b@db.example.org', tier: 'production', credential: { kind: 'ask' } },
      { name: 'live', group: 'Shop' },
    ],
  });
  for (const { stdout, stderr } of [dry, done, list]) expect(stdout + stderr).not.toContain('c4nary');
  expect(await lockkeeper(home, ['env', 'import', '--json'])).toMatchObject({ code: 2 });
});
