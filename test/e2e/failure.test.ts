/** What an admin sees when something goes wrong, and what a reload or a cut connection may not lose. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EnvironmentInput } from '../../shared/contract/inputs.ts';
import { postgres15, unavailable } from '../servers/index.ts';
import { type TestDatabase, type TestEngine, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { type App, launchBrowser, startApp } from './app.ts';
import { clientOf } from './client.ts';
import { environmentPage } from './pages/environmentPage.ts';
import { migratePage } from './pages/migratePage.ts';
import { runPage } from './pages/runPage.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

const people = `-- migrate:up
create table people (id integer primary key);

-- migrate:down
drop table people;
`;
const towns = `-- migrate:up
create table towns (id integer primary key);

  insert into nowhere
  values (1);

-- migrate:down
drop table towns;
`;
const streets = people.replaceAll('people', 'streets');

const slow: Readonly<Record<TestEngine, string>> = {
  postgres15: 'select pg_sleep(600)',
  postgres18: 'select pg_sleep(600)',
  mariadb: 'select sleep(600)',
  sqlite: 'with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n',
};

let browser: Browser;
let app: App;
let workplace: Workplace;

beforeAll(async () => {
  browser = await launchBrowser();
  app = await startApp({ browser });
  workplace = await makeWorkplace();
});
afterAll(async () => {
  await app.close();
  await browser.close();
  await workplace[Symbol.asyncDispose]();
});

/** Adds a development environment and shows its page. */
async function open(name: string, url: string, path: string): Promise<void> {
  const client = await clientOf(app.page);
  const { connection, password } = await client.environments.parseUrl({ url });
  const input: EnvironmentInput = {
    name,
    tier: 'development',
    colour: 'grey',
    group: '',
    connection,
    source: { path },
    secret: password === null ? null : { password, keep: 'ask' },
  };
  await client.environments.add(input);
  await environmentPage(app.page).open(name);
}

async function startWithoutBackup(): Promise<void> {
  const { page } = app;
  await environmentPage(page).migrateButton.click();
  await migratePage(page).backup.getByRole('radio', { name: 'Skip the backup…' }).check();
  await migratePage(page).start.click();
}

