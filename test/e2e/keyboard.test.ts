/** The main flow on the demo with the keyboard alone; the mouse is never used. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from './app.ts';
import { inOrder } from './inOrder.ts';
import { keysOf, typeInPalette } from './keys.ts';
import { environmentPage } from './pages/environmentPage.ts';
import { firstRun } from './pages/firstRun.ts';
import { migratePage } from './pages/migratePage.ts';
import { runPage } from './pages/runPage.ts';

let app: App;
let page: Page;
inOrder();
beforeAll(async () => {
  app = await startApp();
  ({ page } = app);
});
afterAll(() => app.close());

const { focused, tabTo, heading } = keysOf(() => page);

test('Tab and Enter reach the demo’s door; every stop shows its focus', async () => {
  await firstRun(page).heading.waitFor();
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to content');
  await tabTo('Create the demo');
  const outline = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
    return `${outlineStyle} ${outlineWidth}`;
  });
  expect(outline).not.toMatch(/none| 0px/);
  await page.keyboard.press('Enter');
  await heading('Environments').waitFor();
  await firstRun(page).demoIsReady();
});

test('Ctrl+K finds an environment and opens it; the focus goes to its heading', async () => {
  await typeInPalette(page, 'production');
  await page.getByText('Migrate 2 on bakery-production').waitFor();
  await page.keyboard.press('Enter');
  await heading('bakery-production').waitFor();
  await expect.poll(focused).toBe('bakery-production');
});

test('Escape closes the palette and gives the focus back to where it was', async () => {
  await tabTo(/^Back up and migrate/);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor({ state: 'hidden' });
  await expect.poll(focused).toMatch(/^Back up and migrate/);
});

test('digits go to the screens, and ? shows the shortcuts', async () => {
  for (const [digit, title] of [
    ['2', 'Runs'],
    ['3', 'Backups'],
    ['4', 'History'],
    ['5', 'Bundles'],
    ['6', 'Settings'],
    ['1', 'Environments'],
  ] as const) {
    await page.keyboard.press(digit);
    await heading(title).waitFor();
    await expect.poll(focused).toBe(title);
  }
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.waitFor();
  expect(await sheet.innerText()).toMatch(/Command palette[\s\S]*Back up and migrate/);
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'hidden' });
  await expect.poll(focused).toBe('Environments');
});

test('/ filters the list, Escape clears it', async () => {
  await page.keyboard.press('/');
  await expect.poll(focused).toBe('Filter environments');
  await page.keyboard.type('production');
  await expect
    .poll(() => page.getByRole('region', { name: 'Demo', exact: true }).getByRole('listitem').count())
    .toBe(1);
  await page.keyboard.press('Escape');
  await expect
    .poll(() => page.getByRole('region', { name: 'Demo', exact: true }).getByRole('listitem').count())
    .toBe(2);
});

test('arrows walk the rows of a table, Enter opens one, { and } go on from there', async () => {
  await typeInPalette(page, 'bakery-test');
  await page.getByText('Migrate 2 on bakery-test').waitFor();
  await page.keyboard.press('Enter');
  await heading('bakery-test').waitFor();
  await environmentPage(page).step('1.8.0').waitFor();
  await tabTo('Plan');
  await page.keyboard.press('ArrowRight');
  const rows = page.getByRole('grid', { name: 'Migrations' }).locator('tbody').getByRole('row');
  await rows.nth(7).waitFor();
  await tabTo(/1\.0\.0/);
  await page.keyboard.press('ArrowDown');
  await expect.poll(focused).toMatch(/1\.1\.0/);
  await page.keyboard.press('Enter');
  await heading(/^1\.1\.0/).waitFor();
  await page.keyboard.press('}');
  await heading(/^1\.2\.0/).waitFor();
  await page.keyboard.press('{');
  await heading(/^1\.1\.0/).waitFor();
});

test('M plans, R rehearses, the gate is answered, Ctrl+Enter starts, and Escape does not cancel it', async () => {
  await typeInPalette(page, 'bakery-production');
  await page.getByText('Migrate 2 on bakery-production').waitFor();
  await page.keyboard.press('Enter');
  await heading('bakery-production').waitFor();
  await environmentPage(page).migrateButton.waitFor();
  await page.keyboard.press('m');
  await migratePage(page).gate.waitFor();
  await expect.poll(focused).toBe('Cancel');

  await page.keyboard.press('Control+Enter');
  expect(await migratePage(page).heading('Back up and migrate').count()).toBe(1);
  await page.keyboard.press('r');
  await page.getByRole('button', { name: 'Rehearse again' }).waitFor();
  await tabTo(/^I accept: Data loss/, 'Shift+Tab');
  await page.keyboard.press('Space');
  await tabTo(/^Reason/);
  await page.keyboard.type('By keyboard');
  await tabTo(/^Type bakery-production to confirm/);
  await page.keyboard.type('bakery-production');
  await expect.poll(() => migratePage(page).start.isEnabled()).toBe(true);
  await page.keyboard.press('Control+Enter');
  await runPage(page).phases.waitFor();
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('Escape');
  expect(await runPage(page).finished()).toBe('Succeeded');
});

test('no page had an error', () => {
  expect(app.faults).toEqual([]);
});
