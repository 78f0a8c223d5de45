// The real dbmate and we, in turn, on one database: each must agree with what the other did.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, type TestContext, test } from 'vitest';
import type { Driver } from '../../electron/databases/driver.ts';
import { driverFor } from '../../electron/databases/registry.ts';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import type { TableName } from '../../electron/engine/ports.ts';
import { toolFor } from '../../electron/tools/registry.ts';
import type { EngineId } from '../../shared/model/environment.ts';
import { shared, unavailable } from '../servers/index.ts';
import type { ServerKind } from '../servers/model.ts';
import { skipBecause } from '../setup/skip.ts';
import { dbmate, dbmateStatus } from './dbmateProgram.ts';
import { fixtures, read, samples } from './reading.ts';
import { type Bench, run, send } from './running.ts';

const versions = ['20260105090000', '20260112090000', '20260119090000'];

interface Place {
  readonly bench: Bench;
  /** For dbmate. */
  readonly url: string;
  readonly folder: string;
}

async function placeIn(engine: EngineId, url: string, ours: string, table: TableName | null = null): Promise<Place> {
  const folder = await temporaryFolder();
  await cp(join(samples, 'dbmate', engine), folder, { recursive: true });
  const driver: Driver = driverFor(engine);
  const { connection, password } = driver.parseUrl(ours);
  const session = await driver.connect(connection, {
    password,
    applicationName: 'round trip',
    readOnly: false,
    connectTimeoutMs: 20_000,
    lockTimeoutMs: 20_000,
  });
  onTestFinished(() => session.close());
  return {
    url,
    folder,
    bench: { session, driver, root: folder, history: toolFor('dbmate').history(engine, driver.dialect, table) },
  };
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-dbmate-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function onServer(kind: ServerKind, engine: EngineId, context: TestContext): Promise<Place> {
  const reason = unavailable(kind);
  if (reason !== undefined) skipBecause(context, reason);
  const database = await (await shared(kind)).createDatabase();
  onTestFinished(() => database[Symbol.asyncDispose]());
  const url = new URL(database.url.replace(/^mariadb:/, 'mysql:'));
  if (engine === 'postgres') url.searchParams.set('sslmode', 'disable');
  return placeIn(engine, url.href, database.url);
}

async function inFile(): Promise<Place> {
  const file = join(await temporaryFolder(), 'data.db');
  await createDatabase(file);
  return placeIn('sqlite', `sqlite:${file}`, `sqlite:${file}`);
}

const places: readonly { name: string; open: (context: TestContext) => Promise<Place> }[] = [
  { name: 'PostgreSQL 15', open: (context) => onServer('postgres15', 'postgres', context) },
  { name: 'PostgreSQL 18', open: (context) => onServer('postgres18', 'postgres', context) },
  { name: 'MariaDB', open: (context) => onServer('mariadb', 'mysql', context) },
  { name: 'SQLite', open: inFile },
];

const ours = async ({ bench }: Place) =>
  (await bench.history.read(bench.session))?.map((entry) => entry.historyKey) ?? null;

async function migrationOf({ bench, folder }: Place, version: string) {
  const found = (await read('dbmate', folder, bench.driver.id)).source.migrations.find(
    (migration) => migration.version === version,
  );
  if (found === undefined) throw new Error(`no migration ${version}`);
  return found;
}

async function step(place: Place, version: string, action: 'apply' | 'revert'): Promise<void> {
  expect(await run(place.bench, await migrationOf(place, version), action)).toMatchObject({
    outcome: 'succeeded',
    problem: null,
  });
}

describe.each(places)('$name', ({ open }) => {
  test('dbmate applies, we agree and apply the rest, it agrees and rolls back, we agree and roll back, it agrees', async (context) => {
    const place = await open(context);
    const [first = '', second = '', third = ''] = versions;
    const last = join(place.folder, `${third}_index_loans_by_borrower.sql`);
    const aside = join(await temporaryFolder(), 'last.sql');
    await cp(last, aside);
    await rm(last);
    await dbmate(place.url, place.folder, 'up');
    await cp(aside, last);

    expect(await ours(place)).toEqual([first, second]);
    await step(place, third, 'apply');
    expect(await dbmateStatus(place.url, place.folder)).toEqual({ applied: versions, pending: [] });

    await dbmate(place.url, place.folder, 'rollback');
    expect(await ours(place)).toEqual([first, second]);
    await step(place, second, 'revert');
    expect(await dbmateStatus(place.url, place.folder)).toEqual({ applied: [first], pending: [second, third] });

    await dbmate(place.url, place.folder, 'up');
    expect(await ours(place)).toEqual(versions);
  });

  test('we begin with an empty database; dbmate finds its own table in it, and goes on', async (context) => {
    const place = await open(context);
    expect(await ours(place)).toBeNull();
    await send(place.bench.session, place.bench.history.create());
    for (const version of versions) await step(place, version, 'apply');
    expect(await dbmateStatus(place.url, place.folder)).toEqual({ applied: versions, pending: [] });
    expect(await dbmate(place.url, place.folder, 'up')).not.toContain('Applying');
    for (const _ of versions) await dbmate(place.url, place.folder, 'rollback');
    expect(await ours(place)).toEqual([]);
  });
});

test('PostgreSQL: a history table in a schema that neither has made yet', async (context) => {
  const place = await onServer('postgres15', 'postgres', context);
  const named = {
    ...place,
    bench: {
      ...place.bench,
      history: toolFor('dbmate').history('postgres', place.bench.driver.dialect, { schema: "it's", name: 'done' }),
    },
  };
  await send(named.bench.session, named.bench.history.create());
  const [first = ''] = versions;
  await step(named, first, 'apply');
  expect(await dbmate(place.url, place.folder, '--migrations-table', "it's.done", 'status')).toContain(`[X] ${first}`);
  // Once it is there, the right to create schemas is no longer needed.
  await expect(send(named.bench.session, named.bench.history.create())).resolves.toBeUndefined();
});

describe('dbmate itself refuses what we refuse', () => {
  const refused = [
    'down-missing',
    'up-missing',
    'marker-indented',
    'statement-before-up',
    'down-before-up',
    'byte-order-mark',
    'same-version',
  ];
  test.each(refused)('%s', async (defect) => {
    const folder = join(fixtures, `dbmate-${defect}`);
    const url = `sqlite:${join(await temporaryFolder(), 'data.db')}`;
    expect((await read('dbmate', folder, 'sqlite')).problems).not.toEqual([]);
    await expect(dbmate(url, folder, 'up')).rejects.toThrow(/Error: /);
  });
});

// 2.36 fails half-way in such a file; older versions take all from the first down marker on for the rollback.
test('several pairs in one file mean different things to versions of dbmate, so we refuse them', async () => {
  const folder = join(fixtures, 'dbmate-two-pairs');
  expect((await read('dbmate', folder, 'sqlite')).problems).toMatchObject([
    { code: 'source.invalidSections', line: 5 },
  ]);
});

describe('dbmate itself takes what we take', () => {
  const texts: Readonly<Record<string, string>> = {
    'carriage returns': '--migrate:up\r\ncreate table a (id int);\r\n--migrate:down\r\ndrop table a;\r\n',
    'other words on the marker line':
      '-- migrate:up please\ncreate table a (id int);\n-- migrate:down extra words here\ndrop table a;\n',
    'empty blocks': '-- migrate:up\n-- migrate:down\n',
    'comments first': '\n  -- by the team\n-- migrate:up\ncreate table a (id int);\n-- migrate:down\ndrop table a;\n',
  };
  test.each(Object.keys(texts))('%s', async (name) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, '1_a.sql'), texts[name] ?? '');
    const url = `sqlite:${join(await temporaryFolder(), 'data.db')}`;
    expect((await read('dbmate', folder, 'sqlite')).problems).toEqual([]);
    await dbmate(url, folder, 'up');
    expect(await dbmate(url, folder, 'rollback')).toContain('Rolled back');
  });
});
