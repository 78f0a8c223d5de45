/** The version matrix by keyboard alone: opened, walked, folded, selected, planned, exported; live while a run goes on. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { type App, startApp } from './app.ts';
import { breachesOf } from './axe.ts';
import { type Client, clientOf } from './client.ts';
import { inOrder } from './inOrder.ts';
import { migratePage } from './pages/migratePage.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

let app: App;
let page: Page;
let client: Client;
let workplace: Workplace;
const ids = new Map<string, string>();
inOrder();

const shops = ['harbour', 'north', 'south'] as const;

beforeAll(async () => {
  workplace = await makeWorkplace();
  app = await startApp({ context: { locale: 'en-GB' } });
  ({ page } = app);
  client = await clientOf(page);
  await client.application.createDemo();
  const folder = await workplace.writeFolder('till', {
    '1_coupons.sql':
      '-- migrate:up\nCREATE TABLE coupons (code text PRIMARY KEY);\n\n-- migrate:down\nDROP TABLE coupons;\n',
    '2_receipts.sql':
      '-- migrate:up\nCREATE TABLE receipts (id integer PRIMARY KEY);\n\n-- migrate:down\nDROP TABLE receipts;\n',
    '3_shifts.sql':
      '-- migrate:up\nCREATE TABLE shifts (id integer PRIMARY KEY);\n\n-- migrate:down\nDROP TABLE shifts;\n',
  });
  for (const [index, name] of shops.entries()) {
    const file = join(workplace.folder, `${name}.db`);
    await createDatabase(file);
    const { id } = await client.environments.add({
      name,
      tier: 'test',
      colour: 'teal',
      group: 'Shops',
      connection: { engine: 'sqlite', file },
      source: { path: folder },
      secret: null,
    });
    ids.set(name, id);
    if (index > 0) await migrate(name, index);
  }
  await client.migrations.status({ environmentId: ids.get('south') ?? '' });
  await rm(join(workplace.folder, 'south.db'));
  await page.reload();
  await page.getByRole('heading', { name: 'Environments', level: 1 }).waitFor();
});
afterAll(async () => {
  await app.close();
  await workplace[Symbol.asyncDispose]();
});

async function migrate(name: string, steps: number): Promise<void> {
  const environmentId = ids.get(name) ?? '';
  const target = { direction: 'up', steps } as const;
  const { fingerprint } = await client.migrations.plan({ environmentId, target });
  const answers = { backup: true, confirm: null, reason: 'As usual', accept: [], continueOnError: false };
  const { run } = await client.runs.start({ environmentId, target, fingerprint, ...answers });
  for await (const record of await client.runs.watch({ id: run, fromSeq: 0 }))
    if (record.type === 'runFinished') return;
}

const grid = () => page.getByRole('grid', { name: 'Version matrix' });
const press = async (...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
/** Accessible name of the cell that has the focus. */
const active = (): Promise<string> =>
  grid().evaluate((element) => {
    const cell = document.getElementById(element.getAttribute('aria-activedescendant') ?? '');
    return cell?.getAttribute('aria-label') ?? cell?.innerText.replace(/\s+/g, ' ').trim() ?? '';
  });
const chosen = () => page.getByRole('region', { name: 'The chosen cell' });

async function tabToGrid(): Promise<void> {
  await grid().waitFor();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await grid().evaluate((element) => element === document.activeElement)) return;
    await press('Tab');
  }
  expect.fail('Tab does not lead to the grid');
}

test('G shows the matrix, and the choice is remembered', async () => {
  // The key is known once the environments are there.
  await page.getByRole('main').getByText('harbour').first().waitFor();
  await press('g');
  await grid().waitFor();
  await page.reload();
  await grid().waitFor();
  await page.getByRole('columnheader', { name: /^harbour/ }).waitFor();
});

test('a cell says shape, word, environment and migration; a column without an answer says since when', async () => {
  await grid().getByRole('gridcell', { name: 'Applied: north, 1 coupons' }).waitFor();
  await grid().getByRole('gridcell', { name: 'Pending: north, 2 receipts' }).waitFor();
  await grid().getByRole('gridcell', { name: 'Not in its folder: bakery-test, 1 coupons' }).waitFor();
  await grid().getByRole('gridcell', { name: 'Changed: bakery-production, 1.4.0 index_orders_by_day' }).waitFor();
  await grid().getByRole('gridcell', { name: 'Applied (last known): south, 1 coupons' }).waitFor();
  expect(
    await grid()
      .getByRole('columnheader', { name: /^south/ })
      .innerText(),
  ).toMatch(/Last known \d\d:\d\d/);
  await grid().getByRole('gridcell', { name: 'No drift: north, Drift' }).waitFor();
  await grid().getByRole('gridcell', { name: '1 changed: bakery-test, Checksums' }).waitFor();
});

