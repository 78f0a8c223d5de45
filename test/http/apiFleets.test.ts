/** Fleets over the REST API, driven by a client that was generated from its own document. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAskEachSession } from '../../electron/credentials/askEachSession.ts';
import { approvePlan } from '../../electron/services/approvePlan.ts';
import type { Context } from '../../electron/services/context.ts';
import { readOffer } from '../../electron/services/planFile.ts';
import { signingKey } from '../../electron/services/signingKey.ts';
import { addTrustedKey, readPublicKey } from '../../electron/services/trustStore.ts';
import * as schemas from '../../shared/contract/rest/fleetSchemas.ts';
import { protectionByTier } from '../../shared/model/environment.ts';
import { unavailable } from '../servers/index.ts';
import { type TestBackend, type TestEngine, testBackend, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { readEvents } from './events.ts';
import { type GeneratedClient, generateClient } from './generatedClient.ts';
import { type RestServer, startRestServer, twoTables } from './restServer.ts';

let server: RestServer;
let clientOf: (secret: string) => Promise<GeneratedClient>;
let client: GeneratedClient;
const opened = new AsyncDisposableStack();
beforeAll(async () => {
  server = await startRestServer();
  clientOf = await generateClient(server);
  client = await clientOf(server.token());
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await opened.disposeAsync();
});

async function place(engine: TestEngine, name: string, values: object = {}, files: Record<string, string> = twoTables) {
  const database = opened.use(await testDatabase(engine));
  await server.add(database.url, files, { name, ...values });
  return database;
}

const ended = async (fleet: unknown) => {
  await readEvents(await server.get(`/api/fleets/${String(fleet)}/events`));
  return schemas.fleet.parse((await client.call('getFleet', fleet)).data);
};
const outcomes = ({ members }: Awaited<ReturnType<typeof ended>>) =>
  Object.fromEntries(members.map(({ environment, outcome, problem }) => [environment, problem?.code ?? outcome]));

describe('a fleet over three engines', () => {
  let id = '';
  it('is planned, started once however often it is sent, and told to its end', {
    timeout: 300_000,
  }, async (context) => {
    for (const engine of ['postgres15', 'mariadb'] as const) {
      const reason = unavailable(engine);
      if (reason !== undefined) return skipBecause(context, reason);
    }
    await place('postgres15', 'shop 1', { group: 'Shops' });
    await place('mariadb', 'shop 2', { group: 'Shops' });
    await place('sqlite', 'shop 3', { group: 'Shops' });
    await place('sqlite', 'other');
    const planned = await client.call('planFleet', { group: 'Shops' });
    const plan = schemas.fleetPlan.parse(planned.data);
    expect(plan).toMatchObject({ name: 'Shops', confirm: null });
    expect(plan.members.map(({ name, versions, problem }) => [name, versions.length, problem])).toEqual([
      ['shop 1', 2, null],
      ['shop 2', 2, null],
      ['shop 3', 2, null],
    ]);
    const planFingerprints = Object.fromEntries(plan.members.map(({ name, fingerprint }) => [name, fingerprint]));
    const body = { group: 'Shops', canary: 1, reason: 'release 42', planFingerprints };
    const key = { idempotencyKey: 'fleet-42' };
    const started = await client.call('startFleet', body, key);
    expect([started.status, started.data]).toMatchObject([202, { fleet: expect.any(String) }]);
    id = String(started.data['fleet']);
    expect(started.headers.get('location')).toBe(`/api/fleets/${id}`);
    const again = await client.call('startFleet', body, key);
    expect([again.data, again.headers.get('idempotency-replayed')]).toEqual([started.data, 'true']);

    const events = await readEvents(await server.get(`/api/fleets/${id}/events`));
    for (const { data } of events) schemas.fleetEvent.parse(data);
    expect(events.map(({ data }) => data.type).slice(0, 2)).toEqual(['fleet', 'members']);
    expect(events.findLast(({ data }) => data.type === 'fleet')?.data).toMatchObject({
      fleet: { outcome: 'succeeded' },
    });
    const fleet = await ended(id);
    expect(fleet).toMatchObject({ outcome: 'succeeded', counts: { succeeded: 3 } });
    for (const { run } of fleet.members)
      expect((await client.call('getRun', run)).data).toMatchObject({ outcome: 'succeeded', reason: 'release 42' });
    expect((await client.call('listFleets')).data).toMatchObject({ total: 1 });

    const last = events.at(-1)?.id ?? '';
    expect(await readEvents(await server.get(`/api/fleets/${id}/events`, { 'last-event-id': last }))).toEqual([]);
    const behind = await readEvents(await server.get(`/api/fleets/${id}/events`, { 'last-event-id': 'ab12' }));
    expect(behind.map(({ data }) => data.type)).toEqual(['fleet', 'members']);
    expect(behind.at(-1)?.id).toBe(last);
  });

  it('leaves a report as JSON, HTML and PDF', { timeout: 300_000 }, async (context) => {
    if (id === '') return skipBecause(context, 'no fleet was run');
    const report = schemas.fleetReport.parse((await client.call('getFleetReport', id)).data);
    expect(report).toMatchObject({
      fleet: { id, outcome: 'succeeded' },
      members: [{ done: 2 }, { done: 2 }, { done: 2 }],
    });
    const audit = (await client.call('getFleetReport', id)).data['audit'] as { action: string; sound: boolean }[];
    const actions = audit.map(({ action }) => action);
    expect([actions.at(0), actions.at(-1)]).toEqual(['fleet started', 'fleet ended']);
    expect(actions.filter((action) => action === 'up')).toHaveLength(3);
    expect(audit.every(({ sound }) => sound)).toBe(true);
    const html = await server.get(`/api/fleets/${id}/report/html`);
    expect(html.headers.get('content-type')).toBe('text/html');
    expect(html.headers.get('content-disposition')).toMatch(/^attachment; filename="fleet-Shops-/);
    expect(await html.text()).toContain('shop 2');
    expect(String((await client.call('getFleetReportHtml', id)).data)).toMatch(/^<!doctype html>/i);
    expect((await client.call('getFleetReportPdf', id)).status).toBe(200);
    // That client reads every answer as text or JSON.
    const pdf = await server.get(`/api/fleets/${id}/report/pdf`);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });
});

it('lists are paged, and a token sees only fleets all of whose members it may see', { timeout: 300_000 }, async () => {
  await place('sqlite', 'ward 1', { group: 'Wards' });
  await place('sqlite', 'ward 2', { group: 'Wards' });
  // One after the other: fleets that meet in a database refuse each other there.
  const ids = [];
  for (const choice of [{ environments: ['ward 1'], name: 'one' }, { group: 'Wards' }]) {
    const { fleet } = (await client.call('startFleet', choice)).data;
    expect((await ended(fleet)).outcome).toBe('succeeded');
    ids.push(fleet);
  }
  const [one, both] = ids;
  const page = await client.call('listFleets', { limit: 1 });
  expect(page.data).toMatchObject({ limit: 1, fleets: [{ id: both }] });
  const next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
  expect(await (await server.get(next)).json()).toMatchObject({ fleets: [{ id: one }] });

  const limited = await clientOf(server.token({ environments: ['ward 1'] }));
  expect((await limited.call('listFleets')).data).toMatchObject({ total: 1, fleets: [{ id: one }] });
  for (const operation of ['getFleet', 'watchFleet', 'getFleetReport'])
    expect((await limited.call(operation, both)).status, operation).toBe(404);
  for (const operation of ['cancelFleet', 'resumeFleet'])
    expect((await limited.call(operation, both, {})).status, operation).toBe(404);
  expect((await limited.call('startFleet', { environments: ['ward 2'] })).status).toBe(404);
  expect((await limited.call('planFleet', { group: 'Wards' })).data).toMatchObject({ members: [{ name: 'ward 1' }] });
});

it('is refused by the role, for nobody, for no such fleet, without its confirmation', async () => {
  await place('sqlite', 'theatre', { tier: 'production', group: 'Theatres' });
  const viewer = await clientOf(server.token({ role: 'viewer' }));
  const refused = await viewer.call('startFleet', { group: 'Theatres' });
  expect([refused.status, refused.data]).toMatchObject([403, { problem: { code: 'gate.role' } }]);
  const plan = schemas.fleetPlan.parse((await viewer.call('planFleet', { group: 'Theatres' })).data);
  expect(plan.confirm).toBe('Theatres 1');
  const unconfirmed = await client.call('startFleet', { group: 'Theatres', reason: 'because' });
  expect([unconfirmed.status, unconfirmed.data]).toMatchObject([403, { problem: { code: 'gate.confirmation' } }]);
  expect((await client.call('startFleet', { group: 'None' })).data).toMatchObject({ problem: { code: 'fleet.empty' } });
  expect((await client.call('startFleet', {})).status).toBe(400);
  expect((await client.call('startFleet', { group: 'Theatres', shards: 2 })).status).toBe(400);
  expect((await client.call('getFleet', 'none')).status).toBe(404);
});

it('one that goes on is cancelled, and gone on with', { timeout: 300_000 }, async (context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) return skipBecause(context, reason);
  const waits = "-- migrate:up\nselect pg_sleep(3600) where to_regclass('go') is null;\n-- migrate:down\n";
  const database = await place('postgres15', 'slow', {}, { '1_waits.sql': waits });
  const { fleet } = (await client.call('startFleet', { environments: ['slow'] })).data;
  const events = await readEvents(await server.get(`/api/fleets/${String(fleet)}/events`), ({ data }) =>
    JSON.stringify(data).includes('"run":"'),
  );
  const told = schemas.fleetEvent.parse(events.at(-1)?.data);
  const run = told.type === 'members' ? told.members[0]?.run : null;
  await readEvents(await server.get(`/api/runs/${run}/events`), ({ data }) => data.type === 'stepStarted');
  expect((await client.call('resumeFleet', fleet, {})).status).toBe(409);
  expect((await client.call('cancelFleet', fleet, {})).data).toEqual({ cancelled: 'begun' });
  expect(outcomes(await ended(fleet))).toEqual({ slow: 'run.cancelled' });
  expect((await client.call('cancelFleet', fleet, {})).data).toEqual({ cancelled: 'ended' });
  await database.query('create table go (id integer)');
  const resumed = await client.call('resumeFleet', fleet, {});
  expect([resumed.status, resumed.data]).toEqual([202, { fleet }]);
  expect(outcomes(await ended(fleet))).toEqual({ slow: 'succeeded' });
});

describe('a second person', () => {
  let desk: TestBackend;
  let there: Context;
  beforeAll(async () => {
    desk = opened.use(await testBackend());
    const { context } = desk.backend;
    const credentials = { keychain: createAskEachSession(), session: createAskEachSession() };
    there = { ...context, host: { ...context.host, user: 'grace', hostName: 'desk' }, credentials };
    const { publicKey } = await signingKey(there.credentials.keychain);
    const { fingerprint } = readPublicKey(publicKey);
    addTrustedKey(server.test.backend.context, { key: publicKey, name: 'Grace', purposes: ['approvals'], fingerprint });
  });

  it('approves the plan of one member, which then runs, while the other one is refused', {
    timeout: 300_000,
  }, async () => {
    const protection = { ...protectionByTier.development, approvalHours: 24 };
    await place('sqlite', 'bank 1', { group: 'Banks', protection });
    await place('sqlite', 'bank 2', { group: 'Banks', protection });
    const asked = schemas.fleetPlan.parse((await client.call('planFleet', { group: 'Banks' })).data);
    expect(asked.members.map(({ approval }) => approval?.code)).toEqual(['gate.approval', 'gate.approval']);
    const { name, text } = (await client.call('getPlanFile', 'bank 1')).data;
    const signed = await approvePlan(there, String(text), String(name), null);
    const approvals = { 'bank 1': readOffer(signed.text, 'plan').approvals };
    const plan = schemas.fleetPlan.parse((await client.call('planFleet', { group: 'Banks', approvals })).data);
    expect(plan.members.map(({ approval }) => approval?.code)).toEqual([undefined, 'gate.approval']);
    // Of another member's plan it is none.
    const swapped = { 'bank 2': approvals['bank 1'] };
    const wrong = await client.call('planFleet', { group: 'Banks', approvals: swapped });
    expect(JSON.stringify(wrong.data)).toContain('is of another plan');
    const started = await client.call('startFleet', { group: 'Banks', approvals, maxFailures: null });
    expect(outcomes(await ended(started.data['fleet']))).toEqual({ 'bank 1': 'succeeded', 'bank 2': 'gate.approval' });
  });
});
