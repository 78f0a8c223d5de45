/** Schedules and hooks on the command line; and `serve`, which begins what is due, as a real process. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compose } from '../../electron/compose.ts';
import { addSchedule } from '../../electron/services/schedule/schedules.ts';
import { type TestDatabase, testDatabase, writeFolder } from '../services/backend.ts';
import { lockkeeper } from './lockkeeper.ts';

let folder: string;
let home: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-schedules-'));
  home = path.join(folder, 'home');
  database = await testDatabase('sqlite');
  const source = await writeFolder(folder, {
    '1_a.sql': '-- migrate:up\ncreate table a (id integer);\n-- migrate:down\ndrop table a;\n',
  });
  const add = ['env', 'add', 'shop', '--url', database.url, '--source', source];
  expect((await lockkeeper(home, add)).code).toBe(0);
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const call = (...args: string[]) => lockkeeper(home, args);

it('are made, listed, paused, resumed and removed; what is wrong is refused with its exit code', {
  timeout: 240_000,
}, async () => {
  const add = ['schedule', 'add', 'shop', '--json'];
  expect((await call(...add, '--cron', '0 25 * * *', '--up', '--reason', 'x')).json()).toMatchObject({
    problem: { code: 'schedule.invalid' },
  });
  expect((await call(...add, '--cron', '0 2 * * *', '--up')).code).toBe(7);
  const made = await call(
    ...add,
    '--cron',
    '0 2 * * *',
    '--time-zone',
    'UTC',
    '--backup',
    '--prove',
    '--reason',
    'nightly',
  );
  expect(made.code, made.stderr).toBe(0);
  const { id } = made.json()['schedule'] as { id: string };
  expect((await call('schedule', 'list', '--json')).json()).toMatchObject({
    schedules: [{ schedule: { id, work: { kind: 'backup', prove: true } }, environment: 'shop', last: null }],
  });
  expect((await call('schedule', 'next', id, '--count', '2', '--json')).json()).toMatchObject({
    times: [expect.stringContaining('T02:00'), expect.stringContaining('T02:00')],
  });
  expect((await call('schedule', 'pause', id, '--json')).json()).toMatchObject({ next: null });
  expect((await call('schedule', 'resume', id, '--json')).json()).toMatchObject({ next: expect.any(String) });
  expect((await call('schedule', 'remove', id)).code).toBe(0);
});

it('serve begins what is due, with its hooks, and its report tells so', { timeout: 240_000 }, async () => {
  const told = path.join(folder, 'told');
  const hook = ['hook', 'add', 'tell', '--after', '--json', '--', '/bin/sh', '-c', `cat > ${told}`];
  expect((await call(...hook)).json()).toMatchObject({ hooks: [{ name: 'tell', kind: 'command' }] });
  expect((await call('hook', 'test', 'tell', '--json')).json()).toMatchObject({ output: '' });
  expect(JSON.parse(await readFile(told, 'utf8'))).toMatchObject({ test: true });
  const due = await madeAMinuteAgo();
  let stop: (signal: NodeJS.Signals) => void = () => undefined;
  const serving = lockkeeper(home, ['serve'], {
    onStart: (kill) => {
      stop = kill;
    },
  });
  // The hook is told when the run has ended, after whatever else it has been told before.
  await expect
    .poll(async () => /"test":false.*"outcome":"succeeded"/.test(await readFile(told, 'utf8')), { timeout: 120_000 })
    .toBe(true);
  stop('SIGTERM');
  expect((await serving).code).toBe(0);
  expect(await database.query(`select name from sqlite_schema where name = 'a'`)).toHaveLength(1);
  const [{ last }] = (await call('schedule', 'list', '--json')).json()['schedules'] as [{ last: { run: string } }];
  expect(last).toMatchObject({ outcome: 'begun', due });
  const file = path.join(folder, 'evidence.json');
  expect((await call('report', last.run, '--out', file)).code).toBe(0);
  const report = JSON.parse(await readFile(file, 'utf8'));
  expect(report).toMatchObject({ run: { outcome: 'succeeded', reason: 'change 7' }, environment: { name: 'shop' } });
  expect(report.phases.map(({ phase }: { phase: string }) => phase)).toContain('hooksAfter');
  const page = await call('report', last.run);
  expect(page.stdout).toMatch(/^<!doctype html>/);
  expect((await call('report', last.run, '--format', 'pdf')).stdout.slice(0, 5)).toBe('%PDF-');
  expect((await call('history', '--format', 'html')).stdout).toContain('change 7');
  expect((await call('history', 'prune', '--older-than', '30d', '--dry-run', '--json')).json()).toMatchObject({
    logs: [],
  });
});

/** As if it was made a minute ago, for half a minute later: nobody has to wait for it. */
async function madeAMinuteAgo(): Promise<string> {
  const backend = await compose({ dataDirectory: home, shell: 'commandLine' });
  const at = new Date(Date.now() - 30_000).toISOString();
  const clock = { now: () => Date.now() - 60_000, elapsed: () => performance.now() };
  addSchedule(
    { ...backend.context, clock },
    {
      environment: 'shop',
      time: { kind: 'once', at },
      work: { kind: 'up', wanted: { direction: 'up' }, fingerprint: null, rehearse: false },
      answers: { confirm: null, reason: 'change 7', accept: [] },
      lateMinutes: 600,
    },
  );
  await backend.close();
  return at;
}
