// Every tool on every engine that it works on: its table is made, read and kept as its own program would.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Driver } from '../../electron/databases/driver.ts';
import type { Session, TableName } from '../../electron/engine/ports.ts';
import { detectSource } from '../../electron/tools/detect.ts';
import { toolFor, tools } from '../../electron/tools/registry.ts';
import type { HistoryEntry } from '../../shared/model/history.ts';
import type { Migration } from '../../shared/model/migration.ts';
import { skipBecause } from '../setup/skip.ts';
import { actor, type Bench, run, runId, send, stepFor } from '../tools/running.ts';
import { type EngineDatabase, engines } from './drivers.ts';
import { onEngine, toolCases } from './tools.ts';

test('every tool of the registry is under this suite, on every engine it claims', () => {
  expect(toolCases.map(({ tool, sample }) => [tool, Object.keys(sample).sort()]).sort()).toEqual(
    tools.map(({ id, engines: claimed }) => [id, [...claimed].sort()]).sort(),
  );
});

/** What was taken from a driver changes no history table. */
const whole = engines.filter(({ parts }) => parts === undefined);
const pairs = whole.flatMap((engine) =>
  toolCases.flatMap((toolCase) => {
    const folder = toolCase.sample[engine.driver.id];
    return folder === undefined ? [] : [{ name: `${toolCase.tool} on ${engine.name}`, engine, toolCase, folder }];
  }),
);

