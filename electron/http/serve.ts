/** Serves the interface until the person who started it ends it: `npm start` without a window, and `lockkeeper serve`. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { AnyRouter } from '@orpc/server';
import { cancelSafely, nameRuns, unfinished } from '../rpc/activeRuns.ts';
import type { Context } from '../services/context.ts';
import type { Api } from './api.ts';
import type { TlsFiles } from './apiServer.ts';
import { openBrowser } from './openBrowser.ts';
import { rendererFolder } from './rendererFiles.ts';
import { type RunningServer, startServer } from './server.ts';

interface Backend {
  router(): Promise<AnyRouter>;
  readonly context: Context;
  endSchedules(): Promise<void>;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Opens the default browser. */
  readonly open: boolean;
  /** Null: the interface alone. */
  readonly api: ServedApi | null;
  /** Prints an address. */
  readonly announce: (line: string) => void;
  /** Prints anything else. */
  readonly say: (line: string) => void;
}

export interface ServedApi {
  /** `/metrics` without a token. */
  readonly metricsOpen: boolean;
  /** Where the API is offered without the interface; null: beside it, at its address. */
  readonly alone: { readonly address: string; readonly tls: TlsFiles | null; readonly hosts: readonly string[] } | null;
}

interface Served {
  /** What to do besides until the end is asked for. */
  readonly keyboard: { close(): void } | null;
  close(): Promise<void>;
}

/**
 * Resolves after Ctrl+C or SIGTERM, when every run was cancelled safely and the backend is closed; a second signal ends the process at once.
 * @throws {ProblemError} as `startServer`
 */
export async function serve(backend: Backend, options: ServeOptions): Promise<void> {
  const { say, api } = options;
  // Something may be begun by itself already.
  const asked = askedToEnd();
  const served = api?.alone == null ? await serveInterface(backend, options) : await serveApi(backend, options, api);
  await asked;
  served.keyboard?.close();
  forceOnNextSignal();
  await backend.endSchedules();
  const live = unfinished(backend.context.runs);
  if (live.length > 0)
    say(
      `${nameRuns(live)} It is cancelled at the next safe place; Ctrl+C again ends at once, without knowing what was done.`,
    );
  await cancelSafely(backend.context.runs);
  await served.close();
  await backend.close();
}

async function serveInterface(
  { router, context }: Backend,
  { port, open, api, announce, say }: ServeOptions,
): Promise<Served> {
  const server = await startServer({
    router: await router(),
    port,
    rendererFolder,
    ...(api === null ? {} : { api: await openApi(context, api) }),
  });
  announce(`Lockkeeper is at ${server.newUrl()}`);
  if (api !== null) announce(`The API is at http://127.0.0.1:${server.port}/api`);
  say(
    process.stdin.isTTY
      ? 'The address opens once. Enter prints a new one, Ctrl+C ends Lockkeeper.'
      : 'The address opens once. Ctrl+C ends Lockkeeper.',
  );
  if (open)
    openBrowser(server.newUrlForOwnUser(), process.platform, () =>
      say('No browser could be opened: open the address yourself.'),
    );
  return { keyboard: process.stdin.isTTY ? offerNewAddresses(server, announce) : null, close: () => server.close() };
}

async function serveApi({ context }: Backend, { port, announce, say }: ServeOptions, api: ServedApi): Promise<Served> {
  const { startApiServer } = await import('./apiServer.ts');
  const { address, tls, hosts } = api.alone ?? { address: '127.0.0.1', tls: null, hosts: [] };
  const server = await startApiServer({ api: await openApi(context, api), port, address, tls, hosts });
  announce(`The API is at ${server.url}`);
  say('Ctrl+C ends Lockkeeper.');
  return { keyboard: null, close: () => server.close() };
}

/** Loaded where it is wanted: a command line without it starts sooner. */
async function openApi(context: Context, { metricsOpen }: ServedApi): Promise<Api> {
  const [{ createApi }, { createRest }] = await Promise.all([import('./api.ts'), import('../rpc/rest/index.ts')]);
  return createApi({ rest: createRest(context), metricsOpen });
}

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function askedToEnd(): Promise<void> {
  const waiting = new AbortController();
  await Promise.race(endSignals.map((signal) => once(process, signal, { signal: waiting.signal })));
  waiting.abort();
}

function forceOnNextSignal(): void {
  for (const signal of endSignals) process.once(signal, () => process.exit(130));
}

function offerNewAddresses(server: RunningServer, announce: ServeOptions['announce']): { close(): void } {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', () => announce(`Lockkeeper is at ${server.newUrl()}`));
  return lines;
}
