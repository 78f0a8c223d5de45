/** What a killed run leaves in other tools' tables is told there as each tool demands, once it is reconciled. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ulid } from 'ulid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listRuns } from '../../electron/services/listRuns.ts';
import type { ReconcileRequest } from '../../electron/services/reconcileRequest.ts';
import { reconcileRun } from '../../electron/services/reconcileRun.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, run, type TestBackend, type TestDatabase, testBackend, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { migrating, numberOf, type Order, resume, until } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach((context) => {
  const reason = unavailable('mariadb');
  if (reason !== undefined) skipBecause(context, reason);
});

interface ToolRows {
  readonly name: string;
  /** Files of one migration before and the one that dies. */
  files(up: string, down: string): Readonly<Record<string, string>>;
  readonly query: string;
  readonly rows: Readonly<Record<'before' | 'dying' | 'notDone' | 'partly' | 'applied', readonly object[]>>;
}

const first = 'create table rooms (id int);\n';

const golang = (version: number, dirty: number) => [{ version, dirty }];
const hmisBefore = { VERSION: 'v1.0.0', STATUS: 'SUCCESS' };
const hmis = (status: string) => [hmisBefore, { VERSION: 'v1.0.1', STATUS: status }];
const flywayBefore = { version: '1', success: 1 };
const prismaBefore = { migration_name: '1_rooms', finished: 1, taken_back: 0, told: 0 };
const prisma = (row: object) => [
  prismaBefore,
  { migration_name: '2_beds', finished: 0, taken_back: 0, told: 0, ...row },
];
const sqlxBefore = { version: 1, success: 1 };
const own = (...rows: readonly string[]) => [
  { row: '1 applied' },
  { row: '2 executing' },
  ...rows.map((row) => ({ row })),
];

const tools: readonly ToolRows[] = [
  {
    name: 'golang-migrate',
    files: (up, down) => ({
      '1_rooms.up.sql': first,
      '1_rooms.down.sql': 'drop table rooms;\n',
      '2_beds.up.sql': up,
      '2_beds.down.sql': down,
      'go.mod': 'module x\n\nrequire github.com/golang-migrate/migrate/v4 v4.17.0\n',
    }),
    query: 'select version, dirty from schema_migrations',
    rows: {
      before: golang(1, 0),
      dying: golang(2, 1),
      notDone: golang(1, 0),
      partly: golang(2, 1),
      applied: golang(2, 0),
    },
  },
  {
    name: 'HMIS',
    files: (up, down) => ({
      'v1.0.0/migration.sql': first,
      'v1.0.0/rollback.sql': 'drop table rooms;\n',
      'v1.0.1/migration.sql': up,
      'v1.0.1/rollback.sql': down,
    }),
    query: 'select VERSION, STATUS from DATABASEMIGRATION order by VERSION',
    rows: {
      before: [hmisBefore],
      dying: hmis('EXECUTING'),
      notDone: [hmisBefore],
      partly: hmis('FAILED'),
      applied: hmis('SUCCESS'),
    },
  },
  {
    name: 'Flyway',
    files: (up) => ({ 'flyway.toml': '[flyway]\n', 'V1__rooms.sql': first, 'V2__beds.sql': up }),
    query: 'select version, success from flyway_schema_history order by installed_rank',
    rows: {
      before: [flywayBefore],
      dying: [flywayBefore],
      notDone: [flywayBefore],
      partly: [flywayBefore, { version: '2', success: 0 }],
      applied: [flywayBefore, { version: '2', success: 1 }],
    },
  },
  {
    name: 'Prisma',
    files: (up) => ({
      'migration_lock.toml': 'provider = "mysql"\n',
      '1_rooms/migration.sql': first,
      '2_beds/migration.sql': up,
    }),
    query: `select migration_name, finished_at is not null as finished, rolled_back_at is not null as taken_back,
      coalesce(logs, '') <> '' as told from _prisma_migrations order by migration_name, started_at`,
    rows: {
      before: [prismaBefore],
      dying: prisma({}),
      notDone: prisma({ taken_back: 1 }),
      partly: prisma({ told: 1 }),
      // As after its own `migrate resolve --rolled-back` and another attempt.
      applied: [...prisma({ taken_back: 1, told: 1 }), { ...prismaBefore, migration_name: '2_beds' }],
    },
  },
  {
    name: 'sqlx',
    files: (up) => ({ 'sqlx.toml': '', '1_rooms.sql': first, '2_beds.sql': up }),
    query: 'select version, success from _sqlx_migrations order by version',
    rows: {
      before: [sqlxBefore],
      dying: [sqlxBefore, { version: 2, success: 0 }],
      notDone: [sqlxBefore],
      partly: [sqlxBefore, { version: 2, success: 0 }],
      applied: [sqlxBefore, { version: 2, success: 1 }],
    },
  },
  {
    name: 'our own format',
    files: (up) => ({ 'lockkeeper.json': '{ "lockkeeper": 1 }', '1_rooms.sql': first, '2_beds.sql': up }),
    query:
      "select concat(version, ' ', state) as row from lockkeeper_history where state <> 'executing' or version = '2' order by id",
    rows: {
      before: [{ row: '1 applied' }],
      dying: own(),
      notDone: own('2 removed'),
      partly: own('2 failed'),
      applied: own('2 failed', '2 executing', '2 applied'),
    },
  },
];

