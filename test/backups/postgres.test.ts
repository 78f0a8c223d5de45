import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { postgresTaker } from '../../electron/backups/postgres/index.ts';
import { countContents } from '../../electron/backups/postgres/listContents.ts';
import { choosePgRestore } from '../../electron/backups/postgres/programs.ts';
import { type DumpProgram, listDumpPrograms } from '../../electron/backups/programs.ts';
import type { Backup } from '../../shared/model/backup.ts';
import { postgres15, postgres18, type TestDatabase, type TestServer, unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import {
  damageArchive,
  damageContent,
  decompressedContent,
  filesIn,
  networkRequest,
  never,
  problemOf,
  quiet,
  sha256Of,
  take,
  temporaryFolder,
} from './support.ts';

const taker = postgresTaker();

const everyKind = `
CREATE EXTENSION citext;
CREATE SCHEMA "DATA";
CREATE TYPE mood AS ENUM ('well', 'ill');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TYPE span AS RANGE (subtype = integer);
CREATE TABLE patient (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name citext UNIQUE, mood mood);
CREATE TABLE "DATA"."two words" (id serial PRIMARY KEY, patient integer REFERENCES patient, value positive);
CREATE TABLE measured (at date, value integer) PARTITION BY RANGE (at);
CREATE TABLE measured_1 PARTITION OF measured FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX ON measured (value);
CREATE VIEW well AS SELECT * FROM patient WHERE mood = 'well';
CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM patient;
CREATE SEQUENCE ticket;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE PROCEDURE nothing() LANGUAGE sql AS 'SELECT 1';
CREATE TRIGGER touched BEFORE INSERT ON patient FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER touched BEFORE INSERT ON measured FOR EACH ROW EXECUTE FUNCTION touch();
INSERT INTO patient (name, mood) SELECT 'patient ' || i, 'well' FROM generate_series(1, 1000) i;
INSERT INTO measured SELECT '2026-06-01', i FROM generate_series(1, 500) i;`;

/** Restores as a person would, by PostgreSQL's own program. */
async function restore(server: TestServer, backup: Backup, into: TestDatabase): Promise<void> {
  const archive = join(await temporaryFolder(), 'archive.pgdump');
  await writeFile(archive, await decompressedContent(backup));
  const program = join(dirname(server.programs?.dump ?? ''), 'pg_restore');
  await promisify(execFile)(program, ['--exit-on-error', '--dbname', into.url, archive]);
}

describe('PostgreSQL backup', () => {
  test('holds every kind of object, is checked, and restores', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    await database.query(everyKind);
    const request = await networkRequest(server, database.name);
    const preflight = await taker.preflight(request);
    const expected = {
      table: 4,
      view: 1,
      materializedView: 1,
      sequence: 3,
      index: 5,
      trigger: 2,
      routine: 2,
      type: 3,
      extension: 1,
    };
    expect(preflight.objects).toEqual(expected);

    const reports: (readonly [number, string | null])[] = [];
    const backup = await taker.take(request, preflight, (bytes, current) => reports.push([bytes, current]), never);
    expect(backup).toMatchObject({
      id: '01TEST',
      engine: 'postgres',
      database: database.name,
      level: 'taken',
      covers: 'everything',
      objects: expected,
    });
    expect(backup.sha256).toBe(sha256Of(await readFile(backup.path)));
    expect(reports.at(-1)?.[0]).toBe((await decompressedContent(backup)).length);
    expect(await filesIn(request.folder)).toEqual([
      basename(backup.path).replace('.zst', '.json'),
      basename(backup.path),
    ]);
    expect(basename(backup.path)).toMatch(/^Ward-7-test_\d{8}T\d{6}Z_01TEST\.pgdump\.zst$/);
    expect(JSON.parse(await readFile(backup.path.replace('.zst', '.json'), 'utf8'))).toMatchObject({
      format: 1,
      backup,
    });
    expect(await taker.check(backup, never)).toBeNull();
    // Neither more nor less: an entry counted wrongly could hide one that is missing.
    const pgRestore = await choosePgRestore(await listDumpPrograms(), backup.program?.version ?? '');
    expect(await countContents(pgRestore, Readable.from([await decompressedContent(backup)]), never)).toEqual(expected);

    await using copy = await server.createDatabase();
    await restore(server, backup, copy);
    const counts =
      'SELECT (SELECT count(*)::int FROM patient) AS patients, (SELECT sum(value)::int FROM measured) AS measured, (SELECT count(*)::int FROM pg_trigger WHERE NOT tgisinternal) AS triggers';
    expect(await copy.query(counts)).toEqual(await database.query(counts));
  });

  test('counts an empty database as sound', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    expect(await taker.check(await take(taker, await networkRequest(server, database.name)), never)).toBeNull();
  });

  test('takes names that programs might read as something else', async () => {
    const server = await postgres15();
    const name = `host=elsewhere '"\\ user=x`;
    await server.query(`CREATE DATABASE "${name.replace('"', '""')}"`);
    try {
      const request = await networkRequest(server, name);
      expect(await taker.check(await take(taker, request), never)).toBeNull();
      await request.session.close();
    } finally {
      await server.query(`DROP DATABASE "${name.replace('"', '""')}" WITH (FORCE)`);
    }
  });

  test('is of one moment while others write', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    await database.query('CREATE TABLE a (id serial); CREATE TABLE b (id serial, filler text)');
    await database.query(
      `INSERT INTO b (filler) SELECT repeat(md5(i::text), 10) FROM generate_series(1, 100000) i; INSERT INTO a SELECT generate_series(1, 100000)`,
    );
    const request = await networkRequest(server, database.name);
    let writing = true;
    const writer = (async () => {
      while (writing) await database.query('BEGIN; INSERT INTO a DEFAULT VALUES; INSERT INTO b DEFAULT VALUES; COMMIT');
    })();
    const backup = await take(taker, request);
    writing = false;
    await writer;
    await using copy = await server.createDatabase();
    await restore(server, backup, copy);
    const [row] = await copy.query('SELECT (SELECT count(*)::int FROM a) AS a, (SELECT count(*)::int FROM b) AS b');
    expect(row?.['a']).toBe(row?.['b']);
    expect(Number(row?.['a'])).toBeGreaterThanOrEqual(100_000);
  });

  test('verifies the server as the connection does', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    const verified = { tls: 'verify-full', tlsAuthorityFile: server.tls.caFile, host: server.tls.host } as const;
    const request = await networkRequest(server, database.name, server.superuser, verified);
    expect(await taker.check(await take(taker, request), never)).toBeNull();
    // The certificate does not name the address: only the dump program is told of it here.
    const misled = { ...request, connection: { ...request.connection, host: server.host } };
    const problem = await problemOf(taker.take(misled, await taker.preflight(request), quiet, never));
    expect(problem).toMatchObject({
      code: 'backup.programFailed',
      serverMessage: expect.stringContaining('does not match host name'),
    });
    expect(await filesIn(request.folder)).toHaveLength(2);
  });

  test('schema only leaves the rows out', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    await database.query(`CREATE TABLE patient (name text); INSERT INTO patient VALUES ('CANARY ROW')`);
    const backup = await take(taker, { ...(await networkRequest(server, database.name)), covers: 'schema' });
    expect(backup.covers).toBe('schema');
    expect((await decompressedContent(backup)).includes('CANARY ROW')).toBe(false);
    expect(await taker.check(backup, never)).toBeNull();
  });
});

