// Preconditions: Liquibase and we, each on a database of its own, decide alike what becomes of every change set.
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, type TestContext, test } from 'vitest';
import { unavailable } from '../servers/index.ts';
import { adHoc, engines, run, type TestEngine, testBackend, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { installLiquibase, liquibase, liquibaseVersion } from './liquibaseProgram.ts';

let installed = '';
beforeAll(async () => {
  installed = await installLiquibase();
});

const set = (id: string, conditions: string, options: string, more = '') => `
  <changeSet id="${id}" author="ida"${more}>
    <preConditions ${options}>${conditions}</preConditions>
    <insert tableName="ran"><column name="id" value="${id}"/></insert>
    <rollback><insert tableName="ran"><column name="id" value="back from ${id}"/></insert></rollback>
  </changeSet>`;

const setup = `
  <changeSet id="setup" author="ida">
    <createTable tableName="ran"><column name="id" type="varchar(80)"/></createTable>
    <createTable tableName="trees">
      <column name="id" type="int"><constraints primaryKey="true" primaryKeyName="pk_trees" nullable="false"/></column>
      <column name="name" type="varchar(40)"/>
    </createTable>
    <createTable tableName="fruits">
      <column name="id" type="int"/>
      <column name="tree" type="int"><constraints foreignKeyName="fk_tree" references="trees(id)"/></column>
    </createTable>
    <createIndex tableName="trees" indexName="trees_by_name"><column name="name"/></createIndex>
    <createView viewName="tall">select id from trees</createView>
    <insert tableName="trees"><column name="id" valueNumeric="1"/><column name="name" value="apple"/></insert>
    <insert tableName="trees"><column name="id" valueNumeric="2"/></insert>
  </changeSet>`;

const check = (expected: string, sql: string) => `<sqlCheck expectedResult="${expected}">${sql}</sqlCheck>`;
const everywhere: Readonly<Record<string, string>> = {
  table: '<tableExists tableName="trees"/>',
  'table in capitals': '<tableExists tableName="TREES"/>',
  'view in capitals': '<viewExists viewName="TALL"/>',
  'column in capitals': '<columnExists tableName="trees" columnName="NAME"/>',
  'column of a table in capitals': '<columnExists tableName="TREES" columnName="name"/>',
  'index in capitals': '<indexExists indexName="TREES_BY_NAME"/>',
  'primary key in capitals': '<primaryKeyExists tableName="TREES"/>',
  'rows in capitals': '<rowCount tableName="TREES" expectedRows="2"/>',
  'no table': '<tableExists tableName="bushes"/>',
  'a view is no table': '<tableExists tableName="tall"/>',
  view: '<viewExists viewName="tall"/>',
  'no view': '<viewExists viewName="trees"/>',
  column: '<columnExists tableName="trees" columnName="name"/>',
  'no column': '<columnExists tableName="trees" columnName="height"/>',
  'column of no table': '<columnExists tableName="bushes" columnName="name"/>',
  index: '<indexExists indexName="trees_by_name"/>',
  'index of its table': '<indexExists tableName="trees" indexName="trees_by_name"/>',
  'no index': '<indexExists tableName="trees" indexName="trees_by_age"/>',
  'primary key of a table': '<primaryKeyExists tableName="trees"/>',
  'no primary key': '<primaryKeyExists tableName="fruits"/>',
  'foreign key': '<foreignKeyConstraintExists foreignKeyTableName="fruits" foreignKeyName="fk_tree"/>',
  'no foreign key': '<foreignKeyConstraintExists foreignKeyTableName="fruits" foreignKeyName="fk_bush"/>',
  rows: '<rowCount tableName="trees" expectedRows="2"/>',
  'other rows': '<rowCount tableName="trees" expectedRows="3"/>',
  'rows of no table': '<rowCount tableName="bushes" expectedRows="0"/>',
  empty: '<tableIsEmpty tableName="fruits"/>',
  'not empty': '<tableIsEmpty tableName="trees"/>',
  'empty of no table': '<tableIsEmpty tableName="bushes"/>',
  answer: check('2', 'select count(*) from trees;'),
  'another answer': check('3', 'select count(*) from trees'),
  'a text': check('apple', 'select name from trees where id = 1'),
  'a text in capitals': check('APPLE', 'select name from trees where id = 1'),
  nothing: check('1', 'select name from trees where id = 2'),
  'no row': check('1', 'select id from trees where id = 9'),
  'two rows': check('1', 'select id from trees'),
  'no such table': check('0', 'select count(*) from bushes'),
  executed: '<changeSetExecuted id="setup" author="ida" changeLogFile="changelog.xml"/>',
  'not executed': '<changeSetExecuted id="later" author="ida" changeLogFile="changelog.xml"/>',
  'and, to the first that fails': `<and><tableExists tableName="bushes"/>${check('0', 'select count(*) from bushes')}</and>`,
  'or, to the first that is met': `<or><tableExists tableName="trees"/>${check('0', 'select count(*) from bushes')}</or>`,
  'or of none': '<or><tableExists tableName="bushes"/><viewExists viewName="trees"/></or>',
  'not of two, one met': '<not><tableExists tableName="bushes"/><tableExists tableName="trees"/></not>',
  'not of two, none met': '<not><tableExists tableName="bushes"/><viewExists viewName="trees"/></not>',
  'not of an error': `<not>${check('0', 'select count(*) from bushes')}</not>`,
  'several, all met': '<tableExists tableName="trees"/><not><tableExists tableName="bushes"/></not>',
  'several, one not met': '<tableExists tableName="trees"/><tableExists tableName="bushes"/>',
  'its own effect is gone': check('0', "select count(*) from ran where id = 'never'"),
};
const onPostgres: Readonly<Record<string, string>> = {
  'primary key by name': '<primaryKeyExists primaryKeyName="pk_trees"/>',
  'another primary key': '<primaryKeyExists primaryKeyName="pk_bushes"/>',
  'foreign key by name': '<foreignKeyConstraintExists foreignKeyName="fk_tree"/>',
  true: check('t', 'select exists (select 1 from trees)'),
  'true in full': check('true', 'select exists (select 1 from trees)'),
  sequence: '<sequenceExists sequenceName="counted"/>',
  'no sequence': '<sequenceExists sequenceName="uncounted"/>',
};

/** SQLite has no constraints with names. */
const unnamed = (engine: TestEngine, [name]: readonly [string, string]) => !(engine === 'sqlite' && / key/.test(name));

function conditionsFor(engine: TestEngine): [string, string][] {
  const more = engine.startsWith('postgres') ? Object.entries(onPostgres) : [];
  return [...Object.entries(everywhere), ...more].filter((entry) => unnamed(engine, entry));
}

const outcomes = ['MARK_RAN', 'CONTINUE', 'WARN'];

function changelogFor(engine: TestEngine): string {
  const sequence = engine.startsWith('postgres')
    ? '<changeSet id="sequences" author="ida"><createSequence sequenceName="counted"/></changeSet>'
    : '';
  const decided = conditionsFor(engine).map(([name, conditions]) =>
    set(name, conditions, 'onFail="MARK_RAN" onError="CONTINUE"'),
  );
  const unmet = outcomes.map((option) => set(`unmet ${option}`, everywhere['no table'] ?? '', `onFail="${option}"`));
  const refused = outcomes.map((option) =>
    set(`refused ${option}`, everywhere['no such table'] ?? '', `onError="${option}"`),
  );
  const again = set('again', '<tableIsEmpty tableName="fruits"/>', 'onFail="MARK_RAN"', ' runAlways="true"');
  const filled =
    '<changeSet id="filled" author="ida"><insert tableName="fruits"><column name="id" valueNumeric="1"/></insert><rollback><delete tableName="fruits"/></rollback></changeSet>';
  return changelog(setup, sequence, ...decided, ...unmet, ...refused, again, filled);
}

const namespace = 'http://www.liquibase.org/xml/ns/dbchangelog';
const changelog = (...parts: readonly string[]) =>
  `<databaseChangeLog xmlns="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${namespace} ${namespace}/dbchangelog-4.28.xsd">${parts.join('')}\n</databaseChangeLog>\n`;

async function project(text: string): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'lockkeeper-preconditions-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'changelog.xml'), text);
  await writeFile(join(folder, 'liquibase.properties'), 'changelog-file=changelog.xml\n');
  return folder;
}

