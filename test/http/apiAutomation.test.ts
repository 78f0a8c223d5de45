/** Schedules, hooks and reports over the REST API, driven by a client that was generated from its own document. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as schemas from '../../shared/contract/rest/automationSchemas.ts';
import { report as runReport } from '../../shared/contract/rest/schemas.ts';
import { testDatabase } from '../services/backend.ts';
import { readEvents } from './events.ts';
import { type GeneratedClient, generateClient } from './generatedClient.ts';
import { type RestServer, startRestServer, twoTables } from './restServer.ts';

let server: RestServer;
let clientOf: (secret: string) => Promise<GeneratedClient>;
let operator: GeneratedClient;
let administrator: GeneratedClient;
const opened = new AsyncDisposableStack();
beforeAll(async () => {
  server = await startRestServer();
  clientOf = await generateClient(server);
  operator = await clientOf(server.token());
  administrator = await clientOf(server.token({ role: 'administrator' }));
  for (const name of ['ward', 'lab'])
    await server.add(opened.use(await testDatabase('sqlite')).url, twoTables, { name });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await opened.disposeAsync();
});

const nightly = {
  time: { kind: 'cron', expression: '30 2 * * *', timeZone: 'Europe/Berlin' },
  work: { kind: 'up', rehearse: true },
  reason: 'nightly',
};

describe('schedules', () => {
  it('are made by administrators, told, paused, resumed and removed', async () => {
    const refused = await operator.call('createSchedule', 'ward', nightly);
    expect([refused.status, refused.data]).toMatchObject([403, { problem: { code: 'gate.role' } }]);
    const key = { idempotencyKey: 'nightly' };
    const made = await administrator.call('createSchedule', 'ward', nightly, key);
    expect(made.status).toBe(201);
    const { id, next } = schemas.schedule.parse(made.data);
    expect(made.data).toMatchObject({ environment: 'ward', work: { kind: 'up', rehearse: true }, paused: false });
    expect((await administrator.call('createSchedule', 'ward', nightly, key)).data).toEqual(made.data);
    expect((await operator.call('listSchedules')).data).toMatchObject({ total: 1, schedules: [{ id, next }] });
    expect((await operator.call('listSchedules', { environment: 'lab' })).data).toMatchObject({ total: 0 });
    expect((await operator.call('getNextTimes', id, { count: 2 })).data).toMatchObject({
      times: [next, expect.any(String)],
    });
    expect((await operator.call('pauseSchedule', id, {})).status).toBe(403);
    expect((await administrator.call('pauseSchedule', id, {})).data).toMatchObject({ paused: true, next: null });
    expect((await administrator.call('resumeSchedule', id, {})).data).toMatchObject({ paused: false, next });
    expect((await administrator.call('removeSchedule', id, {})).data).toEqual({ removed: true });
    const gone = await operator.call('getSchedule', id);
    expect([gone.status, gone.data]).toMatchObject([404, { problem: { code: 'schedule.notFound' } }]);
  });

  it('of what a token may not see are not there, and lists are paged', async () => {
    const backup = { ...nightly, work: { kind: 'backup' } };
    const ids = [];
    for (const env of ['ward', 'ward', 'lab'])
      ids.push(schemas.schedule.parse((await administrator.call('createSchedule', env, backup)).data).id);
    const limited = await clientOf(server.token({ role: 'administrator', environments: ['lab'] }));
    expect((await limited.call('listSchedules')).data).toMatchObject({ total: 1, schedules: [{ id: ids[2] }] });
    expect((await limited.call('getSchedule', ids[0])).status).toBe(404);
    expect((await limited.call('removeSchedule', ids[0], {})).status).toBe(404);
    expect((await limited.call('createSchedule', 'ward', backup)).status).toBe(404);
    const page = await operator.call('listSchedules', { environment: 'ward', limit: 1 });
    const next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
    expect(await (await server.get(next)).json()).toMatchObject({
      total: 2,
      offset: 1,
      schedules: [{ environment: 'ward' }],
    });
  });

  it('that nothing could begin are refused when they are made', async () => {
    const over = await administrator.call('createSchedule', 'ward', {
      ...nightly,
      time: { kind: 'once', at: '2020-01-01T00:00:00Z' },
    });
    expect([over.status, over.data]).toMatchObject([422, { problem: { code: 'schedule.invalid' } }]);
    expect((await administrator.call('createSchedule', 'ward', { ...nightly, reason: ' ' })).status).toBe(400);
  });
});

describe('hooks', () => {
  it('are webhooks that administrators set, try and remove', async () => {
    const told: unknown[] = [];
    const desk = createServer(async (request, response) => {
      told.push(await json(request));
      response.end('noted');
    }).listen(0, '127.0.0.1');
    await once(desk, 'listening');
    opened.defer(() => void desk.close());
    const url = `http://127.0.0.1:${(desk.address() as AddressInfo).port}/`;
    const hook = { name: 'desk', moment: 'after', url };
    expect((await operator.call('setWebhook', hook)).status).toBe(403);
    const made = await administrator.call('setWebhook', hook);
    expect([made.status, schemas.hook.parse(made.data)]).toMatchObject([201, { kind: 'webhook', signed: false, url }]);
    expect((await operator.call('listHooks', { environment: 'ward' })).data).toMatchObject({
      hooks: [{ name: 'desk' }],
    });
    expect((await operator.call('testHook', 'desk', {})).status).toBe(403);
    expect((await administrator.call('testHook', 'desk', {})).data).toMatchObject({ output: expect.any(String) });
    expect(told).toMatchObject([{ hook: 'desk', test: true }]);

    const own = { ...hook, name: 'own', environment: 'lab' };
    expect((await administrator.call('setWebhook', own)).status).toBe(201);
    expect((await operator.call('listHooks')).data).toMatchObject({ hooks: [{ name: 'desk' }] });
    const limited = await clientOf(server.token({ role: 'administrator', environments: ['lab'] }));
    expect((await limited.call('setWebhook', hook)).status).toBe(403);
    expect((await limited.call('removeHook', 'desk', {})).status).toBe(403);
    expect((await limited.call('removeHook', 'own', { environment: 'lab' })).data).toEqual({ removed: true });
    expect((await administrator.call('removeHook', 'desk', {})).data).toEqual({ removed: true });
    expect((await administrator.call('testHook', 'desk', {})).status).toBe(404);
  });

  it('that are commands, or reach what they must not, cannot be set', async () => {
    const command = { name: 'shell', moment: 'before', kind: 'command', command: ['/bin/sh', '-c', 'id'] };
    expect((await server.post('/api/hooks', command)).status).toBe(400);
    const plain = { name: 'plain', moment: 'before', url: 'http://desk.example/' };
    const refused = await administrator.call('setWebhook', plain);
    expect([refused.status, refused.data]).toMatchObject([422, { problem: { code: 'hook.invalid' } }]);
    expect((await operator.call('listHooks')).data).toEqual({ hooks: [] });
  });
});

it('a run and a rehearsal leave reports as JSON, HTML and PDF', { timeout: 300_000 }, async () => {
  const finished = async (run: unknown) => readEvents(await server.get(`/api/runs/${String(run)}/events`));
  const rehearsed = (await operator.call('rehearse', 'ward', {})).data['run'];
  await finished(rehearsed);
  const { run } = (await operator.call('up', 'ward', { backup: false, reason: 'release 42' })).data;
  await finished(run);
  const report = runReport.parse((await operator.call('getReport', run)).data);
  expect(report).toMatchObject({ run: { id: run, outcome: 'succeeded' }, environment: { name: 'ward' } });
  expect(report.steps).toHaveLength(2);
  const html = await server.get(`/api/runs/${String(run)}/report/html`);
  expect(html.headers.get('content-type')).toBe('text/html');
  expect(html.headers.get('content-disposition')).toMatch(/^attachment; filename="up-ward-/);
  expect(await html.text()).toContain('release 42');
  expect((await operator.call('getReportPdf', run)).status).toBe(200);
  // That client reads every answer as text or JSON.
  const pdf = await server.get(`/api/runs/${String(run)}/report/pdf`);
  expect(pdf.headers.get('content-type')).toBe('application/pdf');
  expect(
    Buffer.from(await pdf.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');

  const told = (await operator.call('getReport', rehearsed)).data['rehearsal'] as { id: string };
  expect((await operator.call('getReport', told.id)).data).toMatchObject({ rehearsal: { id: told.id } });
  const limited = await clientOf(server.token({ environments: ['lab'] }));
  for (const id of [run, rehearsed, told.id])
    for (const operation of ['getReport', 'getReportHtml', 'getReportPdf'])
      expect((await limited.call(operation, id)).status, operation).toBe(404);
});
