/** The main job by mouse, as on a first day: from an empty workspace to a migration that was rolled back. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unavailable } from '../servers/index.ts';
import { type TestDatabase, type TestEngine, testDatabase } from '../services/backend.ts';
import { dbmate, dbmateStatus } from '../tools/dbmateProgram.ts';
import { type App, launchBrowser, startApp } from './app.ts';
import { inOrder } from './inOrder.ts';
import { environmentForm } from './pages/environmentForm.ts';
import { environmentPage } from './pages/environmentPage.ts';
import { firstRun } from './pages/firstRun.ts';
import { migratePage } from './pages/migratePage.ts';
import { runPage } from './pages/runPage.ts';
import { rowsOf } from './pages/table.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

interface Case {
  readonly engine: TestEngine;
  readonly sample: string;
  readonly product: string;
  readonly checks: readonly string[];
  /** In the dump command that the page shows. */
  readonly dump: string;
}

const networkChecks = ['Host name', 'Network', 'TLS', 'Login', 'Database', 'Rights', 'Dump program'];
const cases: readonly Case[] = [
  { engine: 'postgres15', sample: 'postgres', product: 'PostgreSQL', checks: networkChecks, dump: 'pg_dump' },
  { engine: 'mariadb', sample: 'mysql', product: 'MariaDB', checks: networkChecks, dump: 'dump' },
  {
    engine: 'sqlite',
    sample: 'sqlite',
    product: 'SQLite',
    checks: ['Host name', 'Database', 'Rights', 'Dump program'],
    dump: '.backup',
  },
];

/** Added to the sample: a script with a SELECT of its own that needs downtime and can be rolled back. */
const discount = `-- description: A discount for what is dear
-- author: Garden shop
-- estimated: 2s
-- downtime: yes
-- tables: plants
-- modules: checkout

-- lockkeeper:up
ALTER TABLE plants ADD COLUMN discount integer DEFAULT 0 NOT NULL;
UPDATE plants SET discount = 10 WHERE price_cents > 1000;
SELECT name, discount FROM plants WHERE discount > 0;

-- lockkeeper:down
ALTER TABLE plants DROP COLUMN discount;
`;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const missing = (engine: TestEngine): string | undefined => (engine === 'sqlite' ? undefined : unavailable(engine));

