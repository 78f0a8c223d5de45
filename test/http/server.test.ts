import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ORPCError } from '@orpc/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { largestBody } from '../../electron/http/refusals.ts';
import { startServer } from '../../electron/http/server.ts';
import { problemOf } from '../../shared/contract/problemOf.ts';
import { skipBecause } from '../setup/skip.ts';
import { clientOf, ended, postToken, startTinyServer, tinyRouter, tokenOf, type TinyServer } from './tinyServer.ts';

let server: TinyServer;
let session: string;

beforeAll(async () => {
  server = await startTinyServer();
  session = await server.session();
});
afterAll(() => server.close());

/** Sends exactly these lines, since fetch chooses Host and tidies paths; returns the whole answer. */
async function send(...lines: string[]): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

/** Sends a request by a program of another user. */
function sendAs(user: number, request: string): Promise<string> {
  const script = `exec 3<>/dev/tcp/127.0.0.1/${server.port}; printf %s "$1" >&3; cat <&3`;
  const child = spawn('bash', ['-c', script, 'bash', request], { uid: user, gid: user, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
  return text(child.stdout);
}

const own = () => `Host: 127.0.0.1:${server.port}`;

const postEcho = (headers: Record<string, string>, body = JSON.stringify({ json: { word: 'hello' } })): Promise<Response> =>
  fetch(`${server.origin}/rpc/echo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${session}`, ...headers },
    body,
  });