describe.each(pairs)('$name', ({ engine, toolCase, folder }) => {
  const tool = toolFor(toolCase.tool);
  const { driver } = engine;
  const keeps = onEngine(toolCase.keeps, driver.id);
  const afterFailure = onEngine(toolCase.afterFailure, driver.id);
  const whileRunning = afterFailure === null ? null : ('executing' as const);
  const begun = toolCase.begun === undefined ? whileRunning : onEngine(toolCase.begun, driver.id);
  const subject = toolCase.reversible ?? toolCase.versions.at(-1) ?? '';
  /** Of none of the sample's migrations: some tables hold each once. */
  const unlike = toolCase.otherChecksum ?? 'e'.repeat(64);
  const [failing, repaired, quoted] = toolCase.otherKeys ?? ['v9.9', 'v9.8', "1'--"];
  let database: EngineDatabase;
  let session: Session;
  let bench: Bench;
  let migrations: readonly Migration[];

  beforeAll(async () => {
    if (engine.missing() !== undefined) return;
    database = await engine.createDatabase();
    session = await connectTo(driver, database);
    bench = { session, driver, root: folder, history: tool.history(driver.id, driver.dialect, null) };
    migrations = (await tool.read(folder, { engine: driver.id, historyTable: null, placeholders: {} })).source
      .migrations;
  });

  afterAll(async () => {
    await session?.close();
    await database?.[Symbol.asyncDispose]();
  });

  beforeEach((context) => {
    const reason = engine.missing();
    if (reason !== undefined) skipBecause(context, reason);
  });

  const entries = async () => {
    const read = (await bench.history.read(session)) ?? [];
    return tool.interpret?.(read, migrations) ?? read;
  };
  const entryOf = async (version: string) => (await entries()).find((entry) => entry.historyKey === version) ?? null;
  const migrationOf = (version: string): Migration => {
    const found = migrations.find((migration) => migration.version === version);
    if (found === undefined) throw new Error(`the sample has no ${version}`);
    return found;
  };

  /** What cannot be run here is recorded, as a person may. */
  const apply = async (migration: Migration): Promise<void> => {
    if (migration.notRunnable === undefined) {
      expect(await run(bench, migration, 'apply')).toMatchObject({ outcome: 'succeeded', problem: null });
      return;
    }
    const step = stepFor(bench, migration, 'apply');
    await send(session, bench.history.applied({ step, dialect: driver.dialect, actor, runId }));
  };

  test('the sample tree is detected, and read without a Problem', async () => {
    const { candidates, problems } = await detectSource(folder);
    expect([candidates[0]?.tool, problems]).toEqual([toolCase.tool, []]);
    expect(candidates[0]?.migrations).toBe(toolCase.versions.length);
    expect((await tool.read(folder, { engine: driver.id, historyTable: null, placeholders: {} })).problems).toEqual([]);
    expect(migrations.map(({ version }) => version)).toEqual(toolCase.versions);
  });

  test('reading an absent table gives null and creates nothing', async () => {
    expect(await bench.history.read(session)).toBeNull();
    expect(await session.columns(bench.history.table)).toBeNull();
  });

  test('the created table is empty, and is recognised as this tool’s alone', async () => {
    await send(session, bench.history.create());
    // A second runner may be between the question and the creation.
    await send(session, bench.history.create());
    expect(await entries()).toEqual([]);
    const columns = (await session.columns(bench.history.table)) ?? [];
    const recognising = tools.filter((candidate) => candidate.recognises(columns)).map(({ id }) => id);
    expect(recognising.sort()).toEqual([toolCase.tool, ...(toolCase.alike ?? [])].sort());
  });

  test('applied migrations are read back in order, with what the table keeps and nothing invented', async () => {
    for (const migration of migrations) await apply(migration);
    const read = await entries();
    expect(read.map(({ historyKey, state }) => [historyKey, state])).toEqual(
      migrations.map(({ historyKey }) => [historyKey, 'applied']),
    );
    for (const [index, entry] of read.entries()) expectKept(keeps, entry, migrations[index]);
  });

  test('a migration that was rolled back', async () => {
    if (toolCase.reversible === null)
      return expect(migrations.map(({ down }) => down)).toEqual(migrations.map(() => null));
    const migration = migrationOf(toolCase.reversible);
    expect(await run(bench, migration, 'revert')).toMatchObject({ outcome: 'succeeded', problem: null });
    expect((await entryOf(migration.historyKey))?.state ?? null).toBe(toolCase.afterRevert);
    expect(await run(bench, migration, 'apply')).toMatchObject({ outcome: 'succeeded' });
    expect(await entryOf(migration.historyKey)).toMatchObject({ state: 'applied' });
  });

  test('a failure outside a transaction', async () => {
    const migration = migrationOf(subject);
    const step = { ...stepFor(bench, migration, 'apply'), transactional: false, historyKey: failing, version: failing };
    const write = { step, dialect: driver.dialect, actor, runId };
    await send(session, bench.history.started?.(write) ?? []);
    expect((await entryOf(failing))?.state ?? null).toBe(begun);
    await send(session, bench.history.failed?.(write, "it's broken\\ \u{1F4A5}\nsecond line") ?? []);
    const entry = await entryOf(failing);
    expect(entry?.state ?? null).toBe(afterFailure);
    if (entry !== null && toolCase.message === false) expect(entry.message).toBeNull();
    else if (entry !== null) expect(entry.message).toBe("it's broken\\ \u{1F4A5}\nsecond line");
  });

  test('what may be corrected in the table is read back', async () => {
    const migration = migrationOf(subject);
    const step = {
      ...stepFor(bench, migration, 'apply'),
      transactional: false,
      historyKey: repaired,
      version: repaired,
      checksum: unlike,
    };
    const write = { step, dialect: driver.dialect, actor, runId, reason: "it's agreed" };
    const { repairs } = bench.history;
    const state = async () => (await entryOf(repaired))?.state ?? null;

    await send(session, repairs?.markApplied?.(write) ?? []);
    expect(await state()).toBe('applied');
    const checksum = toolCase.otherChecksum ?? 'f'.repeat(64);
    await send(session, repairs?.updateChecksum?.({ ...write, step: { ...step, checksum } }) ?? []);
    expect(repairs?.updateChecksum !== undefined).toBe(keeps.includes('checksum'));
    if (keeps.includes('checksum')) expect(await entryOf(repaired)).toMatchObject({ state: 'applied', checksum });
    await send(session, repairs?.markReverted?.({ ...write, step: { ...step, action: 'revert' } }) ?? []);
    expect(await state()).toBe(toolCase.afterRevert);

    expect(repairs?.removeFailed !== undefined).toBe(afterFailure !== null);
    if (repairs?.removeFailed === undefined) return;
    await send(session, bench.history.started?.(write) ?? []);
    await send(session, bench.history.failed?.(write, 'broken') ?? []);
    expect(await state()).toBe(afterFailure);
    await send(session, repairs.removeFailed(write));
    // Where the table is a log, what it told before the failure counts again.
    expect([null, toolCase.afterRevert]).toContain(await state());
  });

  test('what another tool’s history knows is carried into the table, as far as it has a place for it', async () => {
    const { repairs } = bench.history;
    const facts = { appliedAt: '2024-05-06T07:08:09.000Z', appliedBy: "o'neil", durationMs: 1500 };
    expect([...(repairs?.carries ?? [])].filter((fact) => !keeps.includes(fact))).toEqual([]);
    const step = {
      ...stepFor(bench, migrationOf(subject), 'apply'),
      historyKey: repaired,
      version: repaired,
      checksum: unlike,
    };
    const write = { step, dialect: driver.dialect, actor, runId: 'carried', reason: 'moved' };
    if (repairs?.carry === undefined) return expect(repairs?.carries).toBeUndefined();
    await send(session, repairs.markApplied?.(write) ?? []);
    await send(session, repairs.carry(write, facts));
    const entry = await entryOf(repaired);
    for (const fact of repairs.carries ?? []) expect([fact, entry?.[fact]]).toEqual([fact, facts[fact]]);
  });

  test('values that look like SQL are values', async () => {
    const migration = { ...migrationOf(subject), metadata: { description: "'; DROP TABLE x; --" } };
    const name = "Robert'); DROP TABLE students; -- \\' \u{1F4A5}";
    const step = {
      ...stepFor(bench, migration, 'apply'),
      historyKey: quoted,
      version: quoted,
      checksum: unlike,
      name,
      migration,
      transactional: false,
    };
    await send(
      session,
      [driver.dialect.startTimer, ...bench.history.applied({ step, dialect: driver.dialect, actor, runId })].filter(
        (sql) => sql !== '',
      ),
    );
    const entry = await entryOf(quoted);
    expect(entry).toMatchObject({
      historyKey: quoted,
      state: 'applied',
      ...(keeps.includes('name') ? { name } : {}),
    });
  });

  test('a table of that name with other columns is refused', async () => {
    const other = tool.history(driver.id, driver.dialect, { schema: null, name: 'not_a_history' });
    await send(session, [`CREATE TABLE ${driver.dialect.quoteTable(other.table)} (a integer, b integer)`]);
    await expect(other.read(session)).rejects.toMatchObject({
      problem: { code: 'database.historyTable', hint: expect.stringContaining('--tool') },
    });
  });

  test('a table in a schema, with a name that needs quotes', async () => {
    const schema =
      driver.id === 'sqlite'
        ? 'main'
        : ((
            await session.query(
              driver.id === 'postgres' ? 'SELECT current_schema() AS name' : 'SELECT DATABASE() AS name',
            )
          )[0]?.name ?? null);
    const named = tool.history(driver.id, driver.dialect, { schema: String(schema), name: 'My "Own" `migrations' });
    await send(session, named.create());
    expect(await named.read(session)).toEqual([]);
  });
});

