/** One tool's history made from another's: what is shown before, what is written, what is refused, and that dbmate agrees. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { prepareAdopt, viewAdoption } from '../../electron/services/prepareAdopt.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { startRepair } from '../../electron/services/startRepair.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import { verifyHistory } from '../../electron/services/verifyHistory.ts';
import type { AdoptRequest } from '../../shared/model/adoption.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { dbmate, dbmateStatus } from '../tools/dbmateProgram.ts';
import { run, type TestBackend, type TestEngine, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const dbmateFiles = {
  '1_towns.sql': '-- migrate:up\ncreate table towns (id int);\n-- migrate:down\ndrop table towns;\n',
  '2_roads.sql': '-- migrate:up transaction:false\ncreate table roads (id int);\n-- migrate:down\ndrop table roads;\n',
  '3_shops.sql': '-- migrate:up\ncreate table shops (id int);\n-- migrate:down\ndrop table shops;\n',
};
const ownFiles = {
  '1_towns.sql': '-- lockkeeper:up\ncreate table towns (id int);\n-- lockkeeper:down\ndrop table towns;\n',
  '2_roads.sql': '-- lockkeeper:up\ncreate table roads (id int);\n-- lockkeeper:down\ndrop table roads;\n',
  '3_shops.sql': '-- lockkeeper:up\ncreate table shops (id int);\n-- lockkeeper:down\ndrop table shops;\n',
};
const pairs = {
  '1_towns.up.sql': 'create table towns (id int);',
  '1_towns.down.sql': 'drop table towns;',
  '2_roads.up.sql': 'create table roads (id int);',
  '2_roads.down.sql': 'drop table roads;',
  '3_shops.up.sql': 'create table shops (id int);',
  '3_shops.down.sql': 'drop table shops;',
};
const gooseFiles = {
  '1_towns.sql':
    '-- +goose Up\n-- +goose StatementBegin\ncreate table towns (id int);\n-- +goose StatementEnd\n-- +goose Down\ndrop table towns;\n',
  '2_roads.sql': '-- +goose Up\ncreate table roads (id int);\n-- +goose Down\ndrop table roads;\n',
  '3_shops.sql': '-- +goose Up\ncreate table shops (id int);\n-- +goose Down\ndrop table shops;\n',
};
const flywayFiles = {
  'flyway.toml': '',
  'V1__towns.sql': 'create table towns (id int);\n',
  'V2__roads.sql': 'create table roads (id int);\n',
  'V3__shops.sql': 'create table shops (id int);\n',
};

const target = (url: string, source: string, tool: string, historyTable?: string): TargetRequest => ({
  kind: 'adHoc',
  url,
  overrides: { path: source, tool, ...(historyTable === undefined ? {} : { historyTable }) },
});

const prepare = async (from: TargetRequest, wanted: AdoptRequest) => prepareAdopt(test.backend.context, from, wanted);

async function adopt(from: TargetRequest, wanted: AdoptRequest, accept: readonly string[] = []) {
  const prepared = await prepare(from, wanted);
  const answers = { fingerprint: prepared.repair.fingerprint, confirm: null, reason: 'we change tools', accept };
  const done = await startRepair(test.backend.context, prepared.repair, answers).finished;
  return { view: viewAdoption(prepared), done };
}

async function statusOf(at: TargetRequest) {
  const { migrations } = await readStatus(test.backend.context, at);
  return migrations.map(({ version, status }) => `${version} ${status}`);
}

const two = { wanted: { direction: 'up', steps: 2 } } as const;
const appliedTwo = ['1 applied', '2 applied', '3 pending'];

/** As its own program takes it. */
function urlForDbmate(url: string): string {
  const address = new URL(url.replace(/^mariadb:/, 'mysql:'));
  if (address.protocol.startsWith('postgres')) address.searchParams.set('sslmode', 'disable');
  return url.startsWith('sqlite:') ? url : address.href;
}

const rowsOf = (database: { query(sql: string): Promise<readonly unknown[]> }, table: string) =>
  database.query(`select * from ${table}`);