describe('PostgreSQL backup of chosen tables', () => {
  test('holds them only, and fails when one is not there', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    await database.query(`CREATE TABLE "two words" (name text); CREATE TABLE other (name text)`);
    await database.query(`INSERT INTO "two words" VALUES ('KEPT ROW'); INSERT INTO other VALUES ('OTHER ROW')`);
    const request = {
      ...(await networkRequest(server, database.name)),
      covers: 'tables',
      tables: ['public.two words'],
    } as const;
    const backup = await take(taker, request);
    const content = await decompressedContent(backup);
    expect([content.includes('KEPT ROW'), content.includes('OTHER ROW')]).toEqual([true, false]);
    expect(await taker.check(backup, never)).toBeNull();
    const problem = await problemOf(take(taker, { ...request, tables: ['two words', 'tw*'] }));
    expect(problem.code).toBe('usage.invalid');
  });
});

describe('PostgreSQL backup is refused', () => {
  test('without SELECT on one table, naming the grant', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    const clerk = await server.createUser();
    await database.query(
      `CREATE TABLE open (id int); CREATE TABLE "Closed" (id int); GRANT SELECT ON open TO ${clerk.user}`,
    );
    const problem = await problemOf(
      networkRequest(server, database.name, clerk).then((request) => taker.preflight(request)),
    );
    expect(problem).toMatchObject({ code: 'backup.rights', message: expect.stringContaining('public."Closed"') });
    expect(problem.hint).toContain(`GRANT SELECT ON public."Closed" TO ${clerk.user};`);
    expect(problem.hint).toContain('pg_read_all_data');
    await database.query(`GRANT SELECT ON "Closed" TO ${clerk.user}`);
    expect(await taker.check(await take(taker, await networkRequest(server, database.name, clerk)), never)).toBeNull();
  });

  test('without USAGE on a schema, SELECT on a sequence or on a large object', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    const clerk = await server.createUser();
    await database.query(
      'CREATE SCHEMA hidden; CREATE TABLE hidden.t (id int); CREATE SEQUENCE ticket; SELECT lo_create(4711)',
    );
    const { hint } = await problemOf(
      networkRequest(server, database.name, clerk).then((request) => taker.preflight(request)),
    );
    expect(hint).toContain(`GRANT USAGE ON SCHEMA hidden TO ${clerk.user};`);
    expect(hint).toContain(`GRANT SELECT ON SEQUENCE public.ticket TO ${clerk.user};`);
    expect(hint).toContain(`GRANT SELECT ON LARGE OBJECT 4711 TO ${clerk.user};`);
  });

  test('when row-level security hides rows', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    const clerk = await server.createUser();
    await database.query(
      `CREATE TABLE patient (id int); ALTER TABLE patient ENABLE ROW LEVEL SECURITY; GRANT SELECT ON patient TO ${clerk.user}`,
    );
    const problem = await problemOf(
      networkRequest(server, database.name, clerk).then((request) => taker.preflight(request)),
    );
    expect(problem).toMatchObject({
      code: 'backup.rights',
      hint: expect.stringContaining(`ALTER ROLE ${clerk.user} BYPASSRLS;`),
    });
    await database.query(`ALTER ROLE ${clerk.user} BYPASSRLS`);
    await expect(
      networkRequest(server, database.name, clerk).then((request) => take(taker, request)),
    ).resolves.toMatchObject({ level: 'taken' });
  });

  test('by pg_dump itself when a right is taken away after the preflight, leaving no file', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    const clerk = await server.createUser();
    await database.query(`CREATE TABLE patient (id int); GRANT SELECT ON patient TO ${clerk.user}`);
    const request = await networkRequest(server, database.name, clerk);
    const preflight = await taker.preflight(request);
    await database.query(`REVOKE SELECT ON patient FROM ${clerk.user}`);
    expect(await problemOf(taker.take(request, preflight, quiet, never))).toMatchObject({
      code: 'backup.rights',
      serverMessage: expect.stringContaining('permission denied'),
    });
    expect(await filesIn(request.folder)).toEqual([]);
    expect(await request.session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('when pg_dump is older than the server, before anything starts', async (context) => {
    const reason = unavailable('postgres18');
    if (reason !== undefined) skipBecause(context, reason);
    const server = await postgres18();
    await using database = await server.createDatabase();
    const request = await networkRequest(server, database.name);
    const upTo15 = async (): Promise<DumpProgram[]> =>
      (await listDumpPrograms()).filter(({ version }) => Number.parseInt(version, 10) < 18);
    const problem = await problemOf(postgresTaker(upTo15).preflight(request));
    expect(problem).toMatchObject({
      code: 'backup.programTooOld',
      hint: expect.stringContaining('postgresql-client-18'),
    });
    expect(await filesIn(request.folder)).toEqual([]);
  });

  test('when there is no pg_dump', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    const problem = await problemOf(
      postgresTaker(async () => []).preflight(await networkRequest(server, database.name)),
    );
    expect(problem).toMatchObject({
      code: 'backup.programMissing',
      hint: expect.stringContaining('postgresql-client-15'),
    });
  });
});

