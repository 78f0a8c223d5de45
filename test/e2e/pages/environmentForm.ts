import { basename, dirname } from 'node:path';
import type { Locator, Page } from 'playwright-core';

interface Check {
  readonly name: string;
  readonly outcome: string;
  readonly detail: string;
}

/** The drawer that adds or edits an environment. */
export const environmentForm = (page: Page) => {
  const form = page.getByRole('dialog', { name: 'Add environment' });
  const section = (title: string): Locator =>
    form.locator('section').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
  return {
    form,
    field: (label: string): Locator => form.getByLabel(label, { exact: true }),
    text: (label: string): Locator => form.getByRole('textbox', { name: label, exact: true }),

    choose: (option: string): Promise<void> => form.getByText(option, { exact: true }).click(),

    /** Runs the connection test; resolves with its rungs in order. */
    async testConnection(): Promise<readonly Check[]> {
      await form.getByRole('button', { name: 'Test connection' }).click();
      const lines = section('Connection test').locator('.check-line');
      await lines.first().waitFor();
      return Promise.all(
        (await lines.all()).map(async (line) => {
          const [name = '', outcome = '', detail = ''] = await line.locator(':scope > *').allInnerTexts();
          return { name, outcome: outcome.replace(/^\W+/, ''), detail };
        }),
      );
    },

    /** Walks to a folder in the folder browser: its parent's path is typed, itself is clicked. */
    async chooseFolder(path: string): Promise<void> {
      await form.getByRole('button', { name: 'Choose…' }).click();
      const browser = page.getByRole('dialog', { name: 'Choose the migration folder' });
      await browser.getByRole('textbox', { name: 'Path' }).fill(dirname(path));
      await browser.getByRole('textbox', { name: 'Path' }).press('Enter');
      await browser
        .getByRole('list', { name: 'Folders' })
        .getByRole('button', { name: basename(path), exact: true })
        .click();
      await browser.getByRole('list', { name: 'Files' }).getByRole('listitem').first().waitFor();
      await browser.getByRole('button', { name: 'Use this folder' }).click();
      await browser.waitFor({ state: 'hidden' });
    },

    /** What was detected in the chosen folder, with its evidence. */
    async detected(): Promise<string> {
      const candidate = section('Migrations').locator('.candidate').first();
      await candidate.waitFor();
      return candidate.innerText();
    },

    async save(): Promise<void> {
      await form.getByRole('button', { name: 'Add environment' }).click();
      await form.waitFor({ state: 'hidden' });
    },
  };
};
