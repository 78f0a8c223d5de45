/** The settings by keyboard alone: saved at once, undone, carried to another computer, and where dump programs are. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from './app.ts';
import { type Client, clientOf } from './client.ts';
import { inOrder } from './inOrder.ts';
import { focused, tabTo } from './keys.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

let app: App;
let page: Page;
let client: Client;
let workplace: Workplace;
inOrder();
beforeAll(async () => {
  app = await startApp();
  ({ page } = app);
  workplace = await makeWorkplace();
  client = await clientOf(page);
});
afterAll(async () => {
  await app.close();
  await workplace[Symbol.asyncDispose]();
});

const themeOf = (): Promise<string> => client.settings.get().then(({ theme }) => theme);
const region = (name: string) => page.getByRole('region', { name, exact: true });

test('a theme is saved as soon as it is chosen, and Ctrl+Z takes it back', async () => {
  await page.keyboard.press('6');
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  await tabTo(page, 'System');
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('ArrowRight');
  await expect.poll(themeOf).toBe('highContrast');
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset['contrast'])).toBe('more');
  await page.keyboard.press('Control+z');
  await expect.poll(themeOf).toBe('dark');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect.poll(themeOf).toBe('system');
  await expect.poll(() => page.getByRole('button', { name: 'Undo', exact: true }).isDisabled()).toBe(true);
});

test('what a tier says is undone from the button, which names it', async () => {
  const environments = region('Environments');
  await tabTo(page, 'Workspace');
  for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('ArrowRight');
  await environments.getByText('For environments of the tier Production').waitFor();
  await tabTo(page, /^Reason/);
  await page.keyboard.press('Space');
  await expect
    .poll(() => client.settings.get().then(({ layers }) => layers.tiers.production))
    .toEqual({
      protection: { reason: false },
    });
  await tabTo(page, 'Undo: Reason, Production', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect.poll(() => client.settings.get().then(({ layers }) => layers.tiers.production ?? {})).toEqual({});
});

test('Ctrl+Z in a field is the field’s own', async () => {
  await client.settings.set({ layer: { scope: { kind: 'workspace' }, values: { lockAttempts: 7 } } });
  await page.keyboard.press('1');
  await page.keyboard.press('6');
  await tabTo(page, /^Waiting for a lock/);
  await page.keyboard.type('9');
  await page.keyboard.press('Control+z');
  expect((await client.settings.get()).layers.workspace).toEqual({ lockAttempts: 7 });
});

test('an export is a file without anything of this computer; an import tells what it adds, and is undone', async () => {
  const values = { lockAttempts: 7, backup: { folder: join(workplace.folder, 'archives') } };
  await client.settings.set({ layer: { scope: { kind: 'workspace' }, values } });
  const download = page.waitForEvent('download');
  await tabTo(page, 'Export…');
  await page.keyboard.press('Enter');
  const file = join(workplace.folder, 'export.json');
  await (await download).saveAs(file);
  expect(await readFile(file, 'utf8')).not.toContain(workplace.folder);
  await region('To and from another computer').getByText('Left out').waitFor();

  await client.settings.set({ layer: { scope: { kind: 'workspace' }, values: {} } });
  await tabTo(page, 'Import…');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Import settings' });
  await dialog.waitFor();
  await expect.poll(() => focused(page)).toMatch(/^File/);
  await page.keyboard.type(file);
  await page.keyboard.press('Enter');
  await dialog.getByText('Tries for a lock, Workspace: 7').waitFor();
  await tabTo(page, 'Add');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  expect((await client.settings.get()).layers.workspace).toEqual({ lockAttempts: 7 });
  await expect.poll(() => focused(page)).toBe('Import…');
  await page.keyboard.press('Control+z');
  await expect.poll(() => client.settings.get().then(({ layers }) => layers.workspace)).toEqual({});
});

test('a file that is no export says so, and nothing is added', async () => {
  const file = join(workplace.folder, 'none.json');
  await writeFile(file, '{"hello": 1}');
  await tabTo(page, 'Import…');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Import settings' });
  await dialog.waitFor();
  await expect.poll(() => focused(page)).toMatch(/^File/);
  await page.keyboard.type(file);
  await page.keyboard.press('Enter');
  await dialog.getByText('State now').waitFor();
  expect(await dialog.getByRole('button', { name: 'Add', exact: true }).isDisabled()).toBe(true);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
});

test('a folder of dump programs is located, and what lies there is found', async () => {
  const folder = join(workplace.folder, 'programs');
  await mkdir(join(folder, 'bin'), { recursive: true });
  const program = join(folder, 'bin', 'pg_dump');
  await writeFile(program, '#!/bin/sh\necho "pg_dump (PostgreSQL) 99.1"\n');
  await chmod(program, 0o755);
  const programs = region('Dump programs');
  await tabTo(page, 'Locate tools…', 'Shift+Tab');
  await page.keyboard.press('Enter');
  const browser = page.getByRole('dialog', { name: 'Choose the folder of the dump programs' });
  await browser.waitFor();
  await browser.getByRole('textbox', { name: 'Path' }).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(folder);
  await page.keyboard.press('Enter');
  await browser.getByRole('list', { name: 'Folders' }).getByRole('button', { name: 'bin' }).waitFor();
  await tabTo(page, 'Use this folder');
  await page.keyboard.press('Enter');
  await programs.getByText(program).waitFor();
  await programs.getByText('99.1').waitFor();
  await tabTo(page, `Forget ${folder}`);
  await page.keyboard.press('Enter');
  await programs.getByText(program).waitFor({ state: 'hidden' });
  expect((await client.settings.get()).programFolders).toEqual([]);
});

test('no page had an error', () => {
  // But the file that was refused.
  expect(app.faults.filter((words) => !words.includes('400 (Bad Request)'))).toEqual([]);
});
