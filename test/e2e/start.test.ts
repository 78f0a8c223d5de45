import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { _electron } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasDisplay, installedProgram } from '../../electron/shell/electronProgram.ts';
import { skipBecause } from '../setup/skip.ts';
import { type App, launchBrowser, startApp, startServer } from './app.ts';
import { dist, ensureBuilt } from './built.ts';

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const heading = 'Which database shall Lockkeeper look after?';

test('without a display it says so in one line and prints the address', async () => {
  await expect
    .poll(() => app.lines)
    .toEqual([
      'No window, since there is no display: the same interface is served in the browser.',
      `Lockkeeper is at ${app.address}`,
      'The address opens once. Ctrl+C ends Lockkeeper.',
    ]);
  expect(app.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
});

test('the page opens under its policy, and the token is gone from the address', async () => {
  await app.page.getByText(heading).waitFor();
  expect(app.page.url()).not.toContain('token');
  expect(app.faults).toEqual([]);
});

test('a reload keeps the session', async () => {
  await app.page.reload();
  await app.page.getByText(heading).waitFor();
  expect(app.faults).toEqual([]);
});

test('the address lets nobody else in', async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(app.address);
    await page.getByRole('heading').first().waitFor();
    expect(await page.getByText(heading).count()).toBe(0);
  } finally {
    await browser.close();
  }
});

test('injected scripts and styles are refused', async () => {
  const ran = await app.page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.body.append(script);
    const style = document.createElement('style');
    style.textContent = 'body { outline-style: dashed !important }';
    document.head.append(style);
    return ['injected' in window, getComputedStyle(document.body).outlineStyle];
  });
  expect(ran).toEqual([false, 'none']);
});

test('Ctrl+C ends it cleanly, with a page open', async () => {
  const server = await startServer();
  try {
    const events = await fetch(server.address);
    expect(events.status).toBe(200);
    expect(await server.interrupt()).toBe(0);
    await expect(fetch(server.address)).rejects.toThrow();
  } finally {
    await server.close();
  }
});

test('Electron’s window shows the same interface, without Node in the page', async (context) => {
  const program = installedProgram(dirname(createRequire(import.meta.url).resolve('electron/package.json')));
  if (program === null) skipBecause(context, 'Electron’s program is not on this computer');
  if (!hasDisplay({ platform: process.platform, variables: process.env })) skipBecause(context, 'there is no display');
  await ensureBuilt();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'lockkeeper-window-'));
  const electron = await _electron.launch({
    executablePath: program,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), dirname(dist)],
    env: { ...process.env, LOCKKEEPER_HOME: dataDirectory, LOCKKEEPER_NODE: process.execPath },
  });
  try {
    const page = await electron.firstWindow();
    await page.getByText(heading).waitFor();
    expect(page.url()).toMatch(/^app:\/\/lockkeeper\//);
    expect(
      await page.evaluate(() => ['require' in globalThis, 'process' in globalThis, 'ipcRenderer' in globalThis]),
    ).toEqual([false, false, false]);
  } finally {
    await electron.close();
    await rm(dataDirectory, { recursive: true });
  }
});
