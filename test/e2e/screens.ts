/** Every screen in a state with something on it, for what must hold on all of them: access, policy, looks. */
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import type { Target } from '../../shared/model/plan.ts';
import type { KeyPurpose } from '../../shared/model/trustedKey.ts';
import { type Client, clientOf } from './client.ts';
import { environmentForm } from './pages/environmentForm.ts';
import { firstRun } from './pages/firstRun.ts';
import { migratePage } from './pages/migratePage.ts';
import { rehearsalPages } from './pages/rehearsalPages.ts';
import { runPage } from './pages/runPage.ts';
import { table } from './pages/table.ts';
import { makeSiteBundle } from './siteBundle.ts';
import type { Workplace } from './workplace.ts';

export interface Screen {
  readonly name: string;
  /** Resolves when everything is there. */
  open(): Promise<void>;
  /** Takes back what would be in the way of the next one. */
  close?(): Promise<void>;
}

/** The screens of an application that has just been started, in the order they must be opened. */
export async function allScreens(page: Page, workplace: Workplace): Promise<readonly Screen[]> {
  const client = await clientOf(page);
  const till = new Till(client, workplace);
  const made = {
    test: '',
    production: '',
    succeeded: '',
    failed: '',
    rehearsal: '',
    backup: '',
    restored: '',
    bundle: '',
  };
  const go = async (path: string): Promise<void> => {
    await page.goto(new URL(`/#${path}`, page.url()).href);
  };
  const pressEscape = (): Promise<void> => page.keyboard.press('Escape');
  const at = (name: string, path: () => string, ready: (page: Page) => Promise<unknown>): Screen => ({
    name,
    async open() {
      await go(path());
      await ready(page);
    },
  });
  const test = (rest: string) => (): string => `/environments/${made.test}/${rest}`;
  return [
    {
      name: 'first run',
      open: () => firstRun(page).heading.waitFor(),
    },
    {
      name: 'environments',
      async open() {
        await client.application.createDemo();
        const known = (await client.environments.list()).map(({ environment }) => environment);
        made.test = known.find(({ name }) => name === 'bakery-test')?.id ?? '';
        made.production = known.find(({ name }) => name === 'bakery-production')?.id ?? '';
        made.succeeded = await runToEnd(client, made.test, { direction: 'up', to: '1.7.0' }, true);
        await till.add();
        made.failed = await runToEnd(client, till.id, { direction: 'up' }, false);
        await go('/environments');
        await page.getByText('Rolled back').or(page.getByText('Failed')).first().waitFor();
      },
    },
    {
      name: 'matrix',
      async open() {
        await page.keyboard.press('g');
        await page
          .getByRole('grid', { name: 'Version matrix' })
          .getByRole('gridcell', { name: /^Changed/ })
          .first()
          .waitFor();
      },
      close: () => page.keyboard.press('g'),
    },
    {
      name: 'plans of several environments',
      async open() {
        await go(`/plans?environment=${made.test}&environment=${made.production}`);
        await page.getByRole('listitem', { name: 'bakery-production' }).getByText('2 migrations').waitFor();
      },
      close: () => go('/environments'),
    },
    at(
      'fleet before it starts',
      () => `/newFleet?environment=${made.test}&environment=${made.production}&environment=${till.id}`,
      (on) => on.getByText(/^3 databases, \d with pending migrations$/).waitFor(),
    ),
    {
      name: 'fleet that stopped',
      async open() {
        const { fleet } = await client.fleets.start({
          ...{ name: 'Branches', environmentIds: [till.id], fingerprints: {} },
          wanted: { direction: 'up' },
          policy: { jobs: 1, canary: 0, maxFailures: 1, pauseBetweenStages: false, rehearse: false },
          ...{ confirm: null, reason: 'To look at it', accept: ['retryFailed'], backup: false },
        });
        await go(`/fleets/${fleet}`);
        await page.getByRole('button', { name: 'Try 1 again' }).waitFor();
      },
    },
    at(
      'fleets',
      () => '/fleets',
      (on) => table(on, 'Fleets').getByRole('gridcell').first().waitFor(),
    ),
    {
      name: 'new fleet',
      async open() {
        await go('/newFleet');
        await page.getByRole('combobox', { name: 'A group' }).waitFor();
      },
      close: () => go('/environments'),
    },
    {
      name: 'add environment',
      async open() {
        await page.getByRole('button', { name: 'Add environment' }).click();
        const form = environmentForm(page);
        await form.text('Paste a connection').fill('postgres://clerk:secret@localhost:1/archive');
        await form.text('Paste a connection').press('Enter');
        await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
        await form.text('Folder').fill(till.folder);
        await form.detected();
        await form.testConnection();
      },
      close: pressEscape,
    },
    at('plan', test('plan'), (on) => on.locator('.plan-step').first().waitFor()),
    at('all migrations', test('migrations'), (on) => table(on, 'Migrations').getByRole('gridcell').first().waitFor()),
    at('attention', test('attention'), (on) => on.getByRole('tabpanel').getByText('1.4.0').first().waitFor()),
    at('schema', test('schema'), (on) =>
      on.getByRole('heading', { name: 'Compare with another environment' }).waitFor(),
    ),
    at('versions', test('versions'), (on) =>
      on.getByRole('heading', { name: 'What came with each version' }).waitFor(),
    ),
    at('activity', test('activity'), (on) => on.getByRole('button', { name: 'Read now' }).waitFor()),
    at('settings of an environment', test('settings'), (on) => on.getByRole('tabpanel').getByText('Format').waitFor()),
    at('history of an environment', test('history'), (on) =>
      table(on, 'History').getByRole('gridcell').first().waitFor(),
    ),
    at('log', test('log'), (on) => on.getByRole('log').getByText('Result of line').first().waitFor()),
    at('backups of an environment', test('backups'), (on) =>
      table(on, 'Backups').getByRole('gridcell').first().waitFor(),
    ),
    {
      name: 'levels of a backup',
      async open() {
        await table(page, 'Backups').getByRole('gridcell').first().click();
        await page.getByRole('list', { name: 'Levels' }).waitFor();
      },
      close: pressEscape,
    },
    {
      name: 'record a snapshot',
      async open() {
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
        await page.getByRole('button', { name: 'Record a snapshot…' }).click();
        await page.getByRole('textbox', { name: 'Reason' }).waitFor();
      },
      close: pressEscape,
    },
    at('migration', test('migration/1.8.0'), (on) => on.getByRole('textbox', { name: 'Up script of 1.8.0' }).waitFor()),
    at('migration that was applied', test('migration/1.7.0'), (on) =>
      on.getByRole('region', { name: 'How long it took' }).waitFor(),
    ),
    at(
      'before a run',
      () => `/environments/${made.production}/migrate?direction=up`,
      (on) => migratePage(on).gate.waitFor(),
    ),
    {
      name: 'rehearsal options',
      async open() {
        await page.getByRole('button', { name: 'Rehearse with options…' }).click();
        await page.getByRole('dialog').getByText('Rehearse on').waitFor();
      },
      close: pressEscape,
    },
    {
      name: 'before a run that was rehearsed',
      async open() {
        made.rehearsal = await rehearse(client, made.production);
        await page.getByRole('button', { name: 'Rehearse again' }).waitFor();
      },
    },
    at(
      'rehearsal',
      () => `/rehearsals/${made.rehearsal}`,
      (on) => on.getByRole('heading', { name: 'All together' }).waitFor(),
    ),
    {
      name: 'rehearsal of a migration',
      async open() {
        await go(`/environments/${made.production}/migration/1.8.0`);
        await rehearsalPages(page).view('Rehearsal').click();
        await rehearsalPages(page).result.waitFor();
      },
    },
    {
      name: 'schema before and after',
      async open() {
        await rehearsalPages(page).view('Schema before and after').click();
        await page.getByRole('textbox', { name: 'Schema after' }).waitFor();
      },
    },
    at(
      'run that succeeded',
      () => `/runs/${made.succeeded}`,
      (on) => runPage(on).finished(),
    ),
    at(
      'run that failed',
      () => `/runs/${made.failed}`,
      (on) => runPage(on).finished(),
    ),
    {
      name: 'run going on',
      async open() {
        await go(`/runs/${await till.startEndless()}`);
        await runPage(page).runningStep('2').waitFor();
      },
      close: () => till.cancel(),
    },
    at(
      'runs',
      () => '/runs',
      (on) => table(on, 'Runs').getByRole('gridcell').first().waitFor(),
    ),
    at(
      'backups',
      () => '/backups',
      (on) => table(on, 'Backups').getByRole('gridcell').first().waitFor(),
    ),
    at(
      'history',
      () => '/history',
      (on) => table(on, 'History').getByRole('gridcell').first().waitFor(),
    ),
    {
      name: 'schedules',
      async open() {
        await client.schedules.add({
          environment: made.test,
          time: { kind: 'cron', expression: '30 2 * * sat', timeZone: 'Europe/Berlin' },
          work: { kind: 'up', wanted: { direction: 'up' }, fingerprint: null, rehearse: true },
          answers: { confirm: null, reason: 'Changes of the week', accept: [] },
          lateMinutes: 60,
        });
        await go('/schedules');
        await page.getByRole('button', { name: 'Pause' }).waitFor();
      },
    },
    {
      name: 'new schedule',
      async open() {
        await page.getByRole('button', { name: 'New schedule…' }).click();
        await page.getByRole('textbox', { name: 'Reason' }).waitFor();
      },
      close: pressEscape,
    },
    at(
      'plan file',
      () => '/plan-file',
      (on) => on.getByRole('heading', { name: 'No plan file is open' }).waitFor(),
    ),
    at(
      'settings',
      () => '/settings',
      (on) => on.getByText('Data directory', { exact: true }).waitFor(),
    ),
    {
      name: 'import of settings',
      async open() {
        await page.getByRole('button', { name: 'Import…' }).click();
        await page.getByRole('dialog', { name: 'Import settings' }).waitFor();
      },
      close: pressEscape,
    },
    {
      name: 'trusted keys',
      async open() {
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
        for (const [name, purposes] of Object.entries(purposesOfKeys)) {
          const key = newPublicKey();
          const { fingerprint } = await client.trustedKeys.read({ key });
          await client.trustedKeys.add({ key, name, purposes, fingerprint });
        }
        const keys = page.getByRole('region', { name: 'Trusted keys' });
        await keys.getByText('Grace').waitFor();
        await keys.scrollIntoViewIfNeeded();
      },
    },
    {
      name: 'key to be trusted',
      async open() {
        await page.getByRole('button', { name: 'Add a key…' }).click();
        await page.getByRole('textbox', { name: 'Public key' }).fill(newPublicKey());
        await page.getByText('Its owner names the same fingerprint').waitFor();
      },
      close: pressEscape,
    },
    {
      name: 'hook of the workspace',
      async open() {
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
        await page.getByRole('button', { name: 'Hooks', exact: true }).click();
        await page.getByRole('textbox', { name: 'Working folder' }).waitFor();
      },
      close: pressEscape,
    },
    at(
      'correction of a history',
      () => `/environments/${made.production}/repair?fix=updateChecksum:1.4.0`,
      (on) => on.getByText('The SQL differs').waitFor(),
    ),
    at(
      'trust',
      () => `/environments/${made.production}/trust`,
      (on) => on.getByText('Nothing is waiting for trust').waitFor(),
    ),
    at('connecting folder and database', test('connect'), (on) => on.getByRole('heading', { level: 1 }).waitFor()),
    at('moving a history', test('adopt'), (on) => on.getByRole('region', { name: 'What is wanted' }).waitFor()),
    {
      name: 'restore',
      async open() {
        made.backup = (await client.backups.list({ environmentId: made.test }))[0]?.id ?? '';
        await go(`/restore?backup=${made.backup}`);
        await page.getByText('What will be lost').first().waitFor();
      },
    },
    at(
      'restore beside',
      () => `/restore?backup=${made.backup}&placement=beside`,
      (on) => on.getByText('Nothing is lost').first().waitFor(),
    ),
    {
      name: 'run that restored',
      async open() {
        const { gate } = await client.backups.restorePlan({ id: made.backup });
        const { run } = await client.backups.restore({
          id: made.backup,
          backup: false,
          confirm: null,
          reason: 'To try it',
          accept: [...gate.hazardsToAccept],
        });
        await ended(client, run);
        made.restored = run;
        await go(`/runs/${run}`);
        await page.getByText('Undo this restore…').waitFor();
      },
    },
    at(
      'undo of a restore',
      () => `/runs/${made.restored}/undo`,
      (on) => on.getByText('Live again').first().waitFor(),
    ),
    at(
      'bundles',
      () => '/bundles',
      (on) => on.getByText('Drop a bundle here').waitFor(),
    ),
    {
      name: 'making a bundle',
      async open() {
        await page.getByRole('button', { name: 'Make bundle…' }).click();
        const dialog = page.getByRole('dialog', { name: 'Make a bundle' });
        await dialog.getByLabel('Of the migrations of').selectOption({ label: 'bakery-test' });
        await dialog
          .getByRole('option', { name: /^1\.7\.0/ })
          .first()
          .waitFor({ state: 'attached' });
      },
      close: pressEscape,
    },
    {
      name: 'bundle of an unknown key',
      async open() {
        const environment = (await client.environments.get({ id: made.production })).environment;
        const file = join(workplace.folder, 'hotfix.lkb');
        made.bundle = (await makeSiteBundle(environment.source?.path ?? '', file)).digest;
        await client.bundles.open({ path: file });
        await go(`/bundles/${made.bundle}?environment=${made.production}`);
        await page.getByText('✕ It is refused').waitFor();
        await page.locator('.cm-content').waitFor();
      },
    },
    {
      name: 'trust in a signer',
      async open() {
        await page.getByRole('button', { name: 'Trust this key…' }).click();
        await page.getByRole('dialog').getByLabel('Whose key it is').waitFor();
      },
      close: pressEscape,
    },
    {
      name: 'checked bundle',
      async open() {
        const { signer } = await client.bundles.get({ digest: made.bundle });
        await client.bundles.trust({ digest: made.bundle, name: 'Release desk', fingerprint: signer.fingerprint });
        await go('/bundles');
        await go(`/bundles/${made.bundle}?environment=${made.production}`);
        await page.getByText('✓ Trusted: Release desk').waitFor();
        await page.locator('.verdict').waitFor();
        await page.locator('.cm-content').waitFor();
      },
    },
    at(
      'plan of a bundle',
      () => `/environments/${made.production}/migrate?direction=up&bundle=${made.bundle}`,
      (on) => on.getByText('From the bundle').waitFor(),
    ),
    {
      name: 'palette',
      async open() {
        await page.keyboard.press('Control+k');
        await page.getByRole('dialog', { name: 'Command palette' }).getByText('bakery-test').first().waitFor();
      },
      close: pressEscape,
    },
    {
      name: 'shortcuts',
      async open() {
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
        await page.keyboard.press('?');
        await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      },
      close: pressEscape,
    },
    at(
      'nowhere',
      () => '/nowhere',
      (on) => on.getByText('There is no such page').waitFor(),
    ),
  ];
}

