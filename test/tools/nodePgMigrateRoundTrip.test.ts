// The real node-pg-migrate and we, in turn, on one database: each must agree with what the other did.
import { cp, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, type TestContext, test } from 'vitest';
import type { Driver } from '../../electron/databases/driver.ts';
import { driverFor } from '../../electron/databases/registry.ts';
import { toolFor } from '../../electron/tools/registry.ts';
import { shared, unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { nodePgMigrate } from './nodePgMigrateProgram.ts';
import { read, samples } from './reading.ts';
import { type Bench, run, send } from './running.ts';

const keys = [
  '1767600000000_create-boats',
  '1768200000000_create-hires',
  '1768800000000_add-deposit',
  '1769400000000_index-hires',
] as const;

interface Place {
  readonly bench: Bench;
  readonly url: string;
  readonly folder: string;
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

async function open(context: TestContext): Promise<Place> {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
  const database = await (await shared('postgres15')).createDatabase();
  onTestFinished(() => database[Symbol.asyncDispose]());
  const project = await mkdtemp(join(tmpdir(), 'lockkeeper-node-pg-migrate-'));
  onTestFinished(() => rm(project, { recursive: true, force: true }));
  await cp(join(samples, 'node-pg-migrate'), project, { recursive: true });
  // As npm ci would leave it, for what the migrations import.
  await symlink(join(import.meta.dirname, '../../node_modules'), join(project, 'node_modules'));
  const driver: Driver = driverFor('postgres');
  const { connection, password } = driver.parseUrl(database.url);
  const session = await driver.connect(connection, {
    password,
    applicationName: 'round trip',
    readOnly: false,
    connectTimeoutMs: 20_000,
    lockTimeoutMs: 20_000,
  });
  onTestFinished(() => session.close());
  const folder = join(project, 'migrations');
  return {
    url: database.url,
    folder,
    bench: {
      session,
      driver,
      root: folder,
      history: toolFor('node-pg-migrate').history('postgres', driver.dialect, null),
    },
    query: (sql) => database.query(sql),
  };
}

const ours = async ({ bench }: Place): Promise<string[] | null> =>
  (await bench.history.read(bench.session))?.map((entry) => entry.historyKey) ?? null;

async function step({ bench, folder }: Place, key: string, action: 'apply' | 'revert'): Promise<void> {
  const { source, problems } = await read('node-pg-migrate', folder, 'postgres');
  expect(problems).toEqual([]);
  const migration = source.migrations.find(({ historyKey }) => historyKey === key);
  if (migration === undefined) throw new Error(`no migration ${key}`);
  expect(await run(bench, migration, action)).toMatchObject({ outcome: 'succeeded', problem: null });
}

const columns = (table: string): string =>
  `SELECT column_name, data_type, column_default, is_nullable FROM information_schema.columns WHERE table_name = '${table}' ORDER BY ordinal_position`;

test('it applies, we agree and apply the rest, its check of the order passes, it rolls back, we agree and roll back, it agrees', async (context) => {
  const place = await open(context);
  await nodePgMigrate(place.url, place.folder, 'up', '2');
  expect(await ours(place)).toEqual(keys.slice(0, 2));
  await step(place, keys[2], 'apply');
  await step(place, keys[3], 'apply');
  expect(await nodePgMigrate(place.url, place.folder, 'up')).toContain('No migrations to run!');

  // The last one has no way back; only a development database would lose its row so.
  await place.query(`DELETE FROM pgmigrations WHERE name = '${keys[3]}'`);
  await nodePgMigrate(place.url, place.folder, 'down');
  expect(await ours(place)).toEqual(keys.slice(0, 2));
  await step(place, keys[1], 'revert');
  expect(await nodePgMigrate(place.url, place.folder, 'up', '--dry-run')).toContain(keys[1]);
  expect(await ours(place)).toEqual(keys.slice(0, 1));
});

test('we begin with an empty database; it finds its own table in it, and both leave the same schema', async (context) => {
  const [place, other] = [await open(context), await open(context)];
  expect(await ours(place)).toBeNull();
  await send(place.bench.session, place.bench.history.create());
  for (const key of keys) await step(place, key, 'apply');
  expect(await nodePgMigrate(place.url, place.folder, 'up')).toContain('No migrations to run!');
  await nodePgMigrate(other.url, other.folder, 'up');
  for (const sql of [
    columns('pgmigrations'),
    columns('boats'),
    columns('hires'),
    'SELECT indexdef FROM pg_indexes ORDER BY 1',
    'SELECT conname FROM pg_constraint ORDER BY 1',
  ])
    expect(await place.query(sql)).toEqual(await other.query(sql));
});

test('what we would refuse as out of order, its check of the order refuses too', async (context) => {
  const place = await open(context);
  await nodePgMigrate(place.url, place.folder, 'up', '2');
  await writeFile(join(place.folder, '1768000000000_late.sql'), 'SELECT 1;');
  expect(toolFor('node-pg-migrate').rules.outOfOrder).toBe('refused');
  await expect(nodePgMigrate(place.url, place.folder, 'up')).rejects.toThrow('is preceding already run migration');
});

test('version 9 refuses what is not numbered, as we do', async (context) => {
  const place = await open(context);
  await rename(join(place.folder, `${keys[1]}.sql`), join(place.folder, 'create-hires.sql'));
  expect((await read('node-pg-migrate', place.folder)).problems).toMatchObject([{ code: 'source.unknownName' }]);
  await expect(nodePgMigrate(place.url, place.folder, 'up')).rejects.toThrow('Cannot determine numeric prefix');
});

describe('one at a time', () => {
  test('while we hold its lock, it refuses', async (context) => {
    const place = await open(context);
    expect(await place.bench.history.tryToolLock?.(place.bench.session)).toBeNull();
    await expect(nodePgMigrate(place.url, place.folder, 'up')).rejects.toThrow('Another migration is already running');
    await place.bench.history.releaseToolLock?.(place.bench.session);
    await expect(nodePgMigrate(place.url, place.folder, 'up')).resolves.toContain(keys[0]);
  });

  test('while it runs, we do not get its lock', async (context) => {
    const place = await open(context);
    await writeFile(join(place.folder, '1_wait.sql'), 'SELECT pg_sleep(60);');
    const running = nodePgMigrate(place.url, place.folder, 'up').catch(() => undefined);
    const waiting =
      "SELECT count(*)::int AS count FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid() AND state = 'active'";
    await expect.poll(async () => (await place.query(waiting))[0]?.['count'], { timeout: 20_000 }).toBe(1);
    expect(await place.bench.history.tryToolLock?.(place.bench.session)).toMatchObject({ held: true });
    await place.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()",
    );
    await running;
    await expect.poll(() => place.bench.history.tryToolLock?.(place.bench.session)).toBeNull();
  });
});
