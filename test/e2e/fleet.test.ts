/** A group is migrated together: planned, confirmed once, followed, stopped by a failure, and gone on with. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import type { Tier } from '../../shared/model/environment.ts';
import { type App, startApp } from './app.ts';
import { clientOf } from './client.ts';
import { table } from './pages/table.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

const members: Readonly<Record<string, Tier>> = {
  'shop-test-1': 'test',
  'shop-test-2': 'test',
  'shop-test-3': 'test',
  'shop-stage': 'staging',
  'shop-north': 'production',
  'shop-south': 'production',
};

let app: App;
let workplace: Workplace;
let page: Page;
beforeAll(async () => {
  app = await startApp();
  page = app.page;
  workplace = await makeWorkplace();
  const client = await clientOf(page);
  const path = await workplace.writeFolder('shops', {
    '1_items.sql': '-- migrate:up\ncreate table items (id integer);\n-- migrate:down\ndrop table items;\n',
    '2_prices.sql': '-- migrate:up\ncreate table prices (id integer);\n-- migrate:down\ndrop table prices;\n',
  });
  for (const [name, tier] of Object.entries(members)) {
    const file = join(workplace.folder, `${name}.db`);
    await createDatabase(file);
    const isProtected = tier === 'production';
    await client.environments.add({
      ...{ name, tier, group: 'Shops', source: { path }, secret: null },
      colour: isProtected ? 'red' : 'teal',
      connection: { engine: 'sqlite', file },
      protection: {
        typedName: isProtected,
        reason: isProtected,
        backup: isProtected ? 'checked' : 'none',
        acceptHazards: false,
        rehearsalHours: null,
        readOnly: false,
      },
    });
  }
});
afterAll(async () => {
  await app.close();
  await workplace[Symbol.asyncDispose]();
});

function inDatabase(name: string, sql: string): void {
  const database = new Database(join(workplace.folder, `${name}.db`));
  database.exec(sql);
  database.close();
}

const start = () => page.getByRole('region', { name: 'Start' }).getByRole('button');
const row = (name: string) => table(page, 'Databases of the fleet').getByRole('row', { name });

test('a group goes stage by stage; one failure stops it, and what failed is tried again', {
  timeout: 240_000,
}, async () => {
  inDatabase('shop-stage', 'create table prices (id integer)');
  await page.goto(new URL('/#/environments', page.url()).href);
  await page.getByRole('link', { name: 'Migrate 6…' }).click();
  await page.getByText('6 databases, 6 with pending migrations').waitFor();
  expect(await row('shop-north').textContent()).toMatch(/2.*confirmation, a reason/);
  expect(await page.getByRole('list', { name: 'Stages' }).textContent()).toMatch(
    /Test3 databases.*Production2 databases/,
  );
  expect(await start().isDisabled()).toBe(true);
  await page.getByRole('textbox', { name: 'Reason' }).fill('Release 4');
  await page.getByRole('textbox', { name: 'Type Shops 2 to confirm' }).fill('Shops 1');
  expect(await start().isDisabled()).toBe(true);
  await page.getByRole('textbox', { name: 'Type Shops 2 to confirm' }).fill('Shops 2');
  await start().click();

  await page.getByRole('button', { name: 'Try 1 again' }).waitFor();
  expect(await row('shop-stage').textContent()).toMatch(/Rolled back|Failed/);
  expect(await row('shop-north').textContent()).toContain('Not begun');
  expect(await row('shop-test-3').textContent()).toContain('Succeeded');
  // What failed is the first one of the list.
  expect(await table(page, 'Databases of the fleet').locator('tbody tr').first().textContent()).toContain('shop-stage');
  inDatabase('shop-stage', 'drop table prices');
  await page
    .getByRole('textbox', { name: 'the typed confirmation' })
    .or(page.getByRole('textbox', { name: /Type Shops/ }))
    .fill('Shops 2');
  await page.getByRole('button', { name: 'Try 1 again' }).click();
  await page.getByText('6 of 6 done').waitFor();
  expect(await row('shop-south').textContent()).toMatch(/Succeeded.*2 of 2/);

  await page.getByRole('link', { name: 'Open the run of shop-south' }).click();
  await page
    .getByRole('heading', { level: 1 })
    .filter({ hasText: /Migrate|shop-south/ })
    .waitFor();
  await page.goto(new URL('/#/runs', page.url()).href);
  await page.getByRole('link', { name: 'Fleets', exact: true }).click();
  await table(page, 'Fleets').getByRole('row', { name: /Shops/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Shops' }).waitFor();
  expect(app.faults).toEqual([]);
});
