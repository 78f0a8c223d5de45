import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mysqlTaker } from '../../electron/backups/mysql/index.ts';
import { connect } from '../../electron/databases/mysql/connect.ts';
import type { Backup } from '../../shared/model/backup.ts';
import { type Account, mariadb, type TestDatabase, type TestServer } from '../servers/index.ts';
import {
  damageArchive,
  damageContent,
  decompressedContent,
  filesIn,
  networkRequest,
  never,
  problemOf,
  quiet,
  take,
  temporaryFolder,
} from './support.ts';

const taker = mysqlTaker();

/** Texts with lines that look like a dump's own. */
const everyKind = [
  `CREATE TABLE patient (id int AUTO_INCREMENT PRIMARY KEY, name varchar(100) COMMENT 'two\nCREATE TABLE lines', picture varbinary(100)) COMMENT='two\nCREATE TABLE lines'`,
  'CREATE TABLE visit (id int PRIMARY KEY, patient int REFERENCES patient (id))',
  `INSERT INTO patient (name, picture) VALUES ('a\nCREATE TABLE \`x\` (\n/*!50001 VIEW \`y\`\nDELIMITER ;;\n-- Dump completed', 'b\n/*!50001 VIEW')`,
  `CREATE VIEW v AS SELECT id, 'x\nCREATE TABLE \`q\` (' AS t FROM patient`,
  'CREATE SEQUENCE ticket',
  'CREATE TRIGGER touched BEFORE INSERT ON patient FOR EACH ROW SET NEW.name = upper(NEW.name)',
  "CREATE PROCEDURE p() BEGIN\nSELECT 1;\nSELECT 'x\nCREATE TABLE `q` (';\nEND",
  'CREATE FUNCTION f() RETURNS int RETURN 1',
  'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1',
];

async function filled(database: TestDatabase, statements: readonly string[] = everyKind): Promise<void> {
  for (const statement of statements) await database.query(statement);
}

/** Restores as a person would, by MariaDB's own program. */
async function restore(server: TestServer, backup: Backup, into: TestDatabase): Promise<void> {
  const options = join(await temporaryFolder(), 'options.cnf');
  const { user, password } = server.superuser;
  await writeFile(
    options,
    `[client]\nuser=${user}\npassword=${password}\nhost=${server.host}\nport=${server.port}\nprotocol=tcp\n`,
  );
  const client = spawn(server.programs?.client ?? '', [`--defaults-file=${options}`, into.name], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  client.stdin.end(await decompressedContent(backup));
  expect(await once(client, 'exit')).toEqual([0, null]);
}

const grantee = (account: Account): string => `\`${account.user}\`@\`%\``;

describe('MariaDB backup', () => {
  test('holds every kind of object, is checked, and restores', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await filled(database);
    const request = await networkRequest(server, database.name);
    const preflight = await taker.preflight(request);
    const expected = { table: 2, view: 1, sequence: 1, trigger: 1, routine: 2, event: 1 };
    expect(preflight.objects).toEqual(expected);
    const backup = await taker.take(request, preflight, quiet, never);
    expect(backup).toMatchObject({
      engine: 'mysql',
      level: 'taken',
      objects: expected,
      program: { name: 'mariadb-dump' },
    });
    expect(await taker.check(backup, never)).toBeNull();
    // Neither more nor less: a line counted wrongly could hide an object that is missing.
    for (const kind of ['table', 'view', 'sequence', 'trigger', 'routine', 'event'] as const) {
      const more = { ...backup, objects: { ...expected, [kind]: expected[kind] + 1 } };
      expect(await taker.check(more, never)).toMatchObject({ code: 'backup.incomplete' });
    }

    await using copy = await server.createDatabase();
    await restore(server, backup, copy);
    const rows = 'SELECT id, name, hex(picture) AS picture FROM patient';
    expect(await copy.query(rows)).toEqual(await database.query(rows));
    const copied = await networkRequest(server, copy.name);
    expect((await taker.preflight(copied)).objects).toEqual(expected);
  });

  test('takes passwords with every special character', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    const clerk = await server.createUser({ password: ` a"b'c\\d#;=%é\t[x]\\n ` });
    await server.query(`GRANT ALL ON \`${database.name}\`.* TO ${grantee(clerk)}`);
    expect(await taker.check(await take(taker, await networkRequest(server, database.name, clerk)), never)).toBeNull();
  });

  test('says which tables know no transactions', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await database.query('CREATE TABLE old (id int) ENGINE=MyISAM');
    const { notCovered } = await take(taker, await networkRequest(server, database.name));
    expect(notCovered.join()).toContain('old (MyISAM)');
  });

  test('is of one moment while others write', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await filled(database, [
      'CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY)',
      'CREATE TABLE b (id int AUTO_INCREMENT PRIMARY KEY, filler text)',
      "INSERT INTO b (filler) SELECT repeat('x', 200) FROM seq_1_to_50000",
      'INSERT INTO a SELECT id FROM b',
    ]);
    const request = await networkRequest(server, database.name);
    const other = await connect(request.connection, {
      password: request.password,
      applicationName: 'writer',
      readOnly: false,
      connectTimeoutMs: 10_000,
      lockTimeoutMs: 5_000,
    });
    let writing = true;
    const writer = (async () => {
      while (writing) {
        for (const statement of ['BEGIN', 'INSERT INTO a VALUES ()', 'INSERT INTO b VALUES ()', 'COMMIT'])
          await other.query(statement);
      }
    })();
    const backup = await take(taker, request);
    writing = false;
    await writer;
    await other.close();
    await using copy = await server.createDatabase();
    await restore(server, backup, copy);
    const [row] = await copy.query('SELECT (SELECT count(*) FROM a) AS a, (SELECT count(*) FROM b) AS b');
    expect(row?.['a']).toBe(row?.['b']);
  });

  test('verifies the server as the connection does', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    const request = await networkRequest(server, database.name, server.superuser, {
      tls: 'verify-full',
      tlsAuthorityFile: server.tls.caFile,
      host: server.tls.host,
    });
    expect(await taker.check(await take(taker, request), never)).toBeNull();
    const misled = { ...request, connection: { ...request.connection, host: server.host } };
    expect(await problemOf(take(taker, misled))).toMatchObject({
      code: 'backup.programFailed',
      serverMessage: expect.stringMatching(/TLS|SSL/),
    });
    expect(await filesIn(request.folder)).toHaveLength(2);
  });
});