/** The same project on two databases: how Liquibase carries one of them on, and how we do the other. */
async function both(context: TestContext, engine: TestEngine, text: string) {
  const reason = engine === 'sqlite' ? undefined : unavailable(engine);
  if (reason !== undefined) skipBecause(context, reason);
  const folder = await project(text);
  const [theirs, ours] = [await testDatabase(engine), await testDatabase(engine)];
  for (const database of [theirs, ours]) onTestFinished(() => database[Symbol.asyncDispose]());
  const desk = await testBackend();
  onTestFinished(() => desk[Symbol.asyncDispose]());
  const place = { engine, url: theirs.url, query: theirs.query, folder, installed };
  const we = (direction: 'up' | 'down') => {
    const wanted = direction === 'up' ? { direction } : { direction, steps: 1 };
    return run(desk.backend, adHoc(ours.url, folder), { wanted, accept: ['dataLoss', 'retryFailed', 'irreversible'] });
  };
  const state = async ({ query }: Pick<typeof theirs, 'query'>) => ({
    history: await query(
      'SELECT ID AS id, EXECTYPE AS exectype, MD5SUM AS checksum, DESCRIPTION AS description FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED',
    ),
    ran: (await query('SELECT id FROM ran')).map(({ id }) => id),
  });
  return {
    they: (command: string, ...more: readonly string[]) => liquibase(place, folder, command, ...more),
    we,
    theirState: () => state(theirs),
    ourState: () => state(ours),
  };
}

