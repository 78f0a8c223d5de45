/** Every screen against axe-core's rules, light and dark. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from './app.ts';
import { hasSettled } from './hasSettled.ts';
import { allScreens } from './screens.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

let app: App;
let workplace: Workplace;
beforeAll(async () => {
  app = await startApp();
  workplace = await makeWorkplace();
});
afterAll(async () => {
  await app.close();
  await workplace[Symbol.asyncDispose]();
});

test('no screen breaks a rule, light or dark', { timeout: 180_000 }, async () => {
  const { page } = app;
  const broken: string[] = [];
  for (const screen of await allScreens(page, workplace)) {
    await screen.open();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction(hasSettled, colorScheme);
      const axe = new AxeBuilder({ page });
      // Of all rules, only this one can tell the colours apart.
      if (colorScheme === 'dark') axe.withRules('color-contrast');
      const { violations } = await axe.analyze();
      for (const { id, impact, nodes } of violations)
        for (const { html, failureSummary } of nodes)
          broken.push(`${screen.name}, ${colorScheme}: ${impact} ${id}: ${html}\n${failureSummary}`);
    }
    await screen.close?.();
  }
  expect(broken).toEqual([]);
  expect(app.faults).toEqual([]);
});
