import type { Page } from 'playwright-core';

/** The three doors to a first environment. */
export const firstRun = (page: Page) => ({
  heading: page.getByRole('heading', { name: 'Which database shall Lockkeeper look after?' }),

  async paste(url: string): Promise<void> {
    await page.getByRole('textbox', { name: 'Connection URL' }).fill(url);
    await page.getByRole('button', { name: 'Continue' }).click();
  },

  async createDemo(): Promise<void> {
    await page.getByRole('button', { name: 'Create the demo' }).click();
    await this.demoIsReady();
  },

  /** Both of the demo's environments are listed, with what is left to do. */
  demoIsReady: (): Promise<void> => page.getByText('2 pending').nth(1).waitFor(),
});
