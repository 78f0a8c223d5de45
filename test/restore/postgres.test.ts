/** What belongs to PostgreSQL's way of restoring: properties of the database, sessions of others, rights, foreign dumps. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Restorer } from '../../electron/backups/restorer.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import { decompressedContent } from '../backups/support.ts';
import { postgres15, type TestServer, unavailable } from '../servers/index.ts';
import { adHoc, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { contentOf, fill } from './databases.ts';
import { backUp, plan, restore, undo, wanted } from './support.ts';

let test: TestBackend;
let server: TestServer;
let source: string;
beforeAll(async () => {
  test = await testBackend();
  source = await writeFolder(test.folder, {
    '20260101000001_a.sql': '-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n',
  });
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach(async (context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
  server = await postgres15();
});

const nameOf = (url: string): string => new URL(url).pathname.slice(1);

const properties = (name: string) =>
  server.query(
    `SELECT pg_get_userbyid(datdba) AS owner, pg_encoding_to_char(encoding) AS encoding, datcollate, datctype, datconnlimit,
(SELECT array_agg(format('%s %s %s', CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END, privilege_type, is_grantable) ORDER BY 1) FROM (SELECT (aclexplode(datacl)).*) a) AS acl,
(SELECT array_agg(format('%s %s', setrole::regrole, setconfig) ORDER BY 1) FROM pg_db_role_setting WHERE setdatabase = d.oid) AS settings,
shobj_description(oid, 'pg_database') AS comment FROM pg_database d WHERE datname = $1`,
    [name],
  );

const databasesOf = async (name: string): Promise<unknown[]> =>
  (await server.query('SELECT datname AS name FROM pg_database WHERE datname LIKE $1', [`${name}\\_%`])).map(
    (row) => row['name'],
  );

it('gives the restored database the rights, settings, owner and comment of the live one', async () => {
  await using database = await testDatabase('postgres15');
  const name = nameOf(database.url);
  const owner = await server.createUser();
  const clerk = await server.createUser();
  for (const sql of [
    `ALTER DATABASE ${name} OWNER TO ${owner.user}`,
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC`,
    `GRANT CONNECT, TEMP ON DATABASE ${name} TO ${clerk.user} WITH GRANT OPTION`,
    `ALTER DATABASE ${name} SET search_path TO "$user", public, "odd, name"`,
    `ALTER DATABASE ${name} SET statement_timeout TO '1h'`,
    `ALTER DATABASE ${name} SET my.setting TO 'it''s'`,
    `ALTER ROLE ${clerk.user} IN DATABASE ${name} SET work_mem TO '8MB'`,
    `ALTER DATABASE ${name} CONNECTION LIMIT 50`,
    `COMMENT ON DATABASE ${name} IS 'the ward''s own'`,
  ])
    await server.query(sql);
  const target = adHoc(database.url, source);
  await database.query('SET default_transaction_read_only = off; CREATE TABLE t (id integer)');
  const backup = await backUp(test.backend.context, target);
  const before = await properties(name);
  const run = await restore(test.backend.context, wanted(target, backup));
  expect(run.problem).toBeNull();
  expect(await properties(name)).toEqual(before);
  expect((await properties(run.restore?.kept ?? ''))[0]).toMatchObject({ comment: "the ward's own" });
  await undo(test.backend.context, run, target);
  expect(await properties(name)).toEqual(before);
});

describe('with sessions of others', () => {
  async function connected(url: string): Promise<{ readonly ended: Promise<void> }> {
    const client = new pg.Client({ connectionString: url, application_name: 'ward board' });
    const { promise, resolve } = Promise.withResolvers<void>();
    client.on('error', () => resolve());
    await client.connect();
    onTestFinished(() => client.end().catch(() => undefined));
    return { ended: promise };
  }

  it('shows them and refuses until their end is accepted', async () => {
    await using database = await testDatabase('postgres15');
    await fill('postgres15', database);
    const target = adHoc(database.url, source);
    const backup = await backUp(test.backend.context, target);
    const before = await contentOf('postgres15', database);
    const other = await connected(database.url);
    const shown = await plan(test.backend.context, wanted(target, backup));
    expect(shown.sessions.map(({ program }) => program)).toContain('ward board');
    expect(shown.gate.hazardsToAccept).toEqual(['closesSessions']);
    await expect(restore(test.backend.context, wanted(target, backup), { accept: [] })).rejects.toMatchObject({
      problem: { code: 'gate.hazard' },
    });
    expect(await contentOf('postgres15', database)).toEqual(before);
    const run = await restore(test.backend.context, wanted(target, backup));
    expect(run.problem).toBeNull();
    await other.ended;
    expect(await contentOf('postgres15', database)).toEqual(before);
  });

  it('refuses when one comes after the plan, and leaves everything as it was', async () => {
    await using database = await testDatabase('postgres15');
    const target = adHoc(database.url, source);
    await database.query('CREATE TABLE t (id integer)');
    const backup = await backUp(test.backend.context, target);
    // The pool of the test's own queries is a session, too.
    const { planRestore } = await import('../../electron/services/planRestore.ts');
    const { startPreparedRestore } = await import('../../electron/services/startRestore.ts');
    const prepared = await planRestore(test.backend.context, wanted(target, backup));
    const gate = { ...prepared.gate, hazards: [] };
    await connected(database.url);
    const started = startPreparedRestore(
      test.backend.context,
      { ...prepared, gate },
      { backup: false, confirm: null, reason: null, accept: [] },
    );
    const run = await started.finished;
    expect(run.problem).toMatchObject({ code: 'restore.inUse', message: expect.stringContaining('ward board') });
    expect(await databasesOf(nameOf(database.url))).toEqual([]);
    expect(await database.query('SELECT count(*)::int AS n FROM t')).toEqual([{ n: 0 }]);
  });

  it('ends those that come again and again', async () => {
    await using database = await testDatabase('postgres15');
    const target = adHoc(database.url, source);
    await database.query('CREATE TABLE t (id integer)');
    const backup = await backUp(test.backend.context, target);
    let stop = false;
    const knocking = (async () => {
      while (!stop) {
        const client = new pg.Client({ connectionString: database.url });
        client.on('error', () => undefined);
        await client.connect().then(
          () => client.query('SELECT pg_sleep(10)').catch(() => undefined),
          () => undefined,
        );
        await client.end().catch(() => undefined);
      }
    })();
    const run = await restore(test.backend.context, wanted(target, backup));
    stop = true;
    expect(run.problem).toBeNull();
    await server.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
      nameOf(database.url),
    ]);
    await knocking;
  });
});

describe('without the right', () => {
  async function asClerk(url: string): Promise<{ target: TargetRequest; user: string }> {
    const clerk = await server.createUser();
    await server.query(`ALTER DATABASE ${nameOf(url)} OWNER TO ${clerk.user}`);
    return { target: adHoc(server.url(nameOf(url), clerk), source), user: clerk.user };
  }

  it('to create databases says how to get on, and --into an empty one works', async () => {
    await using database = await testDatabase('postgres15');
    const { target, user } = await asClerk(database.url);
    await database.query(`CREATE TABLE t AS SELECT 7 AS id; ALTER TABLE t OWNER TO ${user}`);
    const backup = await backUp(test.backend.context, target);
    const shown = await plan(test.backend.context, wanted(target, backup));
    expect(shown.problems).toMatchObject([
      { code: 'restore.rights', hint: expect.stringMatching(/CREATEDB.*--into/s) },
    ]);
    await expect(restore(test.backend.context, wanted(target, backup))).rejects.toMatchObject({
      problem: { code: 'restore.rights' },
    });
    await using empty = await server.createDatabase();
    await server.query(`ALTER DATABASE ${empty.name} OWNER TO ${user}`);
    const run = await restore(test.backend.context, wanted(target, backup, { placement: 'into', into: empty.name }));
    expect(run.problem).toBeNull();
    expect(run.restore?.stage).toBe('left');
    expect(await empty.query('SELECT id FROM t')).toEqual([{ id: 7 }]);
    const full = await plan(test.backend.context, wanted(target, backup, { placement: 'into', into: empty.name }));
    expect(full.problems).toMatchObject([{ code: 'restore.unfit', message: expect.stringContaining('not empty') }]);
    await expect(undo(test.backend.context, run, target)).rejects.toMatchObject({
      problem: { code: 'restore.notUndoable' },
    });
  });

  it('to rename the database says whose it is', async () => {
    await using database = await testDatabase('postgres15');
    const clerk = await server.createUser();
    await server.query(`ALTER ROLE ${clerk.user} CREATEDB; GRANT pg_read_all_data TO ${clerk.user}`);
    const target = adHoc(server.url(nameOf(database.url), clerk), source);
    const backup = await backUp(test.backend.context, target);
    expect((await plan(test.backend.context, wanted(target, backup))).problems).toMatchObject([
      { code: 'restore.rights', message: expect.stringContaining(server.superuser.user) },
    ]);
  });
});

describe('a dump of somebody else', () => {
  const foreign = (target: TargetRequest, file: string) => ({
    backup: null,
    file,
    target,
    placement: 'swap' as const,
    into: null,
  });
  const trusted = { accept: ['foreignDump', 'closesSessions'] };

  async function dump(url: string, args: readonly string[]): Promise<string> {
    const file = join(test.folder, `dump-${process.hrtime.bigint()}`);
    await promisify(execFile)(server.programs?.dump ?? '', [...args, `--file=${file}`, url]);
    return file;
  }

  it.each([
    ['custom', ['-Fc']],
    ['plain', ['-Fp']],
  ])('in the format %s is restored after trust only', async (_name, args) => {
    await using origin = await testDatabase('postgres15');
    await fill('postgres15', origin);
    await using database = await testDatabase('postgres15');
    const target = adHoc(database.url, source);
    const file = await dump(origin.url, args);
    const shown = await plan(test.backend.context, foreign(target, file));
    expect(shown.gate.hazardsToAccept).toContain('foreignDump');
    await expect(
      restore(test.backend.context, foreign(target, file), { accept: ['closesSessions'] }),
    ).rejects.toMatchObject({
      problem: { code: 'gate.hazard' },
    });
    const run = await restore(test.backend.context, foreign(target, file), trusted);
    expect(run.problem).toBeNull();
    expect(await contentOf('postgres15', database)).toEqual(await contentOf('postgres15', origin));
  });

  it('warns of pg_restore with a known flaw', async (context) => {
    await using database = await testDatabase('postgres15');
    const shown = await plan(
      test.backend.context,
      foreign(adHoc(database.url, source), await dump(database.url, ['-Fc'])),
    );
    const version = (await promisify(execFile)(join(dirname(server.programs?.dump ?? ''), 'pg_restore'), ['--version']))
      .stdout;
    if (!/ 15\.1[0-9]\b/.test(version)) skipBecause(context, `this pg_restore has no known flaw: ${version}`);
    expect(shown.warnings.join()).toMatch(/CVE-2026-116314.*not from here/);
  });

  it.each([
    ['a command of psql', '\\! touch /tmp/never\n', 'script.clientCommand'],
    ['another database', 'CREATE DATABASE evil;', 'restore.unfit'],
    ['a role', 'CREATE ROLE evil SUPERUSER;', 'restore.unfit'],
    ['a program', "COPY t FROM PROGRAM 'id';", 'restore.unfit'],
    ['a file', "COPY (SELECT 1) TO '/tmp/never';", 'restore.unfit'],
    ['a block', 'DO $$ BEGIN END $$;', 'restore.unfit'],
    ['a query', "SELECT pg_read_file('/etc/passwd');", 'restore.unfit'],
    ['an end of our transaction', 'COMMIT;', 'restore.unfit'],
    ['an error', 'CREATE TABLE t (id integer); CREATE TABLE t (id integer);', 'restore.failed'],
  ])('with %s is refused, and nothing is left', async (_name, text, code) => {
    await using database = await testDatabase('postgres15');
    await database.query('CREATE TABLE kept AS SELECT 1 AS id');
    const file = join(test.folder, `dump-${process.hrtime.bigint()}.sql`);
    await writeFile(file, `CREATE TABLE before (id integer);\n${text}\n`);
    const run = await restore(test.backend.context, foreign(adHoc(database.url, source), file), trusted);
    expect(run.problem).toMatchObject({ code });
    expect(run.outcome).not.toBe('succeeded');
    expect(await databasesOf(nameOf(database.url))).toEqual([]);
    expect(await database.query('SELECT id FROM kept')).toEqual([{ id: 1 }]);
  });

  it('that is none is not even planned', async () => {
    await using database = await testDatabase('postgres15');
    const file = join(test.folder, 'picture.png');
    await writeFile(file, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]));
    await expect(plan(test.backend.context, foreign(adHoc(database.url, source), file))).rejects.toMatchObject({
      problem: { code: 'restore.unfit' },
    });
  });
});

it('loads large archives over several connections', async () => {
  await using database = await testDatabase('postgres15');
  await database.query(
    'CREATE EXTENSION pgcrypto; CREATE TABLE a AS SELECT i, gen_random_bytes(1000) AS noise FROM generate_series(1, 12000) i; CREATE TABLE b AS TABLE a; CREATE INDEX ON a (i); CREATE INDEX ON b (i)',
  );
  const target = adHoc(database.url, source);
  const backup = await backUp(test.backend.context, target);
  expect(backup.bytes).toBeGreaterThan(16 << 20);
  expect((await decompressedContent(backup)).length).toBeGreaterThan(backup.bytes / 2);
  const run = await restore(test.backend.context, wanted(target, backup));
  expect(run.problem).toBeNull();
  expect(await database.query('SELECT (SELECT count(*)::int FROM a) AS a, (SELECT count(*)::int FROM b) AS b')).toEqual(
    [{ a: 12000, b: 12000 }],
  );
});

it('restores where pg_restore is reached by a command only', async () => {
  const { postgresRestorer } = await import('../../electron/backups/postgres/restore/index.ts');
  const { planRestore, restoreRequest } = await import('../../electron/services/planRestore.ts');
  const { openSession } = await import('../../electron/services/target.ts');
  await using database = await testDatabase('postgres15');
  await fill('postgres15', database);
  const target = adHoc(database.url, source);
  const backup = await backUp(test.backend.context, target);
  const prepared = await planRestore(test.backend.context, wanted(target, backup, { placement: 'beside' }));
  const session = await openSession(test.backend.context, prepared.target, false);
  onTestFinished(() => session.close());
  const program = server.programs?.dump ?? '';
  const remote = { command: ['env', program], shell: false, host: null, port: null };
  const restorer: Restorer = postgresRestorer(async () => [
    { engine: 'postgres', product: 'PostgreSQL', name: 'pg_dump', path: 'env', version: '15.0', remote },
  ]);
  const request = restoreRequest(test.backend.context, { ...prepared, placement: 'beside' }, session, false);
  const never = new AbortController().signal;
  await restorer.create(request, never);
  const loaded = await restorer.load(request, () => undefined, never);
  await restorer.verify(request, loaded, never);
  await restorer.discard(request);
  expect(await databasesOf(nameOf(database.url))).toEqual([]);
});
