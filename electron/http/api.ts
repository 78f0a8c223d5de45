/** The REST API over HTTP: who may ask at all, how often and how much; then `rpc/rest` answers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { OpenAPIHandler } from '@orpc/openapi/fetch';
import { statusOf } from '../../shared/contract/rest/statuses.ts';
import { nothingChanged, type Problem, type ProblemCode, ProblemError, problemFrom } from '../../shared/problem.ts';
import type { Caller } from '../rpc/rest/caller.ts';
import type { Rest } from '../rpc/rest/index.ts';
import { type Answer, onceOnly } from '../rpc/rest/onceOnly.ts';
import { problemBody, withStatus } from '../rpc/rest/problems.ts';
import { limitStreams } from './limitStreams.ts';
import { familiesOf } from './metrics.ts';
import { formatMetrics, prometheusType, watchProcess } from './prometheus.ts';
import { createRateLimit, type RateLimit } from './rateLimit.ts';
import { type Refusal, refuseApi, refuseBody } from './refusals.ts';

export interface ApiOptions {
  readonly rest: Rest;
  /** `/metrics` without a token. */
  readonly metricsOpen: boolean;
  /** Of each token; default: 120 at once, 300 a minute. */
  readonly rate?: RateLimit;
  /** Milliseconds until a request that has no answer is told so; default: two minutes. */
  readonly answerMs?: number;
}

export interface Api {
  owns(path: string): boolean;
  /** @param hosts values of `Host` that are ours */
  answer(request: IncomingMessage, response: ServerResponse, path: string, hosts: readonly string[]): Promise<void>;
  close(): void;
}

const prefix = '/api';
const mostStreams = 64;
/** Of an address whose tokens are not known. */
const wrongTokens: RateLimit = { burst: 20, perMinute: 20 };

export function createApi({
  rest,
  metricsOpen,
  rate = { burst: 120, perMinute: 300 },
  answerMs = 120_000,
}: ApiOptions): Api {
  const handler = new OpenAPIHandler(rest.router, {
    clientInterceptors: [limitStreams(mostStreams, withStatus)],
    customErrorResponseBodyEncoder: problemBody,
    eventIteratorKeepAliveInterval: 10_000,
  });
  const waitOf = createRateLimit(rate);
  const waitOfStranger = createRateLimit(wrongTokens);
  const own = watchProcess();

  /** Null: it was refused, and told so. */
  function callerFrom(request: IncomingMessage, response: ServerResponse): Caller | null {
    const secret = /^Bearer ([\w-]{1,200})$/.exec(request.headers.authorization ?? '')?.[1];
    const caller = secret === undefined ? null : rest.recognise(secret);
    const wait = caller === null ? waitOfStranger(request.socket.remoteAddress ?? '') : waitOf(caller.token.id);
    if (wait > 0) sendWait(response, wait);
    else if (caller === null) sendUnknown(response);
    return wait > 0 ? null : caller;
  }

  async function perform(
    request: IncomingMessage,
    caller: Caller,
    body: string,
    signal: AbortSignal,
  ): Promise<Response> {
    const { method = 'GET', url = '/', headers } = request;
    const wanted = new Request(`http://localhost${url}`, {
      method,
      signal,
      headers: {
        ...(body === '' ? {} : { 'content-type': 'application/json' }),
        ...(typeof headers['last-event-id'] === 'string' ? { 'last-event-id': headers['last-event-id'] } : {}),
      },
      ...(body === '' ? {} : { body }),
    });
    const { matched, response } = await handler.handle(wanted, { prefix, context: { caller } });
    return matched ? response : Response.json({ problem: unknownPath(method, url) }, { status: 404 });
  }

  async function call(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
    const refused = refuseBody(request) ?? refuseKey(request);
    if (refused !== null) return sendRefusal(response, refused);
    const body = request.method === 'POST' ? (await text(request)) || '{}' : '';
    const left = new AbortController();
    response.once('close', () => left.abort());
    const answer = (): Promise<Response> => perform(request, caller, body, left.signal);
    if (request.method === 'GET') return sendResponse(response, await inTime(answer(), answerMs));
    const keyed = { key: keyOf(request), text: `${request.url}\n${body}` };
    return send(
      response,
      await inTime(
        onceOnly(caller, keyed, async () => read(await answer())),
        answerMs,
      ),
    );
  }

  async function answer(request: IncomingMessage, response: ServerResponse, path: string, hosts: readonly string[]) {
    response.setHeader('cache-control', 'no-store');
    const refused = refuseApi(request, hosts);
    if (refused !== null) return sendRefusal(response, refused);
    if (path === '/healthz') return sendText(response, 'text/plain; charset=utf-8', 'ok\n');
    if (path === '/metrics' && metricsOpen) return sendMetrics(response, null);
    const caller = callerFrom(request, response);
    if (caller === null) return;
    if (path === '/metrics') return sendMetrics(response, caller);
    if (path === `${prefix}/openapi.json`) return sendText(response, 'application/json', await rest.document());
    return call(request, response, caller);
  }

  const sendMetrics = (response: ServerResponse, caller: Caller | null): void =>
    sendText(response, prometheusType, formatMetrics([...familiesOf(rest.metrics(caller)), ...own.families()]));

  return {
    owns: (path) => path === '/healthz' || path === '/metrics' || path === prefix || path.startsWith(`${prefix}/`),
    async answer(request, response, path, hosts) {
      try {
        await answer(request, response, path, hosts);
      } catch (thrown) {
        if (response.headersSent || !(thrown instanceof ProblemError)) throw thrown;
        sendProblem(response, problemFrom(thrown));
      }
    },
    close: own.close,
  };
}