test('arrows, Home, End, Page and Ctrl with them move the focus, which stays on the grid', async () => {
  await tabToGrid();
  await press('ArrowRight');
  await expect.poll(active).toMatch(/^bakery-test/);
  await press('End');
  await expect.poll(active).toMatch(/^south/);
  await press('ArrowDown');
  await expect.poll(active).toBe('1 pending (last known): south, Pending');
  await press('Control+End');
  await expect.poll(active).toBe('Applied (last known): south, 1 coupons');
  await press('ArrowLeft');
  await expect.poll(active).toBe('Applied: north, 1 coupons');
  await expect.poll(() => chosen().innerText()).toMatch(/north[\s\S]*Test[\s\S]*1 coupons[\s\S]*Applied/);
  await press('PageUp', 'PageUp', 'PageUp', 'Home');
  await expect.poll(active).toBe('Groups');
  await press('ArrowRight', 'ArrowRight');
  await expect.poll(active).toBe('Shops, 3 environments');
  expect(await grid().evaluate((element) => element === document.activeElement)).toBe(true);
});

test('Enter folds a group into one column, and unfolds it', async () => {
  await press('Enter');
  await grid().getByRole('columnheader', { name: 'Shops, 3 environments, folded' }).waitFor();
  await grid().getByRole('gridcell', { name: '2 of 3 applied: Shops, 3 environments, 1 coupons' }).waitFor();
  await press('Enter');
  await grid().getByRole('gridcell', { name: 'Applied: north, 1 coupons' }).waitFor();
});

test('a run shows while it goes on, without anything being asked for', async () => {
  await migrate('harbour', 2);
  await grid().getByRole('gridcell', { name: 'Applied: harbour, 2 receipts' }).waitFor();
  await grid().getByRole('gridcell', { name: 'Pending: harbour, 3 shifts' }).waitFor();
});

test('Enter opens the cell’s migration, and back again P plans up to it', async () => {
  await press('Control+End', 'ArrowLeft', 'ArrowUp');
  await expect.poll(active).toBe('Pending: north, 2 receipts');
  await press('Enter');
  await page.getByRole('heading', { name: /^2 /, level: 1 }).waitFor();
  await page.goBack();
  await tabToGrid();
  await expect.poll(active).toBe('Pending: north, 2 receipts');
  await press('p');
  await migratePage(page).gate.waitFor();
  expect(new URL(page.url()).hash).toBe(`#/environments/${ids.get('north')}/migrate?direction=up&to=2`);
  await page.goBack();
});

test('Space selects columns; P lists their plans', async () => {
  await tabToGrid();
  await press('End', 'ArrowLeft', ' ', 'ArrowLeft', ' ');
  await page.getByText('2 environments selected').first().waitFor();
  await expect.poll(() => grid().getByRole('columnheader', { selected: true }).count()).toBe(2);
  await press('p');
  await page.getByRole('heading', { name: 'Plans', level: 1 }).waitFor();
  await page.getByRole('listitem', { name: 'north' }).getByText('2 migrations').waitFor();
  await page.getByRole('listitem', { name: 'harbour' }).getByText('1 migration').waitFor();
  await page.goBack();
  await tabToGrid();
  await expect.poll(() => grid().getByRole('columnheader', { selected: true }).count()).toBe(2);
  await press('Control+a', 'Control+a');
  await expect.poll(() => grid().getByRole('columnheader', { selected: true }).count()).toBe(0);
});

test('rows are filtered and turned, and where nothing is left it says so', async () => {
  const rows = () => grid().getByRole('rowheader').allInnerTexts();
  await page.getByLabel('Migrations to show').selectOption('Needs attention');
  await expect.poll(async () => (await rows()).filter((text) => /^\d/.test(text)).length).toBe(1);
  await page.getByRole('searchbox', { name: 'Filter migrations' }).fill('nothing has this');
  await page.getByText('No migration is shown').waitFor();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await grid().getByRole('gridcell', { name: 'Applied: north, 1 coupons' }).waitFor();
});

test('it is exported as a spreadsheet reads it', async () => {
  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'As CSV, for a spreadsheet' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  const lines = text.split('\r\n');
  expect(lines[0]).toBe('tool,version,name,bakery-test,bakery-production,harbour,north,south');
  expect(lines).toContain('dbmate,2,receipts,absent,absent,applied,pending,applied');
});

test('no rule of access is broken, with words or shapes, light or dark', async () => {
  const broken: string[] = [];
  for (const words of [true, false]) {
    if (!words) await page.getByRole('switch', { name: 'Words in cells' }).press('Space');
    broken.push(...(await breachesOf(page, ['light', 'dark'])));
  }
  expect(broken).toEqual([]);
});

test('no page had an error but for the database that is gone', () => {
  expect(app.faults.filter((fault) => !/502/.test(fault))).toEqual([]);
});