for (const { engine, sample, product, checks, dump } of cases) {
  const reason = missing(engine);
  if (reason !== undefined) process.stdout.write(`skipped: the main flow on ${engine}: ${reason}\n`);

  describe.skipIf(reason !== undefined)(`on ${engine}`, () => {
    let app: App;
    let workplace: Workplace;
    let database: TestDatabase;
    let password: string;
    inOrder();

    beforeAll(async () => {
      workplace = await makeWorkplace();
      database = await testDatabase(engine);
      password = engine === 'sqlite' ? '' : new URL(database.url).password;
      app = await startApp({ browser, variables: { DBUS_SESSION_BUS_ADDRESS: 'disabled:' } });
    });
    afterAll(async () => {
      await app.close();
      await database[Symbol.asyncDispose]();
      await workplace[Symbol.asyncDispose]();
    });

    test('an environment is added from a pasted URL, tested, and given a folder', async () => {
      const { page } = app;
      const path = await workplace.copySample(`lockkeeper/${sample}`, 'shop', {
        '1.3.0_price_lists.sql': null,
        '1.4.0_fill_price_lists.sql': null,
        '1.3.0_discount.sql': discount,
        'lockkeeper.json': '{ "lockkeeper": 1, "name": "Garden shop", "applicationVersion": "2026.1" }',
      });
      await firstRun(page).paste(database.url);

      const form = environmentForm(page);
      await form.form.waitFor();
      if (engine === 'sqlite') {
        await expect.poll(() => form.text('Database file').inputValue()).toBe(database.url.replace('sqlite:', ''));
      } else {
        const url = new URL(database.url);
        await expect.poll(() => form.text('Host').inputValue()).toBe(url.hostname);
        expect(await form.text('Port').inputValue()).toBe(url.port);
        expect(await form.text('Database').inputValue()).toBe(url.pathname.slice(1));
        expect(await form.text('Paste a connection').inputValue()).toBe('');
        await form.choose('Ask each session');
        expect(await form.text('Password for this session').inputValue()).toBe(password);
      }
      await form.text('Name').fill('shop');
      await form.choose('Staging');

      const seen = await form.testConnection();
      expect(seen.map(({ name }) => name)).toEqual(checks);
      expect(seen.map(({ outcome }) => outcome)).toEqual(checks.map(() => 'Passed'));
      expect(seen.find(({ name }) => name === 'Database')?.detail).toContain(product);

      await form.chooseFolder(path);
      const detected = await form.detected();
      expect(detected).toMatch(/Lockkeeper[\s\S]*4 migrations[\s\S]*% certain/);
      expect(detected).toContain('lockkeeper.json');
      await form.save();
      await page.getByRole('heading', { name: 'shop', level: 1 }).waitFor();
    });

    test('its page tells the version, and of each pending migration what an admin must know', async () => {
      const shop = environmentPage(app.page);
      await shop.step('1.3.0').waitFor();
      await expect.poll(() => shop.card('Version').innerText()).toMatch(/^none/);
      expect(await shop.card('Pending').innerText()).toMatch(/^4/);
      const [first, third, last] = await Promise.all(
        ['1.0.0', '1.2.0', '1.3.0'].map((version) => shop.step(version).innerText()),
      );
      for (const fact of [
        'Plants and what they cost',
        'by Garden shop',
        'about 1 s',
        'Tables: plants',
        'Modules: catalogue',
      ])
        expect(first).toContain(fact);
      for (const fact of ['about 5 min', 'Tables: orders', 'Modules: reports, checkout']) expect(third).toContain(fact);
      expect(first).not.toContain('Downtime');
      expect(last).toContain('Downtime');
      expect(await database.query(tables[engine])).toEqual([]);
    });

    test('“Back up and migrate (4)” shows the dump command and what is wanted first, then does it live', async () => {
      const { page } = app;
      expect(await environmentPage(page).migrateButton.innerText()).toBe('Back up and migrate (4)');
      await environmentPage(page).migrateButton.click();

      const plan = migratePage(page);
      await plan.heading('Back up and migrate').waitFor();
      await plan.steps.nth(3).waitFor();
      const backup = await plan.backup.innerText();
      expect(backup).toContain('A backup taken and checked is required');
      expect(backup).toContain(dump);
      if (password !== '') expect(await page.content()).not.toContain(password);
      expect(await plan.gate.innerText()).toContain('Reason');
      expect(await plan.start.innerText()).toBe('Back up, then migrate 4 on shop');
      await plan.start.click();

      const run = runPage(page);
      await run.phases.waitFor();
      expect(await run.finished()).toBe('Succeeded');
      expect(await run.stepWords()).toEqual([
        ['1.0.0', 'Succeeded'],
        ['1.1.0', 'Succeeded'],
        ['1.2.0', 'Succeeded'],
        ['1.3.0', 'Succeeded'],
      ]);
      expect(await run.phases.innerText()).toContain('Backup checked:');
      expect(await database.query('SELECT name, discount FROM plants WHERE discount > 0')).toEqual([
        { name: 'Olive', discount: 10 },
      ]);
    });

    test('the history tells who, when and how long', async () => {
      const { page } = app;
      await environmentPage(page).open('shop');
      await environmentPage(page).tab('History');
      const rows = await rowsOf(page, 'History');
      const applied = rows.filter(({ What }) => What === 'Apply' || What === 'Migrate');
      expect(applied.map(({ Version }) => Version)).toEqual(
        expect.arrayContaining(['1.0.0', '1.1.0', '1.2.0', '1.3.0']),
      );
      for (const row of applied)
        expect(row).toMatchObject({
          When: expect.stringMatching(/\d\d:\d\d/),
          Who: expect.stringMatching(/\w/),
          Outcome: expect.stringMatching(/Succeeded/),
          Took: expect.stringMatching(/\d (ms|s)$/),
        });
    });

    test('the log holds the results of the scripts’ own SELECTs', async () => {
      const { page } = app;
      await environmentPage(page).tab('Log');
      const result = page.getByRole('log', { name: 'Log lines' }).getByRole('table').filter({ hasText: 'Olive' });
      await page.getByRole('searchbox', { name: 'Filter log' }).fill('result of line');
      await result.waitFor();
      expect(await result.innerText()).toMatch(/name\s+discount\s+Olive\s+10/);
    });

    test('the backup that was taken is listed as checked', async () => {
      const { page } = app;
      await environmentPage(page).tab('Backups');
      const rows = await rowsOf(page, 'Backups');
      expect(rows).toEqual([expect.objectContaining({ Level: 'Checked', Covers: 'Everything' })]);
    });

    test('one is rolled back from “All migrations”, and page and database agree', async () => {
      const { page } = app;
      const shop = environmentPage(page);
      await shop.tab('All migrations');
      await page.getByRole('link', { name: 'Roll back 1.3.0…' }).click();

      const plan = migratePage(page);
      await plan.heading('Roll back').waitFor();
      await plan.steps.first().waitFor();
      expect(await plan.steps.count()).toBe(1);
      for (const hazard of await plan.gate.getByRole('checkbox', { name: /^I accept/ }).all()) await hazard.check();
      await plan.gate.getByRole('textbox', { name: 'Reason' }).fill('It comes back tomorrow');
      expect(await plan.start.innerText()).toBe('Back up, then roll back 1 on shop');
      await plan.start.click();
      expect(await runPage(page).finished()).toBe('Succeeded');

      await shop.open('shop');
      await expect.poll(() => shop.card('Version').innerText()).toMatch(/^1\.2\.0/);
      expect(await shop.card('Pending').innerText()).toMatch(/^1/);
      await shop.tab('All migrations');
      const rows = await rowsOf(page, 'Migrations');
      expect(rows.map(({ Version, Status }) => [Version, Status?.replace(/^\W+/, '')])).toEqual([
        ['1.0.0', 'Applied'],
        ['1.1.0', 'Applied'],
        ['1.2.0', 'Applied'],
        ['1.3.0', expect.stringMatching(/^(Pending|Rolled back)$/)],
      ]);
      await expect(database.query('SELECT discount FROM plants')).rejects.toThrow(/discount/);
      expect(await database.query('SELECT count(*) AS plants FROM plants')).toEqual([{ plants: plants[engine] }]);
    });

    test('a folder that dbmate has worked with: fields by hand, the rest applied, and dbmate agrees', async () => {
      const { page } = app;
      await using library = await testDatabase(engine);
      const path = await workplace.copySample(`dbmate/${sample}`, 'library');
      const url = dbmateUrl(library.url, engine);
      await dbmate(url, path, 'up');
      await dbmate(url, path, 'down');

      await page.getByRole('link', { name: /^Environments/ }).click();
      await page.getByRole('button', { name: 'Add environment' }).click();
      const form = environmentForm(page);
      await fillConnection(form, library.url, engine);
      await form.text('Name').fill('library');
      await form.choose('Test');
      await form.chooseFolder(path);
      expect(await form.detected()).toMatch(/dbmate[\s\S]*3 migrations/);
      await form.save();

      const shown = environmentPage(page);
      await expect.poll(() => shown.card('Version').innerText()).toMatch(/^20260112090000/);
      await shown.migrateButton.click();
      await migratePage(page).start.click();
      expect(await runPage(page).finished()).toBe('Succeeded');
      expect(await dbmateStatus(url, path)).toEqual({
        applied: ['20260105090000', '20260112090000', '20260119090000'],
        pending: [],
      });
    });

    test('no page had an error', () => {
      expect(app.faults).toEqual([]);
    });
  });
}

