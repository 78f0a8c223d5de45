/** A hotfix on a site by keyboard alone: opened, its signer trusted, checked, rehearsed, backed up and migrated. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { type App, startApp } from './app.ts';
import { clientOf } from './client.ts';
import { inOrder } from './inOrder.ts';
import { arrowTo, tabTo } from './keys.ts';
import { runPage } from './pages/runPage.ts';
import { hostileNotes, makeSiteBundle } from './siteBundle.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

let app: App;
let page: Page;
let workplace: Workplace;
let file: string;
let damaged: string;
let digest: string;
beforeAll(async () => {
  app = await startApp();
  page = app.page;
  // From now on the page's dialogs for files are the test's, not only after the key that opens one.
  page.on('filechooser', () => undefined);
  workplace = await makeWorkplace();
  const folder = await workplace.copySample('dbmate/sqlite', 'library');
  file = join(workplace.folder, 'hotfix.lkb');
  const made = await makeSiteBundle(folder, file);
  digest = made.digest;
  damaged = join(workplace.folder, 'damaged.lkb');
  await writeFile(damaged, made.content.subarray(0, made.content.length - 40));
  const database = join(workplace.folder, 'library.db');
  await createDatabase(database);
  const client = await clientOf(page);
  await client.environments.add({
    name: 'library-site',
    tier: 'production',
    colour: 'red',
    group: '',
    connection: { engine: 'sqlite', file: database },
    source: { path: folder },
    secret: null,
  });
});
afterAll(async () => {
  await app.close();
  await workplace[Symbol.asyncDispose]();
});

async function openByKey(path: string): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+o');
  await (await choosing).setFiles(path);
}

const problem = () => page.locator('main .problem').first();

describe('by keyboard', () => {
  inOrder();

  test('a damaged one says so, and stops', async () => {
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('5');
    await page.getByText('Drop a bundle here').waitFor();
    await openByKey(damaged);
    await problem().getByText('This is no whole bundle').waitFor();
    expect(await page.getByText('Check against…').count()).toBe(0);
  });

  test('one of an unknown key is shown whole, as plain text, and refused', async () => {
    await openByKey(file);
    await page.getByText('✕ Not trusted here').waitFor();
    expect(await page.locator('.bundle-notes').innerText()).toContain(hostileNotes.slice(0, 28));
    await page.locator('.cm-content').getByText('books').first().waitFor();
    await page.getByText(digest).first().waitFor();
    await page.keyboard.press('c');
    await page.keyboard.press('ArrowDown');
    await page.getByText('✕ It is refused').waitFor();
    await problem().getByText('is not trusted here').waitFor();
    expect(await page.getByRole('link', { name: 'Rehearse, back up and migrate' }).count()).toBe(0);
  });

  test('its signer is trusted after the fingerprint was compared', async () => {
    await tabTo(page, 'Trust this key…');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Trust the signer of bundles' });
    await dialog.locator('.fingerprint').waitFor();
    await tabTo(page, /^Whose key it is/);
    await page.keyboard.type('Release desk');
    expect(await dialog.getByRole('button', { name: 'Trust this key' }).isDisabled()).toBe(true);
    await tabTo(page, 'Its owner names the same fingerprint');
    await page.keyboard.press('Space');
    await tabTo(page, 'Trust this key');
    await page.keyboard.press('Enter');
    await page.getByText('✓ Trusted: Release desk').waitFor();
    await page.getByText('✓ It can be applied').waitFor();
  });

  test('its plan is the environment’s, with the same gate; rehearsed, backed up, migrated, and reported', async () => {
    await page.keyboard.press('Control+Enter');
    await page.getByText('From the bundle').waitFor();
    await page.getByText('library-site').first().waitFor();
    await tabTo(page, 'Rehearse');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Rehearsal' }).getByText('passed', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Rehearse again' }).waitFor();
    await tabTo(page, /^Reason/);
    await page.keyboard.type('Hotfix of the release desk');
    await tabTo(page, /^Type library-site to confirm/);
    await page.keyboard.type('library-site');
    await page.keyboard.press('Control+Enter');
    await runPage(page).outcome.waitFor();
    const client = await clientOf(page);
    const [run] = await client.runs.list({ environmentId: null, limit: 1 });
    expect(await client.runs.get({ id: run?.id ?? '' })).toMatchObject({
      outcome: 'succeeded',
      backup: { level: 'proven' },
    });

    await tabTo(page, 'Export report');
    await page.keyboard.press('Enter');
    await arrowTo(page, /HTML/);
    const saving = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    const report = await readFile(await (await saving).path(), 'utf8');
    expect(report).toContain(digest);
    expect(report).toContain('20260119090000');
  });

  test('the same bundle is applied already', async () => {
    await page.goto(new URL(`/#/bundles/${digest}`, page.url()).href);
    await page.getByText('✓ Trusted: Release desk').waitFor();
    await page.keyboard.press('c');
    await page.keyboard.press('ArrowDown');
    await page.getByText('✓ It is applied already').waitFor();
  });
});

test('a bundle dropped anywhere is opened; what is none is refused', async () => {
  await page.goto(new URL('/#/history', page.url()).href);
  await page.getByRole('heading', { name: 'History', level: 1 }).waitFor();
  await drop('notes.txt', Buffer.from('hello'));
  await problem().getByText('notes.txt is no bundle').waitFor();
  await page.goto(new URL('/#/history', page.url()).href);
  await page.getByRole('heading', { name: 'History', level: 1 }).waitFor();
  await drop('hotfix.lkb', await readFile(file));
  await page.getByText(digest).first().waitFor();
});

test('the address that the system hands over opens the file', async () => {
  await page.goto(new URL('/#/history', page.url()).href);
  await page.goto(new URL(`/#/bundles?file=${encodeURIComponent(file)}`, page.url()).href);
  await page.getByText(digest).first().waitFor();
  await page.goto(new URL(`/#/bundles?file=${encodeURIComponent(`${file}.none`)}`, page.url()).href);
  await problem().getByText('does not exist').waitFor();
});

async function drop(name: string, content: Buffer): Promise<void> {
  await page.evaluate(
    ([title, base64]) => {
      const bytes = Uint8Array.from(atob(base64 ?? ''), (sign) => sign.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], title ?? ''));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, content.toString('base64')],
  );
}
