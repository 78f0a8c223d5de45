/** Schedules made, looked at and removed in the window; hooks set and tried in the settings. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from './app.ts';
import { clientOf } from './client.ts';

let app: App;
let shop: string;
beforeAll(async () => {
  app = await startApp();
  const client = await clientOf(app.page);
  await client.application.createDemo();
  const found = (await client.environments.list()).find(({ environment }) => environment.name === 'bakery-test');
  shop = found?.environment.id ?? expect.fail('no environment');
});
afterAll(() => app.close());

const go = (path: string) => app.page.goto(new URL(`/#${path}`, app.page.url()).href);

test('a schedule is made, told on its environment’s page, paused and removed', async () => {
  const { page } = app;
  await go('/schedules');
  await page.getByText('There is no schedule').waitFor();
  await page.getByRole('button', { name: 'New schedule…' }).click();
  const dialog = page.getByRole('dialog', { name: 'New schedule' });
  await dialog.getByRole('combobox', { name: 'Environment' }).selectOption('bakery-test');
  await dialog.getByRole('textbox', { name: /^Minute, hour/ }).fill('0 25 * * *');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Changes of the week');
  await dialog.getByRole('button', { name: 'Make the schedule' }).click();
  await dialog.getByText(/is no time of a schedule/).waitFor();
  await dialog.getByRole('textbox', { name: /^Minute, hour/ }).fill('30 2 * * sat');
  await dialog.getByRole('button', { name: 'Make the schedule' }).click();
  const panel = page.getByRole('region', { name: /bakery-test: Migrate, 30 2/ });
  await panel.getByText('“Changes of the week”').waitFor();

  await go(`/environments/${shop}/plan`);
  const next = page.locator('.card').filter({ hasText: 'Next scheduled' });
  await next.getByText('Migrate').waitFor();
  await next.getByRole('link').click();

  await panel.getByRole('button', { name: 'Pause' }).click();
  await panel.getByText('paused').waitFor();
  await panel.getByRole('button', { name: 'Resume' }).click();
  await panel.getByRole('button', { name: 'Pause' }).waitFor();
  await panel.getByRole('button', { name: 'Remove…' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await page.getByText('There is no schedule').waitFor();
});

test('a hook is set, tried, changed and removed', async () => {
  const { page } = app;
  await go(`/environments/${shop}/settings`);
  await page.getByRole('button', { name: 'Hooks', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'New hook' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('gate');
  await dialog.getByRole('textbox', { name: 'Program' }).fill('true');
  await dialog.getByRole('button', { name: 'Set the hook' }).click();
  // What was typed stays, and the dialog tells what is wrong with it.
  await dialog.getByText(/is no absolute path/).waitFor();
  await dialog.getByRole('textbox', { name: 'Program' }).fill('/bin/sh');
  await dialog.getByRole('textbox', { name: 'Arguments' }).fill('-c\nexit 0');
  await dialog.getByRole('textbox', { name: 'Working folder' }).fill('/');
  await dialog.getByRole('button', { name: 'Set the hook' }).click();
  await page.getByRole('button', { name: 'Try gate' }).click();
  await page.getByText(/✓ Done in/).waitFor();

  await page.getByRole('button', { name: 'Change gate' }).click();
  const changing = page.getByRole('dialog', { name: 'Hook gate' });
  expect(await changing.getByRole('textbox', { name: 'Arguments' }).inputValue()).toBe('-c\nexit 0');
  await changing.getByRole('combobox', { name: 'What' }).selectOption('a webhook');
  await changing.getByRole('textbox', { name: 'Address' }).fill('http://example.org/');
  await changing.getByRole('textbox', { name: 'Ended after, seconds' }).fill('5');
  await changing.getByRole('checkbox', { name: 'Back up' }).check();
  await changing.getByRole('button', { name: 'Set the hook' }).click();
  await changing.getByText(/must begin with https/).waitFor();
  await changing.getByRole('textbox', { name: 'Address' }).fill('https://example.org/');
  await changing.getByRole('button', { name: 'Set the hook' }).click();
  await changing.waitFor({ state: 'hidden' });
  const client = await clientOf(page);
  const { environment } = await client.environments.get({ id: shop });
  expect(environment.settings?.hooks).toEqual([
    {
      ...{ name: 'gate', moment: 'before', kind: 'webhook', url: 'https://example.org/', signed: false },
      ...{ actions: ['up', 'down', 'backup', 'restore'], timeoutSeconds: 5 },
    },
  ]);
  await page.getByRole('button', { name: 'Remove gate' }).click();
  await page.getByRole('button', { name: 'Try gate' }).waitFor({ state: 'detached' });
});

test('the history is saved for spreadsheets', async () => {
  const { page } = app;
  const client = await clientOf(page);
  const { run } = await client.backups.create({ environmentId: shop });
  await expect.poll(async () => (await client.runs.get({ id: run })).outcome, { timeout: 20_000 }).toBe('succeeded');
  await go('/history');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe('history.csv');
});
