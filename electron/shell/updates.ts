/**
 * Updates of the installed application, from an address that the settings name: none is asked for without one, and none is
 * installed while a run goes on, here or in another process.
 */
import { app, dialog } from 'electron';
import { report } from '../rpc/report.ts';

/** What this needs of electron-updater's `autoUpdater`. */
export interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  setFeedURL(address: { provider: 'generic'; url: string }): void;
  checkForUpdates(): Promise<unknown>;
  /** Begins to install, and quits. */
  quitAndInstall(): void;
  on(event: 'update-downloaded', listener: (update: { readonly version: string }) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface UpdateOptions {
  /** Loaded only when there is an address. */
  readonly load: () => Promise<Updater>;
  /** Null: updates are switched off. */
  readonly address: () => Promise<string | null>;
  /** Something runs on a database, started by whichever program of this data directory. */
  readonly isRunning: () => boolean;
  /** Keeps what is to be called when everything was let go of and nothing runs; null: no longer. */
  readonly atEnd: (install: (() => void) | null) => void;
  readonly changes: AsyncIterable<{ readonly kind: string }>;
}

/** Milliseconds between two looks: a day. */
const every = 86_400_000;

/** Ends with `changes`. */
export async function followUpdates({ load, address, isRunning, atEnd, changes }: UpdateOptions): Promise<void> {
  let updater: Updater | null = null;
  let current: string | null = null;
  let ready: string | null = null;

  async function look(): Promise<void> {
    current = await address();
    if (current === null) {
      ready = null;
      atEnd(null);
      return;
    }
    updater ??= prepare(await load(), (version) => {
      if (current === null) return;
      ready = version;
      offer();
    });
    updater.setFeedURL({ provider: 'generic', url: current });
    await updater.checkForUpdates();
  }

  /** Asked once, when nothing runs. */
  function offer(): void {
    if (ready === null || isRunning()) return;
    const version = ready;
    ready = null;
    ask(version)
      .then((wanted) => {
        if (!wanted || current === null) return;
        atEnd(() => updater?.quitAndInstall());
        app.quit();
      })
      .catch(report);
  }

  const again = setInterval(() => void look().catch(report), every);
  await look().catch(report);
  for await (const { kind } of changes) {
    if (kind === 'settings' && (await address()) !== current) await look().catch(report);
    if (kind === 'runs') offer();
  }
  clearInterval(again);
}

function prepare(updater: Updater, downloaded: (version: string) => void): Updater {
  updater.autoDownload = true;
  updater.autoInstallOnAppQuit = false;
  updater.on('update-downloaded', ({ version }) => downloaded(version));
  updater.on('error', report);
  return updater;
}

async function ask(version: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'info',
    message: `Lockkeeper ${version} is ready to be installed.`,
    detail: 'Lockkeeper ends for it and starts again. Environments, runs and backups stay as they are.',
    buttons: ['Later', 'Install now'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}
