/** A page that died or hangs. Runs are the main process's own: they go on, and a page shown again finds them as they are. */
import { app, type BrowserWindow, dialog } from 'electron';
import { report } from '../rpc/report.ts';

/** Call it before the first window is opened. */
export function surviveCrashes(): void {
  app.on('browser-window-created', (_event, window) => watch(window));
  // Graphics and network: Chromium starts them again by itself.
  app.on('child-process-gone', (_event, { type, reason, exitCode }) =>
    report(new Error(`Electron’s ${type} process ended: ${reason} (${exitCode}).`)),
  );
}

function watch(window: BrowserWindow): void {
  let endedByUs = false;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (endedByUs || reason === 'clean-exit') {
      endedByUs = false;
      return;
    }
    report(new Error(`The page’s process ended: ${reason} (${exitCode}).`));
    ask(window, 'The window’s page has ended unexpectedly.', ['Show it again', 'Quit'])
      .then((again) => (again ? window.webContents.reload() : app.quit()))
      .catch(report);
  });

  let patience: AbortController | null = null;
  window.on('unresponsive', () => {
    patience?.abort();
    patience = new AbortController();
    report(new Error('The page does not respond.'));
    ask(window, 'The window does not respond.', ['Wait', 'Load it again'], patience.signal)
      .then((wait) => {
        if (wait) return;
        // A page that hangs does not hear that it should reload.
        endedByUs = true;
        window.webContents.forcefullyCrashRenderer();
        window.webContents.reload();
      })
      .catch(report);
  });
  window.on('responsive', () => patience?.abort());
}

/** True: the first button. */
async function ask(
  window: BrowserWindow,
  message: string,
  buttons: [string, string],
  signal?: AbortSignal,
): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message,
    detail: 'Runs are not affected: they go on, and the window shows them as they are.',
    buttons,
    defaultId: 0,
    cancelId: 0,
    noLink: true,
    ...(signal === undefined ? {} : { signal }),
  });
  return response === 0;
}
