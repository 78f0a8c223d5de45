import { beforeEach, describe, expect, test, vi } from 'vitest';
import { followUpdates, type Updater } from '../../electron/shell/updates.ts';
import * as electron from './electronStandIn.ts';

vi.mock('electron', () => import('./electronStandIn.ts'));

beforeEach(() => electron.forgetAll());

type Downloaded = (update: { version: string }) => void;

/** electron-updater's part; nothing is fetched. */
class FeedStandIn implements Updater {
  autoDownload = false;
  autoInstallOnAppQuit = true;
  readonly said: string[] = [];
  #downloaded: Downloaded = () => {};
  setFeedURL = ({ url }: { url: string }): void => void this.said.push(`feed ${url}`);
  checkForUpdates = async (): Promise<void> => void this.said.push('look');
  quitAndInstall = (): void => void this.said.push('install');
  on(event: 'update-downloaded' | 'error', listener: Downloaded | ((error: Error) => void)): void {
    if (event === 'update-downloaded') this.#downloaded = listener as Downloaded;
  }
  download(version: string): void {
    this.#downloaded({ version });
  }
}

function following(address: string | null) {
  const feed = new FeedStandIn();
  const state = { address, running: false, loaded: 0, install: null as (() => void) | null };
  let next = Promise.withResolvers<string | null>();
  const ended = followUpdates({
    load: async () => {
      state.loaded += 1;
      return feed;
    },
    address: async () => state.address,
    isRunning: () => state.running,
    atEnd: (install) => {
      state.install = install;
    },
    changes: (async function* () {
      for (;;) {
        const kind = await next.promise;
        next = Promise.withResolvers();
        if (kind === null) return;
        yield { kind };
      }
    })(),
  });
  return {
    feed,
    state,
    tell: (kind: string): void => next.resolve(kind),
    async end() {
      next.resolve(null);
      await ended;
    },
  };
}

const questions = (): number => electron.callsOf('dialog.showMessageBox').length;

describe('updates', () => {
  test('are neither loaded nor asked for without an address, and begin when one is set', async () => {
    const { feed, state, tell, end } = following(null);
    tell('settings');
    await vi.waitFor(() => expect(state.install).toBeNull());
    expect(state.loaded).toBe(0);
    state.address = 'https://updates.example.org/lockkeeper';
    tell('settings');
    await vi.waitFor(() => expect(feed.said).toEqual(['feed https://updates.example.org/lockkeeper', 'look']));
    expect([feed.autoDownload, feed.autoInstallOnAppQuit]).toEqual([true, false]);
    await end();
  });

  test('that are ready wait until no run goes on, are asked about, and are left to the end of everything', async () => {
    const { feed, state, tell, end } = following('https://updates.example.org');
    await vi.waitFor(() => expect(feed.said).toContain('look'));
    state.running = true;
    feed.download('2.0.0');
    tell('runs');
    expect(questions()).toBe(0);
    state.running = false;
    electron.answers.push({ response: 1 });
    tell('runs');
    await vi.waitFor(() => expect(electron.calls.at(-1)?.name).toBe('quit'));
    expect(electron.callsOf('dialog.showMessageBox')).toMatchObject([
      [{ message: 'Lockkeeper 2.0.0 is ready to be installed.', defaultId: 0 }],
    ]);
    expect(feed.said).not.toContain('install');
    state.install?.();
    expect(feed.said.at(-1)).toBe('install');
    await end();
  });

  test('that nobody wants now are not installed', async () => {
    const { feed, state, end } = following('https://updates.example.org');
    await vi.waitFor(() => expect(feed.said).toContain('look'));
    electron.answers.push({ response: 0 });
    feed.download('2.0.0');
    await vi.waitFor(() => expect(questions()).toBe(1));
    await end();
    expect(state.install).toBeNull();
    expect(electron.calls.map(({ name }) => name)).not.toContain('quit');
  });

  test('that were switched off meanwhile are not offered any more', async () => {
    const { feed, state, tell, end } = following('https://updates.example.org');
    await vi.waitFor(() => expect(feed.said).toContain('look'));
    state.address = null;
    tell('settings');
    await vi.waitFor(() => expect(state.install).toBeNull());
    await end();
    feed.download('2.0.0');
    expect(questions()).toBe(0);
  });
});
