/** Ways back that do not lead back: each is found, and those that do are not blamed. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../servers/index.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { rehearsed } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const engines = ['postgres15', 'mariadb', 'sqlite'] as const;
type Engine = (typeof engines)[number];
type Sql = string | Readonly<Record<Engine, string>>;

const first = {
  '1_people.sql': `-- migrate:up
create table people (id integer primary key, name varchar(50) not null, town varchar(50) default 'Paris');
insert into people values (1, 'Ada', 'London'), (2, 'Grace', 'New York');
-- migrate:down
drop table people;
`,
};

const dropIndex = {
  postgres15: 'drop index by_name',
  mariadb: 'drop index by_name on people',
  sqlite: 'drop index by_name',
};

interface Way {
  readonly what: string;
  readonly up: Sql;
  readonly down: Sql;
  /** Of the way back: that of the statement that fails, or what differs. */
  readonly found: 'schema' | 'rows' | 'fails' | 'nothing';
}

const ways: readonly Way[] = [
  { what: 'forgets an index', up: 'create index by_name on people (name)', down: 'select 1', found: 'schema' },
  { what: 'forgets a column', up: 'alter table people add column age integer', down: 'select 1', found: 'schema' },
  { what: 'forgets a view', up: 'create view seen as select id from people', down: 'select 1', found: 'schema' },
  {
    what: 'forgets a table',
    up: 'create table a (id integer); create table b (id integer)',
    down: 'drop table a',
    found: 'schema',
  },
  {
    what: 'forgets a trigger',
    up: {
      postgres15:
        "create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger t before insert on people for each row execute function f()",
      mariadb: "create trigger t before insert on people for each row set new.town = 'x'",
      sqlite: 'create trigger t after insert on people begin delete from people where id = 9; end',
    },
    down: 'select 1',
    found: 'schema',
  },
  {
    what: 'brings a default back as another',
    up: {
      postgres15: 'alter table people alter column town drop default',
      mariadb: 'alter table people alter column town drop default',
      sqlite: 'alter table people drop column town',
    },
    down: {
      postgres15: "alter table people alter column town set default 'London'",
      mariadb: "alter table people alter column town set default 'London'",
      sqlite: "alter table people add column town varchar(50) default 'London'",
    },
    found: 'schema',
  },
  {
    what: 'brings a column back at another place',
    up: 'alter table people drop column name',
    down: "alter table people add column name varchar(50) not null default ''",
    found: 'schema',
  },
  {
    what: 'brings a column back without its values',
    up: 'alter table people drop column town',
    down: "alter table people add column town varchar(50) default 'Paris'",
    found: 'rows',
  },
  { what: 'brings no rows back', up: 'delete from people where id = 2', down: 'select 1', found: 'rows' },
  {
    what: 'brings a row back with another value',
    up: 'delete from people where id = 2',
    down: "insert into people values (2, 'grace', 'New York')",
    found: 'rows',
  },
  {
    what: 'leaves rows',
    up: "insert into people values (3, 'Bert', 'Rome')",
    down: 'delete from people where id = 4',
    found: 'rows',
  },
  {
    what: 'takes away more than was made',
    up: 'create table a (id integer)',
    down: 'drop table a; delete from people where id = 1',
    found: 'rows',
  },
  { what: 'drops what is not there', up: 'create table a (id integer)', down: 'drop table b', found: 'fails' },
  { what: 'is right: an index', up: 'create index by_name on people (name)', down: dropIndex, found: 'nothing' },
  {
    what: 'is right: rows',
    up: "insert into people values (3, 'Bert', 'Rome')",
    down: 'delete from people where id = 3',
    found: 'nothing',
  },
];

const on = (engine: Engine, sql: Sql): string => (typeof sql === 'string' ? sql : sql[engine]);

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it.each(ways)('a way back that $what', async ({ up, down, found }) => {
    await using database = await testDatabase(engine);
    await run(test.backend, adHoc(database.url, await writeFolder(test.folder, first)));
    const both = {
      ...first,
      '2_it.sql': `-- migrate:up\n${on(engine, up)};\n-- migrate:down\n${on(engine, down)};\n`,
    };
    const target = adHoc(database.url, await writeFolder(test.folder, both));
    const { outcome, problem, back, copy } = await rehearsed(test, target, {
      copy: { kind: 'schema', tables: ['people'] },
    });
    expect({ outcome, problem }).toEqual({ outcome: 'passed', problem: null });
    expect(copy).toMatchObject({ kind: 'subset', tables: ['people'] });
    expect(copy.limits.join()).toContain('Only rows of people are in it, at most 100000 of each.');
    if (found === 'nothing') expect(back).toMatchObject({ schema: [], rows: [], again: [], problem: null });
    else if (found === 'fails') expect(back?.problem).toMatchObject({ code: 'database.statementFailed' });
    else {
      expect(back?.[found]).not.toEqual([]);
      expect(back?.problem).toMatchObject({ code: 'rehearsal.notRestored' });
    }
  });
});
