/** Typing while a run streams: a real migration of thousands of tiny steps, followed by its page in Chromium. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startApp } from '../e2e/app.ts';
import { type Client, clientOf } from '../e2e/client.ts';
import type { Figure } from './interface.ts';
import { writeMigrations } from './interfaceWorkspace.ts';

/** Each tells of its start, its one statement and its end. */
const steps = 6000;
/** A disk that must sync each step would make the run too slow to ask anything of the page. */
const memoryDisk = '/dev/shm';
/** Typed into the filter of the log and taken back, again and again. */
const word = 'applied';
/** Milliseconds between two keys: somebody who types fast. */
const keyEveryMs = 80;
/** Milliseconds: of what took less the browser tells nothing (Event Timing, `durationThreshold`). */
const shortestTold = 16;

export async function measureRun(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(existsSync(memoryDisk) ? memoryDisk : tmpdir(), 'lockkeeper-bench-'));
  try {
    const app = await startApp({ dataDirectory: join(folder, 'data') });
    try {
      return await measureTyping(app.page, await clientOf(app.page), folder);
    } finally {
      await app.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureTyping(page: Page, client: Client, folder: string): Promise<readonly Figure[]> {
  const run = await startRun(client, folder);
  await page.evaluate((id) => {
    window.location.hash = `#/runs/${id}`;
  }, run);
  const filter = page.getByRole('searchbox', { name: 'Filter log' });
  await filter.waitFor();
  await page.evaluate(watchInput, shortestTold);
  await filter.focus();
  const { seq } = await client.runs.get({ id: run });
  const startedAt = performance.now();
  const keys = await typeWhile(page, () => goesOn(client));
  const seconds = (performance.now() - startedAt) / 1000;
  const events = (await client.runs.get({ id: run })).seq - seq;
  const { told, longTasks } = await page.evaluate(() => window.benchInput);
  const quick = Array<number>(Math.max(0, keys - told.length)).fill(shortestTold);
  return [
    { title: 'events that the run streamed meanwhile', values: [events / seconds], unit: 'a second', aim: null },
    {
      title: `from a key in the log’s filter to the frame that shows it (${keys} keys)`,
      values: [...told, ...quick],
      unit: 'ms',
      aim: 100,
    },
    { title: 'the slowest of them', values: [Math.max(0, ...told)], unit: 'ms', aim: 100 },
    { title: 'tasks of more than 50 ms in the page', values: [longTasks / seconds], unit: 'a second', aim: null },
  ];
}

const goesOn = async (client: Client): Promise<boolean> =>
  (await client.runs.list({ environmentId: null, limit: 1 })).some(({ outcome }) => outcome === null);

/** @returns how many keys were pressed */
async function typeWhile(page: Page, condition: () => Promise<boolean>): Promise<number> {
  let keys = 0;
  while (await condition())
    for (const key of [...word, ...Array<string>(word.length).fill('Backspace')]) {
      await page.keyboard.press(key);
      keys += 1;
      await page.waitForTimeout(keyEveryMs);
    }
  return keys;
}

declare global {
  interface Window {
    benchInput: { told: readonly number[]; longTasks: number };
  }
}

/** Run in the page: of each key the longest of its events, from when it was pressed to the end of the frame after it. */
function watchInput(durationThreshold: number): void {
  const byKey = new Map<number, number>();
  const seen: Window['benchInput'] = { told: [], longTasks: 0 };
  window.benchInput = seen;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry instanceof PerformanceEventTiming && entry.interactionId !== 0)
        byKey.set(entry.interactionId, Math.max(entry.duration, byKey.get(entry.interactionId) ?? 0));
    seen.told = [...byKey.values()];
  }).observe({ type: 'event', ...{ durationThreshold } });
  new PerformanceObserver((list) => {
    seen.longTasks += list.getEntries().length;
  }).observe({ type: 'longtask' });
}

async function startRun(client: Client, folder: string): Promise<string> {
  const source = join(folder, 'migrations');
  await writeMigrations(source, steps);
  const file = join(folder, 'streaming.db');
  await writeFile(file, '');
  const { id: environmentId } = await client.environments.add({
    ...{ name: 'streaming', tier: 'development', colour: 'grey', group: '', secret: null },
    connection: { engine: 'sqlite', file },
    source: { path: source, tool: 'dbmate' },
  });
  const target = { direction: 'up' } as const;
  const { fingerprint } = await client.migrations.plan({ environmentId, target });
  const answers = { backup: false, confirm: null, reason: null, accept: [], continueOnError: false };
  return (await client.runs.start({ environmentId, target, fingerprint, ...answers })).run;
}
