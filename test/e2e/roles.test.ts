/** Roles and a second person in the window: unlocking, what is refused and told, a plan file approved elsewhere and run here. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAskEachSession } from '../../electron/credentials/askEachSession.ts';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { approvePlan } from '../../electron/services/approvePlan.ts';
import { signingKey } from '../../electron/services/signingKey.ts';
import { readPublicKey } from '../../electron/services/trustStore.ts';
import { protectionByTier } from '../../shared/model/environment.ts';
import { keyringMissing } from '../credentials/keyring.ts';
import { type KeyringSession, openKeyring } from '../credentials/keyringSession.ts';
import { type TestBackend, testBackend } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { type App, startApp } from './app.ts';
import { type Client, clientOf } from './client.ts';
import { inOrder } from './inOrder.ts';
import { chooseInPalette } from './keys.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

const missing = keyringMissing();
let keyring: KeyringSession | null = null;
let app: App;
let page: Page;
let client: Client;
let workplace: Workplace;
let desk: TestBackend;
let id = '';
inOrder();
beforeAll(async () => {
  if (missing === undefined) keyring = await openKeyring();
  app = await startApp({ variables: keyring?.variables ?? {} });
  ({ page } = app);
  [workplace, desk] = await Promise.all([makeWorkplace(), testBackend()]);
  client = await clientOf(page);
  const file = join(workplace.folder, 'bank.db');
  await createDatabase(file);
  const source = await workplace.writeFolder('bank', {
    '1_orders.sql':
      '-- migrate:up\nCREATE TABLE orders (id INTEGER PRIMARY KEY);\n-- migrate:down\nDROP TABLE orders;\n',
  });
  const environment = await client.environments.add({
    name: 'bank',
    tier: 'development',
    colour: 'teal',
    group: '',
    connection: { engine: 'sqlite', file },
    source: { path: source },
    protection: {
      ...protectionByTier.development,
      approvalHours: 24,
      freeze: { until: '2099-01-01T00:00:00.000Z', reason: 'year-end closing', by: 'nobody' },
    },
    secret: null,
  });
  ({ id } = environment);
});
afterAll(async () => {
  await app.close();
  await keyring?.[Symbol.asyncDispose]();
  await desk[Symbol.asyncDispose]();
  await workplace[Symbol.asyncDispose]();
});

const go = (address: string): Promise<void> =>
  page.evaluate((hash) => {
    window.location.hash = hash;
  }, address);
const planPage = async (): Promise<void> => {
  await go('/environments');
  await go(`/environments/${id}/migrate?direction=up`);
};

test('all that a gate misses is told, each with whom it must come from; a lifted freeze leaves the second person', async () => {
  await planPage();
  const freeze = page.getByRole('alert', { name: /^bank is frozen until .*: year-end closing$/ });
  await freeze.waitFor();
  expect(await freeze.textContent()).not.toContain('nobody');
  await page
    .getByRole('alert', { name: /asks for a second person’s approval of exactly this plan: there is none/ })
    .waitFor();
  await go(`/environments/${id}/settings`);
  await page.getByRole('button', { name: 'Freeze', exact: true }).click();
  await page.getByRole('dialog').getByText(': year-end closing').waitFor();
  await page.getByRole('button', { name: 'Lift the freeze' }).click();
  await expect.poll(() => client.environments.get({ id }).then((one) => one.environment.protection.freeze)).toBe(null);
});

test('change windows are set in their dialog, and hold', async () => {
  await page.getByRole('button', { name: 'Change windows', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Change windows' });
  for (const day of ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']) await dialog.getByLabel(day).check();
  await dialog.getByLabel('From').fill('00:00');
  await dialog.getByLabel('Until').fill('00:00');
  await dialog.getByLabel('Time zone').fill('Europe/Berlin');
  await dialog.getByRole('button', { name: 'Add a window' }).click();
  await dialog.getByText('daily 00:00–00:00 Europe/Berlin').waitFor();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect
    .poll(() => client.environments.get({ id }).then((one) => one.environment.protection.changeWindows?.length))
    .toBe(1);
});

test('a plan file is saved here, approved elsewhere, opened again and run', async (context) => {
  if (missing !== undefined) skipBecause(context, missing);
  await planPage();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Ask for approval…' }).click();
  const file = join(workplace.folder, 'plan.lockplan');
  await (await download).saveAs(file);
  // Whoever planned it cannot approve it.
  await open(file);
  await page.getByRole('heading', { name: 'Migrate 1 migration on bank', level: 1 }).waitFor();
  await page.getByText('CREATE TABLE orders').waitFor();
  await page.getByLabel('Type bank to confirm').fill('bank');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByRole('alert', { name: /^This plan is your own/ }).waitFor();

  const { context: base } = desk.backend;
  const there = {
    ...base,
    host: { ...base.host, user: 'grace', hostName: 'desk' },
    credentials: { keychain: createAskEachSession(), session: createAskEachSession() },
  };
  const { text } = await approvePlan(there, await readFile(file, 'utf8'), 'plan', 'looked at it');
  await writeFile(file, text);
  await open(file);
  const { publicKey } = await signingKey(there.credentials.keychain);
  await page.getByText(readPublicKey(publicKey).fingerprint).waitFor();
  await page.getByRole('button', { name: 'Trust this key…' }).click();
  const trusting = page.getByRole('dialog', { name: 'Trust the key of grace@desk' });
  await trusting.getByLabel('Whose key it is').fill('Grace');
  await trusting.getByLabel('Its owner names the same fingerprint').check();
  await trusting.getByRole('button', { name: 'Trust this key' }).click();
  await page.getByText('trusted here as Grace').waitFor();
  await page.getByRole('button', { name: 'Go to the plan on bank' }).click();
  await page.getByText(/Approved by Grace .*“looked at it”/).waitFor();
  await page.getByRole('button', { name: /migrate 1 on bank/i }).click();
  await expect
    .poll(() => client.runs.list({ environmentId: id, limit: 1 }).then(([run]) => run?.outcome), { timeout: 20_000 })
    .toBe('succeeded');
});

async function open(file: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await chooseInPalette(page, 'Open a plan file');
  await (await chooser).setFiles(file);
}

test('with a passphrase the window is an operator’s until it is unlocked, and again when it is locked', async (context) => {
  if (missing !== undefined) skipBecause(context, missing);
  await go('/settings');
  await page.getByRole('button', { name: 'Set a passphrase…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Passphrase of the administrator' });
  await dialog.getByLabel('New passphrase').fill('correct horse battery');
  await dialog.getByLabel('The same again').fill('correct horse battery');
  await dialog.getByRole('button', { name: 'Set it' }).click();
  await page.getByRole('button', { name: 'You are administrator. Lock again' }).click();
  const badge = page.getByRole('button', { name: 'You are Operator. Unlock as administrator' });
  await badge.waitFor();
  await expect(client.environments.edit({ id, group: 'banks' })).rejects.toMatchObject({ data: { code: 'gate.role' } });
  await badge.click();
  const unlocking = page.getByRole('dialog', { name: 'Unlock as administrator' });
  await unlocking.getByRole('textbox', { name: 'Administrator’s passphrase' }).fill('something else');
  await page.keyboard.press('Enter');
  await unlocking.getByRole('alert', { name: 'This is not the administrator’s passphrase.' }).waitFor();
  await expect
    .poll(
      async () => {
        await unlocking.getByRole('textbox', { name: 'Administrator’s passphrase' }).fill('correct horse battery');
        await page.keyboard.press('Enter');
        await unlocking.waitFor({ state: 'hidden', timeout: 5_000 }).catch(() => undefined);
        return unlocking.isVisible();
      },
      { timeout: 60_000 },
    )
    .toBe(false);
  await client.environments.edit({ id, group: 'banks' });
  await page.getByRole('button', { name: 'You are administrator. Lock again' }).waitFor();
  await go('/settings');
  await page.getByRole('button', { name: 'Remove the passphrase' }).click();
  await expect.poll(() => client.roles.status()).toMatchObject({ passphrase: false, role: 'administrator' });
}, 300_000);
