/** A plan is rehearsed from the window, what was seen is read there, and the gate that asked for it opens; a backup is proven. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { unavailable } from '../servers/index.ts';
import { type TestDatabase, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { type App, launchBrowser, startApp } from './app.ts';
import { type Client, clientOf } from './client.ts';
import { inOrder } from './inOrder.ts';
import { environmentPage } from './pages/environmentPage.ts';
import { migratePage } from './pages/migratePage.ts';
import { rehearsalPages } from './pages/rehearsalPages.ts';
import { runPage } from './pages/runPage.ts';
import { rowsOf, table } from './pages/table.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

const orders = `-- migrate:up
create table orders (id integer primary key, amount integer);
insert into orders values (1, 10), (2, 20), (3, 30);
create table notes (id integer);

-- migrate:down
drop table notes;
drop table orders;
`;
/** PostgreSQL writes the table anew; SQLite, that knows no such change, builds another one. */
const wider = {
  postgres15: 'alter table orders alter column amount type bigint;',
  sqlite:
    'create table wide (id integer primary key, amount bigint);\ninsert into wide select id, amount from orders;\ndrop table orders;\nalter table wide rename to orders;',
} as const;
const second = (engine: keyof typeof wider) => `-- migrate:up
${wider[engine]}
drop table notes;
insert into orders values (4, 40);

-- migrate:down
delete from orders where id = 3;
`;

let browser: Browser;
let workplace: Workplace;
beforeAll(async () => {
  browser = await launchBrowser();
  workplace = await makeWorkplace();
});
afterAll(async () => {
  await browser.close();
  await workplace[Symbol.asyncDispose]();
});

async function addEnvironment(client: Client, name: string, url: string, path: string): Promise<string> {
  const { connection, password } = await client.environments.parseUrl({ url });
  const { id } = await client.environments.add({
    name,
    tier: 'production',
    colour: 'red',
    group: '',
    connection,
    source: { path },
    secret: password === null ? null : { password, keep: 'ask' },
  });
  return id;
}

const untilOver = async (client: Client, run: string): Promise<void> => {
  const records = await Array.fromAsync(await client.runs.watch({ id: run, fromSeq: 0 }));
  expect(records.at(-1)).toMatchObject({ type: 'runFinished', outcome: 'succeeded' });
};

async function migrateFirst(client: Client, environmentId: string, confirm: string): Promise<void> {
  const target = { direction: 'up' } as const;
  const { fingerprint } = await client.migrations.plan({ environmentId, target });
  const answers = { backup: false, confirm, reason: 'First', accept: ['notRehearsed'], continueOnError: false };
  await untilOver(client, (await client.runs.start({ environmentId, target, fingerprint, ...answers })).run);
}

async function answerGate(page: Page, name: string): Promise<void> {
  const { gate } = migratePage(page);
  for (const hazard of await gate.getByRole('checkbox', { name: /^I accept/ }).all()) await hazard.check();
  await gate.getByRole('textbox', { name: 'Reason' }).fill('Change 12');
  await gate.getByRole('textbox', { name: `Type ${name} to confirm` }).fill(name);
}

