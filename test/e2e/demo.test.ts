/** The demo, as somebody tries it who has no server: one pending, one changed, one risky migration. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from './app.ts';
import { clientOf } from './client.ts';
import { inOrder } from './inOrder.ts';
import { environmentPage } from './pages/environmentPage.ts';
import { firstRun } from './pages/firstRun.ts';
import { migratePage } from './pages/migratePage.ts';
import { rehearsalPages } from './pages/rehearsalPages.ts';
import { runPage } from './pages/runPage.ts';
import { rowsOf } from './pages/table.ts';

let app: App;
inOrder();
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

test('the door makes a test and a production environment', async () => {
  const { page } = app;
  await firstRun(page).createDemo();
  const names = page.getByRole('region', { name: 'Demo', exact: true }).getByRole('listitem');
  await names.nth(1).waitFor();
  const listed = (await names.allInnerTexts()).map((text) => text.split('\n')[0]);
  expect(listed.sort()).toEqual(['bakery-production', 'bakery-test']);
});

test('one migration is changed, one pending, one risky', async () => {
  const { page } = app;
  const bakery = environmentPage(page);
  await bakery.open('bakery-production');
  await bakery.step('1.8.0').waitFor();
  expect(await bakery.step('1.7.0').innerText()).not.toMatch(/Data loss|Downtime/);
  const risky = await bakery.step('1.8.0').innerText();
  for (const word of ['Data loss', 'Downtime', 'about 2 min', 'fax numbers']) expect(risky).toContain(word);
  await expect.poll(() => bakery.card('Attention').innerText()).toContain('1 changed');

  await bakery.tab('All migrations');
  await page.getByRole('button', { name: /^▲?\s*Changed/ }).click();
  const rows = await rowsOf(page, 'Migrations');
  expect(rows.map(({ Version }) => Version)).toEqual(['1.4.0']);
});

test('the changed one shows both checksums and its SQL', async () => {
  const { page } = app;
  await page.getByRole('link', { name: '1.4.0', exact: true }).click();
  await page.getByRole('heading', { name: /^1\.4\.0/, level: 1 }).waitFor();
  await page.getByText('Different').waitFor();
  await page.getByRole('textbox', { name: 'Up script of 1.4.0' }).waitFor();
  expect(await page.getByRole('textbox', { name: 'Up script of 1.4.0' }).innerText()).toContain('CREATE INDEX');
});

test('production wants a rehearsal, an accepted hazard, a reason and its name; another name does not start it', async () => {
  const { page } = app;
  await environmentPage(page).open('bakery-production');
  await environmentPage(page).migrateButton.click();
  const plan = migratePage(page);
  await plan.gate.waitFor();
  expect(await plan.start.isDisabled()).toBe(true);
  expect(await plan.needed.innerText()).toMatch(/hazard.* to accept, a rehearsal, a reason, the typed name/);
  await rehearsalPages(page).rehearse.click();
  await page.getByRole('button', { name: 'Rehearse again' }).waitFor();

  for (const hazard of await plan.gate.getByRole('checkbox', { name: /^I accept/ }).all()) await hazard.check();
  await plan.gate.getByRole('textbox', { name: 'Reason' }).fill('Change 4711');
  const typedName = plan.gate.getByRole('textbox', { name: 'Type bakery-production to confirm' });
  await typedName.fill('bakery-test');
  await page.getByText('This is another name').waitFor();
  expect(await plan.needed.innerText()).toBe('Still needed: the typed name');
  expect(await plan.start.isDisabled()).toBe(true);

  await typedName.fill('bakery-production');
  await expect.poll(() => plan.start.isEnabled()).toBe(true);
  expect(await plan.start.innerText()).toBe('Back up, then migrate 2 on bakery-production');
});

test('then it succeeds, with its reason in the history', async () => {
  const { page } = app;
  await migratePage(page).start.click();
  const run = runPage(page);
  expect(await run.finished()).toBe('Succeeded');
  expect(await run.stepWords()).toEqual([
    ['1.7.0', 'Succeeded'],
    ['1.8.0', 'Succeeded'],
  ]);
  await page.getByRole('link', { name: 'Show the history' }).click();
  const [newest] = await rowsOf(page, 'History');
  expect(newest).toMatchObject({ Reason: 'Change 4711' });
  await expect.poll(() => environmentPage(page).card('Version').innerText()).toMatch(/^1\.8\.0/);
});

test('the gate holds behind the page too', async () => {
  const { page } = app;
  const client = await clientOf(page);
  const { environment } = await client.environments
    .list()
    .then((all) => all.find((one) => one.environment.name === 'bakery-production') ?? expect.fail('no production'));
  const target = { direction: 'down', steps: 1 } as const;
  const { fingerprint } = await client.migrations.plan({ environmentId: environment.id, target });
  const answers = { backup: true, reason: 'Change 4711', accept: ['dataLoss'], continueOnError: false };
  const start = client.runs.start({
    environmentId: environment.id,
    target,
    fingerprint,
    ...answers,
    confirm: 'bakery',
  });
  await expect(start).rejects.toMatchObject({ data: { code: 'gate.confirmation' } });
});

test('no page had an error', () => {
  expect(app.faults).toEqual([]);
});
