import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ORPCError } from '@orpc/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { largestBody } from '../../electron/http/refusals.ts';
import { startServer } from '../../electron/http/server.ts';
import { problemOf } from '../../shared/contract/problemOf.ts';
import { clientOf, ended, startTinyServer, type TinyServer, tinyRouter } from './tinyServer.ts';

let server: TinyServer;
let session: string;

beforeAll(async () => {
  server = await startTinyServer();
  session = await server.session();
});
afterAll(() => server.close());

const postEcho = (headers: Readonly<Record<string, string>>, body?: string): Promise<Response> =>
  server.postEcho({ authorization: `Bearer ${session}`, ...headers }, body);

describe('calls', () => {
  test('a call is answered', async () => {
    expect(await clientOf(server.origin, session).echo({ word: 'hello' })).toBe('hello');
  });

  test('nothing is called by GET', async () => {
    const data = encodeURIComponent(JSON.stringify({ json: { word: 'hello' } }));
    const response = await fetch(`${server.origin}/rpc/echo?data=${data}`, {
      headers: { authorization: `Bearer ${session}` },
    });
    expect(response.status).toBe(405);
  });

  test('a body of another type is refused', async () => {
    expect((await postEcho({ 'content-type': 'text/plain' })).status).toBe(415);
  });

  test('a body that is too large is refused before it is read', async () => {
    const answer = await server.send(
      'POST /rpc/echo HTTP/1.1',
      server.own,
      'Content-Type: application/json',
      `Authorization: Bearer ${session}`,
      `Content-Length: ${largestBody + 1}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
  });

  test('a body of unknown length is refused', async () => {
    const answer = await server.send(
      'POST /rpc/echo HTTP/1.1',
      server.own,
      'Content-Type: application/json',
      `Authorization: Bearer ${session}`,
      'Transfer-Encoding: chunked',
    );
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
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${session}` },
      body: '{}',
    });
    expect(response.status).toBe(404);
  });
});

describe('problems', () => {
  const thrownBy = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => expect.fail('it was answered'),
      (thrown: unknown) => thrown,
    );

  test('a Problem crosses unchanged', async () => {
    const thrown = await thrownBy(clientOf(server.origin, session).refuse());
    expect(thrown).toBeInstanceOf(ORPCError);
    expect(thrown).toMatchObject({ status: 403 });
    expect(problemOf(thrown)).toEqual({
      code: 'gate.confirmation',
      message: 'The name was not typed.',
      state: 'Nothing was changed.',
      hint: 'Type it.',
      path: 'a.sql',
      line: 3,
    });
  });

  test('an unexpected error crosses without its stack, which the log has', async () => {
    const problem = problemOf(await thrownBy(clientOf(server.origin, session).fail()));
    expect(problem).toMatchObject({ code: 'run.internal', serverMessage: 'a bug' });
    expect(JSON.stringify(problem)).not.toContain('.ts:');
    const log = await readFile(join(server.folder, 'test.log'), 'utf8');
    expect(log).toMatch(/\| Error: a bug\n> at .*tinyServer\.ts/);
  });

  test('bad input names the field', async () => {
    const response = await postEcho({}, JSON.stringify({ json: { word: 7 } }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      json: { data: { code: 'usage.invalid', message: expect.stringContaining('word: ') } },
    });
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

describe('streams', () => {
  test('a stream is read to its end', async () => {
    expect(await Array.fromAsync(await clientOf(server.origin, session).count({ from: 0, pause: -1, end: 5 }))).toEqual(
      [0, 1, 2, 3, 4],
    );
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
    expect(problemOf(refused)).toMatchObject({ code: 'api.tooMany', hint: 'Close those that are not needed.' });
    for (const reader of readers) reader.abort();
    await vi.waitFor(async () =>
      expect(await Array.fromAsync(await client.count({ from: 0, pause: -1, end: 1 }))).toEqual([0]),
    );
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
