import type { Locator, Page } from 'playwright-core';

/** Everything about a restore, or its undoing, before it starts. */
export const restorePage = (page: Page) => {
  const bar = page.getByRole('region', { name: 'Start' });
  const gate = page.getByRole('region', { name: 'Before it starts' });
  return {
    heading: (title: 'Restore' | 'Undo the restore'): Locator => page.getByRole('heading', { name: title, level: 1 }),
    loss: page.getByRole('region', { name: 'What will be lost' }),
    names: page.getByRole('region', { name: 'Names' }),
    placement: (name: string): Locator =>
      page.getByRole('region', { name: 'Where it goes' }).getByRole('radio', { name }),
    gate,
    needed: bar.getByRole('status'),
    start: bar.getByRole('button').last(),

    /** Accepts what the gate asks to be accepted, whatever it is. */
    async acceptAll(): Promise<void> {
      await gate.waitFor();
      for (const hazard of await gate.getByRole('checkbox', { name: /^I accept/ }).all()) await hazard.check();
    },
  };
};
