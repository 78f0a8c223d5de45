/** A runner that stands still (a laptop asleep) while others go on: it can do no harm when it wakes. */
import { beforeEach, describe, expect, it } from 'vitest';
import { releaseLock } from '../../electron/services/lockStatus.ts';
import { ProblemError } from '../../shared/problem.ts';
import { firstOf, migrating, numberOf, resume, until } from '../reconcile/support.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, run, type TestBackend, type TestDatabase, testBackend, testDatabase, writeFolder } from './backend.ts';

const engines = ['postgres15', 'mariadb', 'sqlite'] as const;
type Engine = (typeof engines)[number];

const pause = { postgres15: 'SELECT pg_sleep(2);', mariadb: 'SELECT SLEEP(2);' } as const;
const slow =
  'INSERT INTO log SELECT 0 WHERE (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000000) SELECT count(*) FROM n) < 0;';

const source = (test: TestBackend, engine: Engine) =>
  writeFolder(test.folder, {
    '1_a.sql': '-- migrate:up\nCREATE TABLE log (id integer);\n-- migrate:down\n',
    '2_b.sql': `-- migrate:up\nINSERT INTO log VALUES (1);\n${engine === 'sqlite' ? slow : pause[engine]}\nINSERT INTO log VALUES (2);\n-- migrate:down\n`,
    '3_c.sql': '-- migrate:up\nINSERT INTO log VALUES (3);\n-- migrate:down\n',
  });

const everythingOnce = async (database: TestDatabase) => {
  expect(await database.query('SELECT id FROM log ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
  expect(await database.query('SELECT version FROM schema_migrations ORDER BY version')).toMatchObject([
    { version: '1' },
    { version: '2' },
    { version: '3' },
  ]);
};

/** The second migration is in its pause. */
const isPausing = (database: TestDatabase, engine: Engine) => async (): Promise<boolean> => {
  if (engine === 'sqlite') return (await firstOf(database, 'SELECT count(*) FROM log')) === 0;
  const question =
    engine === 'mariadb'
      ? "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP(2)%' OR (STATE = 'User sleep' AND DB = DATABASE())"
      : "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
  return (await numberOf(database, question)) > 0;
};

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : thrown),
  );

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('keeps others out while its session lives, and goes on when it wakes', async () => {
    await using test = await testBackend();
    await using other = await testBackend();
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await source(test, engine));
    const sleeper = migrating({ dataDirectory: test.backend.context.workspace.dataDirectory, target });
    try {
      await until(isPausing(database, engine));
      sleeper.process.kill('SIGSTOP');
      const { run: refused } = await run(other.backend, target);
      expect(refused).toMatchObject({ outcome: 'refused', problem: { code: 'lock.held' } });
    } finally {
      sleeper.process.kill('SIGCONT');
    }
    expect(JSON.parse(await sleeper.ended)).toMatchObject({ outcome: 'succeeded' });
    await everythingOnce(database);
  });

  it('does nothing more when its session was ended and another run has finished its work', async (context) => {
    if (engine === 'sqlite') skipBecause(context, 'no session of SQLite ends while its process lives');
    await using test = await testBackend();
    await using other = await testBackend();
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await source(test, engine));
    const sleeper = migrating({ dataDirectory: test.backend.context.workspace.dataDirectory, target });
    try {
      await until(isPausing(database, engine));
      sleeper.process.kill('SIGSTOP');
      const { context: here } = other.backend;
      const end = { confirm: null, force: true, reason: 'it sleeps' };
      const confirm = /--confirm "(.+)"$/.exec(
        ((await problemOf(releaseLock(here, target, end))) as { hint: string }).hint,
      )?.[1];
      await releaseLock(here, target, { ...end, confirm: confirm ?? '' });
      const id = await firstOf(
        database,
        engine === 'mariadb'
          ? 'SELECT id FROM lockkeeper.run WHERE database_name = DATABASE()'
          : 'SELECT id FROM lockkeeper.run',
      );
      expect(await resume(here, String(id), target)).toMatchObject({ outcome: 'succeeded' });
      await everythingOnce(database);
    } finally {
      sleeper.process.kill('SIGCONT');
    }
    const woken = JSON.parse(await sleeper.ended) as { outcome: string; problem: { code: string } | null };
    // All of its migrations had been sent when it fell asleep: it finds them done, and does none again.
    expect(woken).toMatchObject({ outcome: 'succeeded', problem: null });
    await everythingOnce(database);
  });
});
