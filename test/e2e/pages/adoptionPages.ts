import type { Locator, Page } from 'playwright-core';

/** The wizard that connects folder and database, and the page that moves a history. */
export const adoptionPages = (page: Page) => {
  const region = (name: string): Locator => page.getByRole('region', { name, exact: true });
  const bar = region('Start');
  return {
    folder: page.getByRole('textbox', { name: 'Migration folder' }),
    look: page.getByRole('button', { name: 'Look', exact: true }),
    tool: (title: string): Locator => page.getByRole('radio', { name: new RegExp(`^${title},`) }),
    next: page.getByRole('button', { name: 'Next', exact: true }),
    use: page.getByRole('button', { name: 'Use this', exact: true }),
    step: region,
    form: region('What is wanted'),
    show: page.getByRole('button', { name: 'Show what would be written' }),
    gate: region('Before it starts'),
    needed: bar.getByRole('status'),
    start: bar.getByRole('button').last(),
  };
};