describe.each(['postgres15', 'mariadb', 'sqlite'] as const)('on %s', (engine: TestEngine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('goes from dbmate to our own format with converted files, and goes on there', async () => {
    await using database = await testDatabase(engine);
    const source = await writeFolder(test.folder, dbmateFiles);
    const from = target(database.url, source, 'dbmate');
    await run(test.backend, from, two);
    const before = await rowsOf(database, 'schema_migrations');
    const writeTo = path.join(test.folder, `own-${engine}`);
    const shown = viewAdoption(await prepare(from, { to: 'lockkeeper', writeTo }));
    expect(shown).toMatchObject({
      rows: [
        { version: '1', from: { version: '1', name: 'towns' }, matchedBy: 'version', sql: 'comments', there: false },
        { version: '2', sql: 'comments' },
      ],
      pending: ['3'],
      files: ['1_towns.sql', '2_roads.sql', '3_shops.sql'],
      notCarried: expect.arrayContaining([expect.stringContaining('When each was applied: dbmate does not tell it')]),
      gate: { reason: true, hazardsToAccept: [] },
    });
    await expect(readdir(writeTo)).rejects.toThrow('ENOENT');

    const { done } = await adopt(from, { to: 'lockkeeper', writeTo });
    expect([done.problem, done.action, done.outcome]).toEqual([null, 'adopt', 'succeeded']);
    expect(await readFile(path.join(writeTo, '2_roads.sql'), 'utf8')).toContain(
      '-- lockkeeper:up\n-- lockkeeper:no-transaction\ncreate table roads',
    );
    expect(await rowsOf(database, 'schema_migrations')).toEqual(before);
    const to = target(database.url, writeTo, 'lockkeeper');
    expect(await statusOf(to)).toEqual(appliedTwo);
    expect((await verifyHistory(test.backend.context, to)).findings).toEqual([]);
    expect((await run(test.backend, to)).run.outcome).toBe('succeeded');
    expect((await run(test.backend, to, { wanted: { direction: 'down', steps: 2 } })).run.problem).toBeNull();
    expect(await statusOf(to)).toEqual(['1 applied', '2 reverted', '3 reverted']);
  });

  it('goes from our own format to dbmate, whose program agrees and goes on', async () => {
    await using database = await testDatabase(engine);
    const from = target(database.url, await writeFolder(test.folder, ownFiles), 'lockkeeper');
    await run(test.backend, from, two);
    const sourceTo = await writeFolder(test.folder, dbmateFiles);
    const { view, done } = await adopt(from, { to: 'dbmate', sourceTo });
    expect(done.problem).toBeNull();
    expect(view.notCarried.join('\n')).toContain('Who applied each: dbmate’s entries do not take it over');
    expect(await statusOf(target(database.url, sourceTo, 'dbmate'))).toEqual(appliedTwo);
    const url = urlForDbmate(database.url);
    expect(await dbmateStatus(url, sourceTo)).toMatchObject({ applied: ['1', '2'], pending: ['3'] });
    await dbmate(url, sourceTo, 'migrate');
    expect(await statusOf(target(database.url, sourceTo, 'dbmate'))).toEqual(['1 applied', '2 applied', '3 applied']);
  });

  it('goes from golang-migrate to dbmate under another table’s name, and back', async () => {
    await using database = await testDatabase(engine);
    const from = target(database.url, await writeFolder(test.folder, pairs), 'golang-migrate');
    await run(test.backend, from, two);
    const sourceTo = await writeFolder(test.folder, dbmateFiles);
    await expect(prepare(from, { to: 'dbmate', sourceTo })).rejects.toMatchObject({
      problem: { code: 'adopt.unsupported', hint: expect.stringContaining('--to-history-table') },
    });
    const { done } = await adopt(from, { to: 'dbmate', sourceTo, historyTableTo: 'steps' });
    expect(done.problem).toBeNull();
    const there = target(database.url, sourceTo, 'dbmate', 'steps');
    expect(await statusOf(there)).toEqual(appliedTwo);
    expect(await dbmate(urlForDbmate(database.url), sourceTo, '--migrations-table', 'steps', 'status')).toContain(
      'Applied: 2',
    );
    await run(test.backend, there);
    // The old table knows nothing of the third: it agrees as far as it goes.
    const back = await adopt(there, { to: 'golang-migrate', sourceTo: from.overrides?.path ?? '' });
    expect(back.view.rows.map(({ there: is }) => is)).toEqual([true, true, false]);
    expect(back.done.problem).toBeNull();
    expect(await statusOf(from)).toEqual(['1 applied', '2 applied', '3 applied']);
  });

  it('carries times, names and durations from Flyway, and from goose to Flyway with its checksums', async () => {
    await using database = await testDatabase(engine);
    const flyway = target(database.url, await writeFolder(test.folder, flywayFiles), 'flyway');
    await run(test.backend, flyway, two);
    await database.query(
      "update flyway_schema_history set installed_on = '2024-05-06 07:08:09', execution_time = 1234",
    );
    const told = (await readStatus(test.backend.context, flyway)).migrations;
    const writeTo = path.join(test.folder, `flyway-${engine}`);
    expect((await adopt(flyway, { to: 'lockkeeper', writeTo })).done.problem).toBeNull();
    const own = (await readStatus(test.backend.context, target(database.url, writeTo, 'lockkeeper'))).migrations;
    expect(own.map(({ appliedAt, durationMs }) => [appliedAt, durationMs])).toEqual(
      told.map(({ appliedAt, durationMs }) => [appliedAt, durationMs]),
    );
    expect(own[0]?.appliedAt).toMatch(/^2024-05-0/);

    await database.query('drop table flyway_schema_history');
    const goose = target(database.url, await writeFolder(test.folder, gooseFiles), 'goose');
    await adopt(target(database.url, writeTo, 'lockkeeper'), { to: 'goose', sourceTo: goose.overrides?.path ?? '' });
    const there = (await readStatus(test.backend.context, goose)).migrations;
    expect(there.map(({ appliedAt }) => appliedAt)).toEqual(told.map(({ appliedAt }) => appliedAt));
    const back = await adopt(goose, { to: 'flyway', sourceTo: flyway.overrides?.path ?? '' });
    expect(back.done.problem).toBeNull();
    const again = (await readStatus(test.backend.context, flyway)).migrations;
    const facts = (rows: typeof told) =>
      rows.map(({ version, status, checksum, appliedAt }) => [version, status, checksum, appliedAt]);
    expect(facts(again)).toEqual(facts(told));
  });

  it('leaves everything as it was when the table cannot be written', async () => {
    await using database = await testDatabase(engine);
    const from = target(database.url, await writeFolder(test.folder, dbmateFiles), 'dbmate');
    await run(test.backend, from, two);
    const writeTo = path.join(test.folder, `refused-${engine}`);
    const prepared = await prepare(from, { to: 'lockkeeper', writeTo });
    // What another program makes of the table in between.
    const create = prepared.repair.source.history.create().join(';');
    await database.query(create);
    const forbid = {
      postgres15: ["alter table lockkeeper_history add constraint no_second check (version <> '2')"],
      mariadb: ["alter table lockkeeper_history add constraint no_second check (version <> '2')"],
      sqlite: [
        "create trigger no_second before insert on lockkeeper_history when new.version = '2' begin select raise(abort, 'no'); end",
      ],
    }[engine as 'postgres15' | 'mariadb' | 'sqlite'];
    for (const sql of forbid) await database.query(sql);
    const answers = { fingerprint: null, confirm: null, reason: 'r', accept: [] };
    const done = await startRepair(test.backend.context, prepared.repair, answers).finished;
    expect(done.outcome).toBe('failed');
    expect(await rowsOf(database, 'lockkeeper_history')).toEqual([]);
    expect(await readdir(writeTo)).toEqual([]);
    expect(await statusOf(from)).toEqual(appliedTwo);
  });
});

