import type { Locator, Page } from 'playwright-core';

/** Rehearsals where they are started and where they are read. */
export const rehearsalPages = (page: Page) => {
  const region = (name: string): Locator => page.getByRole('region', { name, exact: true });
  const hazards = region('Hazards').getByRole('listitem');
  return {
    /** Of a plan, before it runs. */
    panel: region('Rehearsal'),
    /** Of a migration. */
    result: region('Rehearsal'),
    view: (name: 'Script' | 'Rehearsal' | 'Schema before and after'): Locator =>
      page.getByRole('radiogroup', { name: 'View' }).getByText(name, { exact: true }),
    rehearse: page.getByRole('button', { name: 'Rehearse', exact: true }),
    hazards,
    currentHazard: hazards.and(page.locator('[aria-current="true"]')),
    statements: (version: string): Locator => region(`Statements of ${version}`),
    locks: (version: string): Locator => page.getByRole('list', { name: `Locks of ${version}` }),
    guess: region('Guess and rehearsal'),
  };
};
