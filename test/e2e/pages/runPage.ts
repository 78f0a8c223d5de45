import type { Locator, Page } from 'playwright-core';

/** One run, live or over. */
export const runPage = (page: Page) => {
  const steps = page.getByRole('list', { name: 'Steps' }).locator('.run-step');
  return {
    steps,
    phases: page.getByRole('region', { name: 'Phases' }),
    outcome: page.getByRole('region', { name: 'Outcome' }),
    log: page.getByRole('log', { name: 'Log lines' }),
    cancel: page.getByRole('button', { name: /^Cancel safely…|^Cancelling…/ }),

    /** The word that sums up a run which is over. */
    async finished(): Promise<string> {
      const heading = page.getByRole('region', { name: 'Outcome' }).getByRole('heading');
      // Longest of all waits: a backup and migrations of a small database.
      await heading.waitFor({ timeout: 60_000 });
      return (await heading.innerText()).replace(/^\W+/, '');
    },

    /** Each step's version and the word for where it is. */
    async stepWords(): Promise<readonly (readonly [version: string, word: string])[]> {
      return Promise.all(
        (await steps.all()).map(async (step) => {
          const version = await step.locator('.mono').first().innerText();
          const words = await step.locator('.small.dim').first().innerText();
          return [version, words.split(' · ')[0] ?? ''] as const;
        }),
      );
    },

    runningStep: (version: string): Locator =>
      steps.and(page.locator('[data-state="running"]')).filter({ hasText: version }),
  };
};