describe('Checking a PostgreSQL backup', () => {
  const sound = async (database: TestDatabase, server: TestServer): Promise<Backup> => {
    await database.query(
      `CREATE TABLE patient (id int, name text); CREATE VIEW v AS SELECT 1; INSERT INTO patient SELECT i, md5(i::text) FROM generate_series(1, 20000) i`,
    );
    return take(taker, await networkRequest(server, database.name));
  };

  test('finds a file that was cut short, changed or removed', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    const backup = await sound(database, server);
    const content = await readFile(backup.path);
    await damageArchive(backup, (archive) => archive.subarray(0, archive.length - 1));
    expect(await taker.check(backup, never)).toMatchObject({ code: 'backup.damaged' });
    for (let place = 0; place < content.length; place += Math.ceil(content.length / 50)) {
      await writeFile(backup.path, content.with(place, (content[place] ?? 0) ^ 1));
      expect(await taker.check(backup, never)).toMatchObject({ code: 'backup.damaged' });
    }
    expect(await taker.check({ ...backup, path: `${backup.path}.gone` }, never)).toMatchObject({
      code: 'backup.notFound',
    });
  });

  test('finds a dump that broke off before its digest was taken, although its list is whole', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    const half = await damageContent(await sound(database, server), (dump) =>
      dump.subarray(0, Math.floor(dump.length / 2)),
    );
    expect(await taker.check(half, never)).toMatchObject({
      code: 'backup.damaged',
      message: expect.stringContaining('to its end'),
    });
  });

  test('finds an archive that lacks objects', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    const backup = await sound(database, server);
    expect(await taker.check({ ...backup, objects: { ...backup.objects, view: 2 } }, never)).toMatchObject({
      code: 'backup.incomplete',
      message: expect.stringContaining('views: 1 of 2'),
    });
  });

  test('finds what is no compressed file at all', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    const backup = await sound(database, server);
    const rubbish = Buffer.from('not an archive');
    await writeFile(backup.path, rubbish);
    expect(await taker.check({ ...backup, bytes: rubbish.length, sha256: sha256Of(rubbish) }, never)).toMatchObject({
      code: 'backup.damaged',
      message: expect.stringContaining('decompressed'),
    });
  });
});
