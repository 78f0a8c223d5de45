/** Serves the interface until the person who started it ends it: `npm start` without a window, and `lockkeeper serve`. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { AnyRouter } from '@orpc/server';
import { type ActiveRuns, cancelSafely, nameRuns, unfinished } from '../rpc/activeRuns.ts';
import { openBrowser } from './openBrowser.ts';
import { rendererFolder } from './rendererFiles.ts';
import { type RunningServer, startServer } from './server.ts';

interface Backend {
  readonly router: AnyRouter;
  readonly context: { readonly runs: ActiveRuns };
  endSchedules(): Promise<void>;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Opens the default browser. */
  readonly open: boolean;
  /** Prints an address. */
  readonly announce: (line: string) => void;
  /** Prints anything else. */
  readonly say: (line: string) => void;
}

/**
 * Resolves after Ctrl+C or SIGTERM, when every run was cancelled safely and the backend is closed; a second signal ends the process at once.
 * @throws {ProblemError} as `startServer`
 */
export async function serve(backend: Backend, { port, open, announce, say }: ServeOptions): Promise<void> {
  const server = await startServer({ router: backend.router, port, rendererFolder });
  announce(`Lockkeeper is at ${server.newUrl()}`);
  say(
    process.stdin.isTTY
      ? 'The address opens once. Enter prints a new one, Ctrl+C ends Lockkeeper.'
      : 'The address opens once. Ctrl+C ends Lockkeeper.',
  );
  if (open)
    openBrowser(server.newUrlForOwnUser(), process.platform, () =>
      say('No browser could be opened: open the address yourself.'),
    );
  const keyboard = process.stdin.isTTY ? offerNewAddresses(server, announce) : null;
  await askedToEnd();
  keyboard?.close();
  forceOnNextSignal();
  await backend.endSchedules();
  const live = unfinished(backend.context.runs);
  if (live.length > 0)
    say(
      `${nameRuns(live)} It is cancelled at the next safe place; Ctrl+C again ends at once, without knowing what was done.`,
    );
  await cancelSafely(backend.context.runs);
  await server.close();
  await backend.close();
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
