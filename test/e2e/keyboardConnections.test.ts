/** Connections and the wizard that connects a folder, with the keyboard alone; the mouse is never used. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { type App, startApp } from './app.ts';
import { type Client, clientOf } from './client.ts';
import { inOrder } from './inOrder.ts';
import { arrowTo, keysOf } from './keys.ts';
import { adoptionPages } from './pages/adoptionPages.ts';
import { environmentForm } from './pages/environmentForm.ts';
import { firstRun } from './pages/firstRun.ts';
import { migratePage } from './pages/migratePage.ts';
import { runPage } from './pages/runPage.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

let app: App;
let page: Page;
let client: Client;
let workplace: Workplace;
let file: string;
let folder: string;
inOrder();
beforeAll(async () => {
  workplace = await makeWorkplace();
  folder = await workplace.copySample('dbmate/sqlite', 'library');
  file = join(workplace.folder, 'library.db');
  await createDatabase(file);
  app = await startApp();
  ({ page } = app);
  client = await clientOf(page);
});
afterAll(async () => {
  await app.close();
  await workplace[Symbol.asyncDispose]();
});

const { focused, tabTo, press, heading, use } = keysOf(() => page);
const inMenuOf = async (name: string, item: string): Promise<void> => {
  await use(`More for ${name}`);
  await page.getByRole('menuitem', { name: item }).waitFor();
  await arrowTo(page, item);
  await press('Enter');
};
const names = async (): Promise<readonly string[]> =>
  (await client.environments.list()).map(({ environment }) => environment.name);

test('a URL is pasted at the first door; it fills the fields, is tested and added', async () => {
  await firstRun(page).heading.waitFor();
  await tabTo('Connection URL');
  await page.keyboard.type(`sqlite:${file}`);
  await press('Enter');
  const form = environmentForm(page);
  await expect.poll(() => form.text('Database file').inputValue()).toBe(file);
  await expect.poll(focused).toMatch(/^Paste a connection/);
  await use('Test connection');
  await form.form.locator('.check-line').filter({ hasText: 'Database' }).first().waitFor();
  await expect.poll(focused).toBe('Test connection');
  await tabTo(/^Name/, 'Shift+Tab');
  await press('Control+a');
  await page.keyboard.type('library');
  await tabTo('Development');
  await press('ArrowRight');
  await tabTo('Blue');
  await press('ArrowRight');
  await expect.poll(focused).toBe('Green');
  await use('Add environment');
  await form.form.waitFor({ state: 'hidden' });
  await heading('library').waitFor();
  await expect.poll(focused).toBe('library');
  const [added] = await client.environments.list();
  expect(added?.environment).toMatchObject({ name: 'library', tier: 'test', colour: 'green' });
});

test('Escape closes the form without saving, and the focus goes back to the button of the menu', async () => {
  await press('1');
  await heading('Environments').waitFor();
  await inMenuOf('library', 'Edit…');
  const form = page.getByRole('dialog', { name: /library/ });
  await form.waitFor();
  await tabTo(/^Name/);
  await page.keyboard.type(' 2');
  await press('Escape');
  await form.waitFor({ state: 'hidden' });
  await expect.poll(focused).toBe('More for library');
  expect(await names()).toEqual(['library']);
});

test('an edit is saved with Enter, a duplicate is added, and removing it wants its name', async () => {
  await inMenuOf('library', 'Edit…');
  const form = page.getByRole('dialog', { name: /library/ });
  await form.waitFor();
  await tabTo(/^Group/);
  await page.keyboard.type('Town');
  await press('Escape');
  await press('Enter');
  await form.waitFor({ state: 'hidden' });
  await page.getByRole('main').getByRole('region', { name: 'Town' }).waitFor();
  await expect.poll(focused).toBe('More for library');

  await inMenuOf('library', 'Duplicate…');
  await page.getByRole('dialog', { name: 'Add environment' }).waitFor();
  await use('Add environment');
  await heading('library copy').waitFor();
  await expect.poll(focused).toBe('library copy');
  await inMenuOf('library copy', 'Remove…');
  const dialog = page.getByRole('dialog', { name: /library copy/ });
  await dialog.waitFor();
  await expect.poll(focused).toBe('Keep it');
  await press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(focused).toBe('More for library copy');
  await inMenuOf('library copy', 'Remove…');
  // Its first focus comes with it, and would be taken from whoever walked on before.
  await expect.poll(focused).toBe('Keep it');
  await tabTo(/^Type library copy/);
  await page.keyboard.type('library copy');
  await press('Enter');
  await heading('Environments').waitFor();
  await expect.poll(focused).toBe('Environments');
  expect(await names()).toEqual(['library']);
});

test('the wizard goes from folder to table to comparison and back; its folder is then used', async () => {
  await use(/^libraryTest/);
  await heading('library').waitFor();
  await use('Choose the folder…');
  await heading('Folder, tool and history').waitFor();
  await tabTo('Migration folder');
  await page.keyboard.type(folder);
  await press('Enter');
  const { tool, step } = adoptionPages(page);
  await tool('dbmate').waitFor();
  await use('Next');
  await step('History table').waitFor();
  await expect.poll(focused).toBe('History table');
  await use('Next');
  await expect.poll(() => step('Comparison').innerText()).toMatch(/Pending\s+20260105090000/);
  await expect.poll(focused).toBe('Comparison');
  await use('Back');
  await expect.poll(focused).toBe('History table');
  await use('Next');
  await step('Comparison').waitFor();
  await use('Use this');
  await page.getByRole('button', { name: 'Back up and migrate (3)' }).waitFor();
  await expect.poll(focused).toBe('library');
});

test('the history and its trends: list, charts, the same as a table, and the run behind a line', async () => {
  await press('m');
  const plan = migratePage(page);
  await plan.gate.waitFor();
  await expect.poll(focused).toBe('Cancel');
  await expect.poll(() => plan.start.isEnabled()).toBe(true);
  await press('Control+Enter');
  expect(await runPage(page).finished()).toBe('Succeeded');
  await press('4');
  await heading('History').waitFor();
  await tabTo(/^List/);
  await press('ArrowRight');
  const took = page.getByRole('region', { name: 'How long migrations took' });
  await took.getByRole('img').waitFor();
  await tabTo(/^Chart/);
  await press('ArrowRight');
  const values = page.getByRole('grid', { name: 'How long migrations took, as a table' });
  await values.getByRole('gridcell').first().waitFor();
  await tabTo(/library/);
  await press('ArrowDown');
  await press('Enter');
  await runPage(page).outcome.waitFor();
  await expect.poll(focused).toMatch(/^Migrate/);
  expect(app.faults).toEqual([]);
});
