/** Every screen against axe-core's rules, in every colour. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from './app.ts';
import { show } from './appearances.ts';
import { breachesOf } from './axe.ts';
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

test('no screen breaks a rule: light, dark, and in high contrast', { timeout: 900_000 }, async () => {
  const { page } = app;
  const broken: string[] = [];
  for (const [index, screen] of (await allScreens(page, workplace)).entries()) {
    await screen.open();
    // test/renderer/contrast.test.ts has every pair of high contrast's colours; here they take turns.
    const contrast = index % 2 === 0 ? 'high contrast' : 'high contrast dark';
    for (const breach of await breachesOf(page, ['light', 'dark', contrast])) broken.push(`${screen.name}, ${breach}`);
    await show(page, 'light');
    await screen.close?.();
  }
  expect(broken).toEqual([]);
  expect(app.faults).toEqual([]);
});