describe('refuses', () => {
  const start = async (
    files: Readonly<Record<string, string>>,
    tool: string,
    request: Parameters<typeof run>[2] = two,
  ) => {
    const database = await testDatabase('sqlite');
    const from = target(database.url, await writeFolder(test.folder, files), tool);
    await run(test.backend, from, request);
    return { database, from };
  };

  it('a program, and says why; mapped to files of ours it is taken over', async () => {
    await using database = await testDatabase('sqlite');
    const source = await writeFolder(test.folder, {
      '20260105090000_towns.js':
        'exports.up = (knex) => knex.schema.createTable("towns", () => {});\nexports.down = () => {};\n',
    });
    const from = target(database.url, source, 'knex');
    await database.query(
      'create table knex_migrations (id integer not null primary key autoincrement, name varchar(255), batch integer, migration_time datetime)',
    );
    await database.query("insert into knex_migrations (name, batch) values ('20260105090000_towns.js', 1)");
    await expect(prepare(from, { to: 'lockkeeper', writeTo: path.join(test.folder, 'none') })).rejects.toMatchObject({
      problem: {
        code: 'adopt.unsupported',
        message: expect.stringContaining('it is a program'),
        path: '20260105090000_towns.js',
      },
    });
    const sourceTo = await writeFolder(test.folder, { '20260105090000_towns.sql': ownFiles['1_towns.sql'] });
    const { view, done } = await adopt(from, { to: 'lockkeeper', sourceTo });
    expect([view.rows[0]?.sql, done.problem]).toEqual(['unknown', null]);
    expect(await statusOf(target(database.url, sourceTo, 'lockkeeper'))).toEqual(['20260105090000 applied']);
  });

  it('what has no counterpart, by its name', async () => {
    const { database, from } = await start(dbmateFiles, 'dbmate');
    await using _ = database;
    const sourceTo = await writeFolder(test.folder, { '1_towns.sql': ownFiles['1_towns.sql'] });
    await expect(prepare(from, { to: 'lockkeeper', sourceTo })).rejects.toMatchObject({
      problem: { code: 'adopt.unmapped', message: expect.stringMatching(/for: 2\.$/) },
    });
    await expect(prepare(from, { to: 'lockkeeper' })).rejects.toMatchObject({
      problem: { code: 'adopt.unsupported', hint: expect.stringContaining('--write-to') },
    });
  });

  it('a folder that is not empty, and files that are gone', async () => {
    const { database, from } = await start(dbmateFiles, 'dbmate');
    await using _ = database;
    const writeTo = path.join(test.folder, 'taken');
    await mkdir(writeTo);
    await writeFile(path.join(writeTo, 'note.txt'), '');
    await expect(prepare(from, { to: 'lockkeeper', writeTo })).rejects.toMatchObject({
      problem: { code: 'source.exists' },
    });
    await database.query("insert into schema_migrations values ('9')");
    await expect(
      prepare(from, { to: 'goose', sourceTo: await writeFolder(test.folder, gooseFiles) }),
    ).rejects.toMatchObject({
      problem: { code: 'adopt.unmapped', message: expect.stringContaining('Applied without a file') },
    });
  });

  it('a history that says something else', async () => {
    const { database, from } = await start(dbmateFiles, 'dbmate');
    await using _ = database;
    const sourceTo = await writeFolder(test.folder, gooseFiles);
    await adopt(from, { to: 'goose', sourceTo });
    const agreeing = await prepare(from, { to: 'goose', sourceTo });
    expect(agreeing.repair.changes).toEqual([]);
    await database.query('insert into goose_db_version (version_id, is_applied) values (3, 1)');
    await expect(prepare(from, { to: 'goose', sourceTo })).rejects.toMatchObject({
      problem: { code: 'adopt.notEmpty', message: expect.stringMatching(/: 3\.$/) },
    });
  });

  it('a gap where the other tool keeps one version', async () => {
    const { database, from } = await start(dbmateFiles, 'dbmate');
    await using _ = database;
    await database.query("update schema_migrations set version = '3' where version = '2'");
    const sourceTo = await writeFolder(test.folder, pairs);
    await expect(prepare(from, { to: 'golang-migrate', sourceTo, historyTableTo: 'g' })).rejects.toMatchObject({
      problem: { code: 'adopt.unsupported', message: expect.stringContaining(': 2 would count as applied') },
    });
  });

  it('unless accepted: other SQL, a match by order, a changed file; and always without a reason', async () => {
    const { database, from } = await start(ownFiles, 'lockkeeper');
    await using _ = database;
    await writeFile(
      path.join(from.overrides?.path ?? '', '1_towns.sql'),
      '-- lockkeeper:up\ncreate table cities (id int);\n',
    );
    const sourceTo = await writeFolder(test.folder, {
      '7_first.sql': dbmateFiles['1_towns.sql'],
      '8_second.sql': dbmateFiles['2_roads.sql'],
      '9_third.sql': dbmateFiles['3_shops.sql'],
    });
    const prepared = await prepare(from, { to: 'dbmate', sourceTo });
    expect(prepared.repair.gate.hazards).toEqual(['matchedByOrder', 'otherSql', 'changedFiles']);
    const answers = { fingerprint: null, confirm: null, reason: 'r', accept: [] };
    const refusal = (given: Partial<typeof answers> | { reason: null }) => () =>
      startRepair(test.backend.context, prepared.repair, { ...answers, ...given });
    expect(refusal({})).toThrow(expect.objectContaining({ problem: expect.objectContaining({ code: 'gate.hazard' }) }));
    expect(refusal({ reason: null })).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'gate.reason' }) }),
    );
  });

  it('when either history changed in between', async () => {
    const { database, from } = await start(dbmateFiles, 'dbmate');
    await using _ = database;
    const prepared = await prepare(from, { to: 'goose', sourceTo: await writeFolder(test.folder, gooseFiles) });
    await database.query("delete from schema_migrations where version = '2'");
    const answers = { fingerprint: null, confirm: null, reason: 'r', accept: [] };
    const done = await startRepair(test.backend.context, prepared.repair, answers).finished;
    expect([done.outcome, done.problem?.code]).toEqual(['refused', 'plan.stale']);
  });
});
