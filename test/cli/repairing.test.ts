/** verify, repair, baseline, force, lock, new, validate, test, tools and the carrying of environments, as a script calls them. */
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mariadb, postgres15, unavailable } from '../servers/index.ts';
import { testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { lockkeeper } from './lockkeeper.ts';

let folder: string;
let home: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-cli-'));
  home = path.join(folder, 'home');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const own = {
  '1.0.0_people.sql':
    '-- lockkeeper:up\ncreate table people (id integer primary key);\n-- lockkeeper:down\ndrop table people;\n',
  '1.1.0_towns.sql':
    '-- lockkeeper:up\ncreate table towns (id integer primary key);\n-- lockkeeper:down\ndrop table towns;\n',
};

describe('a history', () => {
  it('is verified, explained and corrected', async () => {
    await using database = await testDatabase('sqlite');
    const source = await writeFolder(folder, own);
    const on = ['--url', database.url, '--source', source];
    const call = (...args: string[]) => lockkeeper(home, [...args, ...on, '--json']);
    await call('up');
    expect(await call('verify')).toMatchObject({ code: 0 });

    const file = path.join(source, '1.1.0_towns.sql');
    await writeFile(file, (await readFile(file, 'utf8')).replace('id integer', 'id bigint'));
    const found = await call('verify');
    expect(found.code).toBe(4);
    expect(found.json()).toMatchObject({ findings: [{ kind: 'changed', version: '1.1.0', path: '1.1.0_towns.sql' }] });
    expect((await call('info', '1.1.0')).json()).toMatchObject({
      difference: { kind: 'sql', appliedText: expect.stringContaining('id integer') },
    });
    expect((await call('repair')).json()).toMatchObject({
      offers: [{ action: 'updateChecksum', version: '1.1.0', problem: null }],
    });
    const refused = await call('repair', '--update-checksum', '1.1.0', '--reason', 'agreed');
    expect(refused.code).toBe(7);
    expect(refused.json().problem?.code).toBe('gate.hazard');
    expect((await call('repair', '--update-checksum', '1.1.0', '--accept', 'changedSql')).json().problem?.code).toBe(
      'gate.reason',
    );
    const all = await call('repair', '--update-checksums', '--reason', 'agreed', '--accept', 'changedSql');
    expect(all.json().problem?.code).toBe('gate.hazard');
    expect(all.stderr).toContain('The SQL itself differs');
    const done = await call('repair', '--update-checksum', '1.1.0', '--reason', 'agreed', '--accept', 'changedSql');
    expect(done).toMatchObject({ code: 0 });
    expect(done.json()).toMatchObject({
      outcome: 'succeeded',
      steps: [{ action: 'updateChecksum', version: '1.1.0' }],
    });
    expect(await call('verify')).toMatchObject({ code: 0 });
    const history = await lockkeeper(home, ['history', '--limit', '1', '--json']);
    expect(history.json()).toMatchObject({
      entries: [{ action: 'updateChecksum', version: '1.1.0', reason: 'agreed' }],
    });
  });

  it('is taken over by a baseline; a tool without a single version refuses force', async () => {
    await using database = await testDatabase('sqlite');
    const on = ['--url', database.url, '--source', await writeFolder(folder, own), '--json'];
    const baseline = await lockkeeper(home, ['baseline', '1.0.0', '--reason', 'it was there', ...on]);
    expect(baseline.json()).toMatchObject({ outcome: 'succeeded', steps: [{ action: 'baseline', version: '1.0.0' }] });
    expect((await lockkeeper(home, ['status', ...on])).json()).toMatchObject({
      current: '1.0.0',
      migrations: [{ status: 'baseline' }, { status: 'pending' }],
    });
    const force = await lockkeeper(home, ['force', '1.0.0', '--reason', 'x', ...on]);
    expect(force).toMatchObject({ code: 2 });
    expect(force.json().problem?.code).toBe('repair.unsupported');
  });

  it('has a lock that is told and only released by name', async () => {
    await using database = await testDatabase('sqlite');
    const on = ['--url', database.url, '--source', await writeFolder(folder, own), '--json'];
    expect((await lockkeeper(home, ['lock', 'status', ...on])).json()).toEqual({ held: false, holder: null });
    expect((await lockkeeper(home, ['lock', 'release', ...on])).json().problem?.code).toBe('gate.confirmation');
    const name = database.url.slice('sqlite:'.length);
    const released = await lockkeeper(home, ['lock', 'release', '--confirm', name, ...on]);
    expect(released).toMatchObject({ code: 0 });
    expect(released.json()).toMatchObject({ released: false, held: false });
  });

  it('tells who works on it, and ends nobody without name and reason', async () => {
    await using database = await testDatabase('sqlite');
    const on = ['--url', database.url, '--source', await writeFolder(folder, own), '--json'];
    const activity = await lockkeeper(home, ['activity', ...on]);
    expect(activity).toMatchObject({ code: 0 });
    expect(activity.json()).toEqual({ sessions: [] });
    const terminate = (...more: string[]) => lockkeeper(home, ['activity', 'terminate', '4711', ...more, ...on]);
    expect((await terminate()).json().problem?.code).toBe('gate.confirmation');
    const confirmed = ['--confirm', database.url.slice('sqlite:'.length)];
    expect((await terminate(...confirmed)).json().problem?.code).toBe('gate.reason');
    const unknown = await terminate(...confirmed, '--reason', 'in the way');
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.json().problem?.code).toBe('activity.notFound');
  });
});