test('HMIS: a table in lower case is told, so that no second history begins beside it', async (context) => {
  const mariadb = engines.find(({ driver }) => driver.id === 'mysql');
  const reason = mariadb === undefined ? 'no engine for HMIS' : mariadb.missing();
  if (mariadb === undefined || reason !== undefined) return skipBecause(context, reason ?? '');
  await using database = await mariadb.createDatabase();
  const session = await connectTo(mariadb.driver, database);
  const history = (table: TableName | null) => toolFor('hmis').history('mysql', mariadb.driver.dialect, table);
  await send(session, history({ schema: null, name: 'databasemigration' }).create());
  await expect(history(null).read(session)).rejects.toMatchObject({
    problem: { code: 'database.historyTable', hint: expect.stringContaining('--history-table databasemigration') },
  });
  await session.close();
});

const connectTo = (driver: Driver, { connection, password }: EngineDatabase): Promise<Session> =>
  driver.connect(connection, {
    password,
    applicationName: 'tools',
    readOnly: false,
    connectTimeoutMs: 20_000,
    lockTimeoutMs: 20_000,
  });

function expectKept(keeps: readonly string[], entry: HistoryEntry, migration: Migration | undefined): void {
  const always = ['historyKey', 'state'];
  const present = Object.entries(entry).filter(
    ([field, value]) => value !== null && !always.includes(field) && field !== 'storedDown',
  );
  expect(present.map(([field]) => field).sort()).toEqual([...keeps].sort());
  if (entry.name !== null) expect(entry.name).toBe(migration?.name);
  expect(entry.checksum).toBe(migration?.checksum);
  if (entry.appliedAt !== null) {
    expect(entry.appliedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    // A wrong time zone would be half an hour off at least.
    expect(Math.abs(Date.parse(entry.appliedAt) - Date.now())).toBeLessThan(20 * 60_000);
  }
}
