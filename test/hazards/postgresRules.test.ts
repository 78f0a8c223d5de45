// What rules say beyond locks: who is left alone, how size counts, and statements that meet in one transaction.
import { describe, expect, it } from 'vitest';
import { classify } from '../../electron/databases/postgres/classify.ts';
import { hazardLook } from '../../electron/databases/postgres/hazards/index.ts';
import { type CatalogueFacts, noFacts, type TableSize } from '../../electron/engine/hazards.ts';
import { judge, judgePlan } from './postgresJudge.ts';

const table = (bytes: number, rows: number | null = null): TableSize => ({ rows, bytes });
const facts: CatalogueFacts = {
  product: 'PostgreSQL',
  version: '15.18',
  timeZone: 'UTC',
  searchPath: ['public'],
  tables: new Map([
    ['public.small', table(100_000, 10)],
    ['public.middle', table(50_000_000)],
    ['public.big', table(3_000_000_000, 20_000_000)],
    ['other.small', table(3_000_000_000)],
  ]),
};
const codes = async (script: string, known = facts, transactional = true) =>
  (await judge(script, known, transactional)).map(({ code }) => code);

describe('a table that nobody uses yet', () => {
  it.each([
    'CREATE TABLE fresh (id int); ALTER TABLE fresh ADD COLUMN n serial; CREATE INDEX ON fresh (id); DROP TABLE fresh',
    'CREATE TABLE fresh (id int); ALTER TABLE public.fresh ALTER COLUMN id TYPE bigint',
    'CREATE TABLE public.fresh (id int); CREATE INDEX i ON "fresh" (id)',
    'CREATE TABLE "Fresh" (id int); ALTER TABLE "Fresh" ADD PRIMARY KEY (id); TRUNCATE "Fresh"',
    'CREATE TABLE fresh AS SELECT 1 AS id; ALTER TABLE fresh ADD CHECK (id > 0); UPDATE fresh SET id = 2',
    'CREATE TEMP TABLE fresh (id int); ALTER TABLE fresh RENAME TO other_name',
    'CREATE TABLE fresh (id int); CREATE TRIGGER t BEFORE INSERT ON fresh EXECUTE FUNCTION f(); LOCK TABLE fresh',
    'ALTER TABLE made_by_a_program ADD COLUMN n serial',
  ])('is left alone: %s', async (script) => expect(await codes(script)).toEqual([]));

  it('may be made by an earlier migration of the plan', async () =>
    expect(await judgePlan(['CREATE TABLE fresh (id int)', 'CREATE INDEX ON fresh (id)'], facts)).toEqual([]));

  it('is not one that IF NOT EXISTS passes by, nor one of that name in another schema', async () => {
    expect(await codes('CREATE TABLE IF NOT EXISTS small (id int); CREATE INDEX ON small (id)')).toEqual([
      'createIndex',
    ]);
    expect(await codes('CREATE TABLE other.fresh (id int); CREATE INDEX ON other.small (id)')).toEqual(['createIndex']);
  });
});

describe('size', () => {
  it.each([
    ['small', 'notice'],
    ['middle', 'warning'],
    ['big', 'danger'],
    ['other.small', 'danger'],
  ])('of %s makes it %s', async (name, severity) => {
    const [hazard] = await judge(`CREATE INDEX ON ${name} (id)`, facts);
    expect(hazard).toMatchObject({ code: 'createIndex', severity });
  });

  it('is told, and is taken for a middle one where it is not known', async () => {
    expect((await judge('CREATE INDEX ON big (id)', facts))[0]?.message).toContain('3.0 GB, about 20,000,000 rows');
    expect((await judge('CREATE INDEX ON big (id)', noFacts))[0]).toMatchObject({ severity: 'warning' });
  });

  it('does not make a short change of the catalogue dangerous', async () =>
    expect((await judge('ALTER TABLE big ADD COLUMN n int', facts))[0]).toMatchObject({
      code: 'briefLock',
      severity: 'notice',
    }));

  it('makes rows changed in one transaction a matter, unless they are changed in batches', async () => {
    expect(await codes('UPDATE big SET a = 1 WHERE b = 2')).toEqual(['changesBigTable']);
    expect(await codes('UPDATE big SET a = 1')).toEqual(['dataLoss', 'changesBigTable']);
    expect(await codes('UPDATE small SET a = 1 WHERE b = 2')).toEqual([]);
    expect(await codes('DELETE FROM small')).toEqual(['dataLoss']);
    expect(await codes('DELETE FROM small USING big WHERE small.id = big.id')).toEqual([]);
  });
});

describe('what the catalogue does not tell', () => {
  it('is left open where types, functions and indexes are not known', async () => {
    expect(await codes('ALTER TABLE small ALTER COLUMN a TYPE bigint', noFacts)).toEqual(['changeType']);
    expect(await codes('ALTER TABLE small ADD COLUMN a int DEFAULT own_function()')).toEqual(['addColumnRewrite']);
    expect(await codes('DROP INDEX some_index', noFacts)).toEqual(['dropIndex']);
    expect(await codes('REINDEX INDEX some_index', noFacts)).toEqual(['reindex']);
  });
});

