/** Quitting never tears a run apart: it is asked about, then cancelled where that is safe. */
import { app, BrowserWindow, dialog, powerMonitor } from 'electron';
import { type ActiveRuns, cancelSafely, nameRuns, unfinished } from '../rpc/activeRuns.ts';
import { report } from '../rpc/report.ts';

const keepRunning = 0;

/** @param close lets go of everything; called once, when no run goes on any more */
export function guardQuit(runs: ActiveRuns, close: () => Promise<void>): void {
  let state: 'open' | 'asking' | 'closing' | 'closed' = 'open';

  async function ask(): Promise<void> {
    state = 'asking';
    const agreed = await mayQuit(runs);
    // The system may have ended meanwhile, and asks nobody.
    if (state !== 'asking') return;
    state = 'open';
    if (agreed) await end();
  }

  async function end(): Promise<void> {
    if (state === 'closing' || state === 'closed') return;
    state = 'closing';
    // The application ends all the same.
    await cancelSafely(runs).then(close).catch(report);
    state = 'closed';
    app.quit();
  }

  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'open') void ask();
  });

  // Linux and macOS; Windows tells its windows.
  powerMonitor.on('shutdown', (event?: Preventable) => {
    event?.preventDefault();
    void end();
  });

  // The last window asks before it goes: afterwards nothing would show the run that was kept.
  app.on('browser-window-created', (_event, window) => {
    window.on('close', (event) => {
      if (state === 'closed' || process.platform === 'darwin' || BrowserWindow.getAllWindows().length > 1) return;
      event.preventDefault();
      app.quit();
    });
    window.on('query-session-end', (event) => {
      if (state === 'closed' || unfinished(runs).length === 0) return;
      event.preventDefault();
      void end();
    });
  });
}

/** Electron passes one, and its types do not say so (docs/api/power-monitor.md). */
interface Preventable {
  preventDefault(): void;
}

async function mayQuit(runs: ActiveRuns): Promise<boolean> {
  const live = unfinished(runs);
  if (live.length === 0) return true;
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: nameRuns(live),
    detail:
      'Cancelling stops at the next safe place: what is applied stays applied and recorded, what is not stays pending.',
    buttons: ['Keep running', 'Cancel safely and quit'],
    defaultId: keepRunning,
    cancelId: keepRunning,
    noLink: true,
  });
  return response !== keepRunning;
}