describe.each(['sqlite', 'postgres15'] as const)('on %s', (engine) => {
  let app: App;
  let database: TestDatabase;
  let environmentId: string;
  const name = `orders-${engine}`;
  inOrder();
  beforeAll(async () => {
    if (engine !== 'sqlite' && unavailable(engine) !== undefined) return;
    app = await startApp({ browser });
    database = await testDatabase(engine);
    const path = await workplace.writeFolder(name, { '1_orders.sql': orders });
    const client = await clientOf(app.page);
    environmentId = await addEnvironment(client, name, database.url, path);
    await migrateFirst(client, environmentId, name);
    await workplace.writeFolder(name, { '2_wider.sql': second(engine) });
  });
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });
  afterAll(async () => {
    await app?.close();
    await database?.[Symbol.asyncDispose]();
  });
  const ids = async (): Promise<number[]> =>
    (await database.query('select id from orders order by id')).map(({ id }) => Number(id));

  test('the gate misses a rehearsal, whatever else is answered', async () => {
    const { page } = app;
    await environmentPage(page).open(name);
    await environmentPage(page).migrateButton.click();
    await migratePage(page).gate.waitFor();
    await answerGate(page, name);
    expect(await migratePage(page).needed.innerText()).toBe('Still needed: a rehearsal');
    expect(await migratePage(page).start.isDisabled()).toBe(true);
  });

  test('the migration’s page says that it was never rehearsed, walks its hazards, and rehearses', async () => {
    const { page } = app;
    const pages = rehearsalPages(page);
    await migratePage(page).steps.getByRole('link').click();
    await page.getByRole('heading', { name: /^2 /, level: 1 }).waitFor();
    await pages.view('Rehearsal').click();
    await page.getByText('Never rehearsed', { exact: true }).last().waitFor();
    await page.getByRole('textbox', { name: 'Up script of 2' }).waitFor({ state: 'hidden' });
    const hazards = await pages.hazards.count();
    expect(hazards).toBeGreaterThan(0);
    await page.keyboard.press(']');
    await page.getByRole('textbox', { name: 'Up script of 2' }).waitFor();
    expect(await pages.currentHazard.count()).toBe(1);
    await pages.rehearse.click();
    await pages.view('Rehearsal').click();
    await pages.result.waitFor({ timeout: 60_000 });
  });

  test('what was seen stands beside the guess: statements, rows, and a way back that does not restore', async () => {
    const { page } = app;
    const pages = rehearsalPages(page);
    const seen = await pages.result.innerText();
    expect(seen).toMatch(/Passed, but not back/);
    expect(seen).toMatch(/a copy with its rows/);
    expect(seen).toMatch(/orders"?\s+3\s+4/);
    expect(seen).toMatch(/does not restore/);
    const statements = await pages.statements('2').innerText();
    expect(statements).toContain('insert into orders values (4, 40)');
    if (engine === 'postgres15') {
      expect(statements).toMatch(/AccessExclusiveLock on (public\.)?orders/);
      expect(statements).toMatch(/orders written anew/);
      expect(await pages.locks('2').innerText()).toContain('keeps out everybody');
    }
    expect(await pages.guess.innerText()).toMatch(/Way back\s+a down script\s+does not restore what was before/);
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test('D shows the schema before and after', async () => {
    const { page } = app;
    await page.keyboard.press('d');
    const sides = page.getByRole('region', { name: 'Schema before and after' });
    await sides.getByRole('textbox', { name: 'Schema after' }).waitFor();
    expect(await sides.getByRole('textbox', { name: 'Schema before' }).innerText()).toContain('amount');
    expect(await sides.getByRole('textbox', { name: 'Schema after' }).innerText()).toContain('bigint');
    await page.keyboard.press('d');
    await page.getByRole('textbox', { name: 'Up script of 2' }).waitFor();
  });

  test('the whole of it has a page, and is saved as one HTML page', async () => {
    const { page } = app;
    await rehearsalPages(page).view('Rehearsal').click();
    await page.getByRole('link', { name: 'On a page of its own' }).click();
    await page.getByRole('heading', { name: 'Rehearsal', level: 1 }).waitFor();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export report' }).click();
    await page.getByRole('menuitem', { name: 'As a page (HTML)' }).click();
    const download = await saving;
    expect(download.suggestedFilename()).toMatch(new RegExp(`^rehears\\w*-${name}-[\\w-]+\\.html$`));
    const chunks = await Array.fromAsync(await download.createReadStream());
    expect(Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))).toString()).toMatch(
      /^<!doctype html>[\s\S]*orders/,
    );
  });

  test('the gate is satisfied by it, and the plan runs after a backup that it proves', async () => {
    const { page } = app;
    await page.getByRole('link', { name: 'Back to the plan' }).click();
    const plan = migratePage(page);
    await plan.gate.waitFor();
    await expect.poll(() => rehearsalPages(page).panel.innerText()).toMatch(/Passed[\s\S]*Rehearse again/);
    await answerGate(page, name);
    await expect.poll(() => plan.start.isEnabled()).toBe(true);
    await plan.start.click();
    expect(await runPage(page).finished()).toBe('Succeeded');
    expect(await runPage(page).phases.innerText()).toContain('Backup proven:');
    expect(await ids()).toEqual([1, 2, 3, 4]);
  });

  test('a rehearsal started at the gate opens it in place; a reload finds it again', async () => {
    const { page } = app;
    await workplace.writeFolder(name, {
      '3_more.sql':
        '-- migrate:up\ninsert into orders values (5, 50);\n\n-- migrate:down\ndelete from orders where id = 5;\n',
    });
    await environmentPage(page).open(name);
    await environmentPage(page).migrateButton.click();
    const plan = migratePage(page);
    await plan.gate.waitFor();
    const { panel } = rehearsalPages(page);
    await expect.poll(() => panel.innerText()).toContain('there is none of these files');
    await panel.getByRole('button', { name: 'Rehearse', exact: true }).click();
    await panel
      .getByRole('button', { name: /^Cancel/ })
      .or(panel.getByText('Passed'))
      .first()
      .waitFor();
    await page.reload();
    await panel.getByText('Passed').waitFor({ timeout: 60_000 });
    expect(await plan.needed.innerText()).not.toContain('rehearsal');
    const client = await clientOf(page);
    const runs = await client.runs.list({ environmentId, limit: 10 });
    expect(runs[0]).toMatchObject({ action: 'rehearse', outcome: 'succeeded', versions: [] });
  });

  test('going on without one takes a reason', async () => {
    const { page } = app;
    await workplace.writeFolder(name, {
      '4_last.sql':
        '-- migrate:up\ninsert into orders values (6, 60);\n\n-- migrate:down\ndelete from orders where id = 6;\n',
    });
    await page.reload();
    const plan = migratePage(page);
    await plan.gate.waitFor();
    await rehearsalPages(page).panel.getByRole('checkbox', { name: 'Go on without a rehearsal' }).check();
    expect(await plan.needed.innerText()).toBe('Still needed: a reason, the typed name');
  });

  test('a backup shows its levels, and is proven from the list', async () => {
    const { page } = app;
    const client = await clientOf(page);
    await untilOver(client, (await client.backups.create({ environmentId })).run);
    await environmentPage(page).open(name);
    await environmentPage(page).tab('Backups');
    await expect
      .poll(async () => (await rowsOf(page, 'Backups'))[0])
      .toMatchObject({ Level: 'Checked', 'For the gate': expect.stringContaining('No') });
    await table(page, 'Backups').getByRole('gridcell').first().click();
    const details = page.getByRole('dialog');
    const levels = details.getByRole('list', { name: 'Levels' }).getByRole('listitem');
    await levels.first().waitFor();
    expect((await levels.allInnerTexts()).map((text) => /, (reached|not reached)/.exec(text)?.[1])).toEqual([
      'reached',
      'reached',
      'not reached',
    ]);
    await details.getByRole('button', { name: 'Prove', exact: true }).click();
    expect(await runPage(page).finished()).toBe('Succeeded');
    await page.getByRole('link', { name: 'Show the backups' }).click();
    await expect.poll(async () => (await rowsOf(page, 'Backups'))[0]?.['Level']).toBe('Proven');
    await table(page, 'Backups').getByRole('gridcell').first().click();
    await expect.poll(() => levels.last().innerText()).toMatch(/Compared: \d+ tables/);
    await page.keyboard.press('Escape');
  });

  test('somebody else’s snapshot is recorded with a name and a reason', async () => {
    const { page } = app;
    await page.getByRole('button', { name: 'Record a snapshot…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('volume snap-7');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Taken by the provider each hour');
    await dialog.getByRole('button', { name: 'Record the snapshot' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(async () => (await rowsOf(page, 'Backups'))[0]?.['Where']).toBe('volume snap-7');
    expect(app.faults).toEqual([]);
  });
});
