/** A second person's approval: of exactly this plan, by a trusted key of somebody else, in time. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAskEachSession } from '../../electron/credentials/askEachSession.ts';
import { approvePlan, showPlanFile } from '../../electron/services/approvePlan.ts';
import type { Context } from '../../electron/services/context.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { parseConnection } from '../../electron/services/parseConnection.ts';
import { readOffer, writePlanFile } from '../../electron/services/planFile.ts';
import { planMigration } from '../../electron/services/planMigration.ts';
import { contextWithRole } from '../../electron/services/roles.ts';
import { signingKey } from '../../electron/services/signingKey.ts';
import { type RunRequest, startRun } from '../../electron/services/startRun.ts';
import { addTrustedKey, readPublicKey, removeTrustedKey } from '../../electron/services/trustStore.ts';
import { viewPlan } from '../../electron/services/viewPlan.ts';
import type { Approval } from '../../shared/model/approval.ts';
import { protectionByTier } from '../../shared/model/environment.ts';
import { problemFrom } from '../../shared/problem.ts';
import { type TestBackend, type TestDatabase, testBackend, testDatabase, writeFolder } from './backend.ts';

/** Where it runs, and where it is approved: two installations with keys, people and workspaces of their own. */
let site: TestBackend;
let desk: TestBackend;
let here: Context;
let there: Context;
let later = 0;
beforeAll(async () => {
  [site, desk] = await Promise.all([testBackend(), testBackend()]);
  here = installation(site, 'ada', 'site');
  there = installation(desk, 'grace', 'desk');
});
afterAll(() => Promise.all([site, desk].map((one) => one[Symbol.asyncDispose]())));

const installation = ({ backend: { context } }: TestBackend, user: string, hostName: string): Context => ({
  ...context,
  host: { ...context.host, user, hostName },
  clock: { ...context.clock, now: () => Date.now() + later },
  credentials: { keychain: createAskEachSession(), session: createAskEachSession() },
});

let database: TestDatabase;
let name = '';
let count = 0;
beforeEach(async () => {
  later = 0;
  database = await testDatabase('sqlite');
  await database.query('CREATE TABLE old (id INTEGER)');
  name = `acme-${++count}`;
  const folder = await writeFolder(site.folder, {
    '1_orders.sql':
      '-- migrate:up\nCREATE TABLE orders (id INTEGER PRIMARY KEY);\n-- migrate:down\nDROP TABLE orders;\n',
    '2_notes.sql': '-- migrate:up\nCREATE TABLE notes (text TEXT); -- §\n-- migrate:down\nDROP TABLE notes;\n',
    '3_gone.sql': '-- migrate:up\nDROP TABLE old;\n-- migrate:down\nCREATE TABLE old (id INTEGER);\n',
  });
  await addEnvironment(here, {
    name,
    tier: 'development',
    colour: 'red',
    group: '',
    connection: parseConnection(database.url).connection,
    source: { path: folder },
    protection: { ...protectionByTier.development, approvalHours: 24 },
    secret: null,
  });
  return () => database[Symbol.asyncDispose]();
});

const target = () => ({ kind: 'environment', nameOrId: name }) as const;
const up = { direction: 'up' } as const;

async function planned(wanted: RunRequest['wanted'] = up): Promise<string> {
  const prepared = await planMigration(here, target(), wanted);
  return writePlanFile(here, prepared, await viewPlan(here, prepared, false));
}

async function trustDesk(): Promise<string> {
  const { publicKey } = await signingKey(there.credentials.keychain);
  const { fingerprint } = readPublicKey(publicKey);
  addTrustedKey(here, { key: publicKey, name: 'Grace', purposes: ['approvals'], fingerprint });
  return fingerprint;
}

const start = (approvals: readonly Approval[], wanted: RunRequest['wanted'] = up, context = here) =>
  startRun(context, {
    target: target(),
    wanted,
    fingerprint: null,
    backup: false,
    confirm: null,
    reason: null,
    accept: ['dataLoss'],
    continueOnError: false,
    approvals,
  }).then(
    ({ finished }) => finished,
    (thrown: unknown) => problemFrom(thrown),
  );

const approved = async (text: string): Promise<readonly Approval[]> =>
  readOffer((await approvePlan(there, text, 'plan', 'looked at it')).text, 'plan').approvals;

