// Servers that cannot be reached, trusted or written to: what is said, that nothing changes, and that the advice helps.
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../servers/freePort.ts';
import { mariadb, postgres15, startMariadb } from '../servers/index.ts';
import type { TestServer } from '../servers/model.ts';
import { startPooler } from '../servers/pooler.ts';
import {
  applied,
  attemptOf,
  type Desk,
  expectRefusal,
  expectSuccess,
  fileOf,
  openDesk,
  pending,
  requireServer,
  strangerIn,
} from './support.ts';

const towns = { ...applied, ...pending('create table towns (id integer);') };

const servers = { postgres15, mariadb } as const;
const networked = ['postgres15', 'mariadb'] as const;

const nameOf = (desk: Desk): string => new URL(desk.database.url).pathname.slice(1);
const changed = (url: string, change: (url: URL) => void): string => {
  const parsed = new URL(url);
  change(parsed);
  return parsed.href;
};

describe.each(networked)('%s', (engine) => {
  it('a wrong password', async (context) => {
    requireServer(context, engine);
    await using desk = await openDesk(engine);
    await desk.fill(towns);
    const url = changed(desk.database.url, (one) => {
      one.password = 'canary-wrong';
    });
    const problem = await expectRefusal(
      desk,
      { code: 'connect.authentication', hint: expect.stringContaining('Check user and password') },
      async () => attemptOf(await desk.call(['up'], { url })),
    );
    expect(JSON.stringify(problem)).not.toContain('canary');
    const { password } = new URL(desk.database.url);
    const right = await desk.call(['up', '--password-stdin'], { url, stdin: `${decodeURIComponent(password)}\n` });
    await expectSuccess(Promise.resolve(attemptOf(right)));
  });

  it('a server that does not answer, and a host that does not exist', async (context) => {
    requireServer(context, engine);
    await using desk = await openDesk(engine);
    const port = await freePort();
    const told = { code: 'connect.unreachable', hint: expect.stringContaining('Check host name, port') } as const;
    const silent = changed(desk.database.url, (one) => {
      one.port = String(port);
    });
    const nowhere = changed(desk.database.url, (one) => {
      one.hostname = 'nowhere.invalid';
    });
    await expectRefusal(desk, { ...told, message: expect.stringContaining(`127.0.0.1:${port}`) }, () =>
      desk.up({ url: silent }),
    );
    await expectRefusal(desk, { ...told, message: expect.stringContaining('nowhere.invalid') }, () =>
      desk.up({ url: nowhere }),
    );
  });

  it('a certificate that nobody here trusts, and one for another name', async (context) => {
    requireServer(context, engine);
    await using desk = await openDesk(engine);
    await desk.fill(towns);
    const server = await servers[engine]();
    const [mode, authority, full, chain] =
      engine === 'mariadb'
        ? ['ssl-mode', 'ssl-ca', 'VERIFY_IDENTITY', 'VERIFY_CA']
        : ['sslmode', 'sslrootcert', 'verify-full', 'verify-ca'];
    const verified = (how: string, file?: string) =>
      changed(desk.database.url, (one) => {
        one.searchParams.set(mode, how);
        if (file !== undefined) one.searchParams.set(authority, file);
      });
    const told = { code: 'connect.tls', hint: expect.stringContaining('certificate file') } as const;
    await expectRefusal(desk, told, () => desk.up({ url: verified(full) }));
    await expectRefusal(desk, told, () => desk.up({ url: verified(full, server.tls.caFile) }));
    await expectRefusal(desk, told, () => desk.up({ url: verified(full, path.join(desk.folder, 'no-such.pem')) }));
    await expectSuccess(desk.up({ url: verified(chain, server.tls.caFile) }));
  });

  it('a database that does not exist', async (context) => {
    requireServer(context, engine);
    await using desk = await openDesk(engine);
    const url = changed(desk.database.url, (one) => {
      one.pathname = '/no_such';
    });
    await expectRefusal(desk, { code: 'connect.noDatabase', message: expect.stringContaining('no_such') }, () =>
      desk.up({ url }),
    );
  });

  it('an account without the rights: the grant that is missing is named, until it works', async (context) => {
    requireServer(context, engine);
    await using desk = await openDesk(engine);
    await desk.fill({
      ...towns,
      '3_born.sql': '-- migrate:up\nalter table people add born integer;\n-- migrate:down\n',
    });
    const server = await servers[engine]();
    const clerk = await server.createUser();
    if (engine === 'mariadb')
      await desk.database.query(`grant select, insert on ${nameOf(desk)}.schema_migrations to '${clerk.user}'`);
    const url = server.url(nameOf(desk), clerk);
    const granted: string[] = [];
    for (;;) {
      const { problem, outcome } = await desk.up({ url });
      if (outcome === 'succeeded') break;
      expect(problem).toMatchObject({
        code: 'database.rights',
        hint: expect.stringMatching(/^Ask an administrator to /),
      });
      const right = statementOf(problem?.hint ?? '', clerk.user);
      expect(granted).not.toContain(right);
      granted.push(right);
      await desk.database.query(right);
    }
    expect(granted.length).toBeGreaterThan(1);
    expect(await desk.database.query("select 1 from schema_migrations where version = '3'")).toHaveLength(1);
  });
});

