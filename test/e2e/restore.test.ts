/** A failed run is undone by the backup taken before it, and that restore is undone again. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { unavailable } from '../servers/index.ts';
import { type TestDatabase, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { type App, launchBrowser, startApp } from './app.ts';
import { type Client, clientOf } from './client.ts';
import { inOrder } from './inOrder.ts';
import { environmentPage } from './pages/environmentPage.ts';
import { migratePage } from './pages/migratePage.ts';
import { restorePage } from './pages/restorePage.ts';
import { runPage } from './pages/runPage.ts';
import { table } from './pages/table.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

const people = `-- migrate:up
create table people (id integer primary key);
insert into people values (1), (2);

-- migrate:down
drop table people;
`;
const guests = `-- migrate:up
insert into people values (3), (4), (5);

-- migrate:down
delete from people where id > 2;
`;
const towns = `-- migrate:up
insert into nowhere values (1);

-- migrate:down
drop table towns;
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
    tier: 'test',
    colour: 'grey',
    group: '',
    connection,
    source: { path },
    secret: password === null ? null : { password, keep: 'ask' },
  });
  return id;
}

describe.each(['sqlite', 'postgres15', 'mariadb'] as const)('on %s', (engine) => {
  let app: App;
  let database: TestDatabase;
  const name = `shop-${engine}`;
  inOrder();
  beforeAll(async () => {
    if (engine !== 'sqlite' && unavailable(engine) !== undefined) return;
    app = await startApp({ browser });
    database = await testDatabase(engine);
    const path = await workplace.writeFolder(name, { '1_people.sql': people });
    const client = await clientOf(app.page);
    const environmentId = await addEnvironment(client, name, database.url, path);
    const target = { direction: 'up' } as const;
    const { fingerprint } = await client.migrations.plan({ environmentId, target });
    const answers = { backup: false, confirm: null, reason: 'First', accept: [], continueOnError: false };
    const { run } = await client.runs.start({ environmentId, target, fingerprint, ...answers });
    const records = await Array.fromAsync(await client.runs.watch({ id: run, fromSeq: 0 }));
    expect(records.at(-1)).toMatchObject({ type: 'runFinished', outcome: 'succeeded' });
    await workplace.writeFolder(name, { '2_guests.sql': guests, '3_towns.sql': towns });
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
    (await database.query('select id from people order by id')).map(({ id }) => Number(id));

  test('the outcome of a failed run offers its backup as one action', async () => {
    const { page } = app;
    await environmentPage(page).open(name);
    await environmentPage(page).migrateButton.click();
    await migratePage(page).start.click();
    await runPage(page).finished();
    expect(await ids()).toEqual([1, 2, 3, 4, 5]);
    await page.getByRole('link', { name: 'Restore the backup taken before this run…' }).click();
    await restorePage(page).heading('Restore').waitFor();
  });

  test('what will be lost is told first: rows by table, the migration and the run since', async () => {
    const { page } = app;
    const restore = restorePage(page);
    await restore.loss.waitFor();
    const loss = await restore.loss.innerText();
    expect(loss).toMatch(/people\s+2\s+5\s+▲ 3 rows are lost/);
    expect(loss).toMatch(/1 migration applied since then\s+2/);
    expect(loss).toContain('1 run since then');
    expect(await restore.names.innerText()).toMatch(/kept as/);
    expect(await restore.placement('Replace the live database').isChecked()).toBe(true);
  });

  test('it is restored, and the database is what it was before the run', async () => {
    const { page } = app;
    await restorePage(page).acceptAll();
    await restorePage(page).start.click();
    const run = runPage(page);
    expect(await run.finished()).toBe('Succeeded');
    expect(await run.outcome.innerText()).toContain('is the restored database; the one before is kept as');
    expect(await run.phases.innerText()).toMatch(/Swap\s*, done/);
    expect(await ids()).toEqual([1, 2]);
    const client = await clientOf(page);
    const [shop] = await client.environments.list();
    expect(await client.migrations.status({ environmentId: shop?.environment.id ?? '' })).toMatchObject({
      current: '1',
      pending: 2,
    });
  });

  test('and the restore is undone', async () => {
    const { page } = app;
    await page.getByRole('link', { name: 'Undo this restore…' }).click();
    const undo = restorePage(page);
    await undo.heading('Undo the restore').waitFor();
    await undo.acceptAll();
    expect(await undo.start.innerText()).toBe(`Undo the restore of ${name}`);
    await undo.start.click();
    expect(await runPage(page).finished()).toBe('Succeeded');
    expect(await ids()).toEqual([1, 2, 3, 4, 5]);
  });

  test('a restored run says that there is nothing left to undo', async () => {
    const { page } = app;
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click();
    await table(page, 'Runs').getByRole('row').filter({ hasText: 'Restore' }).first().click();
    await runPage(page).outcome.waitFor();
    expect(await page.getByRole('link', { name: 'Undo this restore…' }).count()).toBe(0);
    expect(app.faults).toEqual([]);
  });
});

test('the backups of an environment lead to the same page, and leaving one beside loses nothing', async () => {
  const app = await startApp({ browser });
  try {
    const { page } = app;
    await using database = await testDatabase('sqlite');
    const path = await workplace.writeFolder('beside', { '1_people.sql': people });
    const client = await clientOf(page);
    const environmentId = await addEnvironment(client, 'beside', database.url, path);
    await client.backups.create({ environmentId });
    await environmentPage(page).open('beside');
    await environmentPage(page).tab('Backups');
    await page.getByRole('link', { name: /^Restore the backup of/ }).click();
    const restore = restorePage(page);
    await restore.placement('Leave it beside').check();
    await page.getByText('Nothing is lost: the live database stays as it is.').waitFor();
    await restore.start.click();
    expect(await runPage(page).finished()).toBe('Succeeded');
    expect(await runPage(page).outcome.innerText()).toContain('was not touched');
    expect(await page.getByRole('link', { name: 'Undo this restore…' }).count()).toBe(0);
  } finally {
    await app.close();
  }
});
