/** Several runs at once: all are seen from everywhere, and one is cancelled without the other. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unavailable } from '../servers/index.ts';
import { testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { type App, startApp } from './app.ts';
import { breachesOf } from './axe.ts';
import { clientOf } from './client.ts';
import { runPage } from './pages/runPage.ts';
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

test('two that go on', { timeout: 120_000 }, async (context) => {
  const reason = unavailable('postgres18');
  if (reason !== undefined) skipBecause(context, reason);
  const { page } = app;
  const client = await clientOf(page);
  const folder = await workplace.writeFolder('endless', {
    '1_orders.sql': '-- migrate:up\ncreate table orders (id integer);\n-- migrate:down\ndrop table orders;\n',
    '2_endless.sql': '-- migrate:up\nselect pg_sleep(600);\n-- migrate:down\nselect 1;\n',
  });
  const runs: Record<string, string> = {};
  await using north = await testDatabase('postgres18');
  await using south = await testDatabase('postgres18');
  for (const [name, { url }] of Object.entries({ north, south })) {
    const { connection, password } = await client.environments.parseUrl({ url });
    const { id: environmentId } = await client.environments.add({
      ...{ name, tier: 'development', colour: 'grey', group: '', connection },
      secret: { password: password ?? '', keep: 'ask' },
      source: { path: folder, tool: 'dbmate' },
    });
    const target = { direction: 'up' } as const;
    const { fingerprint } = await client.migrations.plan({ environmentId, target });
    const answers = { backup: false, confirm: null, reason: null, accept: [], continueOnError: false };
    runs[name] = (await client.runs.start({ environmentId, target, fingerprint, ...answers })).run;
  }
  const link = page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: /^Runs/ });
  await link.getByText('2 going on').waitFor();
  await link.click();
  const active = page.getByRole('region', { name: 'Going on now' });
  await active.getByText('1 of 2').nth(1).waitFor();
  expect(await active.getByRole('listitem').count()).toBe(2);
  expect(await breachesOf(page)).toEqual([]);

  await active.getByRole('listitem').filter({ hasText: 'north' }).getByRole('link').click();
  await runPage(page).runningStep('2').waitFor();
  await runPage(page).cancel.click();
  const dialog = page.getByRole('dialog', { name: 'Cancel safely…' });
  await dialog.getByText('Migration 2 is one transaction: all of it is rolled back.', { exact: false }).waitFor();
  await dialog.getByText('One migration of this run is complete and stays.', { exact: false }).waitFor();
  await dialog.getByRole('button', { name: 'Cancel the run on north' }).click();
  await runPage(page).finished();
  await link.getByText('1 going on').waitFor();
  expect((await client.runs.get({ id: runs['south'] ?? '' })).outcome).toBeNull();

  await client.runs.cancel({ id: runs['south'] ?? '' });
  await link.getByText('going on').waitFor({ state: 'hidden' });
  expect(app.faults).toEqual([]);
});
