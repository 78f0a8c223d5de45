/** Opening Lockkeeper without a window: its server is started, and its page is opened in a browser that runs already. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, startServer } from '../e2e/app.ts';
import { dist, ensureBuilt } from '../e2e/built.ts';
import type { Figure } from './interface.ts';
import { workOf } from './interfaceWork.ts';
import { fillWorkspace } from './interfaceWorkspace.ts';

const environments = 200;
const migrations = 20;
const rounds = 5;
const size = { width: 1280, height: 800 };

interface Start {
  /** Milliseconds since the process was started. */
  readonly address: number;
  readonly firstRows: number;
  readonly allRows: number;
  /** Milliseconds of processor time that the page's own thread had until `firstRows`. */
  readonly work: number;
}

export async function measureStart(): Promise<readonly Figure[]> {
  await ensureBuilt();
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-bench-'));
  const browser = await launchBrowser();
  try {
    const dataDirectory = join(folder, 'data');
    await fillWorkspace({ folder, dataDirectory, environments, migrations });
    // The first one fills the cache of compiled code, as the first start after an installation does.
    const [, ...starts] = await inTurn(rounds + 1, () => startOnce(browser, dataDirectory));
    return [
      { title: 'until the server tells its address', values: starts.map((one) => one.address), unit: 'ms', aim: null },
      {
        title: 'until the first screen of the list can be used',
        values: starts.map((one) => one.firstRows),
        unit: 'ms',
        aim: 1000,
      },
      {
        title: 'processor time in the page until then',
        values: starts.map((one) => one.work),
        unit: 'ms',
        aim: null,
      },
      { title: `until all ${environments} are there`, values: starts.map((one) => one.allRows), unit: 'ms', aim: 1000 },
    ];
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function inTurn<T>(count: number, work: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let round = 0; round < count; round += 1) results.push(await work());
  return results;
}

async function startOnce(browser: Browser, dataDirectory: string): Promise<Start> {
  const context = await browser.newContext({ viewport: size });
  const page = await context.newPage();
  const work = await workOf(page);
  const server = await startServer({ dataDirectory });
  const since = (): number => performance.now() - server.startedAt;
  try {
    const address = since();
    await page.goto(server.address, { waitUntil: 'commit' });
    const firstRows = await page.evaluate(whenPainted, 1).then(since);
    const ms = await work.ms();
    const allRows = await page.evaluate(whenPainted, environments).then(since);
    await requireAnswer(page);
    return { address, firstRows, allRows, work: ms };
  } finally {
    await context.close();
    await server.close();
  }
}

/** Run in the page: resolves after the frame with so many environments. */
function whenPainted(rows: number): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (document.querySelectorAll('.environment-row').length < rows) requestAnimationFrame(look);
      else requestAnimationFrame(() => setTimeout(resolve));
    };
    look();
  });
}

/** A list that only looks finished would be no figure. */
async function requireAnswer(page: Page): Promise<void> {
  await page.getByRole('searchbox', { name: 'Filter environments' }).fill('customer-117');
  await page.waitForFunction(() => document.querySelectorAll('.environment-row').length === 1);
}

/** Everything that the page loads before it shows anything: what `index.html` names, and what that imports. */
export async function measureFirstScripts(): Promise<readonly Figure[]> {
  await ensureBuilt();
  const folder = join(dist, 'renderer');
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].flatMap(([, name]) => name ?? []);
  const sizes = await Promise.all(named.map(async (name) => gzipSync(await readFile(join(folder, name))).byteLength));
  const chunks = (await readdir(join(folder, 'assets'))).filter((name) => name.endsWith('.js')).length;
  return [
    {
      title: `JavaScript that is loaded first, gzipped: ${named.length} of ${chunks} files`,
      values: [sizes.reduce((sum, bytes) => sum + bytes, 0) / 1000],
      unit: 'kB',
      aim: 250,
    },
  ];
}
