// Migrations that the project's own command runs: cancelled, out of time, on another database, saying a password.
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { planMigration } from '../../electron/services/planMigration.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { startRun } from '../../electron/services/startRun.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import { testMigrations } from '../../electron/services/testMigrations.ts';
import { trustPrograms } from '../../electron/services/trust.ts';
import { createProgramRunner } from '../../electron/tools/programs/programRunner.ts';
import { ProblemError } from '../../shared/problem.ts';
import { problemOf, rehearsed } from '../rehearsal/support.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { read } from '../tools/reading.ts';
import { adHoc, run, type TestBackend, type TestDatabase, testBackend, testDatabase, writeFolder } from './backend.ts';

let desk: TestBackend;
beforeAll(async () => {
  desk = await testBackend();
});
afterAll(() => desk[Symbol.asyncDispose]());

async function database(engine: 'postgres15' | 'sqlite'): Promise<TestDatabase> {
  const made = await testDatabase(engine);
  onTestFinished(() => made[Symbol.asyncDispose]());
  return made;
}

const migration = 'class Migration(migrations.Migration):\n    initial = True\n';

/** A project of Django whose environment has our own program for its Python: `command` has what it was called with. */
async function project(program: string): Promise<string> {
  const folder = await writeFolder(desk.folder, { 'manage.py': '' });
  await mkdir(path.join(folder, 'shop/migrations'), { recursive: true });
  await writeFile(path.join(folder, 'shop/migrations/0001_initial.py'), migration);
  await writeFile(
    path.join(folder, 'shop/migrations/0002_more.py'),
    'class Migration(migrations.Migration):\n    dependencies = [("shop", "0001_initial")]\n',
  );
  const python = path.join(folder, '.venv/bin/python');
  await mkdir(path.dirname(python), { recursive: true });
  await writeFile(python, `#!${process.execPath}\nconst [, , , command, app, name] = process.argv;\n${program}\n`);
  await chmod(python, 0o755);
  return folder;
}

/** Does what Django does with its table, in the file of this database. */
const recording = ({ url }: TestDatabase): string => `
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(${JSON.stringify(url.replace(/^sqlite:/, ''))});
  database.exec('CREATE TABLE IF NOT EXISTS django_migrations (id integer PRIMARY KEY AUTOINCREMENT, app text, name text, applied datetime)');
  database.prepare("INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2026-01-01 00:00:00')").run(app, name);
  database.close();`;

/** Starts a process that passes over interrupts, and stays beside it. */
const staying = `
  require('node:child_process').spawn('sh', ['-c', 'trap "" INT; echo child $$; exec sleep 600'], { stdio: 'inherit' });
  setInterval(() => undefined, 1000);`;

async function trusted(url: string, folder: string): Promise<TargetRequest> {
  const target = adHoc(url, folder);
  const { trust } = await readStatus(desk.backend.context, target);
  await trustPrograms(desk.backend.context, target, trust?.programs.map(({ digest }) => digest) ?? []);
  return target;
}

const accept = ['outsideJournal', 'notTransactional', 'irreversible', 'programRuns'];

async function isRunning(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return state !== '' && !/\) Z /.test(state);
}

/** The number of the process that the command started, once it told. */
async function childOf(id: string): Promise<number> {
  const told = async () => JSON.stringify(await desk.backend.context.runs.records(id));
  await expect.poll(told, { timeout: 60_000 }).toMatch(/child \d+/);
  return Number(/child (\d+)/.exec(await told())?.[1]);
}

async function cancelled(target: TargetRequest) {
  const { context } = desk.backend;
  const answers = { backup: false, confirm: null, reason: null, accept, continueOnError: false };
  const started = await startRun(context, { target, wanted: { direction: 'up' }, fingerprint: null, ...answers });
  const child = await childOf(started.id);
  expect(await isRunning(child)).toBe(true);
  context.runs.cancel(started.id);
  const { problem } = await started.finished;
  await expect.poll(() => isRunning(child), { timeout: 20_000 }).toBe(false);
  return problem;
}

const applied = async (target: TargetRequest) =>
  (await readStatus(desk.backend.context, target)).migrations.map(({ status }) => status);

