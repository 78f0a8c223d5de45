/** The page's policy holds on every screen, and text from files and servers stays text. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { unavailable } from '../servers/index.ts';
import { testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { type App, startApp } from './app.ts';
import { clientOf } from './client.ts';
import { environmentPage } from './pages/environmentPage.ts';
import { migratePage } from './pages/migratePage.ts';
import { runPage } from './pages/runPage.ts';
import { rowsOf } from './pages/table.ts';
import { allScreens } from './screens.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

let app: App;
let workplace: Workplace;
let refusals: string[];

beforeAll(async () => {
  refusals = [];
  app = await startApp();
  workplace = await makeWorkplace();
  await app.page.exposeFunction('noteRefusal', (words: string) => refusals.push(words));
  await app.page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      Reflect.get(globalThis, 'noteRefusal')(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  await app.page.reload();
});
afterAll(async () => {
  await app.close();
  await workplace[Symbol.asyncDispose]();
});

test('the listener sees what the policy refuses', async () => {
  await app.page.evaluate(() => {
    const image = document.createElement('img');
    image.src = 'https://elsewhere.example/pixel.png';
    document.body.append(image);
  });
  await expect.poll(() => refusals).toEqual([expect.stringMatching(/^img-src https:\/\/elsewhere\.example/)]);
  await app.page.reload();
  refusals.length = 0;
});

test('no screen does anything that the policy refuses', { timeout: 120_000 }, async () => {
  const before = app.faults.length;
  for (const screen of await allScreens(app.page, workplace)) {
    await screen.open();
    await screen.close?.();
    expect(refusals, screen.name).toEqual([]);
  }
  expect(app.faults.slice(before)).toEqual([]);
});

const image = '<img src=x onerror="window.pwned=1">';
const script = '</script><script>window.pwned=2</script>';
const terminal = '\u001b[31mred\u001b[0m \u0007 \u202Egnirts';
const long = `${'endless'.repeat(900)} ${image}`;

/** No element was made of the text, none of it ran, and nothing is wider than the window. */
async function expectHarmless(): Promise<void> {
  const found = await app.page.evaluate(() => ({
    ran: 'pwned' in window,
    images: document.querySelectorAll('img[src="x"]').length,
    // What scrolls by itself may be wider than it shows, and what is clipped says so by its title.
    wider: [...document.querySelectorAll('body *')]
      .filter((element) => element.closest('table, [role=log], .sql-view, .clip, .hidden-text, .raw, pre') === null)
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
      .map((element) => element.outerHTML.slice(0, 200)),
  }));
  expect(found).toEqual({ ran: false, images: 0, wider: [] });
}

test('hostile names and metadata of migrations are shown as text', async () => {
  const { page } = app;
  const path = await workplace.writeFolder('hostile', {
    'lockkeeper.json': '{ "lockkeeper": 1 }',
    [`1.0.0_${image.replaceAll('/', '')}.sql`]: `-- description: ${image}${script}
-- author: ${image}
-- tables: ${image}
-- modules: ${long}
-- notes: ${terminal}

-- lockkeeper:up
SELECT '${image.replaceAll("'", "''")}' AS "${'<b>column</b>'}", '${terminal}' AS control, '${long}' AS long;

-- lockkeeper:down
SELECT 1;
`,
  });
  const file = join(workplace.folder, 'hostile.db');
  await createDatabase(file);
  const client = await clientOf(page);
  const { id } = await client.environments.add({
    name: `shop ${image}`,
    tier: 'development',
    colour: 'grey',
    group: script,
    connection: { engine: 'sqlite', file },
    source: { path },
    secret: null,
  });
  await environmentPage(page).open(`shop ${image}`);
  const step = environmentPage(page).step('1.0.0');
  await step.waitFor();
  expect(await step.innerText()).toContain(`by ${image}`);
  expect(await step.innerText()).toContain(script);
  await expectHarmless();

  await environmentPage(page).tab('All migrations');
  const [row] = await rowsOf(page, 'Migrations');
  expect(row?.['Name']).toContain('<img src=x');
  await expectHarmless();

  await page.goto(new URL(`/#/environments/${id}/migration/1.0.0`, page.url()).href);
  await page.getByRole('textbox', { name: 'Up script of 1.0.0' }).waitFor();
  await expectHarmless();

  await page.goto(new URL(`/#/environments/${id}/migrate?direction=up`, page.url()).href);
  await migratePage(page).backup.getByRole('radio', { name: 'Skip the backup…' }).check();
  await expectHarmless();
  expect(await migratePage(page).needed.innerText()).toBe('');
  await migratePage(page).start.click();
  expect(await runPage(page).finished()).toBe('Succeeded');
  await expectHarmless();

  const result = runPage(page).log.getByRole('table').first();
  await page.getByRole('searchbox', { name: 'Filter log' }).fill('Result of line');
  await result.waitFor();
  expect(await result.innerText()).toContain(image);
  expect(await result.innerText()).toContain('<b>column</b>');
  await expectHarmless();
  expect(refusals).toEqual([]);
});

test('hostile words of a server are shown as text', async (context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
  const { page } = app;
  await using database = await testDatabase('postgres15');
  const path = await workplace.writeFolder('hostile-server', {
    '1_loud.sql': `-- migrate:up
DO $$ BEGIN
  RAISE NOTICE '${image} noticed ${terminal}';
  RAISE EXCEPTION '${image} raised' USING DETAIL = '${long}', HINT = '${script}';
END $$;

-- migrate:down
SELECT 1;
`,
  });
  const client = await clientOf(page);
  const { connection, password } = await client.environments.parseUrl({ url: database.url });
  const { id } = await client.environments.add({
    name: 'loud',
    tier: 'development',
    colour: 'grey',
    group: '',
    connection,
    source: { path },
    secret: { password: password ?? '', keep: 'ask' },
  });
  await page.goto(new URL(`/#/environments/${id}/migrate?direction=up`, page.url()).href);
  await migratePage(page).backup.getByRole('radio', { name: 'Skip the backup…' }).check();
  await migratePage(page).start.click();
  expect(await runPage(page).finished()).toBe('Rolled back');
  expect(await runPage(page).outcome.innerText()).toContain(`${image} raised`);
  expect(await runPage(page).log.innerText()).toContain(`${image} noticed`);
  await expectHarmless();
  await page.goto(new URL('/#/history', page.url()).href);
  await rowsOf(page, 'History');
  await expectHarmless();
  expect(refusals).toEqual([]);
});
