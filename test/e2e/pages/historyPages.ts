import type { Locator, Page } from 'playwright-core';

/** What verifying found, and the page that corrects it. */
export const historyPages = (page: Page) => {
  const bar = page.getByRole('region', { name: 'Start' });
  return {
    findings: page.getByRole('list', { name: 'Findings' }).locator('.finding'),
    offer: (words: string): Locator => page.getByRole('link', { name: words, exact: true }),
    heading: page.getByRole('heading', { name: 'Correct the history', level: 1 }),
    explainer: (version: string): Locator => page.getByRole('region', { name: `What changed in ${version}` }),
    gate: page.getByRole('region', { name: 'Before it starts' }),
    needed: bar.getByRole('status'),
    start: bar.getByRole('button').last(),
  };
};
