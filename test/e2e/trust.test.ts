/** Code of a folder: nothing of it is run, and no SQL shown, before somebody trusted exactly that content. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unavailable } from '../servers/index.ts';
import { type TestDatabase, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { type App, startApp } from './app.ts';
import { clientOf } from './client.ts';
import { inOrder } from './inOrder.ts';
import { environmentPage } from './pages/environmentPage.ts';
import { migratePage } from './pages/migratePage.ts';
import { runPage } from './pages/runPage.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

const people = 'create table people (id integer primary key, name varchar(50));\n';
const towns = `import { names } from './names.js';

export const name = 'Fill the towns';

export async function up({ query }) {
  for (const town of names) await query("insert into people (id, name) values (" + town.id + ", '" + town.name + "')");
}
export async function down({ query }) {
  await query('delete from people');
}
`;
const names = "export const names = [{ id: 1, name: 'Galle' }, { id: 2, name: 'Kandy' }];\n";

let app: App;
let workplace: Workplace;
let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  app = await startApp();
  workplace = await makeWorkplace();
});
afterAll(async () => {
  await app.close();
  await workplace[Symbol.asyncDispose]();
});

async function open(name: string, url: string, path: string): Promise<void> {
  const client = await clientOf(app.page);
  const { connection, password } = await client.environments.parseUrl({ url });
  await client.environments.add({
    name,
    tier: 'development',
    colour: 'grey',
    group: '',
    connection,
    source: { path },
    secret: password === null ? null : { password, keep: 'ask' },
  });
  await environmentPage(app.page).open(name);
}

const notice = () => app.page.getByRole('region', { name: 'Trust is needed' });

describe('a module with functions', () => {
  inOrder();
  beforeAll(async () => {
    database = await testDatabase('sqlite');
    folder = await workplace.writeFolder('modules', {
      'lockkeeper.json': '{"lockkeeper": 1}',
      '1.0.0_people.sql': people,
      '1.1.0_towns.js': towns,
      'names.js': names,
    });
    await open('modules', database.url, folder);
  });
  afterAll(() => database[Symbol.asyncDispose]());

  test('the plan says that trust is needed, and cannot be started', async () => {
    const { page } = app;
    await notice().waitFor();
    expect(await notice().innerText()).toContain('1 migration is a program that nobody has trusted yet');
    await environmentPage(page).migrateButton.click();
    await notice().waitFor();
    expect(await migratePage(page).start.isDisabled()).toBe(true);
  });

  test('its text is shown, and every file it can load with its digest', async () => {
    const { page } = app;
    await notice().getByRole('link', { name: 'Read and trust…' }).click();
    await page.getByRole('heading', { name: 'Programs to trust', level: 1 }).waitFor();
    const code = page.getByRole('textbox', { name: 'Source code of 1.1.0_towns.js' });
    await code.waitFor();
    expect(await code.innerText()).toContain('export async function up');
    const contents = await page.getByRole('region', { name: 'Everything it can load' }).innerText();
    expect(contents).toMatch(/names\.js\s+Code\s+[\da-f]{64}/);
  });

  test('content that changed meanwhile does not take the place of what was read', async () => {
    const { page } = app;
    const trust = page.getByRole('button', { name: 'Trust this exact content' });
    await appendFile(join(folder, 'names.js'), '// Changed behind the page.\n');
    await page.keyboard.press('F5');
    const notice = page.getByRole('alert').filter({ hasText: 'The folder has changed since this was shown' });
    await notice.waitFor();
    expect(await trust.isDisabled()).toBe(true);
    await notice.getByRole('button', { name: 'Show it as it is now' }).click();
    await notice.waitFor({ state: 'hidden' });
    await expect.poll(() => trust.isEnabled()).toBe(true);
  });

  test('once trusted it runs, by its own functions', async () => {
    const { page } = app;
    await page.getByRole('button', { name: 'Trust this exact content' }).click();
    await page.getByRole('heading', { name: 'Nothing is waiting for trust' }).waitFor();
    await page.getByRole('link', { name: 'Show the plan of modules' }).click();
    await environmentPage(page).migrateButton.click();
    await migratePage(page).backup.getByRole('radio', { name: 'Skip the backup…' }).check();
    await migratePage(page).start.click();
    expect(await runPage(page).finished()).toBe('Succeeded');
    expect((await database.query('select name from people order by id')).map((row) => row['name'])).toEqual([
      'Galle',
      'Kandy',
    ]);
  });
});

test('a pgm migration shows its SQL only once it is trusted', async (context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
  const { page } = app;
  await using postgres = await testDatabase('postgres15');
  const path = await workplace.writeFolder('pgm', {
    '1700000000000_create-towns.js': `exports.up = (pgm) => pgm.createTable('towns', { id: 'id', name: { type: 'text', notNull: true } });
exports.down = (pgm) => pgm.dropTable('towns');
`,
  });
  await open('pgm', postgres.url, path);
  await notice().waitFor();
  await page.locator('.plan-step a').first().click();
  await page.getByRole('textbox', { name: /^Source code of/ }).waitFor();
  await notice().getByRole('link', { name: 'Read and trust…' }).click();
  await page.getByRole('button', { name: 'Trust this exact content' }).click();
  await page.getByRole('heading', { name: 'Nothing is waiting for trust' }).waitFor();
  await environmentPage(page).open('pgm');
  await page.locator('.plan-step a').first().click();
  const sql = page.getByRole('textbox', { name: /^Up script of/ });
  await sql.waitFor();
  expect(await sql.innerText()).toMatch(/CREATE TABLE "towns"/i);
  expect(app.faults).toEqual([]);
});