describe('MariaDB backup in part', () => {
  test('of chosen tables holds them only, and fails when one is not there', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await filled(database, ['CREATE TABLE `two words` (id int)', 'CREATE TABLE other (id int)']);
    const request = {
      ...(await networkRequest(server, database.name)),
      covers: 'tables',
      tables: ['two words'],
    } as const;
    const backup = await take(taker, request);
    expect((await decompressedContent(backup)).includes('`other`')).toBe(false);
    expect(await taker.check(backup, never)).toBeNull();
    expect(await problemOf(take(taker, { ...request, tables: ['two words', 'missing'] }))).toMatchObject({
      code: 'usage.invalid',
    });
  });

  test('of the schema leaves the rows out', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await filled(database);
    await database.query("INSERT INTO patient (name) VALUES ('CANARY ROW')");
    const backup = await take(taker, { ...(await networkRequest(server, database.name)), covers: 'schema' });
    expect((await decompressedContent(backup)).includes('CANARY ROW')).toBe(false);
    expect(await taker.check(backup, never)).toBeNull();
  });
});

describe('MariaDB backup is refused', () => {
  const rights = ['SELECT', 'TRIGGER', 'EVENT', 'SHOW VIEW'];

  test.each(rights)('without %s, naming the grant', async (missing) => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await filled(database);
    const clerk = await server.createUser();
    const given = rights.filter((right) => right !== missing).join(', ');
    await server.query(`GRANT ${given} ON \`${database.name}\`.* TO ${grantee(clerk)}`);
    await server.query(`GRANT SELECT ON mysql.proc TO ${grantee(clerk)}`);
    // Right on one table, or on one column, is not right on all.
    if (missing === 'SELECT') await server.query(`GRANT SELECT ON \`${database.name}\`.patient TO ${grantee(clerk)}`);
    const problem = await problemOf(
      networkRequest(server, database.name, clerk).then((request) => taker.preflight(request)),
    );
    expect(problem).toMatchObject({
      code: 'backup.rights',
      hint: expect.stringContaining(`GRANT ${missing} ON \`${database.name}\`.* TO ${grantee(clerk)};`),
    });
  });

  test('when the text of a routine is hidden, or routines could be', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    const clerk = await server.createUser();
    await server.query(`GRANT ${rights.join(', ')} ON \`${database.name}\`.* TO ${grantee(clerk)}`);
    const proc = {
      code: 'backup.rights',
      hint: expect.stringContaining(`GRANT SELECT ON \`mysql\`.\`proc\` TO ${grantee(clerk)};`),
    };
    const refusal = () =>
      problemOf(networkRequest(server, database.name, clerk).then((request) => taker.preflight(request)));
    expect(await refusal()).toMatchObject(proc);
    // With all rights on the database it sees every routine: none is there, so nothing is hidden.
    await server.query(`GRANT ALL ON \`${database.name}\`.* TO ${grantee(clerk)}`);
    await expect(
      networkRequest(server, database.name, clerk).then((request) => taker.preflight(request)),
    ).resolves.toBeDefined();
    await database.query('CREATE FUNCTION f() RETURNS int RETURN 1');
    expect(await refusal()).toMatchObject(proc);
    await server.query(`GRANT SELECT ON mysql.proc TO ${grantee(clerk)}`);
    const backup = await networkRequest(server, database.name, clerk).then((request) => take(taker, request));
    expect(backup.objects.routine).toBe(1);
  });

  test('not when the rights come by a role', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await filled(database);
    const clerk = await server.createUser();
    const role = `role_${clerk.user}`;
    await server.query(`CREATE ROLE ${role}`);
    await server.query(`GRANT ALL ON \`${database.name}\`.* TO ${role}`);
    await server.query(`GRANT SELECT ON mysql.proc TO ${role}`);
    await server.query(`GRANT ${role} TO ${grantee(clerk)}`);
    await server.query(`SET DEFAULT ROLE ${role} FOR ${grantee(clerk)}`);
    const backup = await networkRequest(server, database.name, clerk).then((request) => take(taker, request));
    expect(backup.objects).toMatchObject({ trigger: 1, event: 1, routine: 2 });
    await server.query(`DROP ROLE ${role}`);
  });

  test('when there is no program for it', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    const request = await networkRequest(server, database.name);
    expect(await problemOf(mysqlTaker(async () => []).preflight(request))).toMatchObject({
      code: 'backup.programMissing',
      hint: expect.stringContaining('mariadb-client'),
    });
    const oracles = {
      engine: 'mysql',
      product: 'MySQL',
      name: 'mysqldump',
      path: '/opt/mysqldump',
      version: '8.4.0',
    } as const;
    expect(await problemOf(mysqlTaker(async () => [oracles]).preflight(request))).toMatchObject({
      code: 'backup.programMissing',
      message: expect.stringContaining("MySQL's"),
    });
    const old = { ...oracles, product: 'MariaDB', version: '5.5.68' } as const;
    expect(await problemOf(mysqlTaker(async () => [old]).preflight(request))).toMatchObject({
      code: 'backup.programTooOld',
    });
  });
});

