/** What is read of other programs' files, and what becomes of it. */
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { type ImportRequest, importEnvironments, previewImport } from '../../electron/services/importEnvironments.ts';
import { connectionsOfFile } from '../../electron/services/imported/connectionFile.ts';
import { type TestBackend, testBackend } from './backend.ts';

const read = (name: string, text: string, beside: string | null = null) =>
  connectionsOfFile({ name, text, beside, own: false });

describe('.env', () => {
  it('names databases by URLs and by variables of one beginning', async () => {
    const text = [
      '# of the shop',
      'PASSWORD_OF_ALL=c4nary',
      `export DATABASE_URL="postgres://ann:\${PASSWORD_OF_ALL}@db.example.org/shop?schema=sales"`,
      "REPORTS_DSN='mysql://bob:p%40ss@localhost/reports'",
      'WIKI_DB_CONNECTION=mysql',
      'WIKI_DB_HOST=wiki.example.org',
      'WIKI_DB_DATABASE=wiki # the old one',
      'WIKI_DB_USERNAME=carl',
      'WIKI_DB_PASSWORD="a#b"',
      'PGHOST=/run/postgresql',
      'PGDATABASE=local',
      'PGUSER=dan',
      'REDIS_HOST=redis',
      'SMTP_HOST=mail',
      'API_URL=https://example.org',
    ].join('\n');
    expect(await read('.env', text)).toMatchObject([
      {
        name: 'shop@db.example.org',
        connection: { engine: 'postgres', user: 'ann', searchPath: 'sales' },
        password: 'c4nary',
      },
      { name: 'reports@localhost', connection: { engine: 'mysql', user: 'bob' }, password: 'p@ss' },
      {
        name: 'wiki@wiki.example.org',
        connection: { engine: 'mysql', database: 'wiki', user: 'carl' },
        password: 'a#b',
      },
      { name: 'local@/run/postgresql', connection: { engine: 'postgres', user: 'dan' }, password: null },
    ]);
  });

  it('says why a URL cannot be used, without what is in it', async () => {
    const found = await read(
      '.env',
      `DATABASE_URL=postgres://ann:c4nary@a,b/shop\nOTHER_URL=postgres://ann:\${SECRET}@db/shop`,
    );
    expect(found).toMatchObject([
      { kind: 'passedOver', what: 'DATABASE_URL', why: expect.stringContaining('several hosts') },
      { kind: 'passedOver', what: 'OTHER_URL' },
    ]);
    expect(JSON.stringify(found)).not.toContain('c4nary');
  });
});