describe.each(['postgres15', 'mariadb', 'sqlite'] as const)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  test('a migration that fails: what happened, where, the state now, what next, and it stays on the page', async () => {
    const { page } = app;
    await using database = await testDatabase(engine);
    const path = await workplace.writeFolder(`failing-${engine}`, {
      '1_people.sql': people,
      '2_towns.sql': towns,
      '3_streets.sql': streets,
    });
    await open(`failing-${engine}`, database.url, path);
    await startWithoutBackup();

    const run = runPage(page);
    const transactional = engine !== 'mariadb';
    expect(await run.finished()).toBe(transactional ? 'Rolled back' : 'Partly applied');
    expect(await run.stepWords()).toEqual([
      ['1', 'Succeeded'],
      ['2', transactional ? 'Rolled back' : 'Failed'],
      ['3', 'Not executed'],
    ]);
    expect(await run.phases.innerText()).toMatch(/Migrate\s*, stopped here/);
    const outcome = await run.outcome.innerText();
    expect(outcome).toContain('1 step is complete and recorded.');
    expect(outcome).toContain('1 step was not executed.');
    expect(outcome).toMatch(/State now\s+\S/);
    expect(outcome).toMatch(/Next\s+\S/);
    expect(outcome).toMatch(/Place\s+2_towns\.sql:4(:\d+)?\n/);
    expect(outcome).toMatch(/nowhere/);
    expect(await page.getByRole('button', { name: 'Copy details' }).count()).toBeGreaterThan(0);
    expect(await page.locator('.mantine-Notification-root').count()).toBe(0);

    await page.reload();
    expect(await run.finished()).toBe(transactional ? 'Rolled back' : 'Partly applied');
    expect(await run.outcome.innerText()).toBe(outcome);
    await run.outcome.getByRole('link', { name: 'Plan again…' }).click();
    await migratePage(page).heading('Back up and migrate').waitFor();
  });

  test('a reload during a long run comes back to it; a cancel says what it undoes, and does', {
    timeout: 180_000,
  }, async () => {
    const { page } = app;
    await using database = await testDatabase(engine);
    const path = await workplace.writeFolder(`slow-${engine}`, {
      '1_people.sql': people,
      '2_slow.sql': `-- migrate:up\ninsert into people values (7);\n${slow[engine]};\n\n-- migrate:down\nselect 1;\n`,
      '3_streets.sql': streets,
    });
    await open(`slow-${engine}`, database.url, path);
    await startWithoutBackup();

    const run = runPage(page);
    const running = [
      ['1', 'Succeeded'],
      ['2', 'Running'],
      ['3', 'Waiting'],
    ];
    await expect.poll(() => run.stepWords()).toEqual(running);
    await run.runningStep('2').getByText('1 of 2 statements').waitFor();
    const address = page.url();
    // Escape closes things; it never cancels a run.
    for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('Escape');
    await page.reload();
    await expect.poll(() => run.stepWords()).toEqual(running);
    await run.runningStep('2').getByText('1 of 2 statements').waitFor();
    expect(page.url()).toBe(address);

    await page.getByRole('link', { name: /^Environments/ }).click();
    await page
      .getByRole('listitem')
      .filter({ hasText: `slow-${engine}` })
      .getByText('1 of 3')
      .waitFor();
    await environmentPage(page).open(`slow-${engine}`);
    await page.getByRole('link', { name: 'Watch the run' }).click();

    await run.cancel.click();
    const question = page.getByRole('dialog', { name: 'Cancel safely…' });
    // What it would undo is asked of the backend.
    await question.getByText('One migration of this run is complete and stays.').waitFor();
    const meaning = await question.innerText();
    expect(meaning).toContain(
      engine === 'mariadb'
        ? 'Migration 2 is no single transaction'
        : 'Migration 2 is one transaction: all of it is rolled back.',
    );
    expect(meaning).toContain('One migration of this run is complete and stays.');
    await question.getByRole('button', { name: `Cancel the run on slow-${engine}` }).click();
    expect(await run.finished()).toBe('Rolled back');
    expect(await run.outcome.innerText()).toContain('The step that stopped was rolled back; nothing of it remains.');
    expect(await run.stepWords()).toEqual([
      ['1', 'Succeeded'],
      ['2', 'Rolled back'],
      ['3', 'Not executed'],
    ]);
    expect(await database.query('select id from people')).toEqual([]);
  });
});

describe('a server that is gone', () => {
  let way: Server;
  let database: TestDatabase;
  const sockets = new Set<Socket>();

  beforeAll(async () => {
    if (unavailable('postgres15') !== undefined) return;
    const server = await postgres15();
    database = await testDatabase('postgres15');
    way = createServer((client) => {
      const onward = connect(server.port, server.host);
      for (const socket of [client, onward]) {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
      }
      client.pipe(onward).pipe(client);
    }).listen(0, '127.0.0.1');
    await once(way, 'listening');
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  test('its environment keeps what was last known, marked and with its time, and says what to do', async (context) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) skipBecause(context, reason);
    const { page } = app;
    const url = new URL(database.url);
    const address = way.address();
    url.port = String(typeof address === 'object' && address !== null ? address.port : 0);
    const path = await workplace.writeFolder('gone', { '1_people.sql': people, '2_streets.sql': streets });
    await open('gone', url.href, path);
    const shown = environmentPage(page);
    await expect.poll(() => shown.card('Pending').innerText()).toMatch(/^2/);

    way.close();
    for (const socket of sockets) socket.destroy();
    await page.keyboard.press('F5');
    const notice = page.getByRole('main').locator('.problem').first();
    await notice.waitFor();
    expect(await notice.innerText()).toMatch(/State now[\s\S]+Next[\s\S]+connect\.unreachable/);
    expect(await shown.card('Pending').innerText()).toMatch(/^2/);
    expect(await page.locator('.card .stale-note').innerText()).toMatch(/^as of \d\d:\d\d/);

    await page.getByRole('link', { name: /^Environments/ }).click();
    const row = page.getByRole('main').getByRole('listitem').filter({ hasText: 'gone' });
    await row.getByText(/^Last known \d\d:\d\d/).waitFor();
    expect(await row.innerText()).toContain('2 pending');
  });
});