const keyOf = ({ headers }: IncomingMessage): string | null => {
  const key = headers['idempotency-key'];
  return typeof key === 'string' ? key : null;
};

const refuseKey = (request: IncomingMessage): Refusal | null => {
  const key = keyOf(request);
  return key === null || /^[\x21-\x7e]{1,200}$/.test(key)
    ? null
    : { status: 400, reason: 'An Idempotency-Key has 1 to 200 printable characters without spaces.' };
};

const keptHeaders = ['location', 'link'] as const;

async function read(response: Response): Promise<Answer> {
  const headers = keptHeaders.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return { status: response.status, headers: Object.fromEntries(headers), body: await response.json() };
}

/** What goes on behind it is not ended by that: its effect is told by the list of runs. */
async function inTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new ProblemError(tooLate)), ms);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}

const tooLate: Problem = {
  code: 'api.timeout',
  message: 'This took too long to be answered.',
  state: 'It may still be going on.',
  hint: 'List the runs, and send it again with the same Idempotency-Key if it had one.',
};

const unknownPath = (method: string, url: string): Problem => ({
  code: 'api.notFound',
  message: `There is no ${method} ${url.split('?', 1)[0]}.`,
  state: nothingChanged,
  hint: 'All there is, is in /api/openapi.json.',
});

async function sendResponse(response: ServerResponse, answer: Response): Promise<void> {
  if (answer.headers.has('content-disposition')) return sendFile(response, answer);
  if (answer.headers.get('content-type')?.startsWith('text/event-stream') !== true || answer.body === null)
    return send(response, await read(answer));
  response.writeHead(answer.status, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  response.flushHeaders();
  // Whoever leaves before the end is no failure.
  await pipeline(Readable.from(answer.body), response).catch((thrown: unknown) => {
    if (!response.destroyed) throw thrown;
  });
}

/** To be saved: what is in it is nobody's page. */
async function sendFile(response: ServerResponse, answer: Response): Promise<void> {
  const disposition = answer.headers.get('content-disposition') ?? '';
  response.writeHead(answer.status, {
    'content-type': answer.headers.get('content-type') ?? 'application/octet-stream',
    'content-disposition': disposition.replace(/^inline/, 'attachment'),
  });
  response.end(await answer.bytes());
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

const sendText = (response: ServerResponse, type: string, body: string): void => {
  response.writeHead(200, { 'content-type': type });
  response.end(body);
};

const sendProblem = (response: ServerResponse, problem: Problem, status: number = statusOf(problem.code)): void =>
  send(response, { status, headers: {}, body: { problem } });

/** The rest of a refused request is not waited for. */
function sendRefusal(response: ServerResponse, { status, reason }: Refusal): void {
  response.setHeader('connection', 'close');
  const code: ProblemCode = status === 403 ? 'api.refused' : status === 413 ? 'api.tooLarge' : 'usage.invalid';
  sendProblem(
    response,
    { code, message: reason, state: nothingChanged, hint: 'Compare the request with /api/openapi.json.' },
    status,
  );
}

function sendUnknown(response: ServerResponse): void {
  response.setHeader('www-authenticate', 'Bearer');
  sendProblem(response, {
    code: 'api.unauthenticated',
    message: 'This needs a token that is valid.',
    state: nothingChanged,
    hint: 'Make one with: lockkeeper token create. Send it as: Authorization: Bearer TOKEN',
  });
}

function sendWait(response: ServerResponse, seconds: number): void {
  response.setHeader('retry-after', String(seconds));
  sendProblem(response, {
    code: 'api.tooMany',
    message: 'Too many requests.',
    state: nothingChanged,
    hint: `Wait ${seconds} seconds.`,
  });
}
