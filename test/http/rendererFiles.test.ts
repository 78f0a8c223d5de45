import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTinyServer, type TinyServer } from './tinyServer.ts';

let server: TinyServer;

beforeAll(async () => {
  server = await startTinyServer();
});
afterAll(() => server.close());

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
  for (const response of [
    await fetch(server.origin),
    await fetch(`${server.origin}/none`),
    await server.postEcho({}),
  ]) {
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
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/..\\secret.txt',
  '//secret.txt',
  '/assets/%2e%2e/%2e%2e/secret.txt',
  '/....//secret.txt',
  '/assets',
  '/assets/',
  '/index.html%00',
  '/etc/passwd',
  '//etc/passwd',
])('GET %s finds nothing', async (path) => {
  const answer = await server.send(`GET ${path} HTTP/1.1`, server.own);
  expect(answer).toMatch(/^HTTP\/1\.1 404/);
  expect(answer).not.toContain('outside');
});

test('a request for an absolute address is refused', async () => {
  expect(await server.send('GET http://evil.example/ HTTP/1.1', server.own)).toMatch(/^HTTP\/1\.1 400/);
});

test('files are only read', async () => {
  expect((await fetch(`${server.origin}/index.html`, { method: 'DELETE' })).status).toBe(405);
  const head = await fetch(`${server.origin}/icon.svg`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '6', '']);
});
