/** On a copy nothing acts by itself and nothing leads out of it: jobs, events, triggers of events, subscriptions, other servers. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { copyEntries, staysOut } from '../../electron/backups/postgres/restore/copyEntries.ts';
import { openSession, resolveTarget } from '../../electron/services/target.ts';
import { withRestoredCopy } from '../../electron/services/withRestoredCopy.ts';
import { rehearsed } from '../rehearsal/support.ts';
import { backUp } from '../restore/support.ts';
import { unavailable } from '../servers/index.ts';
import {
  adHoc,
  run,
  type TestBackend,
  type TestDatabase,
  testBackend,
  testDatabase,
  writeFolder,
} from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const first = {
  '1_people.sql':
    "-- migrate:up\ncreate table people (id integer primary key, name varchar(50) not null);\ninsert into people values (1, 'Ada');\n-- migrate:down\ndrop table people;\n",
};

/** A plan whose only step fails where something on the copy is awake. */
async function looking(database: TestDatabase, look: string, byHand: readonly string[]) {
  await run(test.backend, adHoc(database.url, await writeFolder(test.folder, first)));
  for (const sql of byHand) await database.query(sql);
  const both = { ...first, '2_look.sql': `-- migrate:up\n${look}\n-- migrate:down\nselect 1;\n` };
  const target = adHoc(database.url, await writeFolder(test.folder, both));
  const backup = await backUp(test.backend.context, target);
  return { target, backup };
}

const kinds = [
  ['a restored copy', { kind: 'data', tables: null }],
  ['a copy of the schema', { kind: 'schema', tables: null }],
] as const;

async function onCopy<T>(
  { target, backup }: Awaited<ReturnType<typeof looking>>,
  use: Parameters<typeof withRestoredCopy<T>>[4],
): Promise<T> {
  const { context } = test.backend;
  const options = {
    signal: new AbortController().signal,
    accept: [],
    progress: () => undefined,
    warn: (message: string) => expect.unreachable(message),
  };
  return withRestoredCopy(context, await resolveTarget(context, target), backup, options, use);
}

describe('on PostgreSQL', () => {
  beforeEach((context) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) skipBecause(context, reason);
  });

  /** The event trigger stops whatever would be changed: it would show itself. */
  const awake = (url: string): string[] => {
    const { port, username, pathname } = new URL(url);
    return [
      'CREATE EXTENSION postgres_fdw',
      `CREATE SERVER live FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${port}', dbname '${pathname.slice(1)}')`,
      `CREATE USER MAPPING FOR PUBLIC SERVER live OPTIONS (user '${username}', password 'secret')`,
      'CREATE FOREIGN TABLE away (id integer, name text) SERVER live OPTIONS (table_name $$people$$)',
      'CREATE PUBLICATION news FOR TABLE people',
      `CREATE SUBSCRIPTION news_of_${pathname.slice(1)} CONNECTION 'dbname=nowhere' PUBLICATION news WITH (connect = false, slot_name = NONE)`,
      "CREATE FUNCTION stops() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''stopped''; END'",
      'CREATE EVENT TRIGGER stops ON sql_drop EXECUTE FUNCTION stops()',
      'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC',
    ];
  };

  const look = `do $$ begin
  if exists (select from pg_event_trigger) then raise 'event trigger'; end if;
  if exists (select from pg_publication) then raise 'publication'; end if;
  if exists (select from pg_user_mappings) then raise 'user mapping'; end if;
  if exists (select from pg_foreign_server where srvoptions is not null) then raise 'server'; end if;
  if exists (select from pg_default_acl) then raise 'default privileges'; end if;
  if exists (select from pg_database d join (select subdbid from pg_subscription) s on s.subdbid = d.oid where d.datname = current_database())
    then raise 'subscription'; end if;
  if (select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls from pg_roles where rolname = current_user)
    then raise 'rights'; end if;
end $$;`;

  it.each(kinds)('everything sleeps on %s', async (_what, copy) => {
    await using database = await testDatabase('postgres15');
    const made = await looking(database, look, awake(database.url));
    try {
      const found = await rehearsed(test, made.target, { copy });
      expect(found.problem?.serverMessage ?? found.problem).toBeNull();
      expect(found.outcome).toBe('passed');
      expect(found.copy.limits.join('\n')).toMatch(/Publications[\s\S]*Event triggers[\s\S]*foreign servers/);
    } finally {
      // It keeps its database from being dropped, and would be kept itself.
      await database.query('DROP EVENT TRIGGER stops');
      await database.query(`DROP SUBSCRIPTION news_of_${new URL(database.url).pathname.slice(1)}`);
    }
  });

  it('its login reaches neither other databases that are closed, nor files, nor other servers', async () => {
    await using other = await testDatabase('postgres15');
    const name = new URL(other.url).pathname.slice(1);
    await other.query(`REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC`);
    await using database = await testDatabase('postgres15');
    const made = await looking(database, 'select 1;', awake(database.url).slice(0, 4));
    await onCopy(made, async ({ session, target }) => {
      await expect(session.query('SELECT * FROM away')).rejects.toThrow();
      await expect(session.query("SELECT pg_read_file('PG_VERSION')")).rejects.toThrow(/permission denied/);
      await expect(session.query("COPY people TO PROGRAM 'cat'")).rejects.toThrow(
        /permission denied|superuser|privileges/,
      );
      await expect(session.query('CREATE DATABASE more')).rejects.toThrow(/permission denied/);
      const { connection } = target.environment;
      if (connection.engine === 'sqlite') throw new Error('no server');
      const there = {
        ...target,
        environment: { ...target.environment, connection: { ...connection, database: name } },
      };
      await expect(openSession(test.backend.context, there, true)).rejects.toThrow(/refused the login/);
    });
  });

  it('jobs and what else acts by itself stay out, in archives and in plain dumps', async () => {
    const list = `;
3; 2615 2200 SCHEMA - public postgres
2; 3079 16385 EXTENSION - pg_cron
3401; 0 0 COMMENT - EXTENSION pg_cron
210; 1259 16390 TABLE DATA cron job postgres
211; 1259 16391 TABLE DATA public job postgres
212; 0 0 SEQUENCE SET cron jobid_seq postgres
3399; 6100 16400 SUBSCRIPTION - news postgres
3398; 1417 16401 SERVER - live postgres
3397; 1418 16402 USER MAPPING - USER MAPPING public SERVER live postgres
3396; 3466 16403 EVENT TRIGGER - stops postgres`;
    expect(copyEntries(list).split('\n')).toEqual([
      ';',
      '3; 2615 2200 SCHEMA - public postgres',
      '211; 1259 16391 TABLE DATA public job postgres',
    ]);
    for (const sql of [
      "CREATE SUBSCRIPTION news CONNECTION 'dbname=x' PUBLICATION news",
      'ALTER SUBSCRIPTION news ENABLE',
      "CREATE SERVER live FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h')",
      'CREATE USER MAPPING FOR PUBLIC SERVER live',
      'CREATE EVENT TRIGGER stops ON sql_drop EXECUTE FUNCTION stops()',
      'ALTER TABLE public.people OWNER TO postgres',
      'GRANT SELECT ON TABLE public.people TO clerk',
    ])
      expect(staysOut(sql), sql).toBe(true);
    for (const sql of ['CREATE TABLE server (id integer)', "COMMENT ON TABLE people IS 'x'"])
      expect(staysOut(sql), sql).toBe(false);
  });
});

