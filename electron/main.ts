/** The window's life: one instance, the backend behind it, and an end that waits for runs. */
import { join } from 'node:path';
import { call } from '@orpc/server';
import { app, BrowserWindow, dialog, session } from 'electron';
import { problemFrom } from '../shared/problem.ts';
import { type Backend, compose } from './compose.ts';
import { openRendererFiles, rendererFolder } from './http/rendererFiles.ts';
import { report } from './rpc/report.ts';
import type { Router } from './rpc/router.ts';
import { registerAppScheme, serveAppScheme } from './shell/appProtocol.ts';
import { channels } from './shell/channels.ts';
import { surviveCrashes } from './shell/crashes.ts';
import { linkScheme } from './shell/deepLink.ts';
import { confineDownloads, denyPermissions, lockDownPages } from './shell/lockDown.ts';
import { setMenu } from './shell/menu.ts';
import { tellOfOpened } from './shell/openedFiles.ts';
import { pickFolder } from './shell/pickFolder.ts';
import { handOverPorts } from './shell/portHandOver.ts';
import { stayAwakeDuringRuns } from './shell/powerSaving.ts';
import { guardQuit } from './shell/quitGuard.ts';
import { tellOfRuns } from './shell/runNotices.ts';
import { followTheme } from './shell/theme.ts';
import { followUpdates } from './shell/updates.ts';
import { openWindow } from './shell/window.ts';
import { dataDirectory } from './workspace/dataDirectory.ts';

const preload = join(import.meta.dirname, 'preload.cjs');

// Chromium's own files lie inside the data directory, so that each workspace has its one instance.
app.setPath('userData', join(dataDirectory(), 'window'));
// Windows shows notices only of who names itself as its shortcut does (appId in electron-builder.yml).
if (process.platform === 'win32') app.setAppUserModelId('org.lockkeeper.desktop');
// A packaged application cannot run scripts itself: its workers run on the Node program beside it.
if (app.isPackaged)
  process.env['LOCKKEEPER_NODE'] = join(process.resourcesPath, process.platform === 'win32' ? 'node.exe' : 'node');
/** Asked for before there was a window. */
let firstScreen = '';

if (app.requestSingleInstanceLock()) {
  registerAppScheme();
  lockDownPages();
  surviveCrashes();
  tellOfOpened(showScreen);
  app.whenReady().then(start).catch(failToStart);
} else {
  app.quit();
}

async function start(): Promise<void> {
  const backend = await compose({ shell: 'electron', pickFolder });
  await backend.beforeOpening();
  serveAppScheme(openRendererFiles(rendererFolder));
  denyPermissions(session.defaultSession);
  confineDownloads(session.defaultSession);
  const router = await backend.router();
  handOverPorts(router);
  follow(backend, router);
  setMenu({ platform: process.platform, packaged: app.isPackaged });
  // Elsewhere the installed application is known for its links by its own files (electron-builder.yml).
  if (app.isPackaged && process.platform === 'win32') app.setAsDefaultProtocolClient(linkScheme);
  app.on('second-instance', focusWindow);
  app.on('activate', focusWindow);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  openWindow(preload, firstScreen);
  backend.afterOpening().catch(report);
}

function follow({ context, close }: Backend, router: Router): void {
  const following = new AbortController();
  const changes = () => context.changes.watch(following.signal);
  /** Here or in another process of this data directory. */
  const isRunning = () => context.workspace.runs.unfinished().length > 0;
  let install: (() => void) | null = null;
  followTheme(async () => (await call(router.settings.get, undefined)).theme, changes()).catch(report);
  stayAwakeDuringRuns(context.runs, changes()).catch(report);
  tellOfRuns(context.runs, changes(), focusWindow).catch(report);
  if (app.isPackaged)
    followUpdates({
      // A CommonJS package, whose names an import of ours cannot see.
      load: async () => (await import('electron-updater')).default.autoUpdater,
      address: async () => (await call(router.settings.get, undefined)).updateAddress,
      isRunning,
      atEnd: (wanted) => {
        install = wanted;
      },
      changes: changes(),
    }).catch(report);
  guardQuit(context.runs, async () => {
    following.abort();
    const mayInstall = !isRunning();
    await close();
    if (mayInstall) install?.();
  });
}

/** The first window is opened by `start`, with what was asked for until then. */
function showScreen(fragment: string): void {
  const [window] = BrowserWindow.getAllWindows();
  firstScreen = fragment;
  window?.webContents.send(channels.show, fragment);
}

function focusWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) {
    openWindow(preload);
    return;
  }
  if (window.isMinimized()) window.restore();
  window.focus();
}

function failToStart(thrown: unknown): void {
  report(thrown);
  const { message, hint, serverMessage } = problemFrom(thrown);
  dialog.showErrorBox(message, [hint, serverMessage].join('\n'));
  app.exit(1);
}
