/** The REST API on real databases, driven by a client that was generated from its own document. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as schemas from '../../shared/contract/rest/schemas.ts';
import { unavailable } from '../servers/index.ts';
import { type TestDatabase, type TestEngine, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { readEvents } from './events.ts';
import { type GeneratedClient, generateClient } from './generatedClient.ts';
import { type RestServer, startRestServer, twoTables } from './restServer.ts';

let server: RestServer;
let clientOf: (secret: string) => Promise<GeneratedClient>;
let client: GeneratedClient;
const opened: TestDatabase[] = [];
beforeAll(async () => {
  server = await startRestServer();
  clientOf = await generateClient(server);
  client = await clientOf(server.token());
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  for (const database of opened) await database[Symbol.asyncDispose]();
});

const finished = async (run: unknown) => {
  const events = await readEvents(await server.get(`/api/runs/${String(run)}/events`));
  return events.at(-1)?.data;
};

const engines = ['sqlite', 'postgres15', 'mariadb'] as const satisfies readonly TestEngine[];

describe.each(engines)('on %s', (engine) => {
  let database: TestDatabase | undefined;
  const env = `ward ${engine}`;
  const reason = engine === 'sqlite' ? undefined : unavailable(engine);
  beforeAll(async () => {
    if (reason !== undefined) return;
    database = await testDatabase(engine);
    opened.push(database);
    await server.add(database.url, twoTables, { name: env });
  });

  it('status, plan, up with its events taken up in the middle, history, verify, down', async (context) => {
    if (reason !== undefined) return skipBecause(context, reason);
    const status = await client.call('getStatus', env);
    expect(status.status).toBe(200);
    expect(schemas.status.parse(status.data)).toMatchObject({ environment: env, current: null, pending: 2 });

    const plan = await client.call('getPlan', env, { direction: 'up' });
    expect(schemas.plan.parse(plan.data)).toMatchObject({ steps: [{ action: 'apply' }, { action: 'apply' }] });

    const started = await client.call('up', env, { planFingerprint: plan.data['fingerprint'], backup: false });
    expect(started.status).toBe(202);
    const run = String(started.data['run']);
    expect(started.headers.get('location')).toBe(`/api/runs/${run}`);

    const first = await readEvents(await server.get(`/api/runs/${run}/events`), ({ data }) => data.seq === 3);
    const rest = await readEvents(
      await server.get(`/api/runs/${run}/events`, { 'last-event-id': first.at(-1)?.id ?? '' }),
    );
    const all = [...first, ...rest];
    expect(all.map(({ id }) => Number(id))).toEqual(all.map((_, index) => index));
    expect(all.at(-1)?.data).toMatchObject({ type: 'runFinished', outcome: 'succeeded' });

    const told = schemas.run.parse((await client.call('getRun', run)).data);
    expect(told).toMatchObject({ outcome: 'succeeded', actor: expect.stringMatching(/^token test \d+$/) });
    expect(await database?.query('select count(*) as n from visits')).toHaveLength(1);

    const history = await client.call('getHistory', env, { limit: 1 });
    expect(history.data).toMatchObject({ total: 2, limit: 1, offset: 0, entries: [{ version: '20250101000002' }] });
    const next = /<([^>]+)>; rel="next"/.exec(history.headers.get('link') ?? '')?.[1] ?? '';
    expect(await (await server.get(next)).json()).toMatchObject({ entries: [{ version: '20250101000001' }] });
    expect((await client.call('getHistory', env, { status: 'failed' })).data).toMatchObject({ total: 0, entries: [] });

    const verified = await client.call('verify', env);
    expect(schemas.verification.parse(verified.data)).toMatchObject({ findings: [], verified: 2 });

    const down = await client.call('down', env, { backup: false, accept: ['dataLoss'] });
    expect(await finished(down.data['run'])).toMatchObject({ outcome: 'succeeded' });
    expect((await client.call('getVersion', env)).data).toMatchObject({ current: '20250101000001', pending: 1 });
    const compatibility = await client.call('getCompatibility', env);
    expect(schemas.compatibility.parse(compatibility.data)).toMatchObject({ basis: 'history' });
    const changes = await client.call('getChanges', env, '20250101000001');
    expect(schemas.changes.parse(changes.data)).toMatchObject({ changes: ['patients'], basis: 'history' });
  });

  it('backups are taken, listed, checked', async (context) => {
    if (reason !== undefined) return skipBecause(context, reason);
    const taken = await client.call('createBackup', env, {});
    expect(taken.status).toBe(202);
    expect(await finished(taken.data['run'])).toMatchObject({ outcome: 'succeeded' });
    const listed = await client.call('listBackups', env);
    const [backup] = schemas.backup.array().parse(listed.data['backups']);
    expect(backup).toMatchObject({ environment: env, level: 'checked' });
    const checked = await client.call('checkBackup', backup?.id, {});
    expect(await finished(checked.data['run'])).toMatchObject({ outcome: 'succeeded' });
    const proven = await client.call('proveBackup', backup?.id, { accept: ['sharedLogin', 'busyServer'] });
    expect(await finished(proven.data['run'])).toMatchObject({ outcome: 'succeeded' });
    expect((await client.call('listBackups', env)).data).toMatchObject({ backups: [{ level: 'proven' }] });
  });

  it('the lock is told, and released only by its name', async (context) => {
    if (reason !== undefined) return skipBecause(context, reason);
    expect((await client.call('getLock', env)).data).toMatchObject({ held: false });
    const unconfirmed = await client.call('releaseLock', env, {});
    expect([unconfirmed.status, unconfirmed.data]).toMatchObject([403, { problem: { code: 'gate.confirmation' } }]);
    const released = await client.call('releaseLock', env, { confirm: env });
    expect([released.status, released.data]).toMatchObject([200, { held: false, released: false }]);
  });
});

it('a rehearsal is a run, and new files are written in the tool’s format', async () => {
  const rehearsed = await client.call('rehearse', 'ward sqlite', {});
  expect(rehearsed.status).toBe(202);
  expect(await finished(rehearsed.data['run'])).toMatchObject({ outcome: 'succeeded' });
  const created = await client.call('createMigration', 'ward sqlite', { name: 'Add beds' });
  expect(created.status).toBe(201);
  expect(schemas.scaffold.parse(created.data)).toMatchObject({
    tool: 'dbmate',
    files: [expect.stringMatching(/_add_beds\.sql$/)],
  });
  expect((await client.call('getVersion', 'ward sqlite')).data).toMatchObject({ pending: 2 });
});

describe('what is refused', () => {
  it('by the role, with the table of the window; audited as the token that came', async () => {
    const viewer = await clientOf(server.token({ role: 'viewer' }));
    expect((await viewer.call('getStatus', 'ward sqlite')).status).toBe(200);
    const refused = await viewer.call('up', 'ward sqlite', {});
    expect([refused.status, refused.data]).toMatchObject([403, { problem: { code: 'gate.role' } }]);
    expect((await client.call('listAudit')).status).toBe(403);
    const administrator = await clientOf(server.token({ role: 'administrator', name: 'the auditor' }));
    const audit = await administrator.call('listAudit', { environment: 'ward sqlite', limit: 1000 });
    const entries = schemas.auditEntry.array().parse(audit.data['entries']);
    expect(entries.map(({ action, actor }) => [action, actor])).toContainEqual([
      'up',
      expect.stringMatching(/^token /),
    ]);
  });

  it('a plan that is not the one that was shown, and one with nothing to do', async () => {
    const stale = await client.call('up', 'ward sqlite', { planFingerprint: '0'.repeat(64) });
    expect([stale.status, stale.data]).toMatchObject([412, { problem: { code: 'plan.stale' } }]);
    const nothing = await client.call('up', 'ward sqlite', { to: '20250101000001' });
    expect([nothing.status, nothing.data]).toMatchObject([409, { problem: { code: 'plan.nothingToDo' } }]);
  });

  it('what the protection of production asks for, by name', async () => {
    await using database = await testDatabase('sqlite');
    await server.add(database.url, twoTables, { name: 'theatre', tier: 'production' });
    const refused = await client.call('up', 'theatre', { backup: false });
    expect([refused.status, refused.data]).toMatchObject([403, { problem: { hint: expect.any(String) } }]);
    expect(schemas.plan.parse((await client.call('getPlan', 'theatre')).data).gate).toMatchObject({
      typedName: 'theatre',
      reason: true,
      backup: 'proven',
    });
  });

  it('what a token of one environment may not see is not there', async () => {
    await using database = await testDatabase('sqlite');
    const id = await server.add(database.url, twoTables, { name: 'lab' });
    const limited = await clientOf(server.token({ environments: ['lab'] }));
    expect((await limited.call('listEnvironments')).data).toMatchObject({ total: 1, environments: [{ id }] });
    expect((await limited.call('getStatus', 'ward sqlite')).status).toBe(404);
    expect((await limited.call('listRuns')).data).toMatchObject({ total: 0, runs: [] });
    const runs = (await client.call('listRuns', { environment: 'ward sqlite' })).data['runs'];
    const [other] = schemas.runSummary.array().parse(runs);
    for (const operation of ['getRun', 'watchRun', 'getReport'])
      expect((await limited.call(operation, other?.id)).status, operation).toBe(404);
    expect((await limited.call('cancelRun', other?.id, {})).status).toBe(404);
    const backups = (await client.call('listBackups', 'ward sqlite')).data['backups'];
    const [backup] = schemas.backup.array().parse(backups);
    expect((await limited.call('checkBackup', backup?.id, {})).status).toBe(404);
  });

  it('a database that cannot be reached', async () => {
    await server.add('postgres://nobody@127.0.0.1:1/none', twoTables, { name: 'gone' });
    const refused = await client.call('getStatus', 'gone');
    expect([refused.status, refused.data]).toMatchObject([503, { problem: { code: 'connect.unreachable' } }]);
  });
});

it('a run that goes on has so many readers and makes room for others; it is cancelled, and told its end', async (context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) return skipBecause(context, reason);
  const database = await testDatabase('postgres15');
  opened.push(database);
  const slow = { '1_slow.sql': '-- migrate:up\nselect pg_sleep(600);\n-- migrate:down\n' };
  await server.add(database.url, slow, { name: 'slow' });
  const { run } = (await client.call('up', 'slow', { backup: false })).data;
  await readEvents(await server.get(`/api/runs/${String(run)}/events`), ({ data }) => data.type === 'stepStarted');
  expect((await client.call('getRun', run)).data).toMatchObject({ outcome: null, phase: 'migrate' });
  const readers = Array.from({ length: 64 }, () => new AbortController());
  const open = (signal: AbortSignal) => server.get(`/api/runs/${String(run)}/events`, {}, signal);
  await Promise.all(readers.map(({ signal }) => open(signal)));
  const more = new AbortController();
  expect((await open(more.signal)).status).toBe(429);
  for (const reader of readers) reader.abort();
  await vi.waitFor(async () => expect((await open(more.signal)).status).toBe(200), { timeout: 30_000 });
  more.abort();
  expect((await client.call('cancelRun', run, {})).data).toEqual({ cancelled: true });
  expect(await finished(run)).toMatchObject({ type: 'runFinished', outcome: 'cancelled' });
  expect((await client.call('cancelRun', run, {})).data).toEqual({ cancelled: false });
});

describe('the same request twice', () => {
  const up = { steps: 1, backup: false };

  it('with one key is done once, and is answered the same by the next process', async () => {
    await using database = await testDatabase('sqlite');
    await server.add(database.url, twoTables, { name: 'twice' });
    const key = { idempotencyKey: 'deploy-42' };
    const [first, second] = await Promise.all([
      client.call('up', 'twice', up, key),
      client.call('up', 'twice', up, key),
    ]);
    const answered = [first, second].filter(({ status }) => status === 202);
    // The other came while the first was not answered yet, or after it.
    const [other] = [first, second].filter(({ status }) => status !== 202);
    if (other !== undefined)
      expect(other).toMatchObject({ status: 409, data: { problem: { code: 'api.unanswered' } } });
    const run = answered[0]?.data['run'];
    await finished(run);
    const third = await client.call('up', 'twice', up, key);
    expect(third).toMatchObject({ status: 202, data: { run } });
    expect(third.headers.get('idempotency-replayed')).toBe('true');
    expect((await client.call('getVersion', 'twice')).data).toMatchObject({ current: '20250101000001' });
    const kept = server.test.backend.context.workspace.answers.begin(
      'nobody',
      'deploy-42',
      '',
      new Date().toISOString(),
    );
    expect(kept).toBeNull();
  });

  it('with the key of another request is refused', async () => {
    const key = { idempotencyKey: 'deploy-42' };
    const refused = await client.call('up', 'twice', { ...up, steps: 2 }, key);
    expect([refused.status, refused.data]).toMatchObject([422, { problem: { code: 'api.idempotency' } }]);
    const bad = await client.call('up', 'twice', up, { idempotencyKey: 'with spaces' });
    expect(bad.status).toBe(400);
  });

  it('whose first answer never came is not done again', async () => {
    const { answers } = server.test.backend.context.workspace;
    const secret = server.token({ name: 'crashed' });
    const crashed = await clientOf(secret);
    const id = server.test.backend.context.workspace.tokens.list().find(({ name }) => name === 'crashed')?.id ?? '';
    const { createHash } = await import('node:crypto');
    const text = `/api/environments/twice/migrations/up\n${JSON.stringify(up)}`;
    answers.begin(id, 'lost', createHash('sha256').update(text).digest('hex'), new Date().toISOString());
    const refused = await crashed.call('up', 'twice', up, { idempotencyKey: 'lost' });
    expect([refused.status, refused.data]).toMatchObject([409, { problem: { code: 'api.unanswered' } }]);
  });
});