describe('on MariaDB', () => {
  beforeEach((context) => {
    const reason = unavailable('mariadb');
    if (reason !== undefined) skipBecause(context, reason);
  });

  const awake = [
    'CREATE TABLE log (entry int)',
    'CREATE EVENT often ON SCHEDULE EVERY 1 SECOND ENABLE DO INSERT INTO log VALUES (1)',
    'CREATE EVENT once ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 1 DAY DO DELETE FROM people',
    'CREATE TRIGGER noted AFTER INSERT ON people FOR EACH ROW INSERT INTO log VALUES (NEW.id)',
  ];
  // A second Ada is refused: it comes where an event could run, or something runs with somebody else's rights.
  const look = `insert into people select 1, event_name from information_schema.events where event_schema = database() and status = 'ENABLED';
insert into people select 1, trigger_name from information_schema.triggers where trigger_schema = database() and definer <> current_user();`;

  it.each(kinds)('everything sleeps on %s', async (_what, copy) => {
    await using database = await testDatabase('mariadb');
    const made = await looking(database, look, awake);
    const found = await rehearsed(test, made.target, {
      copy: { ...copy, tables: copy.kind === 'data' ? null : ['people'] },
    });
    expect(found.problem?.serverMessage ?? found.problem).toBeNull();
    expect(found.outcome).toBe('passed');
  });

  it('its login reaches no other database', async () => {
    await using other = await testDatabase('mariadb');
    await other.query('CREATE TABLE secret (id int)');
    const name = new URL(other.url).pathname.slice(1);
    await using database = await testDatabase('mariadb');
    const made = await looking(database, 'select 1;', []);
    await onCopy(made, async ({ session }) => {
      await expect(session.query(`SELECT * FROM ${name}.secret`)).rejects.toMatchObject({ kind: 'rights' });
      await expect(
        session.query(`DELETE FROM ${new URL(database.url).pathname.slice(1)}.people`),
      ).rejects.toMatchObject({
        kind: 'rights',
      });
      await expect(session.query('CREATE DATABASE more')).rejects.toMatchObject({ kind: 'rights' });
      await expect(session.query("SELECT 1 INTO OUTFILE '/tmp/lockkeeper-never'")).rejects.toMatchObject({
        kind: 'rights',
      });
      await expect(session.query('SET GLOBAL event_scheduler = ON')).rejects.toMatchObject({ kind: 'rights' });
    });
  });
});
