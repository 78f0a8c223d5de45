/** Tells of runs whoever looks elsewhere: progress in the taskbar, and a notice when one ends or waits too long. */
import { BrowserWindow, Notification } from 'electron';
import { reduceRun } from '../../shared/model/reduceRun.ts';
import type { Run, RunRecord } from '../../shared/model/run.ts';
import type { WatchedRuns } from '../rpc/activeRuns.ts';
import { report } from '../rpc/report.ts';

/** Milliseconds that a run waits for somebody else's lock before a person should know. */
const patience = 30_000;

/** Electron shows a bar without an end for what is above 1, and none for what is below 0. */
const indeterminate = 2;
const none = -1;

/** Ends with `changes`. `show` brings the window to the front. */
export async function tellOfRuns(runs: WatchedRuns, changes: AsyncIterable<unknown>, show: () => void): Promise<void> {
  const following = new Map<string, Run | null>();
  const ended = new AbortController();

  async function follow(id: string): Promise<void> {
    const wait = waitingNotice(show);
    try {
      for await (const record of runs.watch(id, 0, ended.signal)) {
        const run = reduceRun(following.get(id) ?? null, record);
        following.set(id, run);
        wait.see(record, run);
        showProgress([...following.values()]);
        if (record.type === 'runFinished') tellEnd(run, show);
      }
    } finally {
      wait.stop();
      following.delete(id);
      showProgress([...following.values()]);
    }
  }

  for await (const _change of changes) {
    for (const { id } of runs.active()) {
      if (following.has(id)) continue;
      following.set(id, null);
      follow(id).catch(report);
    }
  }
  ended.abort();
}

/** One notice for each wait: for the lock, or for who stands in the way of a statement. */
function waitingNotice(show: () => void) {
  let timer: NodeJS.Timeout | null = null;
  let waiting = '';
  const stop = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  return {
    stop,
    see({ type }: RunRecord, { environment, waitingForLock, blockers }: Run): void {
      const words =
        type === 'lockWaiting' ? lockWords(waitingForLock) : blockers.length > 0 ? blockedWords(blockers) : null;
      if (words === null) {
        stop();
        return;
      }
      waiting = words;
      timer ??= setTimeout(() => notify(`${environment} waits`, waiting, show), patience);
    },
  };
}

const seconds = patience / 1000;

const lockWords = (holder: Run['waitingForLock']): string =>
  `${holder?.person ?? 'Somebody else'} holds its lock for ${seconds} seconds now.`;

function blockedWords([first, ...others]: Run['blockers']): string {
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `${first?.user ?? 'Somebody else'}${more} stands in the way for ${seconds} seconds now.`;
}

/** What a person cancelled they know of. */
function tellEnd({ outcome, action, environment, problem }: Run, show: () => void): void {
  if (outcome === null || outcome === 'cancelled') return;
  notify(`${environment}: ${action} ${outcome}`, problem?.message ?? 'Everything went as planned.', show);
}

/** Nobody is told what they see. */
function notify(title: string, body: string, show: () => void): void {
  if (BrowserWindow.getFocusedWindow() !== null || !Notification.isSupported()) return;
  const notice = new Notification({ title, body });
  notice.on('click', show);
  notice.show();
}

function showProgress(runs: readonly (Run | null)[]): void {
  const fractions = runs.map((run) => (run === null ? null : fractionDone(run)));
  const [first] = fractions;
  const known = fractions.filter((fraction) => fraction !== null);
  const bar = first === undefined ? none : known.length < fractions.length ? indeterminate : Math.min(...known);
  const waits = runs.some((run) => run !== null && (run.waitingForLock !== null || run.blockers.length > 0));
  // Yellow on Windows: it goes on, and a person could help.
  const mode = bar === none ? 'none' : waits ? 'paused' : bar === indeterminate ? 'indeterminate' : 'normal';
  for (const window of BrowserWindow.getAllWindows()) window.setProgressBar(bar, { mode });
}

/** From 0 to 1, of the phase that takes the time; null: nobody knows. */
export function fractionDone({ outcome, phase, steps, backupProgress }: Run): number | null {
  if (outcome !== null) return 1;
  if (phase === 'backup') {
    const total = backupProgress?.totalBytes ?? null;
    return total === null || total === 0 ? null : Math.min((backupProgress?.bytes ?? 0) / total, 1);
  }
  if (phase !== 'migrate' || steps.length === 0) return null;
  const done = steps.reduce((sum, { state, done, statements }) => {
    if (state === 'finished') return sum + 1;
    return sum + (statements === 0 ? 0 : Math.min(done / statements, 1));
  }, 0);
  return done / steps.length;
}