/** Names of what an untouched database has of its own. */
const tables: Readonly<Record<TestEngine, string>> = {
  postgres15: "SELECT tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  postgres18: "SELECT tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  mariadb: 'SELECT table_name FROM information_schema.tables WHERE table_schema = database()',
  sqlite: 'SELECT name FROM sqlite_schema',
};

/** `count(*)` as each driver returns it. */
const plants: Readonly<Record<TestEngine, unknown>> = { postgres15: '3', postgres18: '3', mariadb: 3, sqlite: 3 };

const dbmateUrl = (url: string, engine: TestEngine): string =>
  engine === 'sqlite' ? url : engine === 'mariadb' ? url : `${url}?sslmode=disable`;

async function fillConnection(
  form: ReturnType<typeof environmentForm>,
  address: string,
  engine: TestEngine,
): Promise<void> {
  if (engine === 'sqlite') {
    await form.choose('SQLite');
    await form.text('Database file').fill(address.replace('sqlite:', ''));
    return;
  }
  const url = new URL(address);
  await form.choose(engine === 'mariadb' ? 'MySQL / MariaDB' : 'PostgreSQL');
  await form.text('Host').fill(url.hostname);
  await form.text('Port').fill(url.port);
  await form.text('Database').fill(url.pathname.slice(1));
  await form.text('User').fill(decodeURIComponent(url.username));
  await form.choose('Ask each session');
  await form.text('Password for this session').fill(decodeURIComponent(url.password));
}