describe('a Compose file', () => {
  const compose = `
name: shop
x-common: &common { restart: always }
services:
  web: { image: example/web, environment: { DATABASE_URL: "postgres://ann@db/shop" } }
  db:
    <<: *common
    image: docker.io/library/postgres:17-alpine
    environment: { POSTGRES_USER: ann, POSTGRES_PASSWORD: "\${DB_PASSWORD}", POSTGRES_DB: "\${DB_NAME:-shop}" }
    ports: ["127.0.0.1:\${DB_PORT:-5433}:5432"]
  reports:
    image: mariadb:11
    environment: [MARIADB_DATABASE=reports, MARIADB_ROOT_PASSWORD=r00t]
    ports: [{ target: 3306, published: 3307, host_ip: 0.0.0.0 }]
  inside: { image: "postgis/postgis", environment: { POSTGRES_PASSWORD: x } }
  exporter: { image: "prometheuscommunity/postgres-exporter", ports: ["5432:5432"] }
`;
  it('names those databases that publish their port', async () => {
    expect(await read('compose.yaml', compose, 'DB_PASSWORD=c4nary\n')).toMatchObject([
      {
        name: 'shop db',
        group: 'shop',
        tier: 'development',
        connection: { engine: 'postgres', host: '127.0.0.1', port: 5433, database: 'shop', user: 'ann' },
        password: 'c4nary',
      },
      {
        name: 'shop reports',
        connection: { engine: 'mysql', host: 'localhost', port: 3307, user: 'root' },
        password: 'r00t',
      },
      { kind: 'passedOver', what: 'inside', why: expect.stringContaining('no port') },
    ]);
  });

  it('leaves a password out that it does not hold', async () => {
    expect((await read('docker-compose.yml', compose))?.[0]).toMatchObject({ password: null, needsPassword: true });
  });

  it('that grows without end is refused', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join()}]`),
      'services: { x: *h }',
    ];
    expect(await read('compose.yaml', bomb.join('\n'))).toBeNull();
  });
});

test('DBeaver’s connections, with folders, types and tunnels; accounts are entered', async () => {
  const text = JSON.stringify({
    folders: { 'Shop/live': {} },
    connections: {
      'postgres-jdbc-1': {
        provider: 'postgresql',
        driver: 'postgres-jdbc',
        name: 'shop live',
        'save-password': true,
        folder: 'Shop/live',
        configuration: {
          host: 'db.internal',
          port: '5433',
          database: 'shop',
          type: 'prod',
          handlers: {
            ssh_tunnel: {
              type: 'TUNNEL',
              enabled: true,
              properties: {
                host: 'bastion.example.org',
                port: 2222,
                authType: 'PUBLIC_KEY',
                keyPath: '/home/ann/.ssh/id_ed25519',
              },
            },
            postgre_ssl: {
              type: 'CONFIG',
              enabled: true,
              properties: { sslMode: 'verify-ca', 'ssl.ca.cert': '/etc/ca.pem' },
            },
          },
        },
      },
      'sqlite-1': {
        provider: 'sqlite',
        driver: 'sqlite_jdbc',
        name: 'notes',
        configuration: { database: '/var/lib/notes.db' },
      },
      'oracle-1': { provider: 'oracle', driver: 'oracle_thin', name: 'old', configuration: { host: 'x' } },
      broken: 1,
    },
  });
  expect(await read('data-sources.json', text)).toMatchObject([
    {
      name: 'shop live',
      group: 'Shop/live',
      tier: 'production',
      connection: {
        engine: 'postgres',
        host: 'db.internal',
        port: 5433,
        user: '',
        tls: 'verify-ca',
        tlsAuthorityFile: '/etc/ca.pem',
        ssh: { host: 'bastion.example.org', port: 2222, keyFile: '/home/ann/.ssh/id_ed25519' },
      },
      password: null,
      needsPassword: true,
    },
    { name: 'notes', connection: { engine: 'sqlite', file: '/var/lib/notes.db' }, needsPassword: false },
    { kind: 'passedOver', what: 'old' },
    { kind: 'passedOver', what: 'broken' },
  ]);
});

test('pgAdmin’s servers', async () => {
  const text = JSON.stringify({
    Servers: {
      1: {
        Name: 'live',
        Group: 'Shop',
        Host: 'db.example.org',
        Port: 5432,
        MaintenanceDB: 'postgres',
        Username: 'ann',
        SSLMode: 'require',
      },
      2: {
        Name: 'far',
        Group: 'Servers',
        Host: 'db.internal',
        Port: 5432,
        MaintenanceDB: 'shop',
        Username: 'ann',
        ConnectionParameters: { sslmode: 'prefer' },
        UseSSHTunnel: 1,
        TunnelHost: 'bastion',
        TunnelPort: '2222',
        TunnelUsername: 'bob',
      },
      3: { Name: 'none', Service: 'x' },
    },
  });
  expect(await read('servers.json', text)).toMatchObject([
    { name: 'live', group: 'Shop', connection: { database: 'postgres', tls: 'require' } },
    { name: 'far', group: '', connection: { tls: 'prefer', ssh: { host: 'bastion', port: 2222, user: 'bob' } } },
    { kind: 'passedOver', what: 'none' },
  ]);
});

test('files of the servers’ own clients, wherever they lie', async () => {
  expect(await read('old.pgpass', 'db.example.org:5432:shop:ann:c4nary\n*:*:*:ann:x\n')).toMatchObject([
    { name: 'shop@db.example.org', password: 'c4nary', needsPassword: true },
    { kind: 'passedOver' },
  ]);
  expect(
    await read(
      'pg_service.conf',
      '[shop]\nhost=db.example.org\nuser=ann\ndbname=shop\nsslmode=verify-ca\nsslrootcert=/ca\n',
    ),
  ).toMatchObject([
    { name: 'shop', connection: { tls: 'verify-ca', tlsAuthorityFile: '/ca' }, password: null, needsPassword: false },
  ]);
  expect(
    await read('my.cnf', '[client]\nhost=db.example.org\nuser=ann\npassword=c4nary\n[client_shop]\ndatabase=shop\n'),
  ).toMatchObject([
    { kind: 'passedOver', what: 'client' },
    { name: 'client_shop', connection: { engine: 'mysql', user: 'ann' }, password: 'c4nary' },
  ]);
});

test.each(['{', '[]', '{"a":1}', 'hello', '', '\u0000', 'services:', 'services: 1', '<xml/>'])(
  '%j is of no program',
  async (text) => {
    expect((await read('file', text)) ?? []).toEqual([]);
  },
);

test.each([
  ['spaces', `a${' '.repeat(1_000_000)}b`],
  ['short lines of spaces', `a${' '.repeat(1900)}b\n`.repeat(500)],
  ['empty lines', '\n'.repeat(1_000_000)],
  ['variables without end', `A=${'${B:-'.repeat(200_000)}`],
  ['items', '- a\n'.repeat(16_000)],
  ['brackets', `services: ${'['.repeat(100_000)}`],
  ['braces', '{'.repeat(1_000_000)],
  ['quotes', `A="${'\\'.repeat(500_000)}`],
])('%s without end are read in no time', { timeout: 20_000 }, async (_what, text) => {
  for (const name of ['.env', 'my.cnf', '.pgpass', 'compose.yaml']) expect((await read(name, text)) ?? []).toEqual([]);
});

