/** A page that died or hangs. Runs are the main process's own: they go on, and a page shown again finds them as they are. */
import { app, type BrowserWindow, dialog } from 'electron';
import { report } from '../rpc/report.ts';

/** What Node tells of errors that nobody caught. */
type Faults = Pick<NodeJS.EventEmitter, 'on'>;

/** Call it before the first window is opened. */
export function surviveCrashes(faults: Faults = process): void {
  // A run that goes on must come to its end: Electron's own dialog would hold it up, and ending would tear it apart.
  faults.on('uncaughtException', (error: unknown) => {
    report(error);
    tellOfFault().catch(report);
  });
  faults.on('unhandledRejection', report);
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

let faultTold = false;

/** Once: what follows is in the log. */
async function tellOfFault(): Promise<void> {
  if (faultTold) return;
  faultTold = true;
  await dialog.showMessageBox({
    type: 'warning',
    message: 'Lockkeeper met an error of its own.',
    detail:
      'Runs go on. When none does, save a support bundle from the Help menu, then quit and start Lockkeeper again: it then says how each run ended.',
    noLink: true,
  });
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
