/** SQL and history to read: the place of a failure, a script too long to be shown whole, durations and sizes over time. */

import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import type { Target } from '../../shared/model/plan.ts';
import { type App, startApp } from './app.ts';
import { breachesOf } from './axe.ts';
import { type Client, clientOf } from './client.ts';
import { runPage } from './pages/runPage.ts';
import { rowsOf, table } from './pages/table.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

let app: App;
let workplace: Workplace;
let client: Client;
let till: string;
const bigRows = 60_000;

beforeAll(async () => {
  app = await startApp();
  workplace = await makeWorkplace();
  client = await clientOf(app.page);
  const rows = Array.from(
    { length: bigRows },
    (_, row) => `insert into orders values (${row + 1}, 'order ${row + 1}');`,
  );
  const source = await workplace.writeFolder('till', {
    '1_orders.sql':
      '-- migrate:up\ncreate table orders (id integer primary key, name text);\n-- migrate:down\ndrop table orders;\n',
    '2_total.sql':
      '-- migrate:up\ncreate table totals (x real);\nalter table ordrs add column total real;\n-- migrate:down\nselect 1;\n',
    '3_fill.sql': `-- migrate:up\n${rows.join('\n')}\n-- migrate:down\ndelete from orders;\n`,
  });
  const file = join(workplace.folder, 'till.db');
  await createDatabase(file);
  const environment = await client.environments.add({
    name: 'till',
    tier: 'development',
    colour: 'green',
    group: '',
    connection: { engine: 'sqlite', file },
    source: { path: source, tool: 'dbmate' },
    secret: null,
  });
  till = environment.id;
}, 120_000);
afterAll(async () => {
  await app.close();
  await workplace[Symbol.asyncDispose]();
});

async function runToEnd(target: Target, backup: boolean): Promise<string> {
  const { fingerprint } = await client.migrations.plan({ environmentId: till, target });
  const answers = { backup, confirm: null, reason: null, accept: [], continueOnError: false };
  const { run } = await client.runs.start({ environmentId: till, target, fingerprint, ...answers });
  for await (const record of await client.runs.watch({ id: run, fromSeq: 0 })) if (record.type === 'runFinished') break;
  return run;
}

const go = (path: string) => app.page.goto(new URL(`/#${path}`, app.page.url()).href);

const accessible = async (): Promise<void> => expect(await breachesOf(app.page, looks)).toEqual([]);
const looks = ['light', 'dark', 'high contrast', 'high contrast dark'] as const;

test('a failed run shows its statement with line, column and the server’s words, and so does its migration', async () => {
  const { page } = app;
  const run = await runToEnd({ direction: 'up', to: '2' }, true);
  await go(`/runs/${run}`);
  await runPage(page).finished();
  const place = page.getByRole('region', { name: 'Where it failed' });
  await place.getByText('2_total.sql:3:13').waitFor();
  expect(await place.locator('.cm-failed-line').innerText()).toBe('alter table ordrs add column total real;');
  expect(await place.locator('.cm-failed-word').innerText()).toBe('ordrs');
  expect(await place.locator('.cm-failed-words').innerText()).toContain('no such table: ordrs');
  expect(await page.evaluate(() => document.querySelector('main')?.scrollTop)).toBe(0);
  await accessible();

  await place.getByRole('link', { name: 'The whole migration' }).click();
  const script = page.getByRole('textbox', { name: 'Up script of 2' });
  expect(await script.locator('.cm-failed-word').innerText()).toBe('ordrs');
  expect(await script.locator('.cm-failed-words').innerText()).toContain('no such table: ordrs');
});

test('the report of a run can be saved', async () => {
  const { page } = app;
  const [failed] = await client.runs.list({ environmentId: till, limit: 1 });
  await go(`/runs/${failed?.id}`);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export report' }).click();
  await page.getByRole('menuitem', { name: 'As a page (HTML)' }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe(`up-till-${failed?.id}.html`);
  const chunks: string[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(String(chunk));
  const report = chunks.join('');
  for (const words of [
    'Migration of till',
    'failed and rolled back',
    '2_total.sql:3:13',
    'no such table: ordrs',
    'Audit log',
  ])
    expect(report).toContain(words);
});

test('keys lead to the log of a run, and its filter tells how much it found', async () => {
  const { page } = app;
  await runPage(page).finished();
  await page.keyboard.press('l');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Log lines');
  await page.keyboard.press('/');
  await page.keyboard.type('rolled back');
  await page.getByText(/^1 of \d+ lines$/).waitFor();
});

test('a long script is read by its lines: jumped in, searched, and never whole in the page', async () => {
  const { page } = app;
  await go(`/environments/${till}/migration/3`);
  const script = page.getByRole('region', { name: 'Up script of 3' });
  await script.waitFor({ timeout: 60_000 });
  await script.getByText("insert into orders values (1, 'order 1');", { exact: true }).waitFor();
  await page.getByText(`${bigRows.toLocaleString('en-US')} statements`, { exact: true }).waitFor({ timeout: 60_000 });
  await page.getByRole('textbox', { name: 'Go to line' }).fill('40002');
  const row = script.locator('.large-row').first();
  await expect.poll(() => row.innerText()).toContain("'order 40001'");
  expect((await row.innerText()).replace(/\s+/g, ' ')).toMatch(/^40002 insert into/);
  await page.getByRole('textbox', { name: 'Find in the script' }).fill(`ORDER ${bigRows}'`);
  await page.keyboard.press('Enter');
  await page.getByText(`Line ${(bigRows + 1).toLocaleString('en-US')}`, { exact: true }).waitFor();
  await expect.poll(() => script.innerText()).toContain(`'order ${bigRows}'`);
  await script.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => row.innerText()).toContain('-- migrate:up');
  await page.keyboard.press('PageDown');
  await expect.poll(() => row.innerText()).not.toContain('-- migrate:up');
  expect(await script.locator('.large-row').count()).toBeLessThan(80);
  await accessible();
});

test('durations and sizes over time are charts, and tables that lead to the runs', async () => {
  const { page } = app;
  await runToEnd({ direction: 'down', steps: 1 }, true);
  await runToEnd({ direction: 'up', to: '1' }, true);
  await go('/history');
  await page.getByText('Over time').click();
  const migrations = page.getByRole('region', { name: 'How long migrations took' });
  await migrations.getByRole('img').waitFor();
  await expect.poll(() => migrations.locator('.chart circle').count()).toBe(2);
  const backups = page.getByRole('region', { name: 'How large backups were' });
  await expect.poll(() => backups.locator('.chart circle').count()).toBe(3);
  expect(await backups.getByRole('img').locator('desc').textContent()).toMatch(
    /^How large backups were: 3 values of 1 environment; last /,
  );
  await page.getByRole('combobox', { name: 'Migration of the chart' }).selectOption('1 orders');
  const one = page.getByRole('region', { name: 'How long 1 orders took' });
  // Two runs of one duration are a line without a height, which no browser calls visible.
  await one.locator('polyline').waitFor({ state: 'attached' });
  await accessible();
  await one.getByText('Table').click();
  const label = 'How long 1 orders took, as a table';
  expect((await rowsOf(page, label)).map(({ What }) => What)).toEqual(['1 orders', '1 orders']);
  await accessible();
  await table(page, label).getByRole('row').nth(1).press('Enter');
  expect(await runPage(page).finished()).toBe('Succeeded');
});

test('no page had an error', () => {
  expect(app.faults).toEqual([]);
});
