/** No screen is ever blank: while it reads, when nothing can be read, when what it shows is old, when there is nothing. */
import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { type App, startApp } from './app.ts';
import { type Client, clientOf } from './client.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

let app: App;
let workplace: Workplace;
let client: Client;
let id = '';
beforeAll(async () => {
  app = await startApp();
  workplace = await makeWorkplace();
  client = await clientOf(app.page);
  const file = join(workplace.folder, 'shop.db');
  await createDatabase(file);
  const environment = await client.environments.add({
    name: 'shop',
    tier: 'test',
    colour: 'teal',
    group: '',
    connection: { engine: 'sqlite', file },
    source: { path: await workplace.writeFolder('shop', {}) },
    secret: null,
  });
  id = environment.id;
});
afterAll(async () => {
  await app.close();
  await workplace[Symbol.asyncDispose]();
});

/** Every address, and the procedure without which it has nothing to show. */
const screens = (): readonly (readonly [address: string, procedure: string])[] => [
  ['/environments', 'environments/list'],
  [`/environments/${id}/plan`, 'migrations/plan'],
  [`/environments/${id}/migrations`, 'migrations/status'],
  [`/environments/${id}/attention`, 'migrations/verify'],
  [`/environments/${id}/schema`, 'schema/drift'],
  [`/environments/${id}/versions`, 'source/compatibility'],
  [`/environments/${id}/activity`, 'activity/list'],
  [`/environments/${id}/history`, 'history/list'],
  [`/environments/${id}/log`, 'runs/list'],
  [`/environments/${id}/backups`, 'backups/list'],
  [`/environments/${id}/settings`, 'settings/get'],
  [`/environments/${id}/migrate?direction=up`, 'migrations/plan'],
  [`/environments/${id}/migration/1`, 'migrations/get'],
  [`/environments/${id}/repair?fix=markApplied:1`, 'migrations/planRepair'],
  [`/environments/${id}/trust`, 'migrations/status'],
  [`/environments/${id}/connect`, 'source/detect'],
  ['/restore?backup=none', 'backups/list'],
  ['/runs', 'runs/list'],
  ['/runs/none', 'runs/watch'],
  ['/fleets', 'fleets/list'],
  ['/fleets/none', 'fleets/watch'],
  ['/newFleet', 'environments/list'],
  ['/runs/none/undo', 'backups/undoPlan'],
  ['/backups', 'backups/list'],
  ['/history', 'history/list'],
  ['/schedules', 'schedules/list'],
  [`/bundles/${'0'.repeat(64)}`, 'bundles/get'],
  ['/settings', 'settings/get'],
  ['/settings', 'trustedKeys/list'],
];

/** Those that have something to read here. */
const readable = () => screens().filter(([address]) => !/none|fix=|migration\/1|bundles/.test(address));

/** A page of its own in the same session: nothing that was read before is remembered. */
async function blank(procedure: string, answer: (route: Route) => unknown): Promise<Page> {
  const page = await app.page.context().newPage();
  const session = await app.page.evaluate(() => window.sessionStorage.getItem('lockkeeper.session') ?? '');
  await page.addInitScript((token) => window.sessionStorage.setItem('lockkeeper.session', token), session);
  await page.route(`**/rpc/${procedure}`, answer);
  return page;
}

async function fresh(address: string, procedure: string, answer: (route: Route) => unknown): Promise<Page> {
  const page = await blank(procedure, answer);
  await page.goto(new URL(`/#${address}`, app.page.url()).href);
  return page;
}

test('while it reads, every screen says so', { timeout: 240_000 }, async () => {
  const silent: string[] = [];
  for (const [address, procedure] of screens()) {
    const asked = Promise.withResolvers<void>();
    const page = await fresh(address, procedure, () => asked.resolve());
    // What stands in while the screen's own code is on its way says nothing of the screen.
    await page.locator('main').waitFor();
    await page.locator('.full-state').waitFor({ state: 'hidden' });
    await asked.promise;
    const told = page
      .locator('main')
      .locator('[role="status"]:not(:empty), .mantine-Loader-root, .mantine-Skeleton-root, [aria-busy="true"]');
    await told
      .first()
      .waitFor({ timeout: 20_000 })
      .catch(() => silent.push(address));
    await page.close();
  }
  expect(silent).toEqual([]);
});

test('when it cannot read, every screen tells what happened, the state now and the next step', {
  timeout: 240_000,
}, async () => {
  const silent: string[] = [];
  for (const [address, procedure] of screens()) {
    const page = await fresh(address, procedure, (route) => route.fulfill({ status: 500, body: '{}' }));
    const told = page.locator('main .problem').first();
    await told.waitFor({ timeout: 20_000 }).catch(() => silent.push(address));
    if ((await told.count()) > 0) expect(await told.innerText(), address).toMatch(/State now[\s\S]*Next/);
    await page.close();
  }
  expect(silent).toEqual([]);
});

/** Resolves when the page has read what it needs and shows it. */
async function hasRead(page: Page, procedure: string): Promise<void> {
  await page.waitForResponse(`**/rpc/${procedure}`);
  await page.waitForFunction(() => {
    const main = document.querySelector('main');
    const reads = main?.querySelector('.mantine-Skeleton-root, .mantine-Loader-root, [aria-busy="true"]') ?? null;
    return main !== null && reads === null && !/…$/.test(main.querySelector('[role="status"]')?.textContent ?? '');
  });
}

test('what cannot be read again stays, and the screen says that it is old', { timeout: 300_000 }, async () => {
  const wrong: string[] = [];
  for (const [address, procedure] of readable()) {
    let broken = false;
    const page = await open(address, procedure, (route) =>
      broken ? route.fulfill({ status: 500, body: '{}' }) : route.continue(),
    );
    const problems = page.locator('main .problem');
    if ((await problems.count()) === 0) {
      const before = (await page.locator('main').innerText()).split('\n');
      broken = true;
      await page.keyboard.press('F5');
      const told = page.locator('main').getByText(/unexpected answer|last known/i);
      await told
        .first()
        .waitFor({ timeout: 20_000 })
        .catch(() => wrong.push(`${address} is silent`));
      const after = await page.locator('main').innerText();
      if (before.filter((line) => after.includes(line)).length * 2 < before.length) wrong.push(`${address} forgot it`);
    }
    await page.close();
  }
  expect(wrong).toEqual([]);
});

test('where there is nothing, every list says so', { timeout: 300_000 }, async () => {
  const bare: string[] = [];
  for (const [address, procedure] of readable()) {
    const page = await open(address, procedure, (route) => route.continue());
    const words = await page.locator('main').innerText();
    if (words.trim().length < 40) bare.push(`${address}: ${words}`);
    await page.close();
  }
  expect(bare).toEqual([]);
});

async function open(address: string, procedure: string, answer: (route: Route) => unknown): Promise<Page> {
  const page = await blank(procedure, answer);
  const read = hasRead(page, procedure);
  await page.goto(new URL(`/#${address}`, app.page.url()).href);
  await read;
  return page;
}