const purposesOfKeys: Readonly<Record<string, KeyPurpose[]>> = {
  'Grace, on call': ['approvals'],
  'Release desk': ['bundles', 'approvals'],
};

const newPublicKey = (): string =>
  String(generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }));

/** An environment whose second migration fails, or never ends. */
class Till {
  readonly #client: Client;
  readonly #workplace: Workplace;
  id = '';
  folder = '';
  #endless = '';

  constructor(client: Client, workplace: Workplace) {
    this.#client = client;
    this.#workplace = workplace;
  }

  async add(): Promise<void> {
    this.folder = await this.#write('INSERT INTO receipts (number) VALUES (1);');
    const file = join(this.#workplace.folder, 'till.db');
    await createDatabase(file);
    const environment = await this.#client.environments.add({
      name: 'bakery-till',
      tier: 'staging',
      colour: 'orange',
      group: 'Branches',
      connection: { engine: 'sqlite', file },
      source: { path: this.folder },
      secret: null,
    });
    this.id = environment.id;
  }

  async startEndless(): Promise<string> {
    await this.#write('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n;');
    this.#endless = await start(this.#client, this.id, { direction: 'up' }, false);
    return this.#endless;
  }

  async cancel(): Promise<void> {
    await this.#client.runs.cancel({ id: this.#endless });
    await ended(this.#client, this.#endless);
  }

  #write(second: string): Promise<string> {
    return this.#workplace.writeFolder('till', {
      '1_coupons.sql':
        '-- migrate:up\nCREATE TABLE coupons (code text PRIMARY KEY);\n\n-- migrate:down\nDROP TABLE coupons;\n',
      '2_receipts.sql': `-- migrate:up\nCREATE TABLE drawers (id integer PRIMARY KEY);\n${second}\n\n-- migrate:down\nDROP TABLE drawers;\n`,
      '3_shifts.sql':
        '-- migrate:up\nCREATE TABLE shifts (id integer PRIMARY KEY);\n\n-- migrate:down\nDROP TABLE shifts;\n',
    });
  }
}

async function start(client: Client, environmentId: string, target: Target, backup: boolean): Promise<string> {
  const { fingerprint } = await client.migrations.plan({ environmentId, target });
  const { run } = await client.runs.start({
    environmentId,
    target,
    fingerprint,
    backup,
    confirm: null,
    reason: 'Labels for the new law',
    accept: ['dataLoss'],
    continueOnError: false,
  });
  return run;
}

async function rehearse(client: Client, environmentId: string): Promise<string> {
  const target = { direction: 'up' } as const;
  const options = { copy: 'auto', newBackup: 'ifNeeded', tables: null } as const;
  const { run } = await client.rehearsals.start({ environmentId, target, ...options, accept: [] });
  await ended(client, run);
  return (await client.runs.get({ id: run })).rehearsal?.id ?? '';
}

async function ended(client: Client, id: string): Promise<void> {
  for await (const record of await client.runs.watch({ id, fromSeq: 0 })) if (record.type === 'runFinished') return;
}

async function runToEnd(client: Client, environmentId: string, target: Target, backup: boolean): Promise<string> {
  const run = await start(client, environmentId, target, backup);
  await ended(client, run);
  return run;
}