describe.skipIf(process.platform === 'win32')('a command that is ended', () => {
  test('cancelled: all it started is gone, and the history is as it was', async () => {
    const own = await database('sqlite');
    const target = await trusted(own.url, await project(`if (command === 'migrate') {${staying}}`));
    const problem = await cancelled(target);
    expect(problem).toMatchObject({ code: 'run.cancelled' });
    expect(problem?.message).toContain('The history is as it was.');
    expect(await applied(target)).toEqual(['pending', 'pending']);
  });

  test('cancelled after it had committed: what the history shows now is told', async () => {
    const own = await database('sqlite');
    const program = `if (command === 'migrate') {${recording(own)}${staying}}`;
    const target = await trusted(own.url, await project(program));
    const problem = await cancelled(target);
    expect(problem?.message).toContain('applied now: shop.0001_initial');
    expect(await applied(target)).toEqual(['applied', 'pending']);
  });

  test('over its time', async () => {
    const root = await project(staying);
    const { source } = await read('django', root);
    const [first] = source.migrations;
    if (first?.up.kind !== 'program') throw new Error('it is no program');
    const said: string[] = [];
    const lent = {
      inTransaction: false,
      wantsTransaction: false,
      database: 'desk',
      product: 'SQLite',
      query: () => Promise.reject(new Error('It has a connection of its own.')),
      say: (_severity: string, text: string) => said.push(text),
      progress: () => undefined,
    };
    const runner = createProgramRunner(root, { previewMs: 10_000, idleMs: 10_000, commandMs: 3000 });
    const thrown = await runner.run(first.up, lent, new AbortController().signal).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ProblemError);
    expect(String(thrown)).toContain('took longer than 3 seconds');
    const [, child] = /child (\d+)/.exec(said.join('\n')) ?? [];
    if (child !== undefined) expect(await isRunning(Number(child))).toBe(false);
  });
});

test('a password that it says reaches neither events nor problem nor any file that is kept', async (context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) return skipBecause(context, reason);
  const own = await database('postgres15');
  const password = 'pw-7c1f0e/54 &x';
  const name = `teller_${Date.now()}`;
  await own.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}' SUPERUSER`);
  const url = new URL(own.url);
  [url.username, url.password] = [name, encodeURIComponent(password)];
  const program = `
    if (command !== 'migrate') process.exit(1);
    console.log('connecting with ${password} as asked');
    console.log('${'x'.repeat(1990)} ${password}');
    console.error('postgres://${name}:${encodeURIComponent(password)}@db.example/shop failed: ${password}');
    process.exit(3);`;
  try {
    const target = await trusted(url.href, await project(program));
    const { run: ended, records } = await run(desk.backend, target, { accept });
    expect(ended).toMatchObject({ outcome: 'failed', problem: { code: 'script.program' } });
    expect(ended.problem?.serverMessage).toContain('exit status 3');
    expect(JSON.stringify(records)).toContain('connecting with •••');
    const data = path.join(desk.folder, 'data');
    const files = (await readdir(data, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
    const texts = new Map([['run', JSON.stringify([ended, records])]]);
    for (const { name: file, parentPath } of files)
      texts.set(file, await readFile(path.join(parentPath, file), 'latin1'));
    for (const [where, text] of texts)
      for (const part of [password, encodeURIComponent(password), 'pw-7c1f0e']) {
        const at = text.indexOf(part);
        expect({ where, told: at < 0 ? null : text.slice(Math.max(0, at - 80), at + 80) }).toEqual({
          where,
          told: null,
        });
      }
  } finally {
    await own.query(`DROP OWNED BY ${name} CASCADE`);
    await own.query(`DROP ROLE ${name}`);
  }
});

test('it is not started when its own check shows another database', async () => {
  const [own, other] = [await database('sqlite'), await database('sqlite')];
  const program = `
    if (command === 'showmigrations') console.log('[ ]  shop.0001_initial\\n[ ]  shop.0002_more');
    else if (command === 'migrate') {${recording(other)}}
    else process.exit(1);`;
  const target = await trusted(own.url, await project(program));
  await own.query(
    'CREATE TABLE django_migrations (id integer PRIMARY KEY AUTOINCREMENT, app text, name text, applied datetime)',
  );
  await own.query(
    "INSERT INTO django_migrations (app, name, applied) VALUES ('shop', '0001_initial', '2026-01-01 00:00:00')",
  );
  const { run: ended } = await run(desk.backend, target, { accept });
  expect(ended).toMatchObject({ outcome: 'failed', problem: { code: 'run.verification' } });
  expect(ended.problem?.message).toContain('there shop.0001_initial is not applied');
  expect(await other.query("SELECT name FROM sqlite_master WHERE name = 'django_migrations'")).toEqual([]);
});

test('it is tried neither on a scratch database nor on a copy, for it would work on the real one', async () => {
  const own = await database('sqlite');
  const folder = await project(`if (command === 'migrate') {${recording(own)}}`);
  const target = await trusted(own.url, folder);
  const options = { version: null, signal: new AbortController().signal, onProgress: () => undefined };
  expect(await problemOf(testMigrations(desk.backend.context, target, options))).toMatchObject({
    code: 'test.refused',
  });
  expect(await problemOf(rehearsed(desk, target))).toMatchObject({ code: 'rehearsal.refused' });
  const production = adHoc(own.url, folder, 'production');
  const { gate } = await planMigration(desk.backend.context, production, { direction: 'up' });
  expect(gate.rehearsal).toMatchObject({
    code: 'gate.unrehearsable',
    message: expect.stringContaining('a connection of its own'),
    hint: expect.stringMatching(/^Go on without it: --accept notRehearsed/),
  });
  expect(await own.query("SELECT name FROM sqlite_master WHERE name = 'django_migrations'")).toEqual([]);
});
