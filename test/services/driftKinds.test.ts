/** Drift of every kind of object, each made by hand beside the migrations. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { acceptDrift, findDrift } from '../../electron/services/findDrift.ts';
import { type SchemaObjectKind, schemaObjectKinds } from '../../shared/model/snapshot.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

/** In this order: later ones need earlier ones. */
type ByHand = readonly (readonly [kind: SchemaObjectKind, ...sql: string[]])[];

const postgres: ByHand = [
  ['extension', 'CREATE EXTENSION postgres_fdw'],
  ['schema', 'CREATE SCHEMA archive'],
  ['foreignServer', "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'far.example')"],
  ['foreignTable', 'CREATE FOREIGN TABLE away (id integer) SERVER far'],
  ['collation', 'CREATE COLLATION plain FROM "C"'],
  ['type', "CREATE TYPE colour AS ENUM ('red')"],
  ['sequence', 'CREATE SEQUENCE ticket'],
  ['routine', "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"],
  ['table', 'CREATE TABLE stray (id integer)'],
  ['column', 'ALTER TABLE people ADD COLUMN age integer'],
  ['index', 'CREATE INDEX people_name ON people (name)'],
  ['constraint', 'ALTER TABLE people ADD CONSTRAINT grown CHECK (age > 17)'],
  ['statistics', 'CREATE STATISTICS together ON age, name FROM people'],
  ['view', 'CREATE VIEW seen AS SELECT id FROM people'],
  ['materializedView', 'CREATE MATERIALIZED VIEW kept AS SELECT id FROM people'],
  ['rule', 'CREATE RULE quiet AS ON DELETE TO people DO INSTEAD NOTHING'],
  ['trigger', 'CREATE TRIGGER noted BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION noted()'],
  ['policy', 'CREATE POLICY own ON people USING (true)'],
  [
    'eventTrigger',
    "CREATE FUNCTION watched() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
    'CREATE EVENT TRIGGER watched ON ddl_command_end EXECUTE FUNCTION watched()',
  ],
  ['publication', 'CREATE PUBLICATION news FOR TABLE people'],
  ['cast', 'CREATE CAST (integer AS colour) WITH INOUT'],
  [
    'operator',
    "CREATE FUNCTION differ(integer, integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 <> $2'",
    'CREATE OPERATOR <#> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = differ)',
  ],
  ['textSearch', 'CREATE TEXT SEARCH CONFIGURATION words (COPY = simple)'],
  ['defaultPrivileges', 'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC'],
];

const byHand = {
  postgres15: postgres,
  postgres18: postgres,
  mariadb: [
    ['table', 'CREATE TABLE stray (id int)'],
    ['column', 'ALTER TABLE people ADD COLUMN age int'],
    ['index', 'CREATE INDEX people_name ON people (name)'],
    ['constraint', 'ALTER TABLE people ADD CONSTRAINT grown CHECK (age > 17)'],
    ['view', 'CREATE VIEW seen AS SELECT id FROM people'],
    ['routine', 'CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN 2 * n'],
    ['trigger', 'CREATE TRIGGER noted BEFORE INSERT ON people FOR EACH ROW SET NEW.age = 18'],
    ['event', 'CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM stray'],
    ['sequence', 'CREATE SEQUENCE ticket'],
  ],
  sqlite: [
    ['table', 'CREATE TABLE stray (id integer)'],
    ['column', 'ALTER TABLE people ADD COLUMN age integer'],
    ['index', 'CREATE INDEX people_name ON people (name)'],
    ['constraint', 'CREATE TABLE pet (owner integer, CONSTRAINT owned CHECK (owner > 0))'],
    ['view', 'CREATE VIEW seen AS SELECT id FROM people'],
    ['trigger', 'CREATE TRIGGER noted AFTER INSERT ON people BEGIN DELETE FROM stray; END'],
  ],
} as const satisfies Readonly<Record<string, ByHand>>;

const files = {
  '1_people.sql':
    '-- migrate:up\ncreate table people (id integer primary key, name varchar(50) not null);\n-- migrate:down\ndrop table people;\n',
};

it.for(['postgres15', 'postgres18', 'mariadb', 'sqlite'] as const)(
  'every kind is found on %s',
  { timeout: 180_000 },
  async (engine, context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, files));
    await run(test.backend, target);
    for (const [kind, ...sql] of byHand[engine] satisfies ByHand) {
      for (const statement of sql) await database.query(statement);
      const { changes } = await findDrift(test.backend.context, target);
      const kinds = changes.map((one) => (one.change === 'removed' ? one.before.kind : one.after.kind));
      expect(kinds, sql.join('; ')).toContain(kind);
      expect((await acceptDrift(test.backend.context, target, `made ${kind} by hand`)).changes).toEqual([]);
    }
  },
);

it('and no kind is forgotten', () => {
  const tried = new Set(Object.values(byHand).flatMap((all: ByHand) => all.map(([kind]) => kind)));
  expect([...tried].toSorted()).toEqual(schemaObjectKinds.toSorted());
});