describe('an import', () => {
  let here: TestBackend;
  beforeEach(async () => {
    here = await testBackend();
  });
  afterEach(() => here[Symbol.asyncDispose]());

  const nothing: ImportRequest = { pgpass: false, pgService: false, myCnf: false, file: null, tier: null };
  const env = (text: string) => ({ ...nothing, texts: [{ name: '.env', text }] });

  it('shows what would be added without any password, and adds what is chosen', async () => {
    const { context } = here.backend;
    const request = env('A_URL=postgres://ann:c4nary@localhost/a\nB_URL=postgres://ann:c4nary@db.example.org/b');
    const preview = await previewImport(context, request);
    expect(preview.candidates).toMatchObject([
      {
        environment: { name: 'a@localhost', tier: 'development', credential: 'ask' },
        password: 'found',
        existing: null,
      },
      { environment: { name: 'b@db.example.org', tier: 'production' }, password: 'found', from: '.env' },
    ]);
    expect(JSON.stringify(preview)).not.toContain('c4nary');
    const report = await importEnvironments(context, { ...request, only: ['b@db.example.org'] });
    expect(report.added).toEqual(['b@db.example.org']);
    expect(JSON.stringify([report, context.workspace.environments.list()])).not.toContain('c4nary');
    expect((await previewImport(context, request)).candidates.map(({ existing }) => existing)).toEqual([
      null,
      'b@db.example.org',
    ]);
  });

  it('tells databases of one name apart', async () => {
    const servers = (host: string) => ({ Name: 'live', Host: host, Port: 5432, Username: 'ann', MaintenanceDB: 'x' });
    const text = JSON.stringify({ Servers: { 1: servers('a'), 2: servers('b'), 3: servers('a') } });
    const { candidates } = await previewImport(here.backend.context, {
      ...nothing,
      texts: [{ name: 'servers.json', text }],
    });
    expect(candidates).toMatchObject([
      { environment: { name: 'live' }, existing: null },
      { environment: { name: 'live (2)' }, existing: null },
      { environment: { name: 'live' }, existing: 'live' },
    ]);
  });

  it('reads a Compose file with the .env beside it', async () => {
    const folder = path.join(here.folder, 'shop');
    await mkdir(folder);
    await writeFile(
      path.join(folder, 'compose.yaml'),
      `services:\n  db:\n    image: postgres\n    environment: { POSTGRES_DB: "\${NAME}" }\n    ports: ["5499:5432"]\n`,
    );
    await writeFile(path.join(folder, '.env'), 'NAME=shop\n');
    const { candidates } = await previewImport(here.backend.context, {
      ...nothing,
      files: [path.join(folder, 'compose.yaml')],
    });
    expect(candidates).toMatchObject([{ environment: { connection: { database: 'shop', port: 5499 } } }]);
  });

  it('refuses what is no text file of a sensible size', async () => {
    const { context } = here.backend;
    const file = (name: string) => path.join(here.folder, name);
    await writeFile(file('large.env'), 'x'.repeat(1024 * 1024 + 1));
    await writeFile(file('project.dbp'), Buffer.from('PK\u0003\u0004\u0000'));
    await symlink('/dev/zero', file('endless.env'));
    await writeFile(file('closed.env'), '');
    await chmod(file('closed.env'), 0);
    for (const [name, words] of [
      ['large.env', /larger/],
      ['project.dbp', /unpack it/],
      ['endless.env', /not a plain file/],
      ['none.env', /cannot be read/],
      ['.', /not a plain file/],
    ] as const)
      await expect(previewImport(context, { ...nothing, files: [file(name)] })).rejects.toThrow(words);
  });
});
