/** Every screen against axe-core's rules, in every colour. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from './app.ts';
import { type Colours, colours, show } from './appearances.ts';
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

test('no screen breaks a rule: light, dark, and both in high contrast', { timeout: 400_000 }, async () => {
  const { page } = app;
  const broken: string[] = [];
  for (const screen of await allScreens(page, workplace)) {
    await screen.open();
    for (const colour of Object.keys(colours) as Colours[]) {
      await show(page, colour);
      const axe = new AxeBuilder({ page });
      // Of all rules, only these can tell the colours apart; the enhanced one is high contrast's own promise.
      if (colour.startsWith('high')) axe.withRules('color-contrast-enhanced');
      else if (colour === 'dark') axe.withRules('color-contrast');
      const { violations } = await axe.analyze();
      for (const { id, impact, nodes } of violations)
        for (const { html, failureSummary } of nodes)
          broken.push(`${screen.name}, ${colour}: ${impact} ${id}: ${html}\n${failureSummary}`);
    }
    await show(page, 'light');
    await screen.close?.();
  }
  expect(broken).toEqual([]);
  expect(app.faults).toEqual([]);
});
