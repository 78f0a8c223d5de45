/** The built application as a person without a window gets it: `npm start`'s server on a new data directory, and Chromium. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, type BrowserContextOptions, type ConsoleMessage, chromium, type Page } from 'playwright-core';
import { requireProgram } from '../servers/programs.ts';
import { dist, ensureBuilt } from './built.ts';

export interface AppServer {
  /** Where a page is let in once. */
  readonly address: string;
  readonly dataDirectory: string;
  /** Every line printed so far. */
  readonly lines: readonly string[];
  readonly process: ChildProcess;
  /** Milliseconds, as `performance.now()` has them. */
  readonly startedAt: number;
  /** As Ctrl+C; resolves with the exit code. Keeps the data directory. */
  interrupt(): Promise<number | null>;
  /** Ends it in any case, and removes a data directory that was made for it. */
  close(): Promise<void>;
}

export interface AppOptions {
  /** Default: a new one. */
  readonly dataDirectory?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Resolves when the server has printed its address. */
export async function startServer({ dataDirectory, variables = {} }: AppOptions = {}): Promise<AppServer> {
  await ensureBuilt();
  const folder = dataDirectory ?? (await mkdtemp(join(tmpdir(), 'lockkeeper-e2e-')));
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...inherited } = process.env;
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(dist, 'start.js')], {
    env: { ...inherited, LOCKKEEPER_HOME: folder, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  // Later than its end: when its last line was read.
  const closed = once(child, 'close');
  const lines: string[] = [];
  const address = await new Promise<string>((resolve, reject) => {
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => {
        lines.push(line);
        const found = /http:\/\/\S+#token=\S+/.exec(line)?.[0];
        if (found !== undefined) resolve(found);
      });
    }
    ended.then(() => reject(new Error(`The server ended at once:\n${lines.join('\n')}`)), reject);
  });
  return {
    address,
    dataDirectory: folder,
    lines,
    process: child,
    startedAt,
    async interrupt() {
      child.kill('SIGINT');
      await closed;
      return child.exitCode;
    },
    async close() {
      child.kill('SIGKILL');
      await ended;
      if (dataDirectory === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface App extends AppServer {
  readonly page: Page;
  /** Errors of the page: thrown, logged, or refused by its policy. A test that expects none says so. */
  readonly faults: readonly string[];
}

export interface WindowOptions {
  /** Default: one of its own, which ends with the application. */
  readonly browser?: Browser;
  readonly context?: BrowserContextOptions;
}

/** Long enough for a small and busy machine; what is waited for usually comes at once. */
const patienceMs = 20_000;

/** The application in a browser, at its first page. */
export async function startApp(options: AppOptions & WindowOptions = {}): Promise<App> {
  const server = await startServer(options);
  const browser = options.browser ?? (await launchBrowser());
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...options.context,
  });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  const faults = collectFaults(page);
  await page.goto(server.address);
  return {
    ...server,
    page,
    faults,
    async close() {
      await (options.browser === undefined ? browser : context).close();
      await server.close();
    },
  };
}

/** Debian's Chromium; its sandbox does not work for root, whom continuous integration often is. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: requireProgram('chromium'),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });

/** The browser logs every answer that is a Problem, which the page has shown. */
const isRefusal = (message: ConsoleMessage): boolean =>
  /status of 4\d\d/.test(message.text()) && new URL(message.location().url).pathname.startsWith('/rpc/');

function collectFaults(page: Page): readonly string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isRefusal(message)) faults.push(message.text());
  });
  return faults;
}