async function project(database: TestDatabase, files: Readonly<Record<string, string>>) {
  const folder = path.join(test.folder, `tool-${ulid()}`, 'migrations');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return adHoc(database.url, folder);
}

/** Dies while the server is at work on a statement that begins so. */
async function killedIn(database: TestDatabase, like: string, order: Omit<Order, 'dataDirectory'>): Promise<string> {
  const dying = migrating({ ...order, dataDirectory: test.backend.context.workspace.dataDirectory });
  const working = `SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE '${like}%'`;
  await until(async () => (await numberOf(database, working)) === 1);
  await dying.kill();
  const [newest] = await listRuns(test.backend.context, { environment: null, adHoc: null, limit: 1 });
  return newest?.id ?? '';
}

const ask = (id: string, target: ReconcileRequest['target'], more: Partial<ReconcileRequest> = {}) =>
  reconcileRun(test.backend.context, { run: id, target, orphan: 'cancel', answer: null, reason: null, ...more });

const down = 'drop table beds;\n';

describe.each(tools)('$name', ({ files, query, rows }) => {
  it('tells of a migration of which nothing was done that it is pending', { timeout: 60_000 }, async () => {
    await using database = await testDatabase('mariadb');
    const target = await project(database, files('create table beds as select sleep(2) as id;\n', down));
    const id = await killedIn(database, 'create table beds', { target });
    expect(await database.query(query)).toEqual(rows.dying);
    const view = await ask(id, target);
    expect(view.steps.map(({ verdict }) => verdict.kind)).toEqual(['done', 'notDone']);
    expect(await database.query(query)).toEqual(rows.notDone);
    expect((await resume(test.backend.context, id, target)).problem).toBeNull();
  });

  it('tells of one that is half done, which is then gone on with', { timeout: 60_000 }, async () => {
    await using database = await testDatabase('mariadb');
    const up = 'create table beds (id int);\ndo sleep(60);\ninsert into beds values (1);\n';
    const target = await project(database, files(up, down));
    const id = await killedIn(database, 'do sleep', { target });
    await ask(id, target);
    const view = await ask(id, target, { answer: 'done', reason: 'it only sleeps' });
    expect(view.steps[1]?.verdict).toMatchObject({ kind: 'partly', at: { statement: 2 } });
    expect(await database.query(query)).toEqual(rows.partly);
    expect((await resume(test.backend.context, id, target)).problem).toBeNull();
    expect(await database.query(query)).toEqual(rows.applied);
    expect(await database.query('select id from beds')).toEqual([{ id: 1 }]);
  });

  it('tells of one that was done but for its row that it is applied', { timeout: 60_000 }, async () => {
    await using database = await testDatabase('mariadb');
    const target = await project(database, files('create table beds as select sleep(1) as id;\n', down));
    const id = await killedIn(database, 'create table beds', { target });
    const view = await ask(id, target, { orphan: 'wait' });
    expect(view.steps.map(({ verdict }) => verdict.kind)).toEqual(['done', 'done']);
    const told = await database.query(query);
    expect(told.at(-1)).toMatchObject(Object(rows.applied.at(-1)));
  });
});

it('golang-migrate: a rollback of which nothing was done leaves the version that was there', {
  timeout: 60_000,
}, async () => {
  const [tool] = tools;
  if (tool === undefined) throw new Error('no tool');
  await using database = await testDatabase('mariadb');
  await database.query('create table linen (id int)');
  const files = tool.files('create table beds (id int);\n', 'create table gone as select sleep(60) as id;\n');
  const target = await project(database, files);
  await run(test.backend, target);
  expect(await database.query(tool.query)).toEqual(golang(2, 0));
  const id = await killedIn(database, 'create table gone', { target, down: true });
  expect(await database.query(tool.query)).toEqual(golang(1, 1));
  const view = await ask(id, target);
  expect(view.steps.map(({ verdict }) => verdict.kind)).toEqual(['notDone']);
  expect(await database.query(tool.query)).toEqual(golang(2, 0));
});
