/** The interface and its calls at a loopback address, for who has no Electron window. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import { text } from 'node:stream/consumers';
import type { AnyRouter } from '@orpc/server';
import { RPCHandler } from '@orpc/server/node';
import { raise } from '../../shared/problem.ts';
import { report } from '../rpc/report.ts';
import type { Api } from './api.ts';
import { limitStreams } from './limitStreams.ts';
import { peerUser } from './peerUser.ts';
import { ownHosts, type Refusal, refuse, refuseCall } from './refusals.ts';
import { openRendererFiles, protectiveHeaders, type RendererFiles } from './rendererFiles.ts';
import { createSessions, type Sessions } from './sessions.ts';

export interface ServerOptions {
  readonly router: AnyRouter;
  /** Absent: only the interface is offered. */
  readonly api?: Api | undefined;
  /** 0: any free one. */
  readonly port: number;
  readonly rendererFolder: string;
}

export interface RunningServer {
  readonly port: number;
  /** An address with a new one-time token, to be shown to the person. */
  newUrl(): string;
  /** The same for handing to another program: arguments can be seen by every user, so only our own may use it where the system tells users apart. */
  newUrlForOwnUser(): string;
  /** Ends all streams and connections. */
  close(): Promise<void>;
}

const mostStreams = 64;

/** @throws {ProblemError} `usage.invalid` when the port is taken or the interface was not built */
export async function startServer({ router, api, port, rendererFolder }: ServerOptions): Promise<RunningServer> {
  const files = openRendererFiles(rendererFolder);
  const sessions = createSessions();
  const calls = new RPCHandler(router, { clientInterceptors: [limitStreams(mostStreams)] });
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 60_000 },
    (request, response) => {
      answer(request, response).catch((thrown: unknown) => {
        report(thrown);
        response.destroy();
      });
    },
  );
  server.maxConnections = 256;
  const bound = await listen(server, port);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(protectiveHeaders)) response.setHeader(name, value);
    const path = request.url?.split('?', 1)[0] ?? '/';
    if (api?.owns(path) === true) return api.answer(request, response, path, ownHosts(bound));
    const refused = refuse(request, bound);
    if (refused !== null) return sayNo(response, refused);
    if (path === '/session') return exchange(request, response, sessions);
    if (path.startsWith('/rpc/')) return call(request, response);
    return sendFile(request, response, files, path);
  }

  async function call(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refuseCall(request);
    if (refused !== null) return sayNo(response, refused);
    if (!sessions.knows(request.headers.authorization))
      return sendJson(response, 401, { reason: 'This session is not known.' });
    response.setHeader('cache-control', 'no-store');
    const { matched } = await calls.handle(request, response, { prefix: '/rpc', context: {} });
    if (!matched) sendJson(response, 404, { reason: 'There is no such call.' });
  }

  const urlFor = (user: number | null): string => `http://127.0.0.1:${bound}/#token=${sessions.issue(user)}`;

  return {
    port: bound,
    newUrl: () => urlFor(null),
    newUrlForOwnUser: () => urlFor(process.getuid?.() ?? null),
    async close() {
      api?.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Where it listens, when it does. @throws {ProblemError} `usage.invalid` */
export async function listen(server: Server | SecureServer, port: number, address = '127.0.0.1'): Promise<number> {
  server.listen(port, address);
  await once(server, 'listening').catch((thrown: unknown) => {
    raise(
      {
        code: 'usage.invalid',
        message: `Port ${port} of ${address} cannot be used here: ${String(thrown)}.`,
        hint: 'Choose another port, or 0 for any free one.',
      },
      thrown,
    );
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('A listening server has a port.');
  return bound.port;
}

async function exchange(request: IncomingMessage, response: ServerResponse, sessions: Sessions): Promise<void> {
  const refused = refuseCall(request);
  if (refused !== null) return sayNo(response, refused);
  const session = sessions.exchange(tokenIn(await text(request)), await peerUser(request.socket));
  if (session === null) return sendJson(response, 403, { reason: 'This address was used before, or is not complete.' });
  return sendJson(response, 200, { session });
}

function tokenIn(body: string): string {
  try {
    const posted: unknown = JSON.parse(body);
    const token = typeof posted === 'object' && posted !== null && 'token' in posted ? posted.token : null;
    return typeof token === 'string' ? token : '';
  } catch {
    // Not JSON: a token that nobody issued.
    return '';
  }
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  files: RendererFiles,
  path: string,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return sayNo(response, { status: 405, reason: 'Files are only read.' });
  const { status, headers, body } = await files(path);
  response.writeHead(status, { ...headers, 'content-length': body.byteLength });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The rest of a refused request is not waited for. */
function sayNo(response: ServerResponse, { status, reason }: Refusal): void {
  response.setHeader('connection', 'close');
  sendJson(response, status, { reason });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