/** Does what the hint says. */
function statementOf(hint: string, user: string): string {
  const right = /grant this account (.+), or use another account\.$/.exec(hint)?.[1];
  if (right !== undefined) return `GRANT ${right} TO ${user}`;
  const table = /member of the role that owns the table (.+), or/.exec(hint)?.[1];
  if (table === undefined) throw new Error(`no remedy in: ${hint}`);
  return `GRANT postgres TO ${user}`;
}

describe('a read-only server', () => {
  it('PostgreSQL by default_transaction_read_only', async (context) => {
    requireServer(context, 'postgres15');
    await using desk = await openDesk('postgres15');
    await desk.fill(towns);
    await desk.database.query(`alter database ${nameOf(desk)} set default_transaction_read_only = on`);
    const told = {
      code: 'database.readOnly',
      hint: expect.stringContaining('end the read-only mode of the server'),
    } as const;
    await expectRefusal(desk, told, () => desk.up());
    await (await postgres15()).query(`alter database ${nameOf(desk)} reset default_transaction_read_only`);
    await expectSuccess(desk.up());
  });

  it('MariaDB by read_only', async (context) => {
    requireServer(context, 'mariadb');
    await using server: TestServer & AsyncDisposable = await startMariadb();
    const database = await server.createDatabase();
    await using desk = await openDesk('mariadb', database);
    await desk.fill(towns);
    const clerk = await server.createUser();
    await server.query(
      `grant all on *.* to '${clerk.user}'; revoke super, read_only admin on *.* from '${clerk.user}'`,
    );
    const url = server.url(database.name, clerk);
    await server.query('set global read_only = on');
    const told = {
      code: 'database.readOnly',
      hint: expect.stringContaining('end the read-only mode of the server'),
    } as const;
    await expectRefusal(desk, told, () => desk.up({ url }));
    await server.query('set global read_only = off');
    await expectSuccess(desk.up({ url }));
  });

  it('a SQLite file without the right to write', async () => {
    await using desk = await openDesk('sqlite');
    await desk.fill(towns);
    const home = path.join(desk.folder, 'home');
    await mkdir(home);
    const file = fileOf(desk.database);
    const account = await strangerIn(desk.folder, home, path.dirname(file), file);
    const up = async () => attemptOf(await desk.call(['up'], account));
    await chmod(file, 0o444);
    await expectRefusal(desk, { code: 'database.readOnly', hint: expect.stringContaining('write') }, up);
    await chmod(file, 0o644);
    await expectSuccess(up());
  });
});

it('a pooler in front of PostgreSQL', async (context) => {
  requireServer(context, 'postgres15');
  await using desk = await openDesk('postgres15');
  await desk.fill(towns);
  await using pooler = await startPooler(context, await postgres15(), { pool_mode: 'transaction' });
  const told = { code: 'connect.poolerInFront', hint: expect.stringContaining('direct address') } as const;
  await expectRefusal(desk, told, () => desk.up({ url: pooler.url(desk.database) }));
  await expectSuccess(desk.up());
});
