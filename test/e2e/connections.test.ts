/** Connections in the window: pasted, imported, tested rung by rung through an SSH server, duplicated, found again. */
import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgres15, type SshServer, startSshd, type TestDatabase, type TestServer } from '../servers/index.ts';
import { type App, startApp } from './app.ts';
import { breachesOf } from './axe.ts';
import { type Client, clientOf } from './client.ts';
import { inOrder } from './inOrder.ts';
import { environmentForm } from './pages/environmentForm.ts';

let app: App;
let client: Client;
let server: TestServer;
let database: TestDatabase;
let sshd: SshServer;
inOrder();
beforeAll(async () => {
  server = await postgres15();
  database = await server.createDatabase();
  sshd = await startSshd();
  app = await startApp();
  client = await clientOf(app.page);
});
afterAll(async () => {
  await app.close();
  await sshd[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const dialog = (): Locator => app.page.getByRole('dialog', { name: 'Import connections' });
const inMenuOf = async (name: string, item: string): Promise<void> => {
  await app.page.getByRole('button', { name: `More for ${name}` }).click();
  await app.page.getByRole('menuitem', { name: item }).click();
};

test('the second door imports files: what they name is shown, and what is chosen is added', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Import connections…' }).click();
  const { user, password } = server.superuser;
  const env = [
    `DATABASE_URL=postgres://${user}:${password}@127.0.0.1:${server.port}/${database.name}`,
    'REPORTS_URL=mysql://clerk:s3cret@reports.example.org/reports',
    'BROKEN_URL=postgres://clerk@a,b/shop',
  ];
  await dialog()
    .locator('input[type=file]')
    .setInputFiles([
      { name: '.env', mimeType: 'text/plain', buffer: Buffer.from(env.join('\n')) },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Nothing of this kind.') },
    ]);
  await dialog().getByText('notes.txt is of no program').waitFor();
  await dialog().getByRole('button', { name: 'Leave out notes.txt' }).click();
  const found = dialog().getByRole('region', { name: 'Found' });
  await found.getByRole('checkbox', { name: 'Import reports@reports.example.org' }).waitFor();
  expect(await found.innerText()).not.toContain('s3cret');
  await found.getByText('1 passed over').click();
  expect(await found.innerText()).toMatch(/BROKEN_URL: .*several hosts/);
  expect(await breachesOf(page, ['light', 'dark'])).toEqual([]);
  await found.getByRole('checkbox', { name: 'Import reports@reports.example.org' }).uncheck();
  await dialog().getByRole('combobox', { name: 'Tier' }).selectOption('test');
  await dialog().getByRole('button', { name: 'Add 1 environment' }).click();
  await dialog().waitFor({ state: 'hidden' });
  const added = (await client.environments.list()).map(({ environment }) => environment);
  expect(added).toMatchObject([{ name: `${database.name}@127.0.0.1`, tier: 'test' }]);
});

test('a pasted driver string fills every field, and its password only that of the password', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Add environment' }).click();
  const form = environmentForm(page);
  const { user, password } = server.superuser;
  await form
    .text('Paste a connection')
    .fill(
      `Host=127.0.0.1;Port=${server.port};Username=${user};Password=${password};Database=${database.name};SSL Mode=Require`,
    );
  await form.text('Paste a connection').press('Enter');
  await expect.poll(() => form.text('Host').inputValue()).toBe('127.0.0.1');
  expect(await form.text('Database').inputValue()).toBe(database.name);
  expect(await form.text('User').inputValue()).toBe(user);
  expect(await form.field('TLS').inputValue()).toBe('require');
  expect(await form.form.locator('input[type=password]').inputValue()).toBe(password);
  expect(await form.text('Paste a connection').inputValue()).toBe('');
  const checks = await form.testConnection();
  expect(checks.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual(
    ['Host name', 'Network', 'TLS', 'Login', 'Database', 'Rights', 'Dump program'].map((name) => `${name}: Passed`),
  );
  await form.text('Name').fill('archive');
  await form.field('Group').fill('Hospital');
  await form.choose('Ask each session');
  await form.save();
});

test('through an SSH server: its key is compared and trusted once, then every rung holds', async () => {
  const { page } = app;
  const { password } = server.superuser;
  await client.environments.add({
    name: 'inside',
    tier: 'development',
    colour: 'green',
    group: 'Hospital',
    source: null,
    secret: { password, keep: 'ask' },
    connection: {
      engine: 'postgres',
      host: server.tls.host,
      port: server.port,
      database: database.name,
      user: server.superuser.user,
      tls: 'verify-full',
      tlsAuthorityFile: server.tls.caFile,
      ssh: {
        host: sshd.host,
        port: sshd.port,
        user: sshd.user,
        keyFile: sshd.keyFile,
        knownHostsFile: sshd.knownHostsFile,
      },
    },
  });
  await page.goto(new URL('/#/environments', page.url()).href);
  await inMenuOf('inside', 'Edit…');
  const form = page.getByRole('dialog', { name: /inside/ });
  expect(await form.getByRole('switch', { name: 'Through an SSH server' }).isChecked()).toBe(true);
  expect(await form.getByRole('textbox', { name: 'SSH server' }).inputValue()).toBe(sshd.host);
  await form.getByRole('button', { name: 'Test connection' }).click();
  const key = form.getByRole('region', { name: `Key of ${sshd.host}` });
  await key.getByText(sshd.fingerprint).waitFor();
  expect(await breachesOf(page, ['light', 'dark'])).toEqual([]);
  const trust = key.getByRole('button', { name: 'Trust this key and test again' });
  expect(await trust.isDisabled()).toBe(true);
  await key.getByRole('checkbox', { name: 'I have compared it, and it is the same' }).check();
  await trust.click();
  await form.locator('.check-line').filter({ hasText: 'Dump program' }).waitFor();
  expect(await form.locator('.check-line').allInnerTexts()).toHaveLength(8);
  expect(await form.getByText('Failed').count()).toBe(0);
  expect(await readFile(sshd.knownHostsFile, 'utf8')).toContain('ssh-ed25519');
  await form.getByRole('button', { name: 'Cancel' }).click();
});

test('a duplicate keeps everything but the name, the password too for the same address; it is found by its group', async () => {
  const { page } = app;
  await inMenuOf('inside', 'Duplicate…');
  const form = environmentForm(page);
  expect(await form.text('Name').inputValue()).toBe('inside copy');
  expect(await form.text('SSH server').inputValue()).toBe(sshd.host);
  await form.save();
  const copy = (await client.environments.list()).find(({ environment }) => environment.name === 'inside copy');
  const { checks } = await client.environments.test({
    connection: copy?.environment.connection ?? expect.fail('It was not added'),
    password: null,
    id: copy?.environment.id ?? null,
  });
  expect(checks.map(({ outcome }) => outcome)).toEqual(Array(8).fill('passed'));
  const names = (await client.environments.list()).map(({ environment }) => environment.name);
  expect(names).toContain('inside copy');
  await page.goto(new URL('/#/environments', page.url()).href);
  await page.getByLabel('Filter environments').fill('hospital');
  const main = page.getByRole('main');
  await main.getByText(`${database.name}@127.0.0.1`, { exact: true }).waitFor({ state: 'hidden' });
  const found = main.getByRole('region', { name: 'Hospital' }).getByRole('listitem');
  expect((await found.allInnerTexts()).map((text) => text.split('\n')[0])).toEqual([
    'archive',
    'inside',
    'inside copy',
  ]);
  expect(app.faults).toEqual([]);
});
