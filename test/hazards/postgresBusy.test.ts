// What rules say of other sessions, seen with other sessions: who waits for whom, what stays after a rollback, what a
// failed build leaves.
import type pg from 'pg';
import { describe, expect, it, type TestContext } from 'vitest';
import { readFacts } from '../../electron/databases/postgres/facts.ts';
import type { Hazard } from '../../shared/model/plan.ts';
import { openUrl } from '../databases/postgres/support.ts';
import { postgres15, postgres18, type TestDatabase, unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { judge } from './postgresJudge.ts';
import { schema } from './postgresSchema.ts';
import { connected } from './postgresServer.ts';

async function judged(database: TestDatabase, script: string, transactional = true): Promise<Hazard[]> {
  await using session = await openUrl(database.url);
  return judge(script, await readFacts(session, 'all'), transactional);
}

const pidOf = async (client: pg.Client): Promise<number> =>
  (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid ?? 0;

/** Sessions that this one waits for. */
const blockersOf = async (client: pg.Client, pid: number): Promise<number[]> =>
  (await client.query<{ pids: number[] }>('SELECT pg_blocking_pids($1) AS pids', [pid])).rows[0]?.pids ?? [];

const sqlState = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { readonly code?: string }) => error.code ?? String(error),
  );

describe.each([
  ['15', 'postgres15', postgres15],
  ['18', 'postgres18', postgres18],
] as const)('on a busy PostgreSQL %s', (_version, kind, server) => {
  const reason = unavailable(kind);
  const database = async (context: TestContext): Promise<TestDatabase> => {
    if (reason !== undefined) skipBecause(context, reason);
    const made = await (await server()).createDatabase();
    await using client = await connected(made.url);
    await client.query(schema);
    return made;
  };

  it('a short ALTER waits for a SELECT, and later SELECTs wait behind it', async (context) => {
    await using busy = await database(context);
    await using reader = await connected(busy.url);
    await using migration = await connected(busy.url);
    await using later = await connected(busy.url);
    await using watcher = await connected(busy.url);
    const [first, second, third] = [await pidOf(reader), await pidOf(migration), await pidOf(later)];
    await reader.query('BEGIN; SELECT count(*) FROM people');
    const altering = sqlState(migration.query('ALTER TABLE people ADD COLUMN extra int'));
    await expect.poll(() => blockersOf(watcher, second), { timeout: 20_000 }).toEqual([first]);
    const reading = sqlState(later.query('SELECT count(*) FROM people'));
    await expect.poll(() => blockersOf(watcher, third), { timeout: 20_000 }).toEqual([second]);
    const [hazard] = await judged(busy, 'ALTER TABLE people ADD COLUMN another int');
    expect(hazard).toMatchObject({ code: 'briefLock', category: 'locksReads' });
    expect(hazard?.message).toContain('everybody who comes later waits behind it');
    await reader.query('COMMIT');
    expect(await Promise.all([altering, reading])).toEqual(['done', 'done']);
  });

  it('an index build keeps writers out, and a concurrent one does not, but waits for an unrelated snapshot', async (context) => {
    await using busy = await database(context);
    await using builder = await connected(busy.url);
    await using writer = await connected(busy.url);
    await using watcher = await connected(busy.url);
    const [building, writing] = [await pidOf(builder), await pidOf(writer)];
    await builder.query('BEGIN; CREATE INDEX plain_build ON people (age)');
    const blocked = sqlState(writer.query('UPDATE people SET age = age WHERE id = 1'));
    await expect.poll(() => blockersOf(watcher, writing), { timeout: 20_000 }).toEqual([building]);
    await watcher.query('SELECT count(*) FROM people');
    await builder.query('ROLLBACK');
    expect(await blocked).toBe('done');
    expect(
      (await judged(busy, 'CREATE INDEX plain_build ON people (age)')).map(({ code, category }) => [code, category]),
    ).toEqual([['createIndex', 'locksWrites']]);

    await using snapshot = await connected(busy.url);
    const holding = await pidOf(snapshot);
    await snapshot.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM teams');
    const cancelled = sqlState(builder.query('CREATE INDEX CONCURRENTLY people_age ON people (age)'));
    await expect.poll(() => blockersOf(watcher, building), { timeout: 20_000 }).toEqual([holding]);
    await writer.query('UPDATE people SET age = age WHERE id = 1');
    await watcher.query('SELECT pg_cancel_backend($1)', [building]);
    expect(await cancelled).toBe('57014');
    await snapshot.query('COMMIT');
    const concurrent = await judged(busy, 'CREATE INDEX CONCURRENTLY people_other ON people (age)', false);
    expect(concurrent.map(({ code }) => code)).toEqual(['refusesTransaction']);
    expect(concurrent[0]?.message).toMatch(/waits for every transaction that is open.*leaves an invalid index/);

    const again = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS people_age ON people (age)';
    await builder.query(again);
    const valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'people_age'::regclass";
    expect((await builder.query(valid)).rows).toEqual([{ indisvalid: false }]);
    expect(await judged(busy, again, false)).toContainEqual(
      expect.objectContaining({ code: 'concurrentIfNotExists', severity: 'danger' }),
    );
    await builder.query('DROP INDEX CONCURRENTLY people_age');
    expect(await judged(busy, again, false)).toContainEqual(
      expect.objectContaining({ code: 'concurrentIfNotExists', severity: 'warning' }),
    );
  });

  it('two sessions that write and then alter meet in a deadlock', async (context) => {
    await using busy = await database(context);
    await using one = await connected(busy.url);
    await using other = await connected(busy.url);
    const script = 'UPDATE teams SET title = title WHERE id = %; ALTER TABLE teams ADD COLUMN extra int';
    const [write = '', alter = ''] = script.split('; ');
    for (const [client, id] of [
      [one, '1'],
      [other, '2'],
    ] as const)
      await client.query(`BEGIN; ${write.replace('%', id)}`);
    const states = await Promise.all(
      [one, other].map(async (client) => {
        const state = await sqlState(client.query(alter));
        await client.query('ROLLBACK');
        return state;
      }),
    );
    expect(states.sort()).toEqual(['40P01', 'done']);
    expect(await judged(busy, script.replace('%', '1'))).toContainEqual(
      expect.objectContaining({ code: 'severalLocks', severity: 'warning' }),
    );
  });

  it.each([
    ["SELECT setval('numbers', 1000)", true],
    ["SELECT nextval('numbers')", true],
    ['ALTER SEQUENCE numbers RESTART WITH 1000', false],
  ])('a rollback leaves what %s did: %s', async (statement, stays) => {
    if (reason !== undefined) return;
    await using busy = await (await server()).createDatabase();
    await using client = await connected(busy.url);
    await client.query(schema);
    const last = async () => (await client.query('SELECT last_value, is_called FROM numbers')).rows;
    const before = await last();
    await client.query(`BEGIN; ${statement}; ROLLBACK`);
    expect(JSON.stringify(await last()) !== JSON.stringify(before)).toBe(stays);
    expect((await judged(busy, statement)).some(({ code }) => code === 'sequenceKept')).toBe(stays);
  });

  it('a setting leaks unless it is local', async (context) => {
    await using busy = await database(context);
    await using client = await connected(busy.url);
    for (const [statement, leaks] of [
      ["SET work_mem = '8MB'", true],
      ["SET LOCAL work_mem = '9MB'", false],
    ] as const) {
      const before = (await client.query('SHOW work_mem')).rows;
      await client.query(`BEGIN; ${statement}; COMMIT`);
      const after = (await client.query('SHOW work_mem')).rows;
      expect(JSON.stringify(before) !== JSON.stringify(after)).toBe(leaks);
      expect((await judged(busy, statement)).some(({ code }) => code === 'sessionSetting')).toBe(leaks);
    }
  });

  it('an added value of an enumeration cannot be used before it is committed', async (context) => {
    await using busy = await database(context);
    await using client = await connected(busy.url);
    const script = "ALTER TYPE mood ADD VALUE 'keen'; SELECT 'keen'::mood";
    expect(await sqlState(client.query(`BEGIN; ${script}`))).toBe('55P04');
    await client.query('ROLLBACK');
    expect((await judged(busy, script)).map(({ code }) => code)).toEqual(['enumValueUsed']);
    expect(await judged(busy, "ALTER TYPE mood RENAME VALUE 'calm' TO 'keen'; SELECT 'keen'::mood")).toEqual([]);
  });

  it.each([
    'VACUUM FULL people',
    'CREATE INDEX CONCURRENTLY x ON people (age)',
    'DROP INDEX CONCURRENTLY people_name',
    'REINDEX TABLE CONCURRENTLY people',
    'REINDEX INDEX people_name',
    'ALTER TABLE readings DETACH PARTITION readings_2020 CONCURRENTLY',
    'ALTER TABLE readings DETACH PARTITION readings_2020',
    'CREATE INDEX y ON people (age)',
    'CLUSTER people USING people_name',
    'CLUSTER',
    'DISCARD ALL',
    'ALTER SYSTEM RESET work_mem',
  ])('refuses a transaction or not, as was said: %s', async (statement) => {
    if (reason !== undefined) return;
    await using busy = await (await server()).createDatabase();
    await using client = await connected(busy.url);
    await client.query(schema);
    await client.query('BEGIN');
    const refused = (await sqlState(client.query(statement))) === '25001';
    await client.query('ROLLBACK');
    const hazards = await judged(busy, statement, false);
    expect(hazards.some(({ code }) => code === 'refusesTransaction')).toBe(refused);
  });

  it('VACUUM FULL writes the table into another file', async (context) => {
    await using busy = await database(context);
    await using client = await connected(busy.url);
    const file = async () => (await client.query("SELECT pg_relation_filenode('people') AS file")).rows[0];
    const before = await file();
    await client.query('VACUUM people');
    expect(await file()).toEqual(before);
    await client.query('VACUUM (FULL) people');
    expect(await file()).not.toEqual(before);
    expect((await judged(busy, 'VACUUM (FULL) people', false)).map(({ code }) => code)).toContain('rewriteWhole');
    expect(
      (await judged(busy, 'VACUUM people; VACUUM (FULL false) people', false)).map(({ code }) => code),
    ).not.toContain('rewriteWhole');
  });
});