describe('files', () => {
  it('are begun in the tool’s format and never overwritten', async () => {
    const source = path.join(folder, 'fresh');
    const first = await lockkeeper(home, ['new', 'Add customers', '--source', source, '--json']);
    expect(first.json()).toMatchObject({ tool: 'lockkeeper', source });
    const second = await lockkeeper(home, ['new', 'Add customers', '--source', source, '--json']);
    expect(second.code).toBe(0);
    expect(await readdir(source)).toHaveLength(2);
    const dbmate = await writeFolder(folder, { '1_a.sql': '-- migrate:up\n-- migrate:down\n' });
    expect((await lockkeeper(home, ['new', 'towns', '--source', dbmate, '--json'])).json()).toMatchObject({
      tool: 'dbmate',
      files: [expect.stringMatching(/^\d{14}_towns\.sql$/)],
    });
    expect((await lockkeeper(home, ['validate', '--source', dbmate])).code).toBe(0);
  });

  it('are checked with PostgreSQL’s own parser, one or all', async () => {
    const source = await writeFolder(folder, {
      ...own,
      '1.2.0_wrong.sql': '-- lockkeeper:up\ncreate table fine (id int);\n\n  create tabel wrong (id int);\n',
      '1.3.0_open.sql': "-- lockkeeper:up\nselect 'open;\n",
    });
    const on = ['--source', source, '--url', 'postgres://nobody@nowhere.invalid/none', '--json'];
    const all = await lockkeeper(home, ['validate', ...on]);
    expect(all.code).toBe(2);
    expect(all.json()).toMatchObject({
      engines: ['postgres'],
      migrations: 4,
      problems: [
        { code: 'script.syntax', path: '1.2.0_wrong.sql', line: 4, column: 10 },
        { code: 'script.unterminated', path: '1.3.0_open.sql' },
      ],
    });
    const one = await lockkeeper(home, ['validate', path.join(source, '1.0.0_people.sql'), '--json']);
    expect(one).toMatchObject({ code: 0 });
    expect(one.json()).toMatchObject({ file: '1.0.0_people.sql', migrations: 1, scripts: 2, problems: [] });
  });

  it('are tried up, down and up', async () => {
    await using database = await testDatabase('sqlite');
    const source = await writeFolder(folder, {
      ...own,
      '1.2.0_streets.sql': '-- lockkeeper:up\ncreate table streets (id integer);\n-- lockkeeper:down\nselect 1;\n',
    });
    const on = ['--url', database.url, '--source', source, '--json'];
    expect((await lockkeeper(home, ['test', '1.1.0', ...on])).json()).toMatchObject({
      outcome: 'passed',
      tests: [{ version: '1.1.0', outcome: 'passed' }],
    });
    const all = await lockkeeper(home, ['test', ...on]);
    expect(all.json()).toMatchObject({ outcome: 'failed', tests: [{}, {}, { version: '1.2.0', outcome: 'failed' }] });
    expect(all.code).toBe(1);
  });
});