describe('who may ask', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'])('the address %s is answered', async (name) => {
    expect(await send('GET / HTTP/1.1', `Host: ${name}:${server.port}`)).toMatch(/^HTTP\/1\.1 200/);
  });

  test.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '127.0.0.1.evil.example'])('the Host %s (DNS rebinding) is refused', async (host) => {
    expect(await send('GET / HTTP/1.1', `Host: ${host}`)).toMatch(/^HTTP\/1\.1 403/);
  });

  test('a request without Host is refused', async () => {
    expect(await send('GET / HTTP/1.0')).toMatch(/^HTTP\/1\.1 403/);
  });

  test.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://localhost:1'])('the Origin %s is refused', async (origin) => {
    expect((await postEcho({ origin })).status).toBe(403);
    expect(await send('GET / HTTP/1.1', own(), `Origin: ${origin}`)).toMatch(/^HTTP\/1\.1 403/);
  });

  test('the own Origin is answered, and no answer allows another', async () => {
    const response = await postEcho({ origin: server.origin });
    expect(response.status).toBe(200);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('a preflight of another site gets nothing', async () => {
    const answer = await send('OPTIONS /rpc/echo HTTP/1.1', own(), 'Origin: http://evil.example', 'Access-Control-Request-Method: POST');
    expect(answer).toMatch(/^HTTP\/1\.1 403/);
  });

  test('it listens on loopback only', async () => {
    const socket = connect(server.port, '127.0.0.2');
    const [error]: unknown[] = await once(socket, 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('tokens', () => {
  test('a one-time token buys one session, once', async () => {
    const token = tokenOf(server.newUrl());
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const first = await postToken(server.origin, token);
    expect(first.status).toBe(200);
    expect(await first.json()).toEqual({ session: expect.stringMatching(/^[\w-]{43}$/) });
    expect((await postToken(server.origin, token)).status).toBe(403);
  });

  test('an address that another program was given is of no use to other users', async (context) => {
    if (process.platform !== 'linux') skipBecause(context, 'only Linux tells whose program connected');
    if (process.getuid?.() !== 0) skipBecause(context, 'only root can act as another user');
    const token = tokenOf(server.newUrlForOwnUser());
    const body = JSON.stringify({ token });
    const request = `POST /session HTTP/1.1\r\n${own()}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
    expect(await sendAs(65_534, request)).toMatch(/^HTTP\/1\.1 403/);
    expect((await postToken(server.origin, token)).status).toBe(200);
  });

  test('of many addresses only the newest few open', async () => {
    const [oldest = '', ...others] = Array.from({ length: 9 }, () => tokenOf(server.newUrl()));
    expect((await postToken(server.origin, oldest)).status).toBe(403);
    for (const token of others) expect((await postToken(server.origin, token)).status).toBe(200);
  });

  test.each(['', 'x', 'A'.repeat(43)])('the token “%s” buys nothing', async (token) => {
    server.newUrl();
    expect((await postToken(server.origin, token)).status).toBe(403);
  });

  test.each(['GET /session HTTP/1.1', 'GET /session?token=x HTTP/1.1'])('%s is refused', async (line) => {
    expect(await send(line, own())).toMatch(/^HTTP\/1\.1 405/);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json-seq'])('a token posted as %s is refused', async (type) => {
    const token = tokenOf(server.newUrl());
    const response = await fetch(`${server.origin}/session`, { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify({ token }) });
    expect(response.status).toBe(415);
    expect((await postToken(server.origin, token)).status).toBe(200);
  });

  test.each(['', 'Bearer', 'Bearer x', 'Basic x'])('a call with the authorization “%s” is not known', async (authorization) => {
    expect((await postEcho({ authorization })).status).toBe(401);
  });

  test('the one-time token is no session', async () => {
    expect((await postEcho({ authorization: `Bearer ${tokenOf(server.newUrl())}` })).status).toBe(401);
  });
});

describe('calls', () => {
  test('a call is answered', async () => {
    expect(await clientOf(server.origin, session).echo({ word: 'hello' })).toBe('hello');
  });

  test('nothing is called by GET', async () => {
    const data = encodeURIComponent(JSON.stringify({ json: { word: 'hello' } }));
    const response = await fetch(`${server.origin}/rpc/echo?data=${data}`, { headers: { authorization: `Bearer ${session}` } });
    expect(response.status).toBe(405);
  });

  test('a body of another type is refused', async () => {
    expect((await postEcho({ 'content-type': 'text/plain' })).status).toBe(415);
  });

  test('a body that is too large is refused before it is read', async () => {
    const answer = await send('POST /rpc/echo HTTP/1.1', own(), 'Content-Type: application/json', `Authorization: Bearer ${session}`, `Content-Length: ${largestBody + 1}`);
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
  });

  test('a body of unknown length is refused', async () => {
    const answer = await send('POST /rpc/echo HTTP/1.1', own(), 'Content-Type: application/json', `Authorization: Bearer ${session}`, 'Transfer-Encoding: chunked');
    expect(answer).toMatch(/^HTTP\/1\.1 411/);
  });

  test('the largest body allowed is answered', async () => {
    const word = 'x'.repeat(largestBody - 100);
    expect(await clientOf(server.origin, session).echo({ word })).toBe(word);
  });

  test.each(['{', 'null', '[]', '"x"'])('the body %s is refused as malformed', async (body) => {
    expect((await postEcho({}, body)).status).toBe(400);
  });

  test('a call that does not exist is not found', async () => {
    const response = await fetch(`${server.origin}/rpc/nothing`, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${session}` }, body: '{}',
    });
    expect(response.status).toBe(404);
  });
});

describe('problems', () => {
  const thrownBy = (call: Promise<unknown>): Promise<unknown> => call.then(() => expect.fail('it was answered'), (thrown: unknown) => thrown);

  test('a Problem crosses unchanged', async () => {
    const thrown = await thrownBy(clientOf(server.origin, session).refuse());
    expect(thrown).toBeInstanceOf(ORPCError);
    expect(thrown).toMatchObject({ status: 403 });
    expect(problemOf(thrown)).toEqual({ code: 'gate.confirmation', message: 'The name was not typed.', state: 'Nothing was changed.', hint: 'Type it.', path: 'a.sql', line: 3 });
  });

  test('an unexpected error crosses without its stack, which the log has', async () => {
    const problem = problemOf(await thrownBy(clientOf(server.origin, session).fail()));
    expect(problem).toMatchObject({ code: 'run.internal', serverMessage: 'a bug' });
    expect(JSON.stringify(problem)).not.toContain('.ts:');
    const log = await readFile(join(server.folder, 'test.log'), 'utf8');
    expect(log).toMatch(/Error: a bug\n +at .*tinyServer\.ts/);
  });

  test('bad input names the field', async () => {
    const response = await postEcho({}, JSON.stringify({ json: { word: 7 } }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ json: { data: { code: 'usage.invalid', message: expect.stringContaining('word: ') } } });
  });

  test('a port that is taken is told', async () => {
    const again = startServer({ router: tinyRouter, port: server.port, rendererFolder: `${server.folder}/renderer` });
    await expect(again).rejects.toMatchObject({ problem: { code: 'usage.invalid' } });
  });

  test('an interface that was not built is told', async () => {
    const unbuilt = startServer({ router: tinyRouter, port: 0, rendererFolder: server.folder });
    await expect(unbuilt).rejects.toMatchObject({ problem: { hint: expect.stringContaining('npm run build') } });
  });
});

describe('files', () => {
  test('the page has the exact policy, with a nonce of its own each time', async () => {
    const nonces = new Set<string>();
    for (const path of ['/', '/index.html']) {
      const response = await fetch(server.origin + path);
      const nonce = /content="([^"]+)"/.exec(await response.text())?.[1] ?? '';
      expect(response.headers.get('content-security-policy')).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      );
      expect(Buffer.from(nonce, 'base64url').byteLength).toBeGreaterThanOrEqual(16);
      expect(response.headers.get('cache-control')).toBe('no-store');
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(2);
  });

  test('every answer carries the protective headers', async () => {
    for (const response of [await fetch(server.origin), await fetch(`${server.origin}/none`), await postEcho({}), await postEcho({ authorization: '' })]) {
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
    }
  });

  test('hashed assets are kept by the browser, others asked for again', async () => {
    const hashed = await fetch(`${server.origin}/assets/index-abc123.js`);
    expect(hashed.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const icon = await fetch(`${server.origin}/icon.svg`);
    expect(icon.headers.get('content-type')).toBe('image/svg+xml');
    expect(icon.headers.get('cache-control')).toBe('no-cache');
  });

  test.each([
    '/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/..\\secret.txt', '//secret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt', '/....//secret.txt', '/assets', '/assets/', '/index.html%00', '/etc/passwd', '//etc/passwd',
  ])('GET %s finds nothing', async (path) => {
    const answer = await send(`GET ${path} HTTP/1.1`, own());
    expect(answer).toMatch(/^HTTP\/1\.1 404/);
    expect(answer).not.toContain('outside');
  });

  test('a request for an absolute address is refused', async () => {
    expect(await send('GET http://evil.example/ HTTP/1.1', own())).toMatch(/^HTTP\/1\.1 400/);
  });

  test('files are only read', async () => {
    expect((await fetch(`${server.origin}/index.html`, { method: 'DELETE' })).status).toBe(405);
    const head = await fetch(`${server.origin}/icon.svg`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '6', '']);
  });
});

