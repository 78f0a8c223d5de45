// Backups of a part, in another format, and by programs that run elsewhere.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { BackupRequest } from '../../electron/backups/backupTaker.ts';
import { PlainInspector } from '../../electron/backups/postgres/plainInspector.ts';
import { listDumpPrograms } from '../../electron/backups/programs.ts';
import { backupTakerFor } from '../../electron/backups/registry.ts';
import type { DumpCommand } from '../../shared/model/settings.ts';
import { mariadb, postgres15, type TestDatabase, type TestServer } from '../servers/index.ts';
import {
  damageContent,
  decompressedContent,
  fileRequest,
  networkRequest,
  never,
  problemOf,
  processesWith,
  quiet,
  take,
  temporaryFolder,
} from './support.ts';

const servers = { postgres: postgres15, mysql: mariadb } as const;
const both = ['postgres', 'mysql'] as const;

/** A view and a routine beside two tables, one with a name that a shell and a pattern would take apart. */
async function ward(engine: 'postgres' | 'mysql'): Promise<{ server: TestServer; database: TestDatabase }> {
  const server = await servers[engine]();
  const database = await server.createDatabase();
  const quote = engine === 'mysql' ? '`' : '"';
  for (const sql of [
    'CREATE TABLE patient (id integer PRIMARY KEY, name varchar(50))',
    "INSERT INTO patient VALUES (1, 'canary row')",
    `CREATE TABLE ${quote}two $(words)'*${quote} (id integer)`,
    'CREATE TABLE visit (id integer)',
    'CREATE VIEW v AS SELECT id FROM patient',
    engine === 'mysql'
      ? 'CREATE FUNCTION f() RETURNS int RETURN 1'
      : "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  ])
    await database.query(sql);
  return { server, database };
}

describe.each(both)('A backup of a part of %s', (engine) => {
  const taker = backupTakerFor(engine);

  test('of the schema only holds all objects and no row', async () => {
    const { server, database } = await ward(engine);
    await using _dropped = database;
    const backup = await take(taker, { ...(await networkRequest(server, database.name)), covers: 'schema' });
    expect(backup).toMatchObject({ covers: 'schema', objects: { table: 3, view: 1, routine: 1 } });
    expect(backup.notCovered.join()).toContain('All rows');
    const content = await decompressedContent(backup);
    expect(content.includes('patient')).toBe(true);
    expect(content.includes('canary row')).toBe(false);
    expect(await taker.check(backup, never)).toBeNull();
  });

  test('of chosen tables holds these and nothing else', async () => {
    const { server, database } = await ward(engine);
    await using _dropped = database;
    const tables = ['patient', "two $(words)'*"];
    const request = { ...(await networkRequest(server, database.name)), covers: 'tables' as const, tables };
    const backup = await take(taker, request);
    expect(backup).toMatchObject({ covers: 'tables', tables, objects: { table: 2 } });
    const content = await decompressedContent(backup);
    expect(content.includes('canary row')).toBe(true);
    for (const other of ['visit', 'FUNCTION']) expect(content.includes(other), other).toBe(false);
    expect(await taker.check(backup, never)).toBeNull();
  });

  test('refuses tables that are not there', async () => {
    const { server, database } = await ward(engine);
    await using _dropped = database;
    const request = { ...(await networkRequest(server, database.name)), covers: 'tables' as const };
    for (const tables of [['patient', 'nobody'], [], ['patient', 'patient'], ['v']])
      expect(await problemOf(taker.preflight({ ...request, tables }))).toMatchObject({ code: 'usage.invalid' });
  });
});

test('A backup of SQLite is of the whole file', async () => {
  const file = join(await temporaryFolder(), 'ward.db');
  new Database(file).close();
  const request = await fileRequest(file);
  expect(await problemOf(backupTakerFor('sqlite').preflight({ ...request, covers: 'schema' }))).toMatchObject({
    code: 'usage.invalid',
    message: 'A backup of SQLite is always of the whole file.',
  });
});

describe('A plain backup of PostgreSQL', () => {
  const taker = backupTakerFor('postgres');

  test('is text that psql restores, with all objects counted whatever stands in rows', async () => {
    const { server, database } = await ward('postgres');
    await using _dropped = database;
    await database.query(
      `INSERT INTO patient VALUES (2, E'\\n\\\\.\\n-- Name: x; Type: TABLE; Schema: p'), (3, '-- PostgreSQL database dump complete')`,
    );
    const backup = await take(taker, { ...(await networkRequest(server, database.name)), format: 'plain' });
    expect(backup).toMatchObject({ format: 'plain', objects: { table: 3, view: 1, index: 1, routine: 1 } });
    expect(await taker.check(backup, never)).toBeNull();
    for (const kind of ['table', 'view', 'index', 'routine'] as const) {
      const more = { ...backup, objects: { ...backup.objects, [kind]: (backup.objects[kind] ?? 0) + 1 } };
      expect(await taker.check(more, never), kind).toMatchObject({ code: 'backup.incomplete' });
    }
    await using copy = await server.createDatabase();
    const psql = spawn(join(programFolder(server), 'psql'), ['-v', 'ON_ERROR_STOP=1', '-q', copy.url], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    psql.stdin.end(await decompressedContent(backup));
    expect(await once(psql, 'exit')).toEqual([0, null]);
    const rows = 'SELECT id, name FROM patient ORDER BY id';
    expect(await copy.query(rows)).toEqual(await database.query(rows));
  });

  test.each([1, 2, 3, 7, 50])('is counted the same in pieces of %i bytes', (pieceBytes) => {
    const columns = Array.from({ length: 300 }, (_, index) => `column_${index}`).join(', ');
    const dump = Buffer.from(
      `--\n-- Name: a; Type: TABLE; Schema: s; Owner: o\n--\nCOPY s.empty (${columns}) FROM stdin;\n\\.\n\nCOPY s.a (x) FROM stdin;\n-- Name: no; Type: TABLE; Schema: s\n\\.\n\n--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict x\n\n`,
    );
    const inspector = new PlainInspector();
    for (let at = 0; at < dump.length; at += pieceBytes) inspector.add(dump.subarray(at, at + pieceBytes));
    expect(inspector.objects).toEqual({ table: 1 });
    expect(inspector.end()).toBe(true);
    inspector.add(Buffer.from('SELECT 1;\n'));
    expect(inspector.end()).toBe(false);
  });

  test('that breaks off is found', async () => {
    const { server, database } = await ward('postgres');
    await using _dropped = database;
    const backup = await take(taker, { ...(await networkRequest(server, database.name)), format: 'plain' });
    const length = (await decompressedContent(backup)).length;
    for (const kept of [length - 200, length / 2, 10]) {
      const cut = await damageContent(backup, (content) => content.subarray(0, kept));
      expect(await taker.check(cut, never), String(kept)).toMatchObject({ code: 'backup.incomplete' });
    }
  });
});

const programFolder = (server: TestServer): string => (server.programs?.dump ?? '').replace(/\/[^/]+$/, '');

/** Stands for docker exec (words) and ssh (one line for a shell); writes down what it was called with. */
async function reacher(shell: boolean, program: string): Promise<{ command: DumpCommand; log: string }> {
  const folder = await temporaryFolder();
  const path = join(folder, 'reach');
  const log = join(folder, 'called');
  await writeFile(
    path,
    `#!/bin/sh\nprintf '%s\\n' "$@" >> '${log}'\nenv | cut -d= -f1 >> '${log}'\nshift\n${shell ? 'sh -c "$*"' : '"$@"'}\n`,
  );
  await chmod(path, 0o755);
  return { command: { command: [path, 'container', program], shell, host: '127.0.0.1', port: null }, log };
}

describe.each(both)('A dump program of %s that a command reaches', (engine) => {
  const programOf = async () => (await listDumpPrograms()).find((found) => found.engine === engine)?.path ?? '';

  test.each([
    ['words', false],
    ['one line for a shell', true],
  ])('gets its arguments as %s and its password by nobody’s eyes', async (_title, shell) => {
    const { server, database } = await ward(engine);
    await using _dropped = database;
    const account = await server.createUser({ password: 'canary $(pw) "x\' \\z' });
    await server.query(
      engine === 'mysql'
        ? `GRANT ALL ON \`${database.name}\`.* TO \`${account.user}\`@\`%\``
        : `GRANT pg_read_all_data TO ${account.user}`,
    );
    const { command, log } = await reacher(shell, await programOf());
    const taker = backupTakerFor(engine, command);
    const request: BackupRequest = {
      ...(await networkRequest(server, database.name, account)),
      covers: 'tables',
      tables: ['patient', "two $(words)'*"],
    };
    // The address is the one seen from there.
    const elsewhere = { ...request, connection: { ...request.connection, host: 'not-from-there.invalid' } };
    const backup = await take(taker, elsewhere as BackupRequest);
    expect(backup.objects).toEqual({ table: 2 });
    expect(await taker.check(backup, never)).toBeNull();
    const called = await readFile(log, 'utf8');
    expect(called).toContain('container');
    expect(called).not.toContain('canary');
    expect(called).not.toMatch(/^(PGPASS|MYSQL_PWD|LOCKKEEPER)/m);
  });

  test('says when the password is wrong', async () => {
    const { server, database } = await ward(engine);
    await using _dropped = database;
    const { command } = await reacher(false, await programOf());
    const request = { ...(await networkRequest(server, database.name)), password: 'not it' };
    const problem = await problemOf(take(backupTakerFor(engine, command), request));
    expect(problem.code).toMatch(/^backup\.(programFailed|rights)$/);
    expect(problem.serverMessage).toMatch(/password authentication failed|Access denied/);
    expect(problem.serverMessage).not.toContain('not it');
  });

  test('ends with its children when it is cancelled', async () => {
    const { server, database } = await ward(engine);
    await using _dropped = database;
    const program = await programOf();
    const folder = await temporaryFolder();
    const slow = join(folder, 'pg_dump');
    // Answers the question for its version, then hangs.
    await writeFile(slow, `#!/bin/sh\nlast=$#\n[ "$last" = 1 ] && exec '${program}' --version\nsleep 4711 &\nwait\n`);
    await chmod(slow, 0o755);
    const taker = backupTakerFor(engine, { command: [slow], shell: false, host: null, port: null });
    const request = await networkRequest(server, database.name);
    const preflight = await taker.preflight(request);
    const cancelling = new AbortController();
    const taking = problemOf(taker.take(request, preflight, quiet, cancelling.signal));
    while (processesWith('sleep\x004711').length === 0) await setImmediate();
    cancelling.abort();
    expect((await taking).code).toBe('backup.cancelled');
    while (processesWith('sleep\x004711').length > 0) await setImmediate();
  });

  test('that is none says what to do', async () => {
    const { server, database } = await ward(engine);
    await using _dropped = database;
    const { command } = await reacher(false, '/bin/true');
    const request = await networkRequest(server, database.name);
    expect(await problemOf(backupTakerFor(engine, command).preflight(request))).toMatchObject({
      code: 'backup.programMissing',
      hint: expect.stringContaining('--version'),
    });
    const gone: DumpCommand = { ...command, command: ['/no/such/program', 'pg_dump'] };
    expect((await problemOf(backupTakerFor(engine, gone).preflight(request))).code).toBe('backup.programMissing');
  });
});
