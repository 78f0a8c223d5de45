import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WatchedRuns } from '../../electron/rpc/activeRuns.ts';
import { fractionDone, tellOfRuns } from '../../electron/shell/runNotices.ts';
import { openWindow } from '../../electron/shell/window.ts';
import { reduceRun } from '../../shared/model/reduceRun.ts';
import type { PlannedStep, Run, RunEvent, RunOutcome, RunRecord } from '../../shared/model/run.ts';
import * as electron from './electronStandIn.ts';

vi.mock('electron', () => import('./electronStandIn.ts'));

beforeEach(() => {
  electron.forgetAll();
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

const step = (index: number): PlannedStep => ({
  index,
  version: `1.${index}`,
  name: 'a',
  action: 'apply',
  statements: 4,
  transactional: true,
  estimateMs: null,
});
const started: RunEvent = {
  type: 'runStarted',
  origin: {
    id: 'r1',
    action: 'up',
    environment: 'acme',
    environmentId: null,
    actor: 'anna',
    host: 'here',
    reason: null,
  },
  steps: [step(0), step(1)],
};
const records = (events: readonly RunEvent[]): RunRecord[] =>
  events.map((event, seq) => ({ ...event, seq, at: '2026-01-01T00:00:00.000Z' }));
const reduced = (events: readonly RunEvent[]): Run =>
  records(events).reduce<Run | null>(reduceRun, null) ?? expect.fail('no events');
const finished = (outcome: RunOutcome): RunEvent => ({ type: 'runFinished', outcome, problem: null, next: [] });

/** One run, told event by event; `between` after each. */
async function tell(events: readonly RunEvent[], show: () => void, between: (type: string) => void = () => {}) {
  const closed = Promise.withResolvers<void>();
  const runs: WatchedRuns = {
    active: () => [reduced([started])],
    async *watch() {
      for (const record of records(events)) {
        yield record;
        between(record.type);
      }
      closed.resolve();
    },
  };
  await tellOfRuns(
    runs,
    (async function* () {
      yield 'runs';
      await closed.promise;
    })(),
    show,
  );
}

const bars = (): unknown[] => electron.callsOf('window.setProgressBar').map(([bar]) => bar);
const notices = (): string[] => electron.Notification.shown.map(({ options }) => `${options.title}. ${options.body}`);

test('the bar follows the migrations and goes with the run', async () => {
  openWindow('/app/preload.cjs');
  await tell(
    [
      started,
      { type: 'phaseStarted', phase: 'migrate' },
      { type: 'stepStarted', step: 0 },
      { type: 'statementProgress', step: 0, done: 2, total: 4, line: 1, verb: 'CREATE' },
      { type: 'stepFinished', step: 0, outcome: 'succeeded', durationMs: 1, statements: 4, problem: null },
      finished('succeeded'),
    ],
    () => {},
  );
  expect(bars()).toEqual([2, 0, 0, 0.25, 0.5, 1, -1]);
});

test.each([
  ['nothing is known of a backup’s size', null, null],
  ['of one that grows beyond its estimate', 100, 1],
  ['of one half done', 300, 0.5],
])('%s', (_case, totalBytes, expected) => {
  const backup = reduced([
    started,
    { type: 'phaseStarted', phase: 'backup' },
    { type: 'backupProgress', bytes: 150, totalBytes, current: null },
  ]);
  expect(fractionDone(backup)).toBe(expected);
});

test.each<[RunOutcome, readonly string[]]>([
  ['succeeded', ['acme: up succeeded. Everything went as planned.']],
  ['failed', ['acme: up failed. Everything is locked.']],
  ['cancelled', []],
])('who looks elsewhere is told that a run %s', async (outcome, expected) => {
  openWindow('/app/preload.cjs');
  electron.BrowserWindow.focused = false;
  const show = vi.fn();
  const problem =
    outcome === 'failed'
      ? ({ code: 'connect.lost', message: 'Everything is locked.', hint: '', state: '' } as const)
      : null;
  await tell([started, { type: 'runFinished', outcome, problem, next: [] }], show);
  expect(notices()).toEqual(expected);
  electron.Notification.shown[0]?.emit('click');
  expect(show).toHaveBeenCalledTimes(expected.length);
});

test('nobody is told of what they see', async () => {
  openWindow('/app/preload.cjs');
  await tell([started, finished('failed')], () => {});
  expect(notices()).toEqual([]);
});

test.each([
  [29_000, []],
  [31_000, ['acme waits. boris holds its lock for 30 seconds now.']],
])('a run that waits %i ms for a lock', async (waited, expected) => {
  electron.BrowserWindow.focused = false;
  const holder = { person: 'boris', host: 'there', process: null, since: null, alive: true };
  await tell(
    [
      started,
      { type: 'lockWaiting', holder },
      { type: 'lockWaiting', holder },
      { type: 'phaseStarted', phase: 'migrate' },
      finished('cancelled'),
    ],
    () => {},
    (type) => type === 'lockWaiting' && vi.advanceTimersByTime(waited / 2),
  );
  vi.advanceTimersByTime(60_000);
  expect(notices()).toEqual(expected);
});

const blocker = {
  pid: 7,
  user: 'carla',
  application: null,
  query: null,
  ageMs: null,
  state: null,
  inferred: false,
} as const;

test.each([
  [29_000, []],
  [31_000, ['acme waits. carla and 1 more stands in the way for 30 seconds now.']],
])('a statement that somebody blocks for %i ms, while the server tells of its progress', async (waited, expected) => {
  electron.BrowserWindow.focused = false;
  await tell(
    [
      started,
      { type: 'phaseStarted', phase: 'migrate' },
      { type: 'stepStarted', step: 0 },
      { type: 'blocked', blockers: [blocker, { ...blocker, pid: 8 }] },
      { type: 'serverProgress', progress: null },
      { type: 'blocked', blockers: [] },
      finished('cancelled'),
    ],
    () => {},
    (type) => type === 'serverProgress' && vi.advanceTimersByTime(waited),
  );
  vi.advanceTimersByTime(60_000);
  expect(notices()).toEqual(expected);
});

test('the bar says by its mode that somebody is waited for', async () => {
  openWindow('/app/preload.cjs');
  await tell([started, { type: 'blocked', blockers: [blocker] }, finished('succeeded')], () => {});
  expect(electron.callsOf('window.setProgressBar').map(([, options]) => options)).toEqual([
    { mode: 'indeterminate' },
    { mode: 'paused' },
    { mode: 'normal' },
    { mode: 'none' },
  ]);
});
