/** What may reach the REST API, and what is refused before anything is done: an API of one's own computer is within reach of every page. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createApi } from '../../electron/http/api.ts';
import { largestBody } from '../../electron/http/refusals.ts';
import { startServer } from '../../electron/http/server.ts';
import { createSessions } from '../../electron/http/sessions.ts';
import { createRest } from '../../electron/rpc/rest/index.ts';
import { lastKnown } from '../../electron/services/lastKnown.ts';
import { listTokens, revokeToken } from '../../electron/services/tokens.ts';
import { type RestServer, startRestServer, twoTables } from './restServer.ts';
import { postToken, tokenOf } from './tinyServer.ts';

let server: RestServer;
let bearer: string;
beforeAll(async () => {
  server = await startRestServer({ hosts: ['proxy.example'] });
  bearer = `Authorization: Bearer ${server.token()}`;
});
afterAll(() => server[Symbol.asyncDispose]());

const own = () => `Host: 127.0.0.1:${server.port}`;
const list = 'GET /api/environments HTTP/1.1';
const codeOf = async (response: Response): Promise<unknown> => {
  const body: unknown = await response.json();
  return [response.status, (body as { problem?: { code: string } }).problem?.code];
};

describe('pages of other sites', () => {
  test.each(['evil.example', '127.0.0.1', '127.0.0.1:1', 'proxy.example.evil', '127.0.0.1.evil.example'])(
    'the Host %s (DNS rebinding) is refused, with a token as well',
    async (host) => {
      expect(await server.send(list, `Host: ${host}`, bearer, 'Connection: close')).toMatch(/^HTTP\/1\.1 403/);
    },
  );

  test('a host that was allowed is answered', async () => {
    expect(await server.send(list, 'Host: Proxy.Example', bearer, 'Connection: close')).toMatch(/^HTTP\/1\.1 200/);
  });

  test.each([
    'Origin: http://evil.example',
    'Origin: null',
    'Sec-Fetch-Site: cross-site',
    'Sec-Fetch-Site: same-origin',
  ])('%s is refused, even with a token', async (header) => {
    expect(await server.send(list, own(), bearer, header, 'Connection: close')).toMatch(/^HTTP\/1\.1 403/);
  });

  test('the own Origin is refused, too: no page calls the API', async () => {
    const origin = `Origin: http://127.0.0.1:${server.port}`;
    expect(await server.send(list, own(), bearer, origin, 'Connection: close')).toMatch(/^HTTP\/1\.1 403/);
  });

  test('a preflight is refused, and no answer allows another site or sets a cookie', async () => {
    const preflight = await server.send('OPTIONS /api/environments HTTP/1.1', own(), 'Connection: close');
    expect(preflight).toMatch(/^HTTP\/1\.1 405/);
    const { headers } = await server.get('/api/environments');
    const names = [...headers.keys()];
    expect(names.filter((name) => name.startsWith('access-control') || name === 'set-cookie')).toEqual([]);
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('tokens', () => {
  test.each([
    ['none', {}],
    ['an unknown one', { authorization: `Bearer lockkeeper_${'A'.repeat(43)}` }],
    ['one as a password', { authorization: `Basic ${btoa('lockkeeper:x')}` }],
    ['one in a cookie', { cookie: 'token=lockkeeper_x' }],
  ])('%s is refused', async (_, headers: Record<string, string>) => {
    const response = await fetch(`${server.origin}/api/environments`, { headers });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await codeOf(response)).toEqual([401, 'api.unauthenticated']);
  });

  test('one in the address is refused: addresses are kept in logs and histories', async () => {
    const secret = bearer.slice('Authorization: Bearer '.length);
    const response = await fetch(`${server.origin}/api/environments?token=${secret}&access_token=${secret}`);
    expect(response.status).toBe(401);
  });

  test('a session of the interface is none', async () => {
    const sessions = createSessions();
    const session = sessions.exchange(sessions.issue(null), null);
    expect((await server.get('/api/environments', { authorization: `Bearer ${session}` })).status).toBe(401);
  });

  test('a revoked one is refused at once', async () => {
    const secret = server.token({ name: 'leaving' });
    const authorization = `Bearer ${secret}`;
    expect((await server.get('/api/environments', { authorization })).status).toBe(200);
    revokeToken(server.test.backend.context, 'LEAVING');
    expect((await server.get('/api/environments', { authorization })).status).toBe(401);
  });

  test('when one was last used is told; the token itself is kept nowhere', async () => {
    const secret = server.token({ name: 'used' });
    await server.get('/api/environments', { authorization: `Bearer ${secret}` });
    const { context } = server.test.backend;
    const told = listTokens(context).find(({ name }) => name === 'used');
    expect(told?.lastUsedAt).not.toBeNull();
    const kept = JSON.stringify([
      listTokens(context),
      context.workspace.tokens.list(),
      context.workspace.audit.list({ limit: 1000 }),
    ]);
    expect(kept).toContain('"used"');
    expect(kept).not.toContain(secret.slice('lockkeeper_'.length));
  });

  test('tokens that are guessed are slowed, while known ones are answered', async () => {
    await using slowed = await startRestServer();
    const guesses = await Promise.all(
      Array.from({ length: 30 }, () =>
        fetch(`${slowed.origin}/api/environments`, { headers: { authorization: 'Bearer guess' } }),
      ),
    );
    const refused = guesses.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await slowed.get('/api/environments')).status).toBe(200);
  });
});

describe('requests', () => {
  test.each([
    'GET /api/environments/dev/migrations/up',
    'GET /api/runs/1/cancel',
    'DELETE /api/environments/dev',
    'PUT /api/runs',
  ])('%s changes nothing: it does not exist', async (line) => {
    expect(await server.send(`${line} HTTP/1.1`, own(), bearer, 'Connection: close')).toMatch(/^HTTP\/1\.1 40[45]/);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'a body of the type %s, as a form can send it, is refused',
    async (type) => {
      const response = await server.post('/api/runs/1/cancel', {}, { 'content-type': type });
      expect(response.status).toBe(415);
    },
  );

  test.each(['{', '[]', '"x"', 'null', '{"accept":[],"__proto__":{"x":1}}', '{"unknown":true}'])(
    'the body %s is refused',
    async (body) => {
      const response = await fetch(`${server.origin}/api/environments/dev/migrations/up`, {
        method: 'POST',
        headers: { authorization: bearer.slice('Authorization: '.length), 'content-type': 'application/json' },
        body,
      });
      expect(await codeOf(response)).toEqual([400, 'usage.invalid']);
    },
  );

  test('an unknown field of a query is refused, and a query beside a body', async () => {
    expect(await codeOf(await server.get('/api/runs?limt=5'))).toEqual([400, 'usage.invalid']);
    expect(await codeOf(await server.get('/api/runs?limit=0'))).toEqual([400, 'usage.invalid']);
    expect(await codeOf(await server.post('/api/runs/1/cancel?x=1', {}))).toEqual([400, 'usage.invalid']);
  });

  test('a body that is too large is refused before it is sent', async () => {
    const answer = await server.send(
      'POST /api/runs/1/cancel HTTP/1.1',
      ...[own(), bearer, 'Content-Type: application/json', `Content-Length: ${largestBody + 1}`],
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
    expect(answer).toContain('"api.tooLarge"');
  });

  test('a body of unknown length is refused', async () => {
    const chunked = ['Content-Type: application/json', 'Transfer-Encoding: chunked'];
    const answer = await server.send('POST /api/runs/1/cancel HTTP/1.1', own(), bearer, ...chunked);
    expect(answer).toMatch(/^HTTP\/1\.1 411/);
  });

  test('a head that is too large is refused', async () => {
    expect(await server.send(list, own(), bearer, `X-Padding: ${'x'.repeat(20_000)}`)).toMatch(/^HTTP\/1\.1 431/);
  });

  test('a head that never ends is given up', async () => {
    await using hasty = await startRestServer({ patience: { headMs: 200, wholeMs: 400, checkMs: 50 } });
    const socket = connect(hasty.port, '127.0.0.1');
    socket.write('GET /api/environments HTTP/1.1\r\nHost: ');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408/);
  });

  test('too many are told when to come again', async () => {
    await using busy = await startRestServer({ rate: { burst: 3, perMinute: 1 } });
    const answers = await Promise.all(Array.from({ length: 5 }, () => busy.get('/api/environments')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429]);
    expect(Number(answers.find(({ status }) => status === 429)?.headers.get('retry-after'))).toBeGreaterThan(1);
    // Each token has its own measure.
    expect((await busy.get('/api/environments', { authorization: `Bearer ${busy.token()}` })).status).toBe(200);
  });

  test('one that is not answered in time is told so', async () => {
    await using late = await startRestServer({ answerMs: 100 });
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = z.object({ port: z.number() }).parse(silent.address());
    const id = await late.add(`postgres://nobody@127.0.0.1:${port}/none`, twoTables, { name: 'silent' });
    expect(await codeOf(await late.get('/api/environments/silent/migrations/status'))).toEqual([503, 'api.timeout']);
    for (const socket of sockets) socket.destroy();
    silent.close();
    // What went on behind it ends, too.
    const { context } = late.test.backend;
    await vi.waitFor(() => expect(lastKnown(context, id)).toMatchObject({ problem: { code: expect.any(String) } }), {
      timeout: 30_000,
    });
  });
});

test('health asks for no token and tells nothing; metrics ask for one', async () => {
  const health = await fetch(`${server.origin}/healthz`);
  expect([health.status, await health.text()]).toEqual([200, 'ok\n']);
  expect((await fetch(`${server.origin}/metrics`)).status).toBe(401);
  await using open = await startRestServer({ metricsOpen: true });
  expect((await fetch(`${open.origin}/metrics`)).status).toBe(200);
});

test('beside the interface: neither opens the other, and both keep their own rules', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-beside-'));
  await writeFile(join(folder, 'index.html'), '<title>Lockkeeper</title>');
  const { context } = server.test.backend;
  const router = await server.test.backend.router();
  const api = createApi({ rest: createRest(context), metricsOpen: false });
  const beside = await startServer({ router, api, port: 0, rendererFolder: folder });
  const origin = `http://127.0.0.1:${beside.port}`;
  const authorization = `Bearer ${server.token({ role: 'administrator' })}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const session = await (await postToken(origin, tokenOf(beside.newUrl()))).json();
  const asSession = { authorization: `Bearer ${z.object({ session: z.string() }).parse(session).session}` };
  expect((await fetch(`${origin}/api/environments`, { headers })).status).toBe(200);
  expect((await fetch(`${origin}/api/environments`, { headers: asSession })).status).toBe(401);
  const call = (sent: Readonly<Record<string, string>>) =>
    fetch(`${origin}/rpc/environments/list`, { method: 'POST', headers: { ...headers, ...sent }, body: '{}' });
  expect((await call({})).status).toBe(401);
  expect((await call(asSession)).status).toBe(200);
  // Its own pages may call the interface, and not the API.
  expect((await call({ ...asSession, origin })).status).toBe(200);
  expect((await fetch(`${origin}/api/environments`, { headers: { ...headers, origin } })).status).toBe(403);
  await beside.close();
  await rm(folder, { recursive: true });
});
