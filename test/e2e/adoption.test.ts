/** A database with a history of its own is connected, then its history moves to another tool: never before a person saw what. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { type App, startApp } from './app.ts';
import { breachesOf } from './axe.ts';
import { type Client, clientOf } from './client.ts';
import { inOrder } from './inOrder.ts';
import { adoptionPages } from './pages/adoptionPages.ts';
import { runPage } from './pages/runPage.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

let app: App;
let workplace: Workplace;
let client: Client;
let folder: string;
let environmentId: string;
inOrder();
beforeAll(async () => {
  app = await startApp();
  workplace = await makeWorkplace();
  client = await clientOf(app.page);
  folder = await workplace.copySample('dbmate/sqlite', 'library');
  const file = join(workplace.folder, 'library.db');
  await createDatabase(file);
  const other = {
    tier: 'development',
    colour: 'blue',
    group: '',
    connection: { engine: 'sqlite', file },
    secret: null,
  } as const;
  // Another copy of the application has migrated it before.
  const before = await client.environments.add({ ...other, name: 'elsewhere', source: { path: folder } });
  await migrateTwo(before.id);
  environmentId = (await client.environments.add({ ...other, name: 'library', source: null })).id;
});
afterAll(async () => {
  await app.close();
  await workplace[Symbol.asyncDispose]();
});

async function migrateTwo(id: string): Promise<void> {
  const target = { direction: 'up', steps: 2 } as const;
  const { fingerprint } = await client.migrations.plan({ environmentId: id, target });
  const answers = { backup: false, confirm: null, reason: null, accept: [], continueOnError: false };
  const { run } = await client.runs.start({ environmentId: id, target, fingerprint, ...answers });
  for await (const record of await client.runs.watch({ id: run, fromSeq: 0 }))
    if (record.type === 'runFinished') return;
}

const go = (path: string): Promise<unknown> => app.page.goto(new URL(`/#${path}`, app.page.url()).href);

/** In light and dark; a folder in LOCKKEEPER_PICTURES gets a picture. */
async function expectAccessible(name: string): Promise<void> {
  const { page } = app;
  expect(await breachesOf(page), name).toEqual([]);
  const pictures = process.env['LOCKKEEPER_PICTURES'];
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

test('an environment without a folder leads to the wizard, which shows tool and evidence', async () => {
  const { page } = app;
  await go(`/environments/${environmentId}/plan`);
  await page.getByRole('link', { name: 'Choose the folder…' }).click();
  const { folder: field, look, tool, next, step } = adoptionPages(page);
  await field.fill(folder);
  await look.click();
  await tool('dbmate').waitFor();
  expect(await tool('dbmate').isChecked()).toBe(true);
  const words = await step('Folder and tool').innerText();
  expect(words).toContain('"-- migrate:up" or "-- migrate:down" in 3 of 3 looked at');
  expect(words).toContain('2 of 2 entries in the folder');
  await expectAccessible('wizard-folder');
  await next.click();
});

test('the table with its columns, then what is applied and what is pending; nothing is used before', async () => {
  const { page } = app;
  const { next, step, use } = adoptionPages(page);
  await expect.poll(() => step('History table').innerText()).toContain('Columns: version');
  expect(await page.getByRole('radio', { name: 'schema_migrations' }).isChecked()).toBe(true);
  await expectAccessible('wizard-table');
  await next.click();
  await expect.poll(() => step('Comparison').innerText()).toMatch(/1\s+○\s+Pending[\s\S]*2\s+✓\s+Applied/);
  await expectAccessible('wizard-comparison');
  expect((await client.environments.get({ id: environmentId })).environment.source).toBeNull();
  await use.click();
  await page.getByRole('button', { name: 'Back up and migrate (1)' }).waitFor();
  expect((await client.environments.get({ id: environmentId })).environment.source).toEqual({
    path: folder,
    tool: 'dbmate',
  });
});

test('moving the history shows every entry, and what is not carried over', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'More for library' }).click();
  await page.getByRole('menuitem', { name: 'Move the history to another tool…' }).click();
  const { form, show, step, start, needed } = adoptionPages(page);
  await form.getByRole('combobox', { name: 'Tool to move to' }).selectOption({ label: 'Lockkeeper' });
  await form.getByRole('textbox', { name: 'New folder for converted files' }).fill(join(workplace.folder, 'own'));
  await show.click();
  await step('What would be written').waitFor();
  const words = await step('What would be written').innerText();
  expect(words).toContain('2 entries for lockkeeper_history of Lockkeeper, from schema_migrations of dbmate');
  expect(words).toContain('3 new files');
  expect(words).toContain('When each was applied: dbmate does not tell it');
  expect(await start.isDisabled()).toBe(true);
  expect(await needed.innerText()).toBe('Still needed: a reason');
  await expectAccessible('adopt');
});

test('then the other tool’s history says the same', async () => {
  const { page } = app;
  const { gate, start } = adoptionPages(page);
  await gate.getByRole('textbox', { name: 'Reason' }).fill('One tool for every database');
  await expect.poll(() => start.isEnabled()).toBe(true);
  expect(await start.innerText()).toBe('Move 2 entries of library to Lockkeeper');
  await start.click();
  expect(await runPage(page).finished()).toBe('Succeeded');
  await client.environments.edit({ id: environmentId, source: { path: join(workplace.folder, 'own') } });
  const { tool, counts } = await client.migrations.status({ environmentId });
  expect([tool, counts.applied, counts.pending]).toEqual(['lockkeeper', 2, 1]);
  expect(app.faults).toEqual([]);
});
