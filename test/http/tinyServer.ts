/** The real server over a contract of four calls: one for each way a call can end. */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { os as base, type RouterClient } from '@orpc/server';
import { z } from 'zod';
import { type RunningServer, startServer } from '../../electron/http/server.ts';
import { problemsAsErrors } from '../../electron/rpc/errors.ts';
import { logger } from '../../electron/services/logger.ts';
import { raise } from '../../shared/problem.ts';

const os = base.use(problemsAsErrors);

/** What each open stream is told when its reader leaves. */
export const ended: number[] = [];
/** Each wakes the streams that wait. */
const wakers = new Set<() => void>();

export const tinyRouter = {
  echo: os.input(z.object({ word: z.string().max(2_000_000) })).handler(({ input }) => input.word),
  refuse: os.handler(() =>
    raise({ code: 'gate.confirmation', message: 'The name was not typed.', hint: 'Type it.', path: 'a.sql', line: 3 }),
  ),
  fail: os.handler((): string => {
    throw new Error('a bug');
  }),
  /** Numbers from `from` on; after `pause` it waits until its reader leaves. */
  count: os.input(z.object({ from: z.number(), pause: z.number(), end: z.number() })).handler(async function* ({
    input,
    signal,
  }) {
    try {
      for (let n = input.from; n < input.end; n += 1) {
        if (n === input.pause)
          await new Promise<void>(
            (resolve) => wakers.add(resolve) && signal?.addEventListener('abort', () => resolve()),
          );
        if (signal?.aborted === true) return;
        yield n;
      }
    } finally {
      ended.push(input.from);
    }
  }),
};

export interface TinyServer extends RunningServer {
  readonly origin: string;
  readonly folder: string;
  session(): Promise<string>;
  /** Sends exactly these lines, since fetch chooses Host and tidies paths; resolves with the whole answer. */
  send(...lines: string[]): Promise<string>;
  /** The right Host header. */
  readonly own: string;
  postEcho(headers: Readonly<Record<string, string>>, body?: string): Promise<Response>;
}

export async function startTinyServer(): Promise<TinyServer> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-http-'));
  const rendererFolder = join(folder, 'renderer');
  await mkdir(join(rendererFolder, 'assets'), { recursive: true });
  logger.toFile(join(folder, 'test.log'));
  await writeFile(join(folder, 'secret.txt'), 'outside');
  await writeFile(join(rendererFolder, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">');
  await writeFile(join(rendererFolder, 'assets', 'index-abc123.js'), 'export {};');
  await writeFile(join(rendererFolder, 'icon.svg'), '<svg/>');
  const server = await startServer({ router: tinyRouter, port: 0, rendererFolder });
  const origin = `http://127.0.0.1:${server.port}`;
  return {
    ...server,
    origin,
    folder,
    own: `Host: 127.0.0.1:${server.port}`,
    async send(...lines) {
      const socket = connect(server.port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`);
      return text(socket);
    },
    postEcho: (headers, body = JSON.stringify({ json: { word: 'hello' } })) =>
      fetch(`${origin}/rpc/echo`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      }),
    session: () => exchange(origin, tokenOf(server.newUrl())),
    async close() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

export const tokenOf = (url: string): string => new URL(url).hash.slice('#token='.length);

export const postToken = (origin: string, token: string): Promise<Response> =>
  fetch(`${origin}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });

async function exchange(origin: string, token: string): Promise<string> {
  const body: unknown = await (await postToken(origin, token)).json();
  return z.object({ session: z.string() }).parse(body).session;
}

export const clientOf = (origin: string, session: string): RouterClient<typeof tinyRouter> =>
  createORPCClient(new RPCLink({ url: `${origin}/rpc`, headers: { authorization: `Bearer ${session}` } }));
