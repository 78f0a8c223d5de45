import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { openRendererFiles } from '../../electron/http/rendererFiles.ts';
import { serveAppScheme } from '../../electron/shell/appProtocol.ts';
import { confineDownloads, denyPermissions, lockDownPages } from '../../electron/shell/lockDown.ts';
import { setMenu } from '../../electron/shell/menu.ts';
import { openExternal } from '../../electron/shell/openExternal.ts';
import { pickFolder } from '../../electron/shell/pickFolder.ts';
import { followTheme } from '../../electron/shell/theme.ts';
import { openWindow } from '../../electron/shell/window.ts';
import { commands } from '../../shared/commands.ts';
import * as electron from './electronStandIn.ts';

vi.mock('electron', () => import('./electronStandIn.ts'));

beforeEach(() => electron.forgetAll());

describe('against a stand-in of electron: proves calls, not the sandbox', () => {
  describe('the window', () => {
    test('its page is sandboxed, isolated, without Node, and loaded from our own origin', () => {
      openWindow('/app/preload.cjs');
      expect(electron.BrowserWindow.windows[0]?.options).toMatchObject({
        show: false,
        backgroundColor: '#0f1216',
        webPreferences: {
          preload: '/app/preload.cjs',
          sandbox: true,
          contextIsolation: true,
          nodeIntegration: false,
          nodeIntegrationInWorker: false,
          nodeIntegrationInSubFrames: false,
          webSecurity: true,
          allowRunningInsecureContent: false,
          experimentalFeatures: false,
          webviewTag: false,
        },
      });
      expect(electron.callsOf('window.loadURL')).toEqual([['app://lockkeeper/']]);
      expect(electron.callsOf('window.show')).toEqual([]);
      electron.BrowserWindow.windows[0]?.emit('ready-to-show');
      expect(electron.callsOf('window.show')).toHaveLength(1);
    });

    test.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
      '%s is prevented',
      (name) => {
        lockDownPages();
        openWindow('/app/preload.cjs');
        const event = electron.preventable();
        electron.BrowserWindow.windows[0]?.webContents.emit(name, event);
        expect(event.defaultPrevented).toBe(true);
      },
    );

    test('no page opens a window; a plain https address goes to the browser', () => {
      lockDownPages();
      openWindow('/app/preload.cjs');
      const [[handler] = []] = electron.callsOf('webContents.setWindowOpenHandler');
      const open = z
        .function({ input: [z.object({ url: z.string() })], output: z.object({ action: z.string() }) })
        .implement(handler as never);
      expect(open({ url: 'https://example.org/a' })).toEqual({ action: 'deny' });
      expect(open({ url: 'file:///etc/passwd' })).toEqual({ action: 'deny' });
      expect(electron.callsOf('shell.openExternal')).toEqual([['https://example.org/a']]);
    });
  });

  test.each([
    'http://example.org',
    'file:///bin/sh',
    'ms-msdt:/id',
    'javascript:alert(1)',
    'https://user:secret@example.org',
    'https//x',
    '',
  ])('the address “%s” is not opened', (address) => {
    openExternal(address);
    expect(electron.callsOf('shell.openExternal')).toEqual([]);
  });

  test('only writing to the clipboard is granted', () => {
    const granted: string[] = [];
    const asked = [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'clipboard-sanitized-write',
      'openExternal',
      'fileSystem',
      'hid',
      'serial',
      'usb',
      'unknown',
    ];
    denyPermissions({
      setPermissionRequestHandler: (
        handler: (contents: null, permission: string, answer: (yes: boolean) => void) => void,
      ) =>
        asked.forEach((permission) => {
          handler(null, permission, (yes) => yes && granted.push(`request ${permission}`));
        }),
      setPermissionCheckHandler: (handler: (contents: null, permission: string) => boolean) =>
        asked.forEach((permission) => {
          if (handler(null, permission)) granted.push(`check ${permission}`);
        }),
      setDevicePermissionHandler: (handler: () => boolean) => handler() && granted.push('device'),
    } as never);
    expect(granted).toEqual(['request clipboard-sanitized-write', 'check clipboard-sanitized-write']);
  });

  test.each([
    ['blob:app://lockkeeper/0b1c', false],
    ['https://example.org/a.exe', true],
    ['blob:https://example.org/0b1c', true],
    ['app://lockkeeper/index.html', true],
    ['data:text/html,x', true],
  ])('a download of %s is prevented: %s', (url, prevented) => {
    confineDownloads(electron.session.defaultSession as never);
    const event = electron.preventable();
    electron.session.defaultSession.emit('will-download', event, { getURL: () => url });
    expect(event.defaultPrevented).toBe(prevented);
  });

  describe('the scheme app:', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lockkeeper-shell-'));
      await writeFile(join(folder, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">');
      serveAppScheme(openRendererFiles(folder));
    });
    afterEach(() => rm(folder, { recursive: true }));

    const get = (url: string, method = 'GET'): Promise<Response> =>
      electron.protocolHandlers.get('app')?.({ url, method } as Request) ?? expect.fail('no handler');

    test.each(['app://lockkeeper/', 'app://lockkeeper/index.html?x#/environments'])(
      '%s has the policy with its nonce',
      async (url) => {
        const response = await get(url);
        const nonce = /content="([^"]+)"/.exec(await response.text())?.[1];
        expect(response.headers.get('content-security-policy')).toContain(`style-src 'self' 'nonce-${nonce}'`);
        expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      },
    );

    test.each([
      'app://evil/',
      'app://lockkeeper.evil/',
      'app://lockkeeper/../../etc/passwd',
      'app://lockkeeper/%2e%2e/secret',
      'file:///etc/passwd',
    ])('%s is not found', async (url) => {
      expect((await get(url)).status).toBe(404);
    });

    test('nothing is posted to it', async () => {
      expect((await get('app://lockkeeper/', 'POST')).status).toBe(404);
    });
  });

  describe('the menu', () => {
    const menu = z.array(
      z.object({
        label: z.string().optional(),
        role: z.string().optional(),
        submenu: z.array(z.record(z.string(), z.unknown())).optional(),
      }),
    );
    const template = (platform: NodeJS.Platform) => {
      setMenu({ platform, packaged: true });
      return menu.parse(electron.callsOf('Menu.setApplicationMenu').at(-1)?.[0]);
    };

    test('has every command that names a menu, once', () => {
      const labels = template('linux')
        .flatMap(({ submenu = [] }) => submenu.map(({ label }) => label))
        .filter((label) => label !== undefined);
      expect(labels.sort()).toEqual(
        commands
          .filter((command) => 'menu' in command)
          .map(({ title }) => title)
          .sort(),
      );
    });

    test('tells the page which command was chosen', () => {
      openWindow('/app/preload.cjs');
      const refresh = template('linux')
        .flatMap(({ submenu = [] }) => submenu)
        .find(({ label }) => label === 'Refresh');
      z.function().parse(refresh?.['click'])();
      expect(electron.callsOf('webContents.send')).toEqual([['lockkeeper:command', 'view.refresh']]);
    });

    test('takes no key away from somebody who types', () => {
      const entries = template('darwin').flatMap(({ submenu = [] }) => submenu);
      const accelerators = entries.flatMap(({ accelerator }) => (accelerator === undefined ? [] : [accelerator]));
      expect(accelerators).toContain('CmdOrCtrl+K');
      expect(accelerators.filter((accelerator) => !/^(CmdOrCtrl\+.+|F\d+)$/.test(String(accelerator)))).toEqual([]);
      expect(
        entries.every(
          // What Electron itself does, as zooming, is no plain key.
          ({ accelerator, registerAccelerator, role }) =>
            accelerator === undefined || registerAccelerator === false || role !== undefined,
        ),
      ).toBe(true);
    });
  });

  test('the native theme follows the chosen one', async () => {
    let theme: 'dark' | 'light' = 'dark';
    await followTheme(
      () => Promise.resolve(theme),
      (async function* () {
        expect(electron.nativeTheme.themeSource).toBe('dark');
        theme = 'light';
        yield { kind: 'runs' };
        expect(electron.nativeTheme.themeSource).toBe('dark');
        yield { kind: 'settings' };
      })(),
    );
    expect(electron.nativeTheme.themeSource).toBe('light');
  });

  test('a folder is picked or not', async () => {
    electron.answers.push({ filePaths: ['/srv/migrations'] });
    expect(await pickFolder()).toBe('/srv/migrations');
    expect(await pickFolder()).toBeNull();
  });
});
