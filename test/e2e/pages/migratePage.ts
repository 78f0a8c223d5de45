import type { Locator, Page } from 'playwright-core';

/** Everything about one run before it starts. */
export const migratePage = (page: Page) => {
  const bar = page.getByRole('region', { name: 'Start' });
  return {
    heading: (title: 'Back up and migrate' | 'Roll back'): Locator =>
      page.getByRole('heading', { name: title, level: 1 }),
    steps: page.getByRole('region', { name: 'Steps' }).getByRole('listitem'),
    stages: page.getByRole('list', { name: 'Stages' }),
    backup: page.getByRole('region', { name: 'Backup' }),
    gate: page.getByRole('region', { name: 'Before it starts' }),
    /** What is still needed, in words. */
    needed: bar.getByRole('status'),
    start: bar.getByRole('button').last(),
  };
};
