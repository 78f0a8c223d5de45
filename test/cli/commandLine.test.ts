import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unavailable } from '../servers/index.ts';
import { engines, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { lockkeeper } from './lockkeeper.ts';

let folder: string;
let home: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-cli-'));
  home = path.join(folder, 'home');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const shop = {
  '1_people.sql':
    "-- migrate:up\ncreate table people (id integer primary key);\ninsert into people values (1);\nselect 'hello from the script' as greeting;\n-- migrate:down\ndrop table people;\n",
  '2_towns.sql': '-- migrate:up\ncreate table towns (id integer primary key);\n-- migrate:down\ndrop table towns;\n',
};

describe.each(engines)('a script on %s', (engine) => {
  it('detects, reads status, plans, migrates, reads history and log, rolls back', async (context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase(engine);
    const source = await writeFolder(folder, shop);
    const call = (...args: string[]) => lockkeeper(home, [...args, '--json'], { env: { DB: database.url } });
    const on = ['--url-env', 'DB', '--source', source];

    const detect = await call('detect', source);
    expect(detect.json()).toMatchObject({ candidates: [{ tool: 'dbmate', migrations: 2 }, {}] });

    const status = await call('status', '--exit-code', ...on);
    expect(status.code).toBe(3);
    expect(status.json()).toMatchObject({
      current: null,
      tool: 'dbmate',
      counts: { pending: 2 },
      lock: { held: false, holder: null },
      migrations: [{ version: '1', historyKey: '1', status: 'pending', reversible: true }, {}],
    });

    const plan = await call('plan', '--steps', '1', ...on);
    expect(plan.code).toBe(0);
    expect(plan.json()).toMatchObject({
      direction: 'up',
      steps: [{ version: '1', action: 'apply', statements: 3 }],
      problems: [],
    });

    const up = await call('up', ...on);
    expect(up.code).toBe(0);
    expect(up.json()).toMatchObject({
      outcome: 'succeeded',
      steps: [{ version: '1', action: 'apply', outcome: 'succeeded', statements: 3 }, { version: '2' }],
      backup: null,
      problem: null,
    });

    const logs = await lockkeeper(home, ['logs', String(up.json()['run'])]);
    expect(logs.stdout).toContain('hello from the script');

    const again = await call('up', ...on);
    expect(again.json()).toMatchObject({ outcome: 'succeeded', steps: [] });

    const down = await call('down', '2', ...on);
    expect(down.json()).toMatchObject({
      outcome: 'succeeded',
      steps: [
        { version: '2', action: 'revert' },
        { version: '1', action: 'revert' },
      ],
    });

    const history = await call('history', '--limit', '2');
    expect(history.json()).toMatchObject({
      entries: [
        { action: 'revert', version: '1', outcome: 'succeeded' },
        { action: 'revert', version: '2' },
      ],
    });
  });
});

describe('the command line', () => {
  it('keeps one line per event on standard output, the result last', async () => {
    await using database = await testDatabase('sqlite');
    const done = await lockkeeper(home, [
      '--events',
      'up',
      '--url',
      database.url,
      '--source',
      await writeFolder(folder, shop),
    ]);
    const lines = done.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toMatchObject({ type: 'runStarted', seq: 0 });
    expect(lines.at(-1)).toMatchObject({ outcome: 'succeeded', problem: null });
    expect(lines.slice(0, -1).map((line) => line['seq'])).toEqual(lines.slice(0, -1).map((_, index) => index));
  });

  it('tells a failed run by exit code 1 with place, state and next step', async () => {
    await using database = await testDatabase('sqlite');
    const source = await writeFolder(folder, {
      '1_bad.sql':
        '-- migrate:up\ncreate table fine (id integer);\n\ninsert into nowhere values (1);\n-- migrate:down\n',
    });
    const done = await lockkeeper(home, ['up', '--url', database.url, '--source', source]);
    expect(done.code).toBe(1);
    expect(done.stderr).toContain('1_bad.sql:4');
    expect(done.stderr).toMatch(/state {2}Everything of migration 1 was rolled back/);
    expect(done.stderr).toMatch(/next {3}Correct the statement/);
  });

  it.each([
    ['an unknown command', ['bogus'], 2],
    ['no database', ['status'], 2],
    ['an unknown environment', ['status', '--env', 'nobody'], 2],
    ['a folder of no tool', ['status', '--url', 'sqlite:/nowhere.db', '--source', 'renderer/styles'], 2],
    [
      'nobody listening',
      ['status', '--url', 'postgres://a@127.0.0.1:1/x', '--source', 'migrations-samples/dbmate/postgres'],
      6,
    ],
  ])('answers %s with a problem document and its exit code', async (_name, args, code) => {
    const done = await lockkeeper(home, [...args, '--json']);
    expect(done.code).toBe(code);
    expect(done.json()).toMatchObject({
      problem: {
        code: expect.any(String),
        message: expect.any(String),
        state: expect.any(String),
        hint: expect.any(String),
      },
    });
  });

  it('refuses production without its typed name, reason and accepted hazards; then backs up and migrates', async () => {
    await using database = await testDatabase('sqlite');
    await database.query('create table visits (id integer)');
    await database.query('insert into visits values (1)');
    const source = await writeFolder(folder, {
      ...shop,
      '3_drop.sql': '-- migrate:up\ndrop table visits;\n-- migrate:down\n',
    });
    const name = 'till';
    expect(
      (
        await lockkeeper(home, [
          ...['env', 'add', name, '--url', database.url, '--tier', 'production', '--source', source],
          ...['--protect', 'name', 'reason', 'hazards', 'rehearsal', 'backup=proven'],
        ])
      ).code,
    ).toBe(0);
    const up = (...args: string[]) => lockkeeper(home, ['up', '--env', name, '--non-interactive', '--json', ...args]);
    const refused = [await up(), await up('--confirm', name), await up('--confirm', name, '--reason', 'change 1')];
    expect(refused.map((done) => [done.code, done.json().problem?.code])).toEqual([
      [7, 'gate.confirmation'],
      [7, 'gate.reason'],
      [7, 'gate.hazard'],
    ]);
    expect((await lockkeeper(home, ['status', '--env', name, '--json'])).json()).toMatchObject({
      counts: { pending: 3, applied: 0 },
    });
    const all = ['--confirm', name, '--reason', 'change 1', '--accept', 'dataLoss', '--backup'];
    expect((await up(...all)).json().problem?.code).toBe('gate.rehearsal');
    const report = path.join(folder, 'rehearsal.html');
    const rehearsed = await lockkeeper(home, ['rehearse', '--env', name, '--json', '--report', report]);
    // Its way back is empty, and brings no dropped table back.
    expect(rehearsed.code).toBe(4);
    expect(rehearsed.json()).toMatchObject({
      outcome: 'passed',
      copy: { kind: 'data' },
      back: { problem: { code: 'rehearsal.notRestored', serverMessage: expect.stringContaining('visits') } },
    });
    expect(await readFile(report, 'utf8')).toMatch(/^<!doctype html>[\s\S]*drop table visits[\s\S]*<\/html>\n$/);
    const done = await up(...all);
    expect(done.json()).toMatchObject({ outcome: 'succeeded', backup: { level: 'proven' } });
    const list = await lockkeeper(home, ['backup', 'list', '--env', name, '--json']);
    const [backup] = list.json().backups ?? [];
    expect(backup?.level).toBe('proven');
    const check = await lockkeeper(home, ['backup', 'check', String(backup?.id)]);
    expect(check.code).toBe(0);
    await rm(String(backup?.path));
    expect((await lockkeeper(home, ['backup', 'check', String(backup?.id)])).code).toBe(4);
  });

  it('saves a plan, runs exactly that one, and refuses it when it is stale', async () => {
    await using database = await testDatabase('sqlite');
    const source = await writeFolder(folder, shop);
    const on = ['--url', database.url, '--source', source];
    const file = path.join(folder, 'plan.json');
    expect((await lockkeeper(home, ['plan', '--to', '1', '--out', file, ...on])).code).toBe(0);
    expect((await lockkeeper(home, ['up', '--plan', file, '--json', ...on])).json()).toMatchObject({
      outcome: 'succeeded',
      steps: [{ version: '1' }],
    });
    const stale = await lockkeeper(home, ['up', '--plan', file, '--json', ...on]);
    expect([stale.code, stale.json().problem?.code]).toEqual([7, 'plan.stale']);
  });

  it('writes a plan as SQL that another client can run, history included', async () => {
    await using database = await testDatabase('sqlite');
    const on = ['--url', database.url, '--source', await writeFolder(folder, shop)];
    const file = path.join(folder, 'plan.sql');
    expect((await lockkeeper(home, ['plan', '--sql', file, ...on])).code).toBe(0);
    const { default: Sqlite } = await import('better-sqlite3');
    const other = new Sqlite(database.url.replace('sqlite:', ''));
    // The one line that is the client's.
    other.exec((await readFile(file, 'utf8')).replace('.bail on\n', ''));
    other.close();
    expect((await lockkeeper(home, ['status', '--json', ...on])).json()).toMatchObject({
      current: '2',
      counts: { applied: 2, pending: 0 },
    });
  });

  it('takes the password from standard input and shows it nowhere', async (context) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase('postgres15');
    const url = new URL(database.url);
    const { password } = url;
    url.password = '';
    const source = await writeFolder(folder, shop);
    const done = await lockkeeper(
      home,
      ['up', '--url', url.href, '--source', source, '--password-stdin', '--backup', '--verbose'],
      { stdin: `${password}\n` },
    );
    expect(done.code, done.stderr).toBe(0);
    expect(done.stdout + done.stderr).not.toContain(password);
  });

  it('cancels on the first interrupt, with exit code 130', async () => {
    await using database = await testDatabase('sqlite');
    const forever = 'with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n';
    const source = await writeFolder(folder, {
      '1_a.sql': '-- migrate:up\ncreate table a (id integer);\n-- migrate:down\n',
      '2_b.sql': `-- migrate:up\n${forever};\n-- migrate:down\n`,
    });
    let interrupted = false;
    const done = await lockkeeper(home, ['up', '--url', database.url, '--source', source], {
      onStderr(text, kill) {
        if (interrupted || !text.includes('✓ 1 a')) return;
        interrupted = true;
        kill('SIGINT');
      },
    });
    expect([done.code, interrupted]).toEqual([130, true]);
    expect(done.stdout).toContain('cancelled, 1 of 2 done');
  });

  it('gives spreadsheets no formula', async () => {
    const done = await lockkeeper(home, ['history', '--format', 'csv']);
    expect(done.stdout.split('\r\n')[0]).toBe('at,environment,actor,action,version,outcome,durationMs,run,reason');
    expect(done.stdout).not.toMatch(/(^|,)[=+@-]/m);
  });
});
