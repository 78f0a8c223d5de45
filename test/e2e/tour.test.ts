/** The tour of the demo to its end: by mouse, then by keyboard alone, each with databases of its own. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type App, startApp } from './app.ts';
import { breachesOf } from './axe.ts';
import { tabTo, typeInPalette } from './keys.ts';
import { firstRun } from './pages/firstRun.ts';
import { migratePage } from './pages/migratePage.ts';
import { runPage } from './pages/runPage.ts';

const tour = (page: Page) => {
  const panel = page.getByRole('region', { name: 'Tour of the demo' });
  return {
    panel,
    current: panel.locator('[aria-current="step"]'),
    link: (name: string) => panel.getByRole('link', { name }),
    next: panel.getByRole('button', { name: 'Next' }),
    leave: panel.getByRole('button', { name: 'Leave the tour' }),
    ending: panel.getByText('You backed up, migrated and rolled back a real database'),
  };
};

async function withApp(work: (app: App) => Promise<void>): Promise<void> {
  const app = await startApp();
  try {
    await work(app);
    expect(app.faults).toEqual([]);
  } finally {
    await app.close();
  }
}

const looking = [
  ['See what is pending', 'Show the plan', 'bakery-test'],
  ['See what was changed', 'Show 1.4.0', '1.4.0'],
  ['Read the risky one', 'Show 1.8.0', '1.8.0'],
] as const;

test('by mouse, with a reload in its middle', { timeout: 180_000 }, () =>
  withApp(async ({ page }) => {
    await firstRun(page).createDemo();
    const guide = tour(page);
    for (const [title, link, heading] of looking) {
      await guide.current.getByText(title).waitFor();
      await guide.link(link).click();
      await page.getByRole('heading', { name: new RegExp(`^${heading}`), level: 1 }).waitFor();
      await guide.next.click();
    }
    await page.reload();
    await guide.current.getByText('Back up and migrate').waitFor();
    await guide.link('Prepare it').click();
    await migratePage(page).start.click();
    expect(await runPage(page).finished()).toBe('Succeeded');
    expect(await runPage(page).stepWords()).toEqual([['1.7.0', 'Succeeded']]);
    await guide.current.getByText('Roll back').waitFor();
    await guide.link('Prepare it').click();
    await migratePage(page).heading('Roll back').waitFor();
    await migratePage(page).start.click();
    await guide.ending.waitFor();
    expect(await breachesOf(page, ['light', 'dark', 'high contrast', 'high contrast dark'])).toEqual([]);
    await guide.panel.getByRole('button', { name: 'Close' }).click();
    await guide.panel.waitFor({ state: 'hidden' });
  }),
);

test('it can be left, and goes on where it was from the palette', { timeout: 120_000 }, () =>
  withApp(async ({ page }) => {
    await firstRun(page).createDemo();
    const guide = tour(page);
    await guide.link('Show the plan').click();
    await guide.next.click();
    await guide.current.getByText('See what was changed').waitFor();
    await guide.leave.click();
    await guide.panel.waitFor({ state: 'hidden' });
    await page.reload();
    await page.getByRole('heading', { name: 'bakery-test', level: 1 }).waitFor();
    expect(await guide.panel.count()).toBe(0);
    await typeInPalette(page, 'tour');
    await page.getByRole('dialog').getByText('Tour of the demo').click();
    await guide.current.getByText('See what was changed').waitFor();
  }),
);

test('by keyboard alone', { timeout: 180_000 }, () =>
  withApp(async ({ page }) => {
    const guide = tour(page);
    await firstRun(page).heading.waitFor();
    await tabTo(page, 'Create the demo');
    await page.keyboard.press('Enter');
    await firstRun(page).demoIsReady();
    for (const [title, link, heading] of looking) {
      await guide.current.getByText(title).waitFor();
      await tabTo(page, link);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: new RegExp(`^${heading}`), level: 1 }).waitFor();
      await tabTo(page, 'Next');
      await page.keyboard.press('Enter');
    }
    for (const [title, heading] of [
      ['Back up and migrate', 'Back up and migrate'],
      ['Roll back', 'Roll back'],
    ] as const) {
      await guide.current.getByText(title).waitFor();
      await tabTo(page, 'Prepare it');
      await page.keyboard.press('Enter');
      await migratePage(page).heading(heading).waitFor();
      await expect.poll(() => migratePage(page).start.isEnabled()).toBe(true);
      await page.keyboard.press('Control+Enter');
      expect(await runPage(page).finished()).toBe('Succeeded');
    }
    await guide.ending.waitFor();
  }),
);
