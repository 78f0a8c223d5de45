/** A bundle's whole way in two windows with keyrings of their own: made and signed at a desk, trusted and applied at a site. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import type { Tier } from '../../shared/model/environment.ts';
import { keyringMissing } from '../credentials/keyring.ts';
import { type KeyringSession, openKeyring } from '../credentials/keyringSession.ts';
import { skipBecause } from '../setup/skip.ts';
import { type App, launchBrowser, startApp } from './app.ts';
import { type Client, clientOf } from './client.ts';
import { inOrder } from './inOrder.ts';
import { runPage } from './pages/runPage.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

interface Place extends AsyncDisposable {
  readonly app: App;
  readonly page: Page;
  readonly client: Client;
}

const missing = keyringMissing();
const passphrase = 'correct horse battery';
let browser: Browser;
let workplace: Workplace;
let keyrings: readonly KeyringSession[] = [];
let desk: Place;
let site: Place;
let file: string;
const own = { key: '', fingerprint: '' };
inOrder();
beforeAll(async () => {
  [browser, workplace] = await Promise.all([launchBrowser(), makeWorkplace()]);
  // One keyring each: what signs at the desk must be unknown at the site.
  if (missing === undefined) keyrings = await Promise.all([openKeyring(), openKeyring()]);
  const folder = await workplace.copySample('dbmate/sqlite', 'library');
  desk = await openPlace('library-desk', 'development', folder, keyrings[0]);
  site = await openPlace('library-site', 'production', folder, keyrings[1]);
}, 120_000);
afterAll(async () => {
  await desk[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
  await browser.close();
  for (const keyring of keyrings) await keyring[Symbol.asyncDispose]();
  await workplace[Symbol.asyncDispose]();
});

async function openPlace(
  name: string,
  tier: Tier,
  folder: string,
  keyring: KeyringSession | undefined,
): Promise<Place> {
  const app = await startApp({ browser, variables: keyring?.variables ?? {} });
  const client = await clientOf(app.page);
  const database = join(workplace.folder, `${name}.db`);
  await createDatabase(database);
  await client.environments.add({
    name,
    tier,
    colour: 'red',
    group: '',
    connection: { engine: 'sqlite', file: database },
    source: { path: folder },
    secret: null,
  });
  return { app, page: app.page, client, [Symbol.asyncDispose]: () => app.close() };
}

const go = ({ page }: Place, address: string) => page.goto(new URL(`/#${address}`, page.url()).href);
const keys = ({ page }: Place) => page.getByRole('region', { name: 'Trusted keys', exact: true });
const fingerprintPattern = /(?:[\da-f]{4} ){15}[\da-f]{4}/;

test('the desk makes a bundle in the window, signed with its key', async (context) => {
  if (missing !== undefined) skipBecause(context, missing);
  const { page } = desk;
  await go(desk, '/bundles');
  await page.getByRole('button', { name: 'Make bundle…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make a bundle' });
  await dialog.getByLabel('Of the migrations of').selectOption('library-desk');
  await dialog.getByLabel('Origin').fill('Release desk');
  await dialog.getByLabel('Notes').fill('Stop the tills first.');
  await dialog.getByText(fingerprintPattern).waitFor();
  const saving = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Make and save' }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe('library-desk.lkb');
  file = join(workplace.folder, 'carried.lkb');
  await download.saveAs(file);
  await dialog.waitFor({ state: 'hidden' });
});

test('its settings show the key that the site needs', async (context) => {
  if (missing !== undefined) skipBecause(context, missing);
  const { page } = desk;
  await go(desk, '/settings');
  await keys(desk).getByText('No key is trusted').waitFor();
  await keys(desk).getByRole('button', { name: 'This installation’s key…' }).click();
  const lines = page.getByRole('dialog', { name: 'This installation’s key' }).locator('.code-line');
  await lines.nth(1).waitFor();
  [own.key = '', own.fingerprint = ''] = await lines.allInnerTexts();
  expect(own.fingerprint).toMatch(fingerprintPattern);
  await page.keyboard.press('Escape');
});

test('at the site an operator is told who adds keys; an administrator adds it after comparing fingerprints', async (context) => {
  if (missing !== undefined) skipBecause(context, missing);
  const { page, client } = site;
  await client.roles.setPassphrase({ passphrase, startsAs: 'operator', unlockMinutes: 480 });
  await client.roles.lock();
  await go(site, '/settings');
  await keys(site).getByText('Keys are added and removed by an administrator; here you are an operator.').waitFor();
  expect(await keys(site).getByRole('button', { name: 'Add a key…' }).count()).toBe(0);
  const wanted = { key: own.key, name: 'Desk', purposes: ['bundles'] as const, fingerprint: own.fingerprint };
  await expect(client.trustedKeys.add({ ...wanted, purposes: [...wanted.purposes] })).rejects.toMatchObject({
    data: { code: 'gate.role' },
  });
  await keys(site).getByRole('button', { name: 'Unlock as administrator' }).click();
  await page.getByRole('textbox', { name: 'Administrator’s passphrase' }).fill(passphrase);
  await page.keyboard.press('Enter');

  await keys(site).getByRole('button', { name: 'Add a key…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Trust a key' });
  const key = dialog.getByRole('textbox', { name: 'Public key' });
  await key.fill('no key');
  await dialog.getByText('This is no Ed25519 public key.').waitFor();
  await key.fill(own.key);
  await dialog.getByText(own.fingerprint).waitFor();
  await dialog.getByLabel('Whose key it is').fill('Release desk');
  const trust = dialog.getByRole('button', { name: 'Trust this key' });
  expect(await trust.isDisabled()).toBe(true);
  await dialog.getByLabel('Its owner names the same fingerprint').check();
  await trust.click();
  await dialog.waitFor({ state: 'hidden' });
  await keys(site).getByText('Release desk').waitFor();
  await keys(site).getByText(own.fingerprint).waitFor();
  expect(await client.trustedKeys.list()).toMatchObject([{ name: 'Release desk', purposes: ['bundles'] }]);
});

test('there the bundle is opened, checked, rehearsed, applied and reported', async (context) => {
  if (missing !== undefined) skipBecause(context, missing);
  const { page, client } = site;
  await go(site, '/bundles');
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open bundle…' }).first().click();
  await (await choosing).setFiles(file);
  await page.getByText('✓ Trusted: Release desk').waitFor();
  await page.getByText('Stop the tills first.').waitFor();
  await page
    .getByRole('combobox', { name: 'Environment to check the bundle against' })
    .selectOption('library-site · Production');
  await page.getByText('✓ It can be applied').waitFor();
  await page.getByRole('link', { name: 'Rehearse, back up and migrate' }).click();
  await page.getByText('From the bundle').waitFor();
  await page.getByRole('button', { name: 'Rehearse', exact: true }).click();
  await page.getByRole('button', { name: 'Rehearse again' }).waitFor({ timeout: 60_000 });
  await page.getByLabel('Reason').fill('Hotfix of the release desk');
  await page.getByLabel('Type library-site to confirm').fill('library-site');
  await page.getByRole('region', { name: 'Start' }).getByRole('button').last().click();
  await runPage(page).outcome.waitFor({ timeout: 60_000 });
  const [run] = await client.runs.list({ environmentId: null, limit: 1 });
  expect(run).toMatchObject({ action: 'up', outcome: 'succeeded' });

  await page.getByRole('button', { name: 'Export report' }).click();
  const saving = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: /HTML/ }).click();
  const report = await readFile(await (await saving).path(), 'utf8');
  expect(report).toContain('Release desk');
  expect(report).toContain('Hotfix of the release desk');
}, 240_000);

test('a key that is removed with a reason is believed no more', async (context) => {
  if (missing !== undefined) skipBecause(context, missing);
  const { page, client } = site;
  await go(site, '/settings');
  await keys(site).getByRole('button', { name: 'Remove Release desk…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Trust the key of Release desk no longer?' });
  const remove = dialog.getByRole('button', { name: 'Remove the key' });
  expect(await remove.isDisabled()).toBe(true);
  await dialog.getByLabel('Reason').fill('Its laptop was stolen');
  await remove.click();
  await keys(site).getByText('No key is trusted').waitFor();
  expect(await client.trustedKeys.list()).toEqual([]);
  await go(site, '/bundles');
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open bundle…' }).first().click();
  await (await choosing).setFiles(file);
  await page.getByText('✕ Not trusted here').waitFor();
});
