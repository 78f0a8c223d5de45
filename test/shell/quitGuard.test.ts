import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ActiveRuns } from '../../electron/rpc/activeRuns.ts';
import { stayAwakeDuringRuns } from '../../electron/shell/powerSaving.ts';
import { guardQuit } from '../../electron/shell/quitGuard.ts';
import { openWindow } from '../../electron/shell/window.ts';
import type { Run } from '../../shared/model/run.ts';
import * as electron from './electronStandIn.ts';

vi.mock('electron', () => import('./electronStandIn.ts'));

beforeEach(() => electron.forgetAll());

const run = (id: string): Run => ({
  id,
  action: 'up',
  environment: 'acme',
  environmentId: null,
  actor: 'a',
  host: 'h',
  reason: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: null,
  outcome: null,
  phase: 'migrate',
  finishedPhases: [],
  steps: [],
  backup: null,
  backupProgress: null,
  restore: null,
  restoreProgress: null,
  waitingForLock: null,
  blockers: [],
  serverProgress: null,
  lockRetry: null,
  cancelRequested: false,
  warnings: [],
  problem: null,
  next: [],
  seq: 0,
});

/** Runs that end when they are cancelled, as a safe cancel does, and say so to who watches. */
function someRuns(
  ...ids: string[]
): ActiveRuns & { readonly cancelled: string[]; start(id: string): void; finish(id: string): void } {
  const live = new Map(ids.map((id) => [id, Promise.withResolvers<void>()]));
  const cancelled: string[] = [];
  const finish = (id: string): void => {
    live.get(id)?.resolve();
    live.delete(id);
  };
  return {
    cancelled,
    start: (id) => void live.set(id, Promise.withResolvers<void>()),
    finish,
    active: () => [...live.keys()].map(run),
    cancel(id) {
      cancelled.push(id);
      setImmediate(() => finish(id));
      return true;
    },
    async *watch(id) {
      yield 'cancelRequested';
      await live.get(id)?.promise;
    },
  };
}

describe('against a stand-in of electron: proves calls, not the sandbox', () => {
  describe('quitting', () => {
    const keepRunning = { response: 0 };
    const cancelAndQuit = { response: 1 };
    const quitCalls = (): string[] => electron.calls.map(({ name }) => name).filter((name) => name.startsWith('quit'));

    test('without a run asks nothing and closes the backend first', async () => {
      const close = vi.fn(() => Promise.resolve());
      guardQuit(someRuns(), close);
      electron.app.quit();
      await vi.waitFor(() => expect(quitCalls()).toEqual(['quit prevented', 'quit']));
      expect(close).toHaveBeenCalledTimes(1);
      expect(electron.callsOf('dialog.showMessageBox')).toEqual([]);
    });

    test('during a run asks; “Keep running” keeps everything', async () => {
      const runs = someRuns('r1');
      const close = vi.fn(() => Promise.resolve());
      guardQuit(runs, close);
      electron.answers.push(keepRunning);
      electron.app.quit();
      await vi.waitFor(() =>
        expect(electron.callsOf('dialog.showMessageBox')).toMatchObject([
          [
            {
              message: 'A run goes on: up on acme.',
              buttons: ['Keep running', 'Cancel safely and quit'],
              defaultId: 0,
              cancelId: 0,
            },
          ],
        ]),
      );
      await new Promise((resolve) => setImmediate(resolve));
      expect([runs.cancelled, close.mock.calls, quitCalls()]).toEqual([[], [], ['quit prevented']]);
    });

    test('“Cancel safely and quit” ends every run before the backend', async () => {
      const runs = someRuns('r1', 'r2');
      const close = vi.fn(async () => expect(runs.active()).toEqual([]));
      guardQuit(runs, close);
      electron.answers.push(cancelAndQuit);
      electron.app.quit();
      await vi.waitFor(() => expect(quitCalls()).toEqual(['quit prevented', 'quit']));
      expect(runs.cancelled).toEqual(['r1', 'r2']);
      expect(close).toHaveResolved();
    });

    test('asks once, however often it is told to quit', async () => {
      guardQuit(someRuns('r1'), () => Promise.resolve());
      electron.answers.push(cancelAndQuit);
      electron.app.quit();
      electron.app.quit();
      await vi.waitFor(() => expect(quitCalls()).toEqual(['quit prevented', 'quit prevented', 'quit']));
      expect(electron.callsOf('dialog.showMessageBox')).toHaveLength(1);
    });

    test.each([
      ['Linux and macOS', (event: electron.Preventable) => electron.powerMonitor.emit('shutdown', event)],
      ['Windows', (event: electron.Preventable) => electron.BrowserWindow.windows[0]?.emit('query-session-end', event)],
    ])(
      'the system’s end on %s waits for the safe place and asks nobody, even during a question',
      async (_system, endSession) => {
        const runs = someRuns('r1');
        const close = vi.fn(() => Promise.resolve());
        guardQuit(runs, close);
        openWindow('/app/preload.cjs');
        electron.answers.push(keepRunning);
        electron.app.quit();
        const event = electron.preventable();
        endSession(event);
        expect(event.defaultPrevented).toBe(true);
        await vi.waitFor(() => expect(quitCalls()).toEqual(['quit prevented', 'quit']));
        expect([runs.cancelled, close.mock.calls.length]).toEqual([['r1'], 1]);
      },
    );

    test('Windows may end its session at once when nothing goes on', () => {
      guardQuit(someRuns(), () => Promise.resolve());
      openWindow('/app/preload.cjs');
      const event = electron.preventable();
      electron.BrowserWindow.windows[0]?.emit('query-session-end', event);
      expect(event.defaultPrevented).toBe(false);
    });

    test('the last window stays until the question is answered', async () => {
      guardQuit(someRuns('r1'), () => Promise.resolve());
      openWindow('/app/preload.cjs');
      const event = electron.preventable();
      electron.BrowserWindow.windows[0]?.emit('close', event);
      expect(event.defaultPrevented).toBe(process.platform !== 'darwin');
    });
  });

  test('the computer stays awake while a run goes on, and only then', async () => {
    const runs = someRuns();
    const seen = (): string[] => electron.calls.map(({ name }) => name);
    await stayAwakeDuringRuns(
      runs,
      (async function* () {
        yield 'environments';
        expect(seen()).toEqual([]);
        runs.start('r1');
        yield 'runs';
        yield 'runs';
        expect(seen()).toEqual(['powerSaveBlocker.start']);
        runs.finish('r1');
        yield 'runs';
      })(),
    );
    expect(electron.calls).toEqual([
      { name: 'powerSaveBlocker.start', args: ['prevent-app-suspension'] },
      { name: 'powerSaveBlocker.stop', args: [7] },
    ]);
  });
});