describe.each(engines)(`Liquibase ${liquibaseVersion} on %s`, (engine) => {
  test('every precondition, met or not, and what its options make of it', { timeout: 400_000 }, async (context) => {
    const { they, we, theirState, ourState } = await both(context, engine, changelogFor(engine));
    await they('update');
    const { run: first } = await we('up');
    expect(first.problem).toBeNull();
    expect(await ourState()).toEqual(await theirState());
    // What was only recorded is rolled back, too.
    await they('rollback-count', '--count', '5');
    for (const _ of [1, 2, 3, 4, 5]) await we('down');
    expect(await ourState()).toEqual(await theirState());
    // What is pending is asked again, and then what runs always is not met.
    for (const _ of [1, 2]) {
      await they('update');
      await we('up');
    }
    expect(await ourState()).toEqual(await theirState());
  });

  test.for([
    ['not met', set('halting', '<tableExists tableName="bushes"/>', 'onFailMessage="Plant bushes first."')],
    ['refused by the server', set('halting', check('0', 'select count(*) from bushes'), 'onFail="MARK_RAN"')],
  ])('%s, and halted: nothing of it, and nothing after it', async ([name, halting = ''], context) => {
    const after = set('after', '<tableExists tableName="trees"/>', '');
    const { they, we, theirState, ourState } = await both(context, engine, changelog(setup, halting, after));
    await expect(they('update')).rejects.toThrow(name === 'not met' ? /Plant bushes first/ : /bushes/);
    const { run: halted } = await we('up');
    expect(halted.problem).toMatchObject(
      name === 'not met'
        ? { code: 'run.condition', path: 'changelog.xml', message: expect.stringContaining('Plant bushes first.') }
        : { code: 'database.statementFailed', path: 'changelog.xml' },
    );
    expect(halted.steps.map(({ outcome }) => outcome)).toEqual(['succeeded', 'rolledBack', 'notExecuted']);
    expect(await ourState()).toEqual(await theirState());
  });
});