describe('environments', () => {
  it('are carried to another workspace without secrets, and never overwrite one', async () => {
    const file = path.join(folder, 'environments.json');
    const url = 'postgres://app:canary-in-a-url@db.example:5432/shop';
    await lockkeeper(
      home,
      ['env', 'add', 'carried', '--url-env', 'DB', '--tier', 'staging', '--group', 'shops', '--ask'],
      {
        env: { DB: url },
      },
    );
    const exported = await lockkeeper(home, ['env', 'export', file, '--json']);
    expect(exported.code).toBe(0);
    expect(await readFile(file, 'utf8')).not.toContain('canary-in-a-url');
    const other = path.join(folder, 'other');
    const dry = await lockkeeper(other, ['env', 'import', '--file', file, '--dry-run', '--json']);
    expect(dry.json()).toMatchObject({ candidates: [{ environment: { name: 'carried' }, existing: null }], added: [] });
    const imported = await lockkeeper(other, ['env', 'import', '--file', file, '--json']);
    expect(imported.json()).toMatchObject({ added: ['carried'] });
    expect((await lockkeeper(other, ['env', 'show', 'carried', '--json'])).json()).toMatchObject({
      tier: 'staging',
      group: 'shops',
      credential: { kind: 'ask' },
    });
    const again = await lockkeeper(other, ['env', 'import', '--file', file, '--json']);
    expect(again.json()).toMatchObject({ candidates: [{ existing: 'carried' }], added: [] });
  });

  it('come from the clients’ own files, where single databases are named', async () => {
    const user = path.join(folder, 'user');
    await mkdir(user, { recursive: true });
    await writeFile(path.join(user, '.pgpass'), 'db.example:5433:shop:app:secret\n*:*:*:app:secret\n', { mode: 0o600 });
    await writeFile(path.join(user, '.pg_service.conf'), '[stock]\nhost=localhost\nuser=ada\ndbname=stock\n');
    await writeFile(
      path.join(user, '.my.cnf'),
      '[client_clinic]\nhost=10.0.0.5\nuser=app\ndatabase=clinic\npassword=x\n',
      {
        mode: 0o600,
      },
    );
    const workspace = path.join(folder, 'third');
    const done = await lockkeeper(workspace, ['env', 'import', '--pgpass', '--pg-service', '--my-cnf', '--json'], {
      env: { HOME: user },
    });
    expect(done.json()).toMatchObject({
      added: ['shop@db.example:5433', 'stock', 'client_clinic'],
      candidates: [
        { environment: { tier: 'production', connection: { engine: 'postgres', port: 5433, tls: 'verify-full' } } },
        { environment: { tier: 'development', connection: { host: 'localhost', database: 'stock' } } },
        { environment: { tier: 'production', connection: { engine: 'mysql', host: '10.0.0.5', port: 3306 } } },
      ],
      passedOver: [{ what: '*:*:*:app' }],
    });
    expect(done.stdout).not.toContain('secret');
  });
});

