import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { skipBecause } from '../setup/skip.ts';
import { postToken, startTinyServer, type TinyServer, tokenOf } from './tinyServer.ts';

let server: TinyServer;
let session: string;

beforeAll(async () => {
  server = await startTinyServer();
  session = await server.session();
});
afterAll(() => server.close());

const postEcho = (headers: Readonly<Record<string, string>>, body?: string): Promise<Response> =>
  server.postEcho({ authorization: `Bearer ${session}`, ...headers }, body);

/** Sends a request by a program of another user. */
function sendAs(user: number, request: string): Promise<string> {
  const script = `exec 3<>/dev/tcp/127.0.0.1/${server.port}; printf %s "$1" >&3; cat <&3`;
  const child = spawn('bash', ['-c', script, 'bash', request], {
    uid: user,
    gid: user,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return text(child.stdout);
}

describe('who may ask', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'])('the address %s is answered', async (name) => {
    expect(await server.send('GET / HTTP/1.1', `Host: ${name}:${server.port}`)).toMatch(/^HTTP\/1\.1 200/);
  });

  test.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '127.0.0.1.evil.example'])(
    'the Host %s (DNS rebinding) is refused',
    async (host) => {
      expect(await server.send('GET / HTTP/1.1', `Host: ${host}`)).toMatch(/^HTTP\/1\.1 403/);
    },
  );

  test('a request without Host is refused', async () => {
    expect(await server.send('GET / HTTP/1.0')).toMatch(/^HTTP\/1\.1 403/);
  });

  test.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://localhost:1'])(
    'the Origin %s is refused',
    async (origin) => {
      expect((await postEcho({ origin })).status).toBe(403);
      expect(await server.send('GET / HTTP/1.1', server.own, `Origin: ${origin}`)).toMatch(/^HTTP\/1\.1 403/);
    },
  );

  test('the own Origin is answered, and no answer allows another', async () => {
    const response = await postEcho({ origin: server.origin });
    expect(response.status).toBe(200);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('a preflight of another site gets nothing', async () => {
    const answer = await server.send(
      'OPTIONS /rpc/echo HTTP/1.1',
      server.own,
      'Origin: http://evil.example',
      'Access-Control-Request-Method: POST',
    );
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
    const request = `POST /session HTTP/1.1\r\n${server.own}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
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
    expect(await server.send(line, server.own)).toMatch(/^HTTP\/1\.1 405/);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json-seq'])(
    'a token posted as %s is refused',
    async (type) => {
      const token = tokenOf(server.newUrl());
      const response = await fetch(`${server.origin}/session`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify({ token }),
      });
      expect(response.status).toBe(415);
      expect((await postToken(server.origin, token)).status).toBe(200);
    },
  );

  test.each(['', 'Bearer', 'Bearer x', 'Basic x'])(
    'a call with the authorization “%s” is not known',
    async (authorization) => {
      expect((await postEcho({ authorization })).status).toBe(401);
    },
  );

  test('the one-time token is no session', async () => {
    expect((await postEcho({ authorization: `Bearer ${tokenOf(server.newUrl())}` })).status).toBe(401);
  });
});
