/** A run whose program died while the server went on: seen, its blocker ended, found out from evidence, and gone on with. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { compose } from '../../electron/compose.ts';
import { postgresDriver } from '../../electron/databases/postgres/index.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { migrating } from '../reconcile/support.ts';
import { postgres15, type TestDatabase } from '../servers/index.ts';
import { writeFolder } from '../services/backend.ts';
import { type App, startApp } from './app.ts';
import { breachesOf } from './axe.ts';
import { inOrder } from './inOrder.ts';
import { runPage } from './pages/runPage.ts';
import { rowsOf } from './pages/table.ts';

let app: App;
let folder: string;
let database: TestDatabase;
let blocker: pg.Client;
inOrder();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-interrupted-'));
  database = await (await postgres15()).createDatabase();
  const source = await writeFolder(folder, {
    '1_boats.sql':
      "-- migrate:up transaction:false\ncreate table boats (id int primary key, name text);\ncreate index concurrently boats_name on boats (name);\ninsert into boats values (1, 'Nell');\n-- migrate:down\ndrop table boats;\n",
  });
  const { connection, password } = postgresDriver.parseUrl(database.url);
  const passwords = join(folder, 'pgpass');
  await writeFile(passwords, `*:*:*:*:${password}\n`, { mode: 0o600 });
  const dataDirectory = join(folder, 'data');
  const backend = await compose({ dataDirectory, shell: 'commandLine' });
  await addEnvironment(backend.context, {
    name: 'harbour',
    tier: 'development',
    colour: 'blue',
    group: '',
    connection,
    secret: null,
    source: { path: source },
  });
  await backend.close();
  blocker = new pg.Client({ connectionString: database.url, application_name: 'a forgotten window' });
  blocker.on('error', () => undefined);
  await blocker.connect();
  await dieInTheMiddle(dataDirectory, password ?? '');
  app = await startApp({ dataDirectory, variables: { PGPASSFILE: passwords } });
}, 120_000);

/** The index build waits for a transaction that somebody left open, and the program that wanted it is killed. */
async function dieInTheMiddle(dataDirectory: string, password: string): Promise<void> {
  await database.query('create table lock_me (id int)');
  await blocker.query('begin isolation level repeatable read');
  await blocker.query('select 1 from lock_me');
  const child = migrating({ dataDirectory, target: { kind: 'environment', nameOrId: 'harbour', password } });
  const building = "select 1 from pg_stat_activity where query ilike 'create index concurrently%'";
  await vi.waitUntil(async () => (await database.query(building)).length > 0, { timeout: 30_000, interval: 100 });
  await child.kill();
}

afterAll(async () => {
  await app.close();
  await blocker.end().catch(() => undefined);
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const happened = () => app.page.getByRole('region', { name: 'What happened' });

async function openRun(): Promise<void> {
  const { page } = app;
  await page.goto(`${app.address.split('#')[0]}#/runs`);
  await page.getByRole('grid', { name: 'Runs' }).getByRole('row').nth(1).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
}

test('the run is told to be interrupted, and that the server still works for it', async () => {
  await openRun();
  expect(await runPage(app.page).finished()).toBe('Unknown');
  await happened().getByText('The server still works for this run').waitFor();
  expect(await happened().innerText()).toContain('Still running on the server');
});

test('activity tells who stands in the way; ending that session asks name and reason', async () => {
  const { page } = app;
  await page.getByRole('navigation', { name: 'Environments' }).getByRole('link', { name: 'harbour' }).click();
  await page.getByRole('tab', { name: 'Activity' }).click();
  const rows = await rowsOf(page, 'Sessions');
  expect(rows.map((row) => row['Waits or blocks']).join(' ')).toMatch(/Blocks \d+/);
  expect(await breachesOf(page)).toEqual([]);
  const row = page
    .getByRole('grid', { name: 'Sessions' })
    .getByRole('row')
    .filter({ hasText: /Blocks \d+/ });
  await row.getByRole('button', { name: /^End session \d+…$/ }).click();
  const dialog = page.getByRole('dialog');
  const button = dialog.getByRole('button', { name: /^End session \d+ on harbour$/ });
  expect(await button.isDisabled()).toBe(true);
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Its owner went home');
  await dialog.getByRole('textbox', { name: 'Type harbour to confirm' }).fill('harbour');
  await button.click();
  await dialog.waitFor({ state: 'hidden' });
});

test('then what the server finished is found out, and the run goes on after it, once', async () => {
  const { page } = app;
  await expect
    .poll(() =>
      database.query(
        "select 1 from pg_stat_activity where query ilike 'create index concurrently%' and state = 'active'",
      ),
    )
    .toHaveLength(0);
  await openRun();
  await page.reload();
  await happened().getByText('2 of 3 statements done').waitFor();
  expect(await breachesOf(page, ['dark'])).toEqual([]);
  await happened().getByRole('link', { name: 'Go on with it…' }).click();
  await page.getByRole('heading', { name: '1 step to do' }).waitFor();
  expect(await breachesOf(page, ['dark'])).toEqual([]);
  await page.getByRole('button', { name: 'Go on with 1 step on harbour' }).click();
  expect(await runPage(page).finished()).toBe('Succeeded');
  expect(await database.query('select name from boats')).toEqual([{ name: 'Nell' }]);
  expect(await database.query("select indisvalid from pg_index where indexrelid = 'boats_name'::regclass")).toEqual([
    { indisvalid: true },
  ]);
  expect(app.faults).toEqual([]);
});
