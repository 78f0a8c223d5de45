/**
 * The main screens look as they did when somebody last looked at them. `UPDATE=pictures` keeps what is there now; a test
 * that fails leaves its picture beside the kept one, as `… now.png`.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { skipBecause } from '../setup/skip.ts';
import { type App, launchBrowser, startApp } from './app.ts';
import { show, sizes } from './appearances.ts';
import { differingCells, type Picture, readPicture, takePicture } from './pictures.ts';
import { allScreens } from './screens.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

const folder = join(import.meta.dirname, 'pictures');
const updates = process.env['UPDATE'] === 'pictures';
/** Of 16,000; times and durations are others in every run, which changes about forty at most. A filled button has about seventy. */
const mostCells = 90;
/** What draws them: another font or another browser makes other pictures, which tell nothing. */
const drawnWith = join(folder, 'drawnWith.txt');

const main = new Set([
  ...['first run', 'environments', 'matrix', 'plan', 'all migrations', 'attention', 'versions'],
  ...['backups of an environment', 'migration', 'before a run', 'run that failed', 'run that succeeded'],
  ...['restore', 'bundles', 'settings', 'fleet before it starts', 'fleet that stopped'],
]);

let app: App;
let workplace: Workplace;
let browser: Browser;
let canvas: Page;
beforeAll(async () => {
  browser = await launchBrowser();
  app = await startApp({ context: { locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' } });
  workplace = await makeWorkplace();
  // In a window of its own: a page behind another one is drawn once a second.
  canvas = await browser.newPage();
});
afterAll(async () => {
  await app.close();
  await browser.close();
  await workplace[Symbol.asyncDispose]();
});

test('a list that is gone and a colour that changed are noticed', async () => {
  const { page } = app;
  await page.setViewportSize(sizes.usual);
  const list = page.locator('nav').first();
  await list.waitFor();
  const before = await takePicture(page, canvas);
  await list.evaluate((element) => element.style.setProperty('visibility', 'hidden'));
  expect(differingCells(before, await takePicture(page, canvas))).toBeGreaterThan(mostCells);
  await list.evaluate((element) => element.style.removeProperty('visibility'));
  await page.evaluate(() => document.documentElement.style.setProperty('--surface', '#ffe0e0'));
  expect(differingCells(before, await takePicture(page, canvas))).toBeGreaterThan(mostCells);
  await page.reload();
});

test('the main screens look as before, light and dark', { timeout: 400_000 }, async (context) => {
  const { page } = app;
  const drawing = await drawingOf(page);
  if (updates) {
    await mkdir(folder, { recursive: true });
    await writeFile(drawnWith, `${JSON.stringify(drawing)}\n`);
  } else if ((await readFile(drawnWith, 'utf8')).trim() !== JSON.stringify(drawing))
    skipBecause(context, `the pictures were drawn with another font or browser than ${JSON.stringify(drawing)}`);
  const changed: string[] = [];
  const seen: string[] = [];
  for (const screen of await allScreens(page, workplace)) {
    await screen.open();
    if (main.has(screen.name)) {
      seen.push(screen.name);
      for (const colour of ['light', 'dark'] as const) {
        await show(page, colour);
        await page.setViewportSize(sizes.usual);
        const cells = await compare(`${screen.name} ${colour}`.replaceAll(' ', '-'));
        if (cells > mostCells) changed.push(`${screen.name}, ${colour}: ${cells} cells`);
      }
    }
    await screen.close?.();
  }
  expect(seen.sort()).toEqual([...main].sort());
  expect(changed).toEqual([]);
});

const drawingOf = async (page: Page) => ({
  chromium: browser.version().split('.')[0],
  widths: await page.evaluate(() =>
    ['sans', 'mono'].map((family) => {
      const words = document.createElement('span');
      words.className = family;
      words.textContent = 'Migrate 3 on acme-production, 2026-01-31 12:34';
      words.style.cssText = 'position: absolute; font-size: 100px; white-space: pre';
      document.body.append(words);
      const { width } = words.getBoundingClientRect();
      words.remove();
      return Math.round(width);
    }),
  ),
});

/** What still moves comes to rest; what stays another picture is kept beside the one it should be. */
async function compare(name: string): Promise<number> {
  const kept = join(folder, `${name}.png`);
  const now = join(folder, `${name} now.png`);
  if (updates || !existsSync(kept)) {
    await writeFile(kept, (await takePicture(app.page, canvas)).png);
    return updates ? 0 : Number.POSITIVE_INFINITY;
  }
  const expected = await readPicture(canvas, await readFile(kept));
  let picture: Picture = expected;
  const look = async (): Promise<number> => {
    picture = await takePicture(app.page, canvas);
    return differingCells(expected, picture);
  };
  const cells = await expect
    .poll(look, { timeout: 5_000, interval: 250 })
    .toBeLessThanOrEqual(mostCells)
    .then(
      () => 0,
      () => look(),
    );
  if (cells > mostCells) await writeFile(now, picture.png);
  else await rm(now, { force: true });
  return cells;
}