describe('Checking a MariaDB backup', () => {
  const without = (line: RegExp) => (dump: Buffer) => Buffer.from(dump.toString('latin1').replace(line, ''), 'latin1');

  test('finds a missing end marker and missing objects, although the digest matches', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await filled(database);
    const backup = await take(taker, await networkRequest(server, database.name));
    const original = await decompressedContent(backup);
    const restored = (change: (dump: Buffer) => Buffer) =>
      damageContent(backup, () => change(original)).then((damaged) => taker.check(damaged, never));
    expect(await restored((dump) => dump.subarray(0, dump.length - 60))).toMatchObject({
      code: 'backup.incomplete',
      message: expect.stringContaining('end marker'),
    });
    expect(await restored(without(/^CREATE TABLE `visit`/m))).toMatchObject({
      code: 'backup.incomplete',
      message: expect.stringContaining('tables: 1 of 2'),
    });
    expect(await restored(without(/^\/\*!50003 CREATE\*\/ .*$/m))).toMatchObject({
      code: 'backup.incomplete',
      message: expect.stringContaining('triggers: 0 of 1'),
    });
    expect(await restored((dump) => dump)).toBeNull();
  });

  test('finds a changed byte', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await filled(database);
    const backup = await take(taker, await networkRequest(server, database.name));
    await damageArchive(backup, (archive) => archive.with(100, (archive[100] ?? 0) ^ 1) as Buffer);
    expect(await taker.check(backup, never)).toMatchObject({ code: 'backup.damaged' });
  });
});