describe('passwords of the clients’ own files', () => {
  const withoutPassword = (url: string) => {
    const parsed = new URL(url);
    const { password, username, hostname, port } = parsed;
    parsed.password = '';
    return { url: parsed.href, password: decodeURIComponent(password), username, hostname, port };
  };

  it('open PostgreSQL, and its dump program gets the same', async (context) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) skipBecause(context, reason);
    const server = await postgres15();
    await using database = await server.createDatabase();
    const { url, password, username, hostname, port } = withoutPassword(database.url);
    const file = path.join(folder, 'pgpass');
    await writeFile(file, `${hostname}:${port}:*:${username}:${password}\n`, { mode: 0o600 });
    const source = await writeFolder(folder, own);
    const call = (...args: string[]) =>
      lockkeeper(home, [...args, '--url', url, '--source', source, '--json'], { env: { PGPASSFILE: file } });
    expect((await call('up', '--backup')).json()).toMatchObject({ outcome: 'succeeded', backup: { level: 'checked' } });
    await chmod(file, 0o644);
    const refused = await call('status');
    expect(refused.code).toBe(6);
    expect(refused.json()).toMatchObject({
      problem: { code: 'connect.authentication', hint: expect.stringContaining('chmod 600') },
    });
  });

  it('open MariaDB', async (context) => {
    const reason = unavailable('mariadb');
    if (reason !== undefined) skipBecause(context, reason);
    const server = await mariadb();
    await using database = await server.createDatabase();
    const { url, password, username } = withoutPassword(database.url);
    const user = path.join(folder, 'mysql-user');
    await mkdir(user, { recursive: true });
    await writeFile(path.join(user, '.my.cnf'), `[client]\nuser=${username}\npassword="${password}"\n`, {
      mode: 0o600,
    });
    const source = await writeFolder(folder, own);
    const done = await lockkeeper(home, ['up', '--url', url, '--source', source, '--backup', '--json'], {
      env: { HOME: user },
    });
    expect(done.json()).toMatchObject({ outcome: 'succeeded', backup: { level: 'checked' } });
  });
});

it('tells its tools, engines and dump programs', async () => {
  const done = await lockkeeper(home, ['tools', '--json']);
  expect(done.code).toBe(0);
  expect(done.json()).toMatchObject({
    tools: expect.arrayContaining([
      { id: 'lockkeeper', title: 'Lockkeeper', engines: ['postgres', 'mysql', 'sqlite'] },
    ]),
    engines: [{ id: 'postgres' }, { id: 'mysql' }, { id: 'sqlite' }],
    dumpPrograms: expect.any(Array),
  });
});

describe('another tool’s history', () => {
  it('is detected with the database, and moved for a reason after it was shown', async () => {
    await using database = await testDatabase('sqlite');
    const files = {
      '1_people.sql': '-- migrate:up\ncreate table people (id integer);\n-- migrate:down\ndrop table people;\n',
    };
    const source = await writeFolder(folder, files);
    const on = ['--url', database.url, '--source', source, '--json'];
    await lockkeeper(home, ['up', ...on]);
    const detected = await lockkeeper(home, ['detect', source, '--url', database.url, '--json']);
    expect(detected.json()).toMatchObject({
      candidates: [{ tool: 'dbmate', migrations: 1 }, {}],
      problems: [],
      histories: [{ table: 'schema_migrations', columns: ['version'] }],
      comparison: { tool: 'dbmate', counts: { applied: 1 }, pending: 0 },
    });
    const writeTo = path.join(folder, 'moved');
    const adopt = ['adopt', '--to', 'lockkeeper', '--write-to', writeTo, ...on];
    const refused = await lockkeeper(home, adopt);
    expect([refused.code, refused.json().problem?.code]).toEqual([7, 'gate.reason']);
    expect(refused.stderr).toContain('stays as it is; no script is run');
    await expect(readdir(writeTo)).rejects.toThrow('ENOENT');
    const done = await lockkeeper(home, [...adopt, '--reason', 'one tool']);
    expect(done.json()).toMatchObject({ outcome: 'succeeded', next: [expect.stringContaining('--tool lockkeeper')] });
    const history = await lockkeeper(home, ['history', '--limit', '1', '--json']);
    expect(history.json()).toMatchObject({ entries: [{ version: '1', reason: 'one tool' }] });
  });
});
