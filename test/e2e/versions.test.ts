/** Does the database suit the application: by keyboard alone, in words, and on to the plan that is missing. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { type App, startApp } from './app.ts';
import { breachesOf } from './axe.ts';
import { clientOf } from './client.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

let app: App;
let page: Page;
let workplace: Workplace;
let id: string;
beforeAll(async () => {
  workplace = await makeWorkplace();
  app = await startApp({ context: { locale: 'en-GB' } });
  ({ page } = app);
  const client = await clientOf(page);
  const folder = await workplace.writeFolder('ward', {
    'lockkeeper.json': JSON.stringify({
      lockkeeper: 1,
      applications: [
        { version: '2024.3', database: '1', until: '1', changes: ['Beds are listed'] },
        { version: '5.1.0.12', database: '2', date: '2025-03-01', changes: ['<b>Wards</b> have names'] },
      ],
    }),
    '1_beds.sql': 'create table beds (id integer primary key);\n',
    '2_wards.sql': 'create table wards (id integer primary key);\n',
  });
  const file = join(workplace.folder, 'ward.db');
  await createDatabase(file);
  const connection = { engine: 'sqlite', file } as const;
  const about = { name: 'ward', tier: 'development', colour: 'teal', group: '', secret: null } as const;
  ({ id } = await client.environments.add({ ...about, connection, source: { path: folder } }));
  const plan = await client.migrations.plan({ environmentId: id, target: { direction: 'up', steps: 1 } });
  const { run } = await client.runs.start({
    ...{ environmentId: id, target: { direction: 'up', steps: 1 }, fingerprint: plan.fingerprint },
    ...{ backup: false, confirm: null, reason: null, accept: [], continueOnError: false },
  });
  await Array.fromAsync(await client.runs.watch({ id: run, fromSeq: 0 }));
  await page.goto(`${new URL(page.url()).origin}/#/environments/${id}/versions`);
});
afterAll(async () => {
  await app.close();
  await workplace[Symbol.asyncDispose]();
});

test('the folder’s own version is judged, and the matrix says each pair in a word', async () => {
  const panel = page.getByRole('tabpanel');
  await panel.getByText('This database is too old for version 5.1.0.12 of the application').waitFor();
  const row = (name: string) => panel.getByRole('row', { name: new RegExp(`^${name}`) });
  expect(await row('2024.3').getByRole('cell').allInnerTexts()).toEqual([
    '1 until 1',
    '✓\nSuits',
    '✓\nSuits',
    '▲\nToo new',
  ]);
  expect(await row('5.1.0.12').getByRole('cell').allInnerTexts()).toEqual([
    '2',
    '✕\nToo old',
    '✕\nToo old',
    '✓\nSuits',
  ]);
  // What a folder says is text, not markup.
  await panel.getByText('<b>Wards</b> have names').waitFor();
  expect(await breachesOf(page)).toEqual([]);
});

test('another version is asked for, judged by the one before it, or not known', async () => {
  const version = page.getByRole('textbox', { name: 'Version of the application' });
  await version.focus();
  await page.keyboard.type('2024.3.1');
  await page.keyboard.press('Enter');
  await page.getByText('suits version 2024.3.1 (judged as 2024.3, the newest before it)').waitFor();
  await version.fill('Sunrise');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing tells which database version Sunrise of the application needs.').waitFor();
});

test('what it misses is one step away', async () => {
  await page.getByRole('textbox', { name: 'Version of the application' }).fill('');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Plan 1 to apply' }).press('Enter');
  await page.waitForURL(/migrate\?direction=up&to=2$/);
});
