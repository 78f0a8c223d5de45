/** Findings of a history, told and corrected: never before a person saw what differs. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from './app.ts';
import { inOrder } from './inOrder.ts';
import { environmentPage } from './pages/environmentPage.ts';
import { firstRun } from './pages/firstRun.ts';
import { historyPages } from './pages/historyPages.ts';
import { runPage } from './pages/runPage.ts';
import { rowsOf } from './pages/table.ts';

let app: App;
inOrder();
beforeAll(async () => {
  app = await startApp();
  await firstRun(app.page).createDemo();
});
afterAll(() => app.close());

const openAttention = async (name: string): Promise<void> => {
  await environmentPage(app.page).open(name);
  await app.page.getByRole('tab', { name: /^Attention/ }).click();
};

test('a changed file is a finding, with what it means and whether it is harmless', async () => {
  await openAttention('bakery-production');
  const { findings } = historyPages(app.page);
  await findings.first().waitFor();
  expect(await findings.count()).toBe(1);
  // What can be done about it is found out behind the findings.
  await expect.poll(() => findings.innerText()).toMatch(/Changed\s+1\.4\.0\s+The SQL differs/);
  expect(await findings.innerText()).toContain('Somebody edited a file after it was applied');
});

test('what was applied and what the file says stand side by side', async () => {
  const { page } = app;
  await historyPages(page).offer('Compare and correct… (1.4.0)').click();
  await historyPages(page).heading.waitFor();
  const applied = page.getByRole('textbox', { name: '1.4.0 as it was applied' });
  await applied.waitFor();
  expect(await applied.innerText()).toContain('(ordered_on, customer_id)');
  expect(await page.getByRole('textbox', { name: '1.4.0 as the file is now' }).innerText()).toContain('(ordered_on)');
  expect(await historyPages(page).explainer('1.4.0').innerText()).toContain('The SQL differs');
});

test('production wants the difference accepted, a reason and its name', async () => {
  const pages = historyPages(app.page);
  expect(await pages.start.isDisabled()).toBe(true);
  expect(await pages.needed.innerText()).toBe('Still needed: 1 hazard to accept, a reason, the typed name');
  await pages.gate.getByRole('checkbox', { name: /^I accept/ }).check();
  await pages.gate.getByRole('textbox', { name: 'Reason' }).fill('The index was made by hand');
  await pages.gate.getByRole('textbox', { name: 'Type bakery-production to confirm' }).fill('bakery-production');
  await expect.poll(() => pages.start.isEnabled()).toBe(true);
  expect(await pages.start.innerText()).toBe('Correct 1 entry of bakery-production');
});

test('then the history agrees with the files, and says who corrected it and why', async () => {
  const { page } = app;
  await historyPages(page).start.click();
  const run = runPage(page);
  expect(await run.finished()).toBe('Succeeded');
  expect(await run.phases.innerText()).toContain('Correct the history');
  await openAttention('bakery-production');
  await page.getByRole('heading', { name: 'History and files agree' }).waitFor();
  await environmentPage(page).tab('History');
  const [newest] = await rowsOf(page, 'History');
  expect(newest).toMatchObject({ Reason: 'The index was made by hand' });
});

test('a comment alone is told to be harmless, and nothing need be accepted', async () => {
  const { page, dataDirectory } = app;
  const file = join(dataDirectory, 'demo', 'bakery-test', 'migrations', '1.4.0_index_orders_by_day.sql');
  const now = await readFile(file, 'utf8');
  await writeFile(file, now.replace('(ordered_on)', '(ordered_on, customer_id) /* for the list */'));
  await openAttention('bakery-test');
  const { findings, offer, explainer, needed } = historyPages(page);
  await findings.first().waitFor();
  await expect.poll(() => findings.innerText()).toContain('Comments or white space only');
  await offer('Compare and correct… (1.4.0)').click();
  await explainer('1.4.0').waitFor();
  expect(await explainer('1.4.0').innerText()).toContain('Comments or white space only');
  expect(await needed.innerText()).toBe('Still needed: a reason');
});

test('a history is corrected from a migration’s page too, where its tool can', async () => {
  const { page } = app;
  await environmentPage(page).open('bakery-test');
  await environmentPage(page).tab('All migrations');
  await page.getByRole('link', { name: '1.7.0', exact: true }).click();
  await page.getByRole('button', { name: 'Correct the history of 1.7.0' }).click();
  await page.getByRole('menuitem', { name: 'Mark as applied…' }).click();
  await historyPages(page).heading.waitFor();
  await page.getByText('It counts as applied from now on; nothing of it is run.').waitFor();
  expect(app.faults).toEqual([]);
});
