import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ensureBuilt } from '../e2e/built.ts';

// One stand-in for all tests, while the main process itself is loaded anew for each.
const electron = await vi.hoisted(() => import('./electronStandIn.ts'));
vi.mock('electron', () => electron);

let folder: string;

beforeEach(async () => {
  await ensureBuilt();
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-main-'));
  vi.stubEnv('LOCKKEEPER_HOME', folder);
  vi.resetModules();
  electron.forgetAll();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const names = (): string[] => electron.calls.map(({ name }) => name);

describe('the main process, against a stand-in of electron: proves calls, not the sandbox', () => {
  test('protects before it opens the window, focuses it for a second start, and quits with its backend closed', async () => {
    electron.app.hasInstanceLock = true;
    await import('../../electron/main.ts');
    await vi.waitFor(() => expect(names()).toContain('window.loadURL'));
    expect(electron.callsOf('app.setPath')).toEqual([['userData', join(folder, 'window')]]);
    expect(electron.callsOf('protocol.registerSchemesAsPrivileged')).toMatchObject([
      [[{ scheme: 'app', privileges: { standard: true, secure: true } }]],
    ]);
    const order = ['session.setPermissionRequestHandler', 'webContents.setWindowOpenHandler', 'window.loadURL'].map(
      (name) => names().indexOf(name),
    );
    expect(order.every((place, index) => place >= 0 && place > (order[index - 1] ?? -1))).toBe(true);

    expect([
      electron.app.listenerCount('child-process-gone'),
      electron.powerMonitor.listenerCount('shutdown'),
      electron.BrowserWindow.windows[0]?.webContents.listenerCount('render-process-gone'),
    ]).toEqual([1, 1, 1]);

    electron.app.emit('second-instance', {}, ['lockkeeper-desktop']);
    expect(names().slice(-2)).toEqual(['window.restore', 'window.focus']);

    electron.app.emit('open-file', electron.preventable(), '/media/a.lkb');
    expect(electron.callsOf('webContents.send')).toEqual([['lockkeeper:show', '#/bundles?file=%2Fmedia%2Fa.lkb']]);

    electron.app.quit();
    await vi.waitFor(() => expect(names().at(-1)).toBe('quit'));
  });

  test('a second instance leaves at once and opens nothing', async () => {
    electron.app.hasInstanceLock = false;
    await import('../../electron/main.ts');
    expect(names()).toEqual(['app.setPath', 'quit']);
  });
});
