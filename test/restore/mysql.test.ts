/** What belongs to the way of restoring MariaDB and MySQL: stored programs, rights, foreign keys, foreign dumps. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { TargetRequest } from '../../electron/services/target.ts';
import { mariadb, type TestServer, unavailable } from '../servers/index.ts';
import {
  adHoc,
  type TestBackend,
  type TestDatabase,
  testBackend,
  testDatabase,
  writeFolder,
} from '../services/backend.ts';
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
  const reason = unavailable('mariadb');
  if (reason !== undefined) skipBecause(context, reason);
  server = await mariadb();
});

const nameOf = (database: Pick<TestDatabase, 'url'>): string => new URL(database.url).pathname.slice(1);

const databasesOf = async (database: TestDatabase): Promise<unknown[]> =>
  (await server.query('SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA')).flatMap(({ name }) =>
    String(name).startsWith(`${nameOf(database)}_`) ? [name] : [],
  );

it('keeps rights on single routines, and the settings that programs were made under', async () => {
  await using database = await testDatabase('mariadb');
  await fill('mariadb', database);
  const name = nameOf(database);
  const clerk = await server.createUser();
  for (const sql of ['greet', 'twice'])
    await server.query(
      `GRANT EXECUTE ON ${sql === 'greet' ? 'PROCEDURE' : 'FUNCTION'} ${name}.${sql} TO ${clerk.user}`,
    );
  const strange = await createConnection({ uri: database.url, charset: 'latin1_german1_ci' });
  await strange.query("SET sql_mode = 'ANSI_QUOTES', collation_connection = latin1_german2_ci");
  await strange.query("CREATE FUNCTION odd() RETURNS varchar(20) RETURN 'größe'");
  await strange.query("CREATE VIEW umlaut AS SELECT 'ä' AS a");
  await strange.end();
  const target = adHoc(database.url, source);
  const before = await contentOf('mariadb', database);
  const backup = await backUp(test.backend.context, target);
  await database.query('DROP PROCEDURE greet');
  await database.query("CREATE PROCEDURE greet() SELECT 'changed' AS words");
  await server.query(`GRANT EXECUTE ON PROCEDURE ${name}.greet TO ${clerk.user}`);
  const run = await restore(test.backend.context, wanted(target, backup));
  expect(run.problem).toBeNull();
  expect(await contentOf('mariadb', database)).toEqual(before);
  expect(await database.query('SELECT odd() AS q')).toEqual([{ q: 'größe' }]);
  expect(
    await server.query('SELECT Routine_name AS name FROM mysql.procs_priv WHERE Db = ? AND User = ? ORDER BY 1', [
      name,
      clerk.user,
    ]),
  ).toEqual([{ name: 'greet' }, { name: 'twice' }]);
  // Whoever looks into the kept database finds it complete, but nothing in it runs by itself.
  const kept = run.restore?.kept ?? '';
  expect(
    await server.query('SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?', [kept]),
  ).toEqual([{ name: 'noted' }]);
  expect(await server.query('SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?', [kept])).toEqual(
    [],
  );
  expect(await server.query(`SELECT count(*) AS n FROM ${kept}.patient`)).toEqual([{ n: 500 }]);
});

it('keeps references between tables, in either order of names', async () => {
  await using database = await testDatabase('mariadb');
  for (const sql of [
    'CREATE TABLE z_parent (id int PRIMARY KEY)',
    'CREATE TABLE a_child (id int PRIMARY KEY, parent int, CONSTRAINT same_name FOREIGN KEY (parent) REFERENCES z_parent (id))',
    'CREATE TABLE m_self (id int PRIMARY KEY, up int, FOREIGN KEY (up) REFERENCES m_self (id), child int, FOREIGN KEY (child) REFERENCES a_child (id))',
    'INSERT INTO z_parent VALUES (1)',
    'INSERT INTO a_child VALUES (1, 1)',
    'INSERT INTO m_self VALUES (1, 1, 1)',
    'CREATE TRIGGER t BEFORE INSERT ON a_child FOR EACH ROW SET NEW.parent = 1',
  ])
    await database.query(sql);
  const target = adHoc(database.url, source);
  const created = async () => [
    await database.query('SHOW CREATE TABLE a_child'),
    await database.query('SHOW CREATE TABLE m_self'),
  ];
  const before = await created();
  const backup = await backUp(test.backend.context, target);
  const run = await restore(test.backend.context, wanted(target, backup));
  expect(run.problem).toBeNull();
  expect(await created()).toEqual(before);
  await expect(database.query('DELETE FROM z_parent')).rejects.toThrow(/foreign key/);
  expect((await undo(test.backend.context, run, target)).problem).toBeNull();
  expect(await created()).toEqual(before);
  await expect(database.query('DELETE FROM z_parent')).rejects.toThrow(/foreign key/);
});

it('refuses while tables of another database refer to it', async () => {
  await using database = await testDatabase('mariadb');
  await database.query('CREATE TABLE parent (id int PRIMARY KEY)');
  await using other = await testDatabase('mariadb');
  await other.query(`CREATE TABLE child (id int, FOREIGN KEY (id) REFERENCES ${nameOf(database)}.parent (id))`);
  const target = adHoc(database.url, source);
  const backup = await backUp(test.backend.context, target);
  expect((await plan(test.backend.context, wanted(target, backup))).problems).toMatchObject([
    {
      code: 'restore.unfit',
      message: expect.stringContaining(`${nameOf(other)}.child`),
      hint: expect.stringContaining('--beside'),
    },
  ]);
  const beside = await restore(test.backend.context, wanted(target, backup, { placement: 'beside' }));
  expect(beside.problem).toBeNull();
  expect(beside.restore?.stage).toBe('left');
  expect(await databasesOf(database)).toEqual([beside.restore?.restored]);
  await server.query(`DROP DATABASE ${beside.restore?.restored}`);
});

it('brings triggers, views and events back when a table cannot be renamed', async () => {
  await using database = await testDatabase('mariadb');
  await fill('mariadb', database);
  const target = adHoc(database.url, source);
  const backup = await backUp(test.backend.context, target);
  const before = await contentOf('mariadb', database);
  const blocker = await createConnection({ uri: database.url });
  onTestFinished(() => blocker.end());
  await blocker.query('LOCK TABLES ward READ');
  const run = await restore(test.backend.context, wanted(target, backup));
  expect(run.problem).toMatchObject({ code: 'restore.failed', state: expect.stringContaining('unchanged') });
  await blocker.query('UNLOCK TABLES');
  expect(await contentOf('mariadb', database)).toEqual(before);
  expect(await databasesOf(database)).toEqual([]);
});

describe('without the right', () => {
  const clerkOn = async (
    database: TestDatabase,
    ...grants: string[]
  ): Promise<{ target: TargetRequest; user: string }> => {
    const clerk = await server.createUser();
    for (const grant of grants) await server.query(`${grant} TO ${clerk.user}`);
    return { target: adHoc(server.url(nameOf(database), clerk), source), user: clerk.user };
  };

  it('to create databases says which, and --into an empty one works', async () => {
    await using database = await testDatabase('mariadb');
    await database.query('CREATE TABLE t AS SELECT 7 AS id');
    const { target, user } = await clerkOn(
      database,
      `GRANT ALL ON ${nameOf(database)}.*`,
      'GRANT SELECT ON mysql.proc',
    );
    const backup = await backUp(test.backend.context, target);
    const shown = await plan(test.backend.context, wanted(target, backup));
    expect(shown.problems).toMatchObject([
      { code: 'restore.rights', hint: expect.stringMatching(/GRANT ALL.*--into/s) },
    ]);
    // The statements that are shown do help.
    const grants = /run: (?<grants>.*;) or /.exec(shown.problems[0]?.hint ?? '')?.groups?.['grants'] ?? '';
    await using empty = await testDatabase('mariadb');
    await server.query(`GRANT ALL ON ${nameOf(empty)}.* TO ${user}`);
    const into = await restore(
      test.backend.context,
      wanted(target, backup, { placement: 'into', into: nameOf(empty) }),
    );
    expect(into.problem).toBeNull();
    expect(await empty.query('SELECT id FROM t')).toEqual([{ id: 7 }]);
    for (const grant of grants.split('; ')) await server.query(grant.replace(/;$/, ''));
    expect((await restore(test.backend.context, wanted(target, backup))).problem).toBeNull();
    expect(await database.query('SELECT id FROM t')).toEqual([{ id: 7 }]);
  });

  it('to act as others is refused before anything is made', async () => {
    await using database = await testDatabase('mariadb');
    await fill('mariadb', database);
    const { target } = await clerkOn(
      database,
      `GRANT ALL ON \`${nameOf(database).replaceAll('_', '\\_')}%\`.*`,
      'GRANT SELECT ON mysql.proc',
    );
    const backup = await backUp(test.backend.context, target);
    expect(backup.definers).toEqual([`${server.superuser.user}@%`]);
    const recorded = await plan(test.backend.context, wanted(target, backup));
    expect(recorded.problems).toMatchObject([{ code: 'restore.rights', hint: expect.stringContaining('SET USER') }]);
    // Older records do not tell: then the dump itself does.
    const { definers: _, ...older } = backup;
    test.backend.context.workspace.backups.update(older);
    const run = await restore(test.backend.context, wanted(target, backup));
    expect(run.problem).toMatchObject({
      code: 'restore.rights',
      message: expect.stringContaining(`${server.superuser.user}@%`),
    });
    expect(await databasesOf(database)).toEqual([]);
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
  const trusted = { accept: ['foreignDump'] };

  it('is restored after trust only', async () => {
    await using origin = await testDatabase('mariadb');
    await fill('mariadb', origin);
    await using database = await testDatabase('mariadb');
    const target = adHoc(database.url, source);
    const options = join(test.folder, 'options.cnf');
    const { user, password } = server.superuser;
    await writeFile(
      options,
      `[client]\nuser=${user}\npassword=${password}\nhost=${server.host}\nport=${server.port}\nprotocol=tcp\n`,
    );
    const file = join(test.folder, 'foreign.sql');
    await promisify(execFile)(server.programs?.dump ?? '', [
      `--defaults-file=${options}`,
      '--routines',
      '--events',
      '--triggers',
      `--result-file=${file}`,
      nameOf(origin),
    ]);
    await expect(restore(test.backend.context, foreign(target, file), { accept: [] })).rejects.toMatchObject({
      problem: { code: 'gate.hazard' },
    });
    const run = await restore(test.backend.context, foreign(target, file), trusted);
    expect(run.problem).toBeNull();
    expect(await contentOf('mariadb', database)).toEqual(await contentOf('mariadb', origin));
  });

  it.each([
    ['a command of the client', 'system touch /tmp/never\n', 'script.clientCommand'],
    ['another database', 'USE mysql;', 'restore.unfit'],
    ['another database by name', 'INSERT INTO mysql.user SELECT * FROM t;', 'restore.unfit'],
    ['another database in a comment that is executed', '/*!50000 DROP DATABASE IF EXISTS x */;', 'restore.unfit'],
    ['an account', 'CREATE USER evil;', 'restore.unfit'],
    ['a setting of the server', 'SET GLOBAL general_log = 1;', 'restore.unfit'],
    ['a setting of the server, otherwise', 'SET @x = 1, GLOBAL general_log = 1;', 'restore.unfit'],
    ['a file', "LOAD DATA INFILE '/etc/passwd' INTO TABLE t;", 'restore.unfit'],
    ['a query', "SELECT 1 INTO OUTFILE '/tmp/never';", 'restore.unfit'],
    ['an error', 'CREATE TABLE t (id int);', 'restore.failed'],
  ])('with %s is refused, and nothing is left', async (_name, text, code) => {
    await using database = await testDatabase('mariadb');
    await database.query('CREATE TABLE kept AS SELECT 1 AS id');
    const file = join(test.folder, `dump-${process.hrtime.bigint()}.sql`);
    await writeFile(file, `CREATE TABLE t (id int);\n${text}\n`);
    const run = await restore(test.backend.context, foreign(adHoc(database.url, source), file), trusted);
    expect(run.problem).toMatchObject({ code });
    expect(await databasesOf(database)).toEqual([]);
    expect(await database.query('SELECT id FROM kept')).toEqual([{ id: 1 }]);
  });
});
