import type { Locator, Page } from 'playwright-core';

export type EnvironmentTab = 'Plan' | 'All migrations' | 'History' | 'Log' | 'Backups';

/** One environment: where it stands, and its tabs. */
export const environmentPage = (page: Page) => {
  const step = (version: string): Locator => page.locator('.plan-step').filter({ hasText: version });
  return {
    /** From anywhere, by the tree at the left. */
    async open(name: string): Promise<void> {
      await page.getByRole('navigation', { name: 'Environments' }).getByRole('link', { name }).click();
      await page.getByRole('heading', { name, level: 1 }).waitFor();
    },

    /** A status card by its title; its text. */
    card: (title: string): Locator =>
      page
        .locator('.card')
        .filter({ has: page.locator('dt', { hasText: title }) })
        .getByRole('definition'),

    step,

    async tab(name: EnvironmentTab): Promise<void> {
      await page.getByRole('tab', { name, exact: true }).click();
    },

    migrateButton: page.getByRole('button', { name: /^Back up and migrate \(\d+\)$/ }),
  };
};
