// The locks of Flyway and sqlx are taken by the numbers and names that their own programs use.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../electron/engine/ports.ts';
import { toolFor } from '../../electron/tools/registry.ts';
import { type EngineDatabase, engines } from '../conformance/drivers.ts';
import { skipBecause } from '../setup/skip.ts';

/** For a database `mydb` and the tools' own tables (formats.md 1.6). */
const known = {
  postgres: { flyway: '77433833903597', sqlx: '293176876009260204' },
  mysql: { flyway: 'Flyway-278632207', sqlx: '41192d0bee404ac' },
} as const;

const networked = engines.flatMap((engine) =>
  engine.driver.id === 'postgres' || engine.driver.id === 'mysql' ? [{ ...engine, id: engine.driver.id }] : [],
);

describe.each(networked)('$name', ({ id, driver, missing, createDatabase }) => {
  let database: EngineDatabase;
  const sessions: Session[] = [];

  const connect = async (): Promise<Session> => {
    const session = await driver.connect(database.connection, {
      password: database.password,
      applicationName: 'locks',
      readOnly: false,
      connectTimeoutMs: 20_000,
      lockTimeoutMs: 20_000,
    });
    sessions.push(session);
    return session;
  };

  beforeAll(async () => {
    if (missing() === undefined) database = await createDatabase();
  });

  afterAll(async () => {
    for (const session of sessions) await session.close();
    await database?.[Symbol.asyncDispose]();
  });

  test.for(['flyway', 'sqlx'] as const)('%s: two sessions exclude each other; who is told', async (tool, context) => {
    const reason = missing();
    if (reason !== undefined) return skipBecause(context, reason);
    const [one, other] = [await connect(), await connect()];
    const history = toolFor(tool).history(id, driver.dialect, null);
    expect(await history.tryToolLock?.(one)).toBeNull();
    expect(await history.tryToolLock?.(other)).toMatchObject({ held: true, holder: { alive: true } });
    await history.releaseToolLock?.(one);
    expect(await history.tryToolLock?.(other)).toBeNull();
    await history.releaseToolLock?.(other);
  });

  test.for(['flyway', 'sqlx'] as const)('%s: the key for a known database', async (tool, context) => {
    const reason = missing();
    if (reason !== undefined) return skipBecause(context, reason);
    const asked: string[] = [];
    const session = await connect();
    const named: Session = {
      ...session,
      identity: { ...session.identity, database: 'mydb', schema: id === 'postgres' ? 'public' : 'mydb' },
      query: (sql, parameters) => {
        asked.push(`${sql} ${parameters?.join(' ') ?? ''}`);
        return session.query(sql, parameters);
      },
    };
    const history = toolFor(tool).history(id, driver.dialect, null);
    await history.tryToolLock?.(named);
    await history.releaseToolLock?.(named);
    expect(asked.every((question) => question.includes(known[id][tool]))).toBe(true);
    expect(asked).toHaveLength(2);
  });
});
