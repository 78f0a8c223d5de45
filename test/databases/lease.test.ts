// What a lease promises beside what the suite asks of every lock: on a real PostgreSQL and a real MariaDB.
import { beforeEach, describe, expect, test } from 'vitest';
import { type Engine, engines } from '../conformance/drivers.ts';
import { holder } from '../conformance/sessionOptions.ts';
import { control, expectFault, faultOf, listen, open, run, statements } from '../conformance/sessions.ts';
import { skipBecause } from '../setup/skip.ts';

const leased = engines.filter(({ limits }) => limits.capabilities?.runnerLock === 'lease');
const name = 'shop/public.migrations';

/** The connection over which the holder gives signs of life. */
const beating = (engine: Engine, own: string | undefined): string =>
  engine.product === 'PostgreSQL'
    ? `SELECT pid AS id FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' AND application_name LIKE 'lockkeeper beat%' AND pid <> ${own}`
    : `SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND COMMAND = 'Sleep' AND ID NOT IN (CONNECTION_ID(), ${own})`;

describe.each(leased)('$name', (engine) => {
  beforeEach((context) => {
    const reason = engine.missing();
    if (reason !== undefined) skipBecause(context, reason);
  });

  test('a holder that gives no sign of life any more stops its statement, and goes no further', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database, { applicationName: 'lockkeeper beat@here#1' });
    expect(await session.tryLock(name, holder('first'))).toBeNull();
    const going = faultOf(session.send(statements('SELECT 1', engine.sql.long), listen()));
    await using other = await open(engine, database);
    const own = session.identity.backend.split(' ')[0];
    await expect.poll(async () => (await other.query(beating(engine, own))).length, { timeout: 20_000 }).toBe(1);
    for (const { id } of await other.query(beating(engine, own)))
      await other.query(
        engine.product === 'PostgreSQL' ? `SELECT pg_terminate_backend(${id})` : `KILL CONNECTION ${id}`,
      );
    expect((await going).kind).toBe('cancelled');
    await expectFault(session.confirmLocks(false), 'lockLost');
    // Its row is taken over when the beat has stood still for long enough.
    await expect.poll(() => other.tryLock(name, holder('second')), { timeout: 30_000 }).toBeNull();
  });

  test('nothing is committed once the row is another’s, whatever a script has set', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    await using other = await open(engine, database);
    const { begin, commit } = engine.driver.control;
    await run(session, 'CREATE TABLE note (id integer PRIMARY KEY)');
    expect(await session.tryLock(name, holder('first'))).toBeNull();
    const write = (id: number) =>
      session.send(control(...begin, `INSERT INTO note VALUES (${id})`, ...session.fence(), commit), listen());
    await write(1);
    expect(await other.endHolder(name)).toBe('ended');
    expect(await other.tryLock(name, holder('second'))).toBeNull();
    if (engine.sql.lenient !== null) await session.send(control(engine.sql.lenient), listen());
    await expectFault(write(2), 'lockLost');
    await session.send(control('ROLLBACK'), listen());
    expect(await other.query('SELECT id FROM note')).toEqual([{ id: 1 }]);
  });

  test('a beat does not collide with a transaction that looks at the database as it was at its beginning', async () => {
    await using database = await engine.createDatabase();
    await using session = await open(engine, database);
    await run(session, 'CREATE TABLE note (id integer PRIMARY KEY)');
    expect(await session.tryLock(name, holder('first'))).toBeNull();
    await run(session, 'SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ').catch(() =>
      run(session, 'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ'),
    );
    await using other = await open(engine, database);
    await session.send(control(...engine.driver.control.begin, 'INSERT INTO note VALUES (1)'), listen());
    const beats = async () =>
      Number((await other.query('SELECT SUM(beat) AS beats FROM lockkeeper.lease_beat'))[0]?.['beats']);
    const before = await beats();
    await expect.poll(beats, { timeout: 20_000 }).toBeGreaterThan(before + 1);
    await session.send(control(...session.fence(), engine.driver.control.commit), listen());
    expect(await session.query('SELECT id FROM note')).toEqual([{ id: 1 }]);
  });
});
