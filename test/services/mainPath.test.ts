/** The main job through the whole backend, on real databases of every engine. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planMigration } from '../../electron/services/planMigration.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { startRun } from '../../electron/services/startRun.ts';
import { ProblemError } from '../../shared/problem.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, engines, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';
import { environmentOf } from './values.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const shop = {
  '20260101000001_people.sql':
    "-- migrate:up\ncreate table people (id integer primary key, name varchar(50) not null);\ninsert into people values (1, 'Ada');\n-- migrate:down\ndrop table people;\n",
  '20260101000002_towns.sql':
    '-- migrate:up\ncreate table towns (id integer primary key);\ncreate index towns_id on towns (id);\nselect count(*) as people from people;\n-- migrate:down\ndrop table towns;\n',
  '20260101000003_streets.sql':
    '-- migrate:up\ncreate table streets (id integer primary key);\n-- migrate:down\ndrop table streets;\n',
};

const rejection = async (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : thrown),
  );

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('applies, records, shows and rolls back', async () => {
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, shop));
    const { run: up, records } = await run(test.backend, target);
    expect(up.problem).toBeNull();
    expect(up.outcome).toBe('succeeded');
    expect(up.steps.map((step) => [step.version, step.outcome, step.done])).toEqual([
      ['20260101000001', 'succeeded', 2],
      ['20260101000002', 'succeeded', 3],
      ['20260101000003', 'succeeded', 1],
    ]);
    expect(
      records
        .filter((record) => record.type === 'resultSet')
        .map((record) => record.type === 'resultSet' && record.result),
    ).toEqual([{ columns: ['people'], rows: [['1']], rowCount: 1 }]);
    expect(await database.query('select version from schema_migrations order by version')).toHaveLength(3);

    const { run: down } = await run(test.backend, target, { wanted: { direction: 'down', steps: 2 } });
    expect(down.outcome).toBe('succeeded');
    const status = await readStatus(test.backend.context, target);
    expect(status).toMatchObject({ current: '20260101000001', pending: 2, counts: { applied: 1, pending: 2 } });
    expect(await database.query('select name from people')).toEqual([{ name: 'Ada' }]);
  });

  it('asks without writing: status and plan leave no table behind', async () => {
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, shop));
    await readStatus(test.backend.context, target);
    await planMigration(test.backend.context, target, { direction: 'up' });
    const tables =
      engine === 'sqlite'
        ? 'select name from sqlite_schema'
        : engine === 'mariadb'
          ? 'select table_name from information_schema.tables where table_schema = database()'
          : "select table_name from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')";
    expect(await database.query(tables)).toEqual([]);
  });

  it('stops at a failing statement with its exact place, and accounts for every step', async () => {
    await using database = await testDatabase(engine);
    const source = await writeFolder(test.folder, {
      ...shop,
      '20260101000002_towns.sql':
        '-- migrate:up\ncreate table towns (id integer primary key);\n\n  insert into nowhere\n  values (1);\n-- migrate:down\n',
    });
    const { run: up } = await run(test.backend, adHoc(database.url, source));
    expect(up.outcome).toBe('failed');
    const transactional = engine !== 'mariadb';
    expect(up.steps.map((step) => step.outcome)).toEqual([
      'succeeded',
      transactional ? 'rolledBack' : 'failed',
      'notExecuted',
    ]);
    expect(up.problem).toMatchObject({ code: 'database.statementFailed', path: '20260101000002_towns.sql', line: 4 });
    expect(up.problem?.serverMessage).toContain('nowhere');
    expect(await database.query('select version from schema_migrations')).toHaveLength(1);
    const towns = await database.query('select count(*) from towns').then(
      () => 'kept',
      () => 'gone',
    );
    expect(towns).toBe(transactional ? 'gone' : 'kept');
  });

  it('goes on after a failed migration when told to', async () => {
    await using database = await testDatabase(engine);
    const source = await writeFolder(test.folder, {
      ...shop,
      '20260101000002_towns.sql': '-- migrate:up\nselect * from nowhere;\n-- migrate:down\n',
    });
    const { run: up } = await run(test.backend, adHoc(database.url, source), { continueOnError: true });
    expect(up.outcome).toBe('failed');
    expect(up.steps[2]?.outcome).toBe('succeeded');
  });

  it('names the failing line among 20,000 statements, with progress on the way', async () => {
    await using database = await testDatabase(engine);
    const lines = Array.from(
      { length: 20_000 },
      (_, index) => `insert into numbers values (${index === 15_000 ? 7 : index});`,
    );
    const source = await writeFolder(test.folder, {
      '1_numbers.sql': `-- migrate:up\ncreate table numbers (id integer primary key);\n${lines.join('\n')}\n-- migrate:down\n`,
    });
    const { run: up, records } = await run(test.backend, adHoc(database.url, source));
    expect(up.steps[0]?.outcome).toBe(engine === 'mariadb' ? 'failed' : 'rolledBack');
    expect(up.problem).toMatchObject({ line: 15_003 });
    expect(up.steps[0]?.done).toBe(15_001);
    expect(records.filter((record) => record.type === 'statementProgress').length).toBeGreaterThan(0);
  });

  it('cancels inside a statement; what was not committed is gone', async () => {
    await using database = await testDatabase(engine);
    const slow = {
      postgres15: 'select pg_sleep(60)',
      postgres18: 'select pg_sleep(60)',
      mariadb: 'select sleep(60)',
      sqlite: 'with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n',
    }[engine];
    const source = await writeFolder(test.folder, {
      ...shop,
      '20260101000002_towns.sql': `-- migrate:up\ninsert into people values (2, 'Eve');\n${slow};\n-- migrate:down\n`,
    });
    const started = await startRun(test.backend.context, {
      target: adHoc(database.url, source),
      wanted: { direction: 'up' },
      fingerprint: null,
      backup: false,
      confirm: null,
      reason: null,
      accept: [],
      continueOnError: false,
    });
    const watching = new AbortController();
    for await (const record of test.backend.context.runs.watch(started.id, 0, watching.signal)) {
      if (record.type === 'stepStarted' && record.step === 1) break;
    }
    test.backend.context.runs.cancel(started.id);
    const ended = await started.finished;
    expect(ended.outcome).toBe('cancelled');
    expect(ended.steps.map((step) => step.outcome)).toEqual(['succeeded', 'rolledBack', 'notExecuted']);
    expect(await database.query('select name from people')).toEqual([{ name: 'Ada' }]);
  });

  it('refuses a second runner while the first one works, and names its holder', async () => {
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, shop));
    const { holdLock, releaseLock } = await import('../../electron/services/holdLock.ts');
    const { openSession, resolveTarget } = await import('../../electron/services/target.ts');
    const { readSource } = await import('../../electron/services/readSource.ts');
    const { context } = test.backend;
    const resolved = await resolveTarget(context, target);
    const source = await readSource(resolved);
    const session = await openSession(context, resolved, false);
    const live = {
      id: '',
      signal: new AbortController().signal,
      emit: () => undefined,
      run: () => {
        throw new Error('no run');
      },
    };
    await holdLock(context, session, source, live);
    const status = await readStatus(context, target);
    expect(status.lock.held).toBe(true);
    const { run: second } = await run(test.backend, target);
    expect(second).toMatchObject({ outcome: 'refused', problem: { code: 'lock.held' } });
    await releaseLock(session, source);
    await session.close();
    const { run: third } = await run(test.backend, target);
    expect(third.outcome).toBe('succeeded');
  });

  it('refuses a plan that is no longer the one that was shown', async () => {
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, shop));
    const { plan } = await planMigration(test.backend.context, target, { direction: 'up' });
    await run(test.backend, target, { wanted: { direction: 'up', steps: 1 } });
    expect(await rejection(run(test.backend, target, { fingerprint: plan.fingerprint }))).toMatchObject({
      code: 'plan.stale',
    });
  });

  it('takes and checks a backup first, and stops before migrating when that fails', async (context) => {
    if (engine === 'postgres18') skipBecause(context, 'no pg_dump 18 here');
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, shop));
    const { run: up } = await run(test.backend, target, { backup: true });
    expect(up).toMatchObject({ outcome: 'succeeded', backup: { level: 'checked' } });
    expect(up.finishedPhases).toEqual(['prepare', 'lock', 'backup', 'check', 'migrate', 'verify', 'report']);
  });
});

describe('protection', () => {
  it('holds for an ad hoc connection to a known production database', async () => {
    await using database = await testDatabase('sqlite');
    const source = await writeFolder(test.folder, shop);
    const { addEnvironment } = await import('../../electron/services/environments.ts');
    await addEnvironment(test.backend.context, {
      name: 'till',
      tier: 'production',
      colour: 'red',
      group: '',
      secret: null,
      source: { path: source },
      connection: { engine: 'sqlite', file: database.url.replace('sqlite:', '') },
    });
    await readStatus(test.backend.context, { kind: 'environment', nameOrId: 'till' });
    const target = adHoc(database.url, source);
    expect(await rejection(run(test.backend, target))).toMatchObject({ code: 'gate.confirmation' });
    expect(await rejection(run(test.backend, target, { confirm: 'till' }))).toMatchObject({ code: 'gate.reason' });
    const { run: up } = await run(test.backend, target, {
      confirm: 'till',
      reason: 'change 7',
      backup: true,
      accept: ['notRehearsed'],
    });
    expect(up.outcome).toBe('succeeded');
  });

  it.each(['sqlite', 'postgres15'] as const)(
    'holds for an ad hoc connection to a production database of %s that was never reached',
    async (engine) => {
      await using database = await testDatabase(engine);
      const source = await writeFolder(test.folder, shop);
      const { addEnvironment } = await import('../../electron/services/environments.ts');
      const name = `never reached ${engine}`;
      await addEnvironment(test.backend.context, {
        ...environmentOf(database.url, source),
        name,
        tier: 'production',
      });
      expect(await rejection(run(test.backend, adHoc(database.url, source)))).toMatchObject({
        code: 'gate.confirmation',
        hint: expect.stringContaining(name),
      });
    },
  );

  it('asks an unknown database off loopback for its tier', async () => {
    const source = await writeFolder(test.folder, shop);
    const problem = await rejection(
      planMigration(test.backend.context, adHoc('postgres://nobody@192.0.2.1:1/x?connect_timeout=1', source), {
        direction: 'up',
      }),
    );
    expect(problem).toMatchObject({ code: expect.stringMatching(/^(connect\.unreachable|gate\.tierRequired)$/) });
  });
});

describe('secrets', () => {
  it('are in no file of the data directory after a failed and a successful run', async () => {
    await using database = await testDatabase('postgres15');
    const password = new URL(database.url).password;
    expect(password.length).toBeGreaterThan(8);
    const source = await writeFolder(test.folder, {
      '1_a.sql': '-- migrate:up\nselect 1 from nothing_here;\n-- migrate:down\n',
    });
    await run(test.backend, adHoc(database.url, source), { backup: true });
    const folder = test.backend.context.workspace.dataDirectory;
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = names.filter((name) => name.isFile()).map((name) => path.join(name.parentPath, name.name));
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect((await readFile(file)).includes(password), file).toBe(false);
  });
});
