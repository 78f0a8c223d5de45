/** A run of many steps: its page draws what is on screen, and all of it can be reached. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from './app.ts';
import { breachesOf } from './axe.ts';
import { clientOf } from './client.ts';
import { runPage } from './pages/runPage.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

const count = 150;

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

test('its steps, its end and its log', { timeout: 120_000 }, async () => {
  const { page } = app;
  const client = await clientOf(page);
  const file = join(workplace.folder, 'shop.db');
  await writeFile(file, '');
  const scripts = Array.from({ length: count }, (_, index): [string, string] => [
    `${1001 + index}_step.sql`,
    `-- migrate:up\nCREATE TABLE step_${index} (id integer);\n\n-- migrate:down\nDROP TABLE step_${index};\n`,
  ]);
  const { id: environmentId } = await client.environments.add({
    ...{ name: 'shop', tier: 'development', colour: 'grey', group: '', secret: null },
    connection: { engine: 'sqlite', file },
    source: { path: await workplace.writeFolder('long', Object.fromEntries(scripts)), tool: 'dbmate' },
  });
  const target = { direction: 'up' } as const;
  const { fingerprint } = await client.migrations.plan({ environmentId, target });
  const answers = { backup: false, confirm: null, reason: null, accept: [], continueOnError: false };
  const { run } = await client.runs.start({ environmentId, target, fingerprint, ...answers });
  await page.evaluate((id) => {
    window.location.hash = `#/runs/${id}`;
  }, run);
  const { steps, finished, log } = runPage(page);
  expect(await finished()).toBe('Succeeded');

  // The steps went by with the run.
  await steps.filter({ hasText: String(1000 + count) }).waitFor();
  const last = steps.last();
  expect(await last.getAttribute('aria-posinset')).toBe(String(count));
  expect(await last.getAttribute('aria-setsize')).toBe(String(count));
  expect(await steps.count()).toBeLessThan(count);
  expect(await breachesOf(page)).toEqual([]);

  await page.getByRole('searchbox', { name: 'Filter log' }).fill('started by');
  await log.getByText(`Run ${run} started by`).waitFor();
  await page
    .getByRole('status')
    .filter({ hasText: /^1 of \d+/ })
    .waitFor();
  await page.getByRole('searchbox', { name: 'Filter log' }).fill('no line has this');
  await log.getByText('No line matches.').waitFor();
  expect(app.faults).toEqual([]);
});