describe('streams', () => {
  test('a stream is read to its end', async () => {
    expect(await Array.fromAsync(await clientOf(server.origin, session).count({ from: 0, pause: -1, end: 5 }))).toEqual([0, 1, 2, 3, 4]);
  });

  test('a broken stream ends on the server and is taken up where it stopped', async () => {
    const client = clientOf(server.origin, session);
    const leave = new AbortController();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const n of await client.count({ from: 1000, pause: 1003, end: 1005 }, { signal: leave.signal })) {
        seen.push(n);
        if (n === 1002) leave.abort();
      }
    })();
    await reading.catch(() => undefined);
    await vi.waitFor(() => expect(ended).toContain(1000));
    const next = (seen.at(-1) ?? 0) + 1;
    seen.push(...(await Array.fromAsync(await client.count({ from: next, pause: -1, end: 1005 }))));
    expect(seen).toEqual([1000, 1001, 1002, 1003, 1004]);
  });

  test('more streams than allowed are refused, and room is made when readers leave', async () => {
    const client = clientOf(server.origin, session);
    const readers = Array.from({ length: 64 }, () => new AbortController());
    const openings = readers.map(({ signal }) => client.count({ from: 0, pause: 0, end: 1 }, { signal }));
    await Promise.all(openings);
    const refused = await client.count({ from: 0, pause: 0, end: 1 }).catch((thrown: unknown) => thrown);
    expect(problemOf(refused)).toMatchObject({ code: 'usage.invalid', hint: 'Close tabs that are not needed.' });
    for (const reader of readers) reader.abort();
    await vi.waitFor(async () => expect(await Array.fromAsync(await client.count({ from: 0, pause: -1, end: 1 }))).toEqual([0]));
  });

  test('closing the server ends streams and connections', async () => {
    const other = await startTinyServer();
    const stream = await clientOf(other.origin, await other.session()).count({ from: 5000, pause: 5001, end: 6000 });
    await stream.next();
    await other.close();
    await expect(stream.next()).rejects.toThrow();
    await vi.waitFor(() => expect(ended).toContain(5000));
    await expect(fetch(other.origin)).rejects.toThrow();
  });
});
