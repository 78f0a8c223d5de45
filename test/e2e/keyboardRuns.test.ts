/** Rehearsing, running, restoring, correcting and ending sessions with the keyboard alone; the mouse is never used. */
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { driverForUrl } from '../../electron/databases/registry.ts';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { options } from '../conformance/sessionOptions.ts';
import { disposable, type OpenSession, run } from '../conformance/sessions.ts';
import { unavailable } from '../servers/index.ts';
import { testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { type App, startApp } from './app.ts';
import { type Client, clientOf } from './client.ts';
import { inOrder } from './inOrder.ts';
import { arrowTo, keysOf, typeInPalette } from './keys.ts';
import { environmentPage } from './pages/environmentPage.ts';
import { historyPages } from './pages/historyPages.ts';
import { migratePage } from './pages/migratePage.ts';
import { rehearsalPages } from './pages/rehearsalPages.ts';
import { restorePage } from './pages/restorePage.ts';
import { runPage } from './pages/runPage.ts';
import { table } from './pages/table.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

let app: App;
let page: Page;
let client: Client;
let workplace: Workplace;
inOrder();
beforeAll(async () => {
  workplace = await makeWorkplace();
  const folder = await workplace.writeFolder('towns', {
    '1_towns.sql': `-- migrate:up
CREATE TABLE towns (id integer PRIMARY KEY, name text);
INSERT INTO towns VALUES (1, 'Ghent'), (2, 'Delft');

-- migrate:down
DROP TABLE towns;
`,
    // It forgets a row.
    '2_mayors.sql': `-- migrate:up
CREATE TABLE renewed (id integer PRIMARY KEY, name text, mayor text);
INSERT INTO renewed (id, name) SELECT id, name FROM towns WHERE id = 1;
DROP TABLE towns;
ALTER TABLE renewed RENAME TO towns;

-- migrate:down
ALTER TABLE towns DROP COLUMN mayor;
`,
  });
  const file = join(workplace.folder, 'towns.db');
  await createDatabase(file);
  app = await startApp();
  ({ page } = app);
  client = await clientOf(page);
  await client.application.createDemo();
  const connection = { engine: 'sqlite', file } as const;
  const about = { name: 'towns', tier: 'test', colour: 'teal', group: '', source: { path: folder } } as const;
  await client.environments.add({ ...about, connection, secret: null });
  await page.reload();
});
afterAll(async () => {
  await app.close();
  await workplace[Symbol.asyncDispose]();
});

const { focused, tabTo, press, heading, use } = keysOf(() => page);
const openEnvironment = async (name: string): Promise<void> => {
  await typeInPalette(page, name);
  await page.getByRole('dialog').getByText(name).first().waitFor();
  await press('Enter');
  await heading(name).waitFor();
  await expect.poll(focused).toBe(name);
};
const openTab = async (name: string | RegExp): Promise<void> => {
  await tabTo(/^Plan$/);
  await arrowTo(page, name, 'ArrowRight');
};
const acceptAll = async (gate: Locator): Promise<void> => {
  for (let left = await gate.getByRole('checkbox', { name: /^I accept/ }).count(); left > 0; left -= 1) {
    await tabTo(/^I accept/);
    await press('Space');
    await press('Tab');
  }
};
const rowsOf = async (): Promise<number> => {
  const { default: Sqlite } = await import('better-sqlite3');
  const database = new Sqlite(join(workplace.folder, 'towns.db'), { readonly: true });
  try {
    return Number(database.prepare('SELECT count(*) FROM towns').pluck().get());
  } finally {
    database.close();
  }
};

test('a rehearsal is started with R, read on its page, and led back from; the options give their focus back', async () => {
  await openEnvironment('bakery-test');
  await environmentPage(page).migrateButton.waitFor();
  await press('m');
  await migratePage(page).gate.waitFor();
  await expect.poll(focused).toBe('Cancel');
  await use('Rehearse with options…', 'Shift+Tab');
  const options = page.getByRole('dialog', { name: /bakery-test/ });
  await options.waitFor();
  await press('Escape');
  await options.waitFor({ state: 'hidden' });
  await expect.poll(focused).toBe('Rehearse with options…');
  await press('r');
  await rehearsalPages(page).panel.getByText('Passed').waitFor();
  await use('What was seen', 'Shift+Tab');
  await heading('Rehearsal').waitFor();
  await expect.poll(focused).toBe('Rehearsal');
  await use('Back to the plan');
  await migratePage(page).gate.waitFor();
});

test('a run that is stopped where rows would be lost is run again with that accepted', async () => {
  await openEnvironment('towns');
  await environmentPage(page).migrateButton.waitFor();
  await press('m');
  const plan = migratePage(page);
  await plan.gate.waitFor();
  await acceptAll(plan.gate);
  await expect.poll(() => plan.start.isEnabled()).toBe(true);
  await press('Control+Enter');
  const shown = runPage(page);
  expect(await shown.finished()).toBe('Rolled back');
  expect(await shown.outcome.innerText()).toContain('towns had 2 rows and has 1');
  await use('Run again, accepting the lost rows…');
  await plan.gate.getByText('I accept: Rows lost').waitFor();
  expect(await plan.needed.innerText()).toContain('to accept');
  await press('Control+Enter');
  expect(await plan.heading('Back up and migrate').count()).toBe(1);
  await acceptAll(plan.gate);
  await expect.poll(() => plan.start.isEnabled()).toBe(true);
  await press('Control+Enter');
  expect(await shown.finished()).toBe('Succeeded');
  expect(await rowsOf()).toBe(1);
});

test('a backup is restored from its list; the arrows reach the buttons of a row', async () => {
  await openEnvironment('towns');
  await openTab('Backups');
  const backups = table(page, 'Backups');
  await backups.getByRole('gridcell').first().waitFor();
  await tabTo(/Everything/);
  await press('Enter');
  const details = page.getByRole('dialog', { name: /towns/ });
  await details.waitFor();
  await press('Escape');
  await details.waitFor({ state: 'hidden' });
  await expect.poll(focused).toMatch(/Everything/);
  await press('ArrowDown');
  await press('ArrowUp');
  await arrowTo(page, /^Restore the backup of/, 'ArrowRight');
  await press('Escape');
  await expect.poll(focused).toMatch(/Everything/);
  await arrowTo(page, /^Restore the backup of/, 'ArrowRight');
  await press('Enter');
  const restore = restorePage(page);
  await restore.gate.waitFor();
  await expect.poll(focused).toBe('Cancel');
  await acceptAll(restore.gate);
  await expect.poll(() => restore.start.isEnabled()).toBe(true);
  await press('Control+Enter');
  expect(await runPage(page).finished()).toBe('Succeeded');
  expect(await rowsOf()).toBe(2);
});

test('what needs attention is compared and corrected', async () => {
  await openEnvironment('bakery-production');
  await openTab(/^Attention/);
  await historyPages(page).findings.first().waitFor();
  await use('Compare and correct… (1.4.0)');
  await historyPages(page).heading.waitFor();
  await expect.poll(focused).toBe('Cancel');
  await tabTo(/^I accept/, 'Shift+Tab');
  await press('Space');
  await tabTo(/^Reason/);
  await page.keyboard.type('The index was made by hand');
  await tabTo(/^Type bakery-production to confirm/);
  await page.keyboard.type('bakery-production');
  await expect.poll(() => historyPages(page).start.isEnabled()).toBe(true);
  await press('Control+Enter');
  expect(await runPage(page).finished()).toBe('Succeeded');
  const runs = await client.runs.list({ environmentId: null, limit: 1 });
  expect(runs[0]).toMatchObject({ action: 'repair', outcome: 'succeeded' });
  await page.getByText('“The index was made by hand”').waitFor();
});

test('who blocks another is ended after its name and a reason; the focus comes back', async (context) => {
  const lacking = unavailable('postgres15');
  if (lacking !== undefined) skipBecause(context, lacking);
  await using database = await testDatabase('postgres15');
  await using blocker = await open(database.url);
  await using waiter = await open(database.url);
  await run(blocker, 'CREATE TABLE patient (id integer)');
  await run(blocker, 'BEGIN', 'SELECT count(*) FROM patient');
  const waiting = run(waiter, 'ALTER TABLE patient ADD COLUMN name text');
  const { connection, password } = await client.environments.parseUrl({ url: database.url });
  await client.environments.add({
    ...{ name: 'ward', tier: 'staging', colour: 'orange', group: '', connection },
    source: { path: join(workplace.folder, 'towns') },
    secret: { password: password ?? '', keep: 'ask' },
  });
  await openEnvironment('ward');
  await openTab('Activity');
  const end = `End session ${pidOf(blocker)}…`;
  await table(page, 'Sessions').getByText('Blocks').first().waitFor();
  await use(end);
  const dialog = page.getByRole('dialog', { name: /ward/ });
  await dialog.waitFor();
  await expect.poll(focused).toBe('Leave it');
  await press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(focused).toBe(end);
  await press('Enter');
  await dialog.waitFor();
  await tabTo(/^Reason/);
  await page.keyboard.type('It blocks the migration');
  await tabTo(/^Type ward to confirm/);
  await page.keyboard.type('ward');
  await press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await waiting;
  await expect.poll(focused).toMatch(/^End session|^ward$/);
});

async function open(url: string): Promise<OpenSession> {
  const driver = driverForUrl(url);
  const { connection, password } = driver.parseUrl(url);
  return disposable(await driver.connect(connection, { ...options, password, lockTimeoutMs: 60_000 }));
}

const pidOf = ({ identity }: OpenSession): number => Number(/\d+/.exec(identity.backend)?.[0]);

test('no page had an error', () => {
  expect(app.faults).toEqual([]);
});
