/** The pages of an operator's first week against axe-core's rules, light and dark. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from './app.ts';
import { type Client, clientOf } from './client.ts';
import { hasSettled } from './hasSettled.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const untilOver = async (client: Client, run: string): Promise<void> => {
  await Array.fromAsync(await client.runs.watch({ id: run, fromSeq: 0 }));
};

test('none breaks a rule', { timeout: 180_000 }, async () => {
  const { page } = app;
  const client = await clientOf(page);
  await client.application.createDemo();
  const demo = (await client.environments.list()).map(({ environment }) => environment);
  const [test, production] = ['bakery-test', 'bakery-production'].map(
    (name) => demo.find((one) => one.name === name)?.id ?? '',
  );
  const { run } = await client.backups.create({ environmentId: test ?? '' });
  await untilOver(client, run);
  const [backup] = await client.backups.list({ environmentId: test ?? '' });
  const { gate } = await client.backups.restorePlan({ id: backup?.id ?? '' });
  const answers = { backup: false, confirm: null, reason: 'To try it', accept: [...gate.hazardsToAccept] };
  const restore = await client.backups.restore({ id: backup?.id ?? '', ...answers });
  await untilOver(client, restore.run);
  const pages: readonly (readonly [address: string, shown: string])[] = [
    [`/environments/${production}/attention`, 'Compare and correct…'],
    [`/environments/${production}/repair?fix=updateChecksum:1.4.0`, 'The SQL differs'],
    [`/environments/${production}/settings`, 'Hazards accepted one by one'],
    [`/environments/${production}/trust`, 'Nothing is waiting for trust'],
    [`/environments/${test}/backups`, 'Restore a dump file…'],
    [`/restore?backup=${backup?.id}`, 'What will be lost'],
    [`/restore?backup=${backup?.id}&placement=beside`, 'Nothing is lost'],
    [`/runs/${restore.run}`, 'Undo this restore…'],
    [`/runs/${restore.run}/undo`, 'Live again'],
    ['/settings', 'Write the support bundle'],
  ];
  const broken: string[] = [];
  for (const [address, shown] of pages) {
    await page.goto(new URL(`/#${address}`, page.url()).href);
    await page.getByText(shown).first().waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction(hasSettled, colorScheme);
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, nodes } of violations)
        for (const { html, failureSummary } of nodes)
          broken.push(`${address}, ${colorScheme}: ${id}: ${html}\n${failureSummary}`);
    }
  }
  expect(broken).toEqual([]);
  expect(app.faults).toEqual([]);
});