describe('statements that meet in one transaction', () => {
  it('several tables that are locked, once', async () => {
    const script = 'ALTER TABLE small ADD a int; ALTER TABLE big ADD a int; ALTER TABLE middle ADD a int';
    expect(await codes(script)).toEqual(['briefLock', 'briefLock', 'severalLocks', 'briefLock']);
    expect(await codes(script, facts, false)).toEqual(['briefLock', 'briefLock', 'briefLock']);
    expect(await codes('BEGIN; ALTER TABLE small ADD a int; COMMIT; ALTER TABLE big ADD a int', facts, false)).toEqual([
      'briefLock',
      'briefLock',
    ]);
    expect(
      await codes('BEGIN; ALTER TABLE small ADD a int; ALTER TABLE big ADD a int; COMMIT', facts, false),
    ).toContain('severalLocks');
  });

  it('rows that are changed under the lock of a definition', async () => {
    expect(await codes('ALTER TABLE small ADD a int; INSERT INTO big VALUES (1)')).toEqual([
      'briefLock',
      'mixedStatements',
    ]);
    expect(await codes('CREATE TABLE fresh (a int); INSERT INTO fresh VALUES (1)')).toEqual([]);
    expect(await judgePlan(['ALTER TABLE small ADD a int', 'INSERT INTO big VALUES (1)'], facts)).toHaveLength(1);
  });

  it('a check that is validated while a stronger lock is held', async () => {
    const found = await judge(
      'ALTER TABLE big ADD CHECK (a > 0) NOT VALID; ALTER TABLE big VALIDATE CONSTRAINT c',
      facts,
    );
    expect(found.find(({ code }) => code === 'validateConstraint')).toMatchObject({ severity: 'danger' });
  });
});

describe('effects beyond the database', () => {
  it.each([
    ["COPY small FROM PROGRAM 'curl example.org'", 'runsProgram'],
    ["COPY (SELECT 1) TO PROGRAM 'cat'", 'runsProgram'],
    ["COPY small FROM '/tmp/rows.csv'", 'serverFile'],
    ["COPY small TO '/tmp/rows.csv'", 'serverFile'],
    ["SELECT pg_read_file('/etc/hostname')", 'serverFile'],
    ["SELECT lo_export(1, '/tmp/x')", 'serverFile'],
    ["SELECT dblink_exec('dbname=x', 'DROP TABLE y')", 'otherServer'],
    ["INSERT INTO small SELECT * FROM dblink('dbname=x', 'SELECT 1') AS t(a int)", 'otherServer'],
    ['CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw', 'otherServer'],
    ["CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p WITH (create_slot = false)", 'otherServer'],
    ["DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'x'; END $$", 'anonymousCode'],
    ['DO $$ BEGIN NULL; END $$', 'anonymousCode'],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'lib', 'f'", 'untrustedLanguage'],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS 'return 1'", 'untrustedLanguage'],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'", 'definerPath'],
    ['ALTER FUNCTION f() SECURITY DEFINER', 'definerPath'],
  ])('%s', async (script, code) => expect(await codes(script)).toContain(code));

  it.each([
    'COPY small FROM STDIN;\n1\n\\.\n',
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1'",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "SELECT 'dblink_exec(1)'",
    "INSERT INTO small VALUES ('COPY x TO PROGRAM')",
  ])('has none: %s', async (script) => expect(await codes(script)).toEqual([]));
});

it('tells what an application may still ask for', async () => {
  for (const script of ['ALTER TABLE small DROP COLUMN a', 'DROP TABLE small', 'DROP TABLE IF EXISTS fresh, small'])
    expect(await codes(script)).toEqual(expect.arrayContaining(['dataLoss', 'dropsUsed']));
  expect(await codes('DROP TABLE small CASCADE')).toContain('dropCascade');
  const [rename] = await judge('ALTER TABLE small RENAME TO tiny', facts);
  expect(rename).toMatchObject({ code: 'renamesUsed', rewrite: 'CREATE VIEW small AS SELECT * FROM tiny;' });
});

it('says nothing of what its parser does not know, and goes on', async () =>
  expect(await codes('ALTER TABLE small FROBNICATE; CREATE INDEX ON small (id)')).toEqual(['createIndex']));

it('sees through names that hold quotes, and comments', async () => {
  expect(
    await codes(
      `UPDATE small SET "it's" = 1 WHERE a = 'x'; UPDATE small SET "it's" = 1; DELETE FROM small WHERE 1 = 1`,
    ),
  ).toEqual(['dataLoss']);
  expect(await codes('DELETE FROM small -- WHERE\n')).toEqual(['dataLoss']);
  expect(await codes("UPDATE small SET a = 'no WHERE here'")).toEqual(['dataLoss']);
});

it('looks only for what costs nothing where nobody asks for hazards', async () => {
  const look = await hazardLook(facts, 'mustAccept');
  const told = ['CREATE INDEX ON big (id)', 'DROP TABLE big'].flatMap((text, index) =>
    look.look({ index, text, line: 1, column: 1, copiesData: false }, classify(text)),
  );
  expect(told.map(({ code }) => code)).toEqual(['dataLoss']);
});