describe('An approval', () => {
  it('is asked for at plan time and at start time, whoever runs it', async () => {
    const { gate } = await planMigration(here, target(), up);
    expect(gate.blocked).toMatchObject({ code: 'gate.approval', message: expect.stringContaining('there is none') });
    expect(await start([])).toMatchObject({ code: 'gate.approval', hint: expect.stringContaining('approve FILE') });
    expect(await database.query('SELECT name FROM sqlite_master')).toEqual([{ name: 'old' }]);
  });

  it('of exactly this plan by a trusted key of somebody else lets it run, and is kept in the audit log', async () => {
    const text = await planned();
    const view = await showPlanFile(there, text, 'plan');
    expect(view).toMatchObject({
      environment: name,
      createdBy: 'ada@site',
      environmentId: null,
      approvals: [],
      steps: [
        { version: '1', script: expect.stringContaining('CREATE TABLE orders (id INTEGER PRIMARY KEY);\n') },
        { version: '2', script: expect.stringContaining('CREATE TABLE notes (text TEXT); -- §\n') },
        { version: '3', hazards: [{ code: 'dataLoss' }, { code: 'dropsUsed' }] },
      ],
    });
    const approvals = await approved(text);
    expect(there.workspace.audit.list({ limit: 1 })[0]).toMatchObject({ action: 'plan approved', environment: name });
    expect(await start(approvals)).toMatchObject({
      message: expect.stringContaining('not trusted here for approvals'),
    });
    await trustDesk();
    const { gate } = await planMigration(here, target(), up, [], undefined, approvals);
    expect(gate).toMatchObject({ blocked: null, approval: { by: 'Grace', note: 'looked at it' } });
    expect(await start(approvals)).toMatchObject({ outcome: 'succeeded' });
    const entries = here.workspace.audit.list({ limit: 5 });
    expect(entries.find(({ action }) => action === 'up')?.detail).toMatchObject({ approvedBy: 'Grace' });
    expect(await start(approvals, { direction: 'down', steps: 1 })).toMatchObject({ code: 'gate.approval' });
    const back = await approved(await planned({ direction: 'down', steps: 1 }));
    expect(await start(back, { direction: 'down', steps: 1 })).toMatchObject({ outcome: 'succeeded' });
  });

  it('does not hold for another plan, environment or file, nor after its hours, nor when its key is trusted no more', async () => {
    await trustDesk();
    const approvals = await approved(await planned());
    expect(await start(approvals, { direction: 'up', steps: 1 })).toMatchObject({
      message: expect.stringContaining('of another plan, or was changed'),
    });
    later = 25 * 3_600_000;
    expect(await start(approvals)).toMatchObject({ message: expect.stringContaining('older than 24 h') });
    later = -3_600_000;
    expect(await start(approvals)).toMatchObject({ message: expect.stringContaining('from the future') });
    later = 0;
    const [first] = approvals;
    if (first === undefined) throw new Error('There is one.');
    for (const forged of [
      { ...first, at: new Date(Date.now() + 1000).toISOString() },
      { ...first, hazards: [...first.hazards, 'dataLoss'] },
      { ...first, by: { user: 'linus', host: 'desk' } },
      { ...first, note: null },
    ])
      expect(await start([forged])).toMatchObject({ message: expect.stringContaining('was changed') });
    expect(await start([{ ...first, publicKey: 'AAAA' }])).toMatchObject({
      message: expect.stringContaining('not trusted'),
    });
    removeTrustedKey(here, 'Grace');
    expect(await start(approvals)).toMatchObject({ code: 'gate.approval' });
    await trustDesk();
    expect(await start(approvals)).toMatchObject({ outcome: 'succeeded' });
  });

  it('is none when whoever runs it, or the same installation, has signed it', async () => {
    const text = await planned();
    expect(await approvePlan(here, text, 'plan', null).catch(problemFrom)).toMatchObject({
      code: 'gate.approval',
      message: expect.stringContaining('your own'),
    });
    // The same key under another name, and the same person with another key.
    for (const context of [
      { ...here, host: { ...here.host, user: 'somebody', hostName: 'else' } },
      { ...there, host: { ...there.host, user: 'ada', hostName: 'elsewhere' } },
    ]) {
      const { publicKey } = await signingKey(context.credentials.keychain);
      addTrustedKey(here, { key: publicKey, name: 'Other', purposes: ['approvals'], ...readPublicKey(publicKey) });
      const { approvals } = readOffer((await approvePlan(context, text, 'plan', null)).text, 'plan');
      const runs = context.host.user === 'ada' ? { ...here, host: { ...here.host, hostName: 'elsewhere' } } : here;
      expect(await start(approvals, up, runs)).toMatchObject({
        message: expect.stringContaining('who runs it, or the same'),
      });
    }
  });

  it('is asked of a viewer in vain, and a changed or older file is refused before anybody signs it', async () => {
    const text = await planned();
    const viewer = contextWithRole(there, 'viewer');
    expect(await approvePlan(viewer, text, 'plan', null).catch(problemFrom)).toMatchObject({ code: 'gate.role' });
    const file = JSON.parse(text);
    const harmless = structuredClone(file);
    harmless.offered.scripts[0] = 'SELECT 1;\n';
    const renamed = structuredClone(file);
    renamed.steps[1].name = 'harmless';
    const fewer = structuredClone(file);
    fewer.steps.pop();
    for (const changed of [harmless, renamed, fewer, { ...file, fingerprint: '0'.repeat(64) }])
      expect(await approvePlan(there, JSON.stringify(changed), 'plan', null).catch(problemFrom)).toMatchObject({
        message: 'plan contradicts itself: what it shows is not what would be approved.',
      });
    const { offered: _, ...older } = file;
    expect(await showPlanFile(there, JSON.stringify(older), 'plan').catch(problemFrom)).toMatchObject({
      message: expect.stringContaining('earlier version'),
    });
    for (const junk of ['', '[]', '{"format":1}', text.slice(0, -20)])
      expect(await showPlanFile(there, junk, 'plan').catch(problemFrom)).toMatchObject({ code: 'usage.invalid' });
    // Hidden from whoever approves, found where it runs.
    const hidden = structuredClone(file);
    await trustDesk();
    for (const step of hidden.steps) step.hazards = [];
    expect(await start(await approved(JSON.stringify(hidden)))).toMatchObject({
      message: expect.stringContaining('Grace was not shown these hazards: dataLoss, dropsUsed'),
    });
  });
});
