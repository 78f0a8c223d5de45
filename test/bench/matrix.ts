/**
 * The version matrix of 500 environments × 2,000 migrations in the built application and Chromium: every column was read
 * from a database of its own, and a tenth of the databases is gone since.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startApp } from '../e2e/app.ts';
import type { Figure } from './interface.ts';
import { type Work, workOf } from './interfaceWork.ts';
import { fillWorkspace } from './interfaceWorkspace.ts';

const environments = 500;
const migrations = 2000;
const unreachable = 50;
const opens = 5;
const frames = 300;
const size = { width: 1920, height: 1080 };
/** Scrolled each frame. */
const pixels = { down: 80, right: 24 };

export async function measureMatrix(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-bench-'));
  try {
    const dataDirectory = join(folder, 'data');
    const { files, readSeconds } = await fillWorkspace({ folder, dataDirectory, environments, migrations });
    for (const file of files.filter((_, index) => index % (environments / unreachable) === 0)) await rm(file);
    const app = await startApp({ dataDirectory, context: { viewport: size } });
    try {
      return [
        {
          title: `reading ${environments} environments of ${migrations} migrations anew`,
          values: [readSeconds],
          unit: 's',
          aim: null,
        },
        ...(await measurePage(app.page)),
      ];
    } finally {
      await app.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measurePage(page: Page): Promise<readonly Figure[]> {
  await page.getByRole('radio', { name: 'Matrix' }).waitFor({ state: 'attached' });
  await page.waitForFunction(hasComeToRest, null, { timeout: 60_000, polling: 1000 });
  await using work = await workOf(page);
  const before = await work.ms();
  const [first = Number.NaN, ...again] = await openTimes(page);
  const openWork = ((await work.ms()) - before) / opens;
  const opened = await rendererMemory(page);
  const whileRead = await scrollAbout(page, work);
  await page.getByText(/^Reading/).waitFor({ state: 'detached', timeout: 600_000 });
  const atRest = await scrollAbout(page, work);
  const scrolled = await rendererMemory(page);
  const pace = `${pixels.down} px down and ${pixels.right} px right a frame`;
  return [
    { title: 'opening it the first time in a window that has come to rest', values: [first], unit: 'ms', aim: 300 },
    { title: 'opening it again', values: again, unit: 'ms', aim: 300 },
    { title: 'processor time in the page of opening and closing it', values: [openWork], unit: 'ms', aim: null },
    { title: `a frame while scrolling ${pace}`, values: atRest.frames, unit: 'ms', aim: 17 },
    { title: 'the same while the environments are read', values: whileRead.frames, unit: 'ms', aim: 17 },
    { title: 'processor time of such a frame in the page', values: [atRest.workMs], unit: 'ms', aim: null },
    { title: 'memory of the renderer when it is open, collected', values: [opened / 1e6], unit: 'MB', aim: 300 },
    { title: 'memory of the renderer after scrolling, collected', values: [scrolled / 1e6], unit: 'MB', aim: 300 },
  ];
}

/** Run in the page: the matrix's code was loaded ahead, and nothing has come for a second. */
function hasComeToRest(): boolean {
  const loaded = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  const last = Math.max(...loaded.map(({ responseEnd }) => responseEnd));
  return loaded.some(({ name }) => name.includes('/MatrixView-')) && performance.now() - last > 1000;
}

async function openTimes(page: Page): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < opens; round += 1) {
    times.push(await page.evaluate(openMatrix));
    if (round < opens - 1) {
      await page.evaluate(() => document.querySelector<HTMLElement>('input[type=radio][value=cards]')?.click());
      await page.getByRole('grid', { name: 'Version matrix' }).waitFor({ state: 'detached' });
    }
  }
  return times;
}

/** Run in the page: milliseconds from the click until the frame with the first cells is painted. */
function openMatrix(): Promise<number> {
  const startedAt = performance.now();
  document.querySelector<HTMLElement>('input[type=radio][value=matrix]')?.click();
  return new Promise((resolve) => {
    const look = (): void => {
      if (document.querySelector('[role=grid] [role=gridcell][data-tone=ok]') === null) requestAnimationFrame(look);
      else requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - startedAt)));
    };
    look();
  });
}

interface Scrolled {
  /** Milliseconds of each. */
  readonly frames: readonly number[];
  /** Milliseconds of processor time that the page's own thread had for one of them. */
  readonly workMs: number;
}

async function scrollAbout(page: Page, work: Work): Promise<Scrolled> {
  const before = await work.ms();
  const times = await page.evaluate(scrollIn, { count: frames, ...pixels });
  return { frames: times, workMs: ((await work.ms()) - before) / frames };
}

/** Run in the page: milliseconds of each frame. */
function scrollIn({ count, down, right }: { count: number; down: number; right: number }): Promise<number[]> {
  const grid = document.querySelector<HTMLElement>('[role=grid]');
  if (grid === null) throw new Error('There is no grid.');
  grid.scrollTo(0, 0);
  return new Promise((resolve) => {
    const times: number[] = [];
    let before = performance.now();
    const next = (now: number): void => {
      times.push(now - before);
      before = now;
      if (times.length > count) {
        resolve(times.slice(1));
        return;
      }
      grid.scrollBy(right, down);
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
}

/** Bytes of its process; of what it shares with others its share (Linux, `smaps_rollup`). */
async function rendererMemory(page: Page): Promise<number> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('The page is in no browser.');
  // Garbage of the screens before is not the matrix's.
  const own = await page.context().newCDPSession(page);
  await own.send('HeapProfiler.collectGarbage');
  await own.detach();
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  const sizes = await Promise.all(renderers.map(({ id }) => readFile(`/proc/${id}/smaps_rollup`, 'utf8')));
  return Math.max(...sizes.map((text) => Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1]) * 1024));
}
