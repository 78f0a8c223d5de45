/** Schedules by a clock that the tests set: claimed once, inside of change windows, never late by surprise. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compose } from '../../electron/compose.ts';
import type { Context } from '../../electron/services/context.ts';
import { addEnvironment, editEnvironment } from '../../electron/services/environments.ts';
import { listHistory } from '../../electron/services/listHistory.ts';
import { parseConnection } from '../../electron/services/parseConnection.ts';
import { contextWithRole } from '../../electron/services/roles.ts';
import { fireDue } from '../../electron/services/schedule/scheduler.ts';
import {
  addSchedule,
  listSchedules,
  nextTimes,
  pauseSchedule,
  removeSchedule,
  resumeSchedule,
  type ScheduleRequest,
} from '../../electron/services/schedule/schedules.ts';
import { saveSettings } from '../../electron/services/settings.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { engines, type TestBackend, type TestDatabase, testBackend, testDatabase, writeFolder } from './backend.ts';
import { environmentOf } from './values.ts';

const start = Date.parse('2026-11-20T12:00:00Z');
const minute = 60_000;
const script = { '1_a.sql': '-- migrate:up\ncreate table a (id integer);\n-- migrate:down\ndrop table a;\n' };

let test: TestBackend;
let now: number;
let context: Context;

beforeEach(async () => {
  test = await testBackend();
  now = start;
  context = withClock(test.backend.context);
});
afterEach(() => test[Symbol.asyncDispose]());

const withClock = (of: Context): Context => ({ ...of, clock: { now: () => now, elapsed: () => performance.now() } });

const hourly: ScheduleRequest = {
  environment: 'ward',
  time: { kind: 'cron', expression: '0 * * * *', timeZone: 'UTC' },
  work: { kind: 'up', wanted: { direction: 'up' }, fingerprint: null, rehearse: false },
  answers: { confirm: null, reason: 'every hour', accept: [] },
  lateMinutes: 0,
};

async function ward(database: TestDatabase, files: Readonly<Record<string, string>> = script): Promise<string> {
  const folder = await writeFolder(test.folder, files);
  return (await addEnvironment(context, environmentOf(database.url, folder))).id;
}

async function ended(id: string | null | undefined): Promise<string | null> {
  for await (const _ of context.runs.watch(id ?? '', 0, new AbortController().signal));
  return (await context.runs.get(id ?? '')).outcome;
}

const only = () => listSchedules(context, null)[0] ?? expect.fail('no schedule');

describe.each(engines)('on %s', (engine) => {
  it('migrates and backs up at its time, once, whoever else looks', { timeout: 120_000 }, async (told) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(told, reason);
    await using database = await testDatabase(engine);
    const id = await ward(database);
    addSchedule(context, hourly);
    const { password } = parseConnection(database.url);
    if (password !== null) await editEnvironment(context, { id, secret: { password, keep: 'ask' } });
    await fireDue(context);
    expect(only()).toMatchObject({ next: '2026-11-20T13:00:00.000Z', last: null });
    now = start + 60 * minute;
    const second = await compose({ dataDirectory: context.workspace.dataDirectory, shell: 'commandLine' });
    try {
      // Two processes look at the same moment.
      await Promise.all([
        fireDue(context),
        fireDue(withClock({ ...second.context, credentials: context.credentials })),
        fireDue(context),
      ]);
    } finally {
      const [run] = context.workspace.runs.list({ limit: 10 });
      await expect
        .poll(() => context.workspace.runs.get(run?.id ?? '')?.outcome, { timeout: 20_000 })
        .toBe('succeeded');
      await second.close();
    }
    expect(only()).toMatchObject({ next: '2026-11-20T14:00:00.000Z', last: { outcome: 'begun', passed: 0 } });
    expect(context.workspace.runs.list({ limit: 10 })).toHaveLength(1);
    expect(await database.query('select * from a')).toEqual([]);
    expect(listHistory(context, { environment: 'ward', limit: 1 })[0]).toMatchObject({
      action: 'apply',
      reason: 'every hour',
      actor: expect.stringContaining('by schedule'),
    });
    now += 60 * minute;
    await fireDue(context);
    expect(only()).toMatchObject({ last: { outcome: 'upToDate', run: null } });
    if (engine === 'postgres18') return; // The dump program that is here is older than that server.
    if (password !== null) await editEnvironment(context, { id, secret: null });
    addSchedule(context, { ...hourly, work: { kind: 'backup', prove: false } });
    if (password !== null) await editEnvironment(context, { id, secret: { password, keep: 'ask' } });
    now += 60 * minute;
    await fireDue(context);
    const backups = listSchedules(context, null).find(({ schedule }) => schedule.work.kind === 'backup');
    expect(await ended(backups?.last?.run)).toBe('succeeded');
    expect(context.workspace.backups.list({ environment: 'ward' })).toHaveLength(1);
  });
});

describe('with SQLite', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase('sqlite');
  });
  afterEach(() => database[Symbol.asyncDispose]());

  it('what nobody ran is told as missed, and not made up for', async () => {
    await ward(database);
    addSchedule(context, hourly);
    now = start + 3 * 60 * minute + 5 * minute;
    await fireDue(context);
    const { last, next } = only();
    expect(last).toMatchObject({ outcome: 'missed', passed: 2, problem: { code: 'schedule.missed' } });
    expect(next).toBe('2026-11-20T16:00:00.000Z');
    expect(listHistory(context, { environment: 'ward', limit: 5 })).toMatchObject([
      { run: last?.run, action: 'up', outcome: 'refused' },
    ]);
  });

  it('is begun late within the minutes that it may', async () => {
    await ward(database);
    addSchedule(context, { ...hourly, lateMinutes: 30 });
    now = start + 60 * minute + 20 * minute;
    await fireDue(context);
    expect(await ended(only().last?.run)).toBe('succeeded');
  });

  it('a claim of a process that died is taken over; of one that lives it is left', async () => {
    await ward(database);
    const { schedule, next } = addSchedule(context, hourly);
    const { schedules } = context.workspace;
    const host = context.host.hostName;
    now = start + 60 * minute;
    schedules.claim(schedule.id, next ?? '', { host, process: String(process.ppid) });
    await fireDue(context);
    expect(only().last).toBeNull();
    schedules.takeOver(
      schedule.id,
      next ?? '',
      { host, process: String(process.ppid) },
      { host, process: '4194303 1' },
    );
    await fireDue(context);
    expect(await ended(only().last?.run)).toBe('succeeded');
  });

  it('refuses outside of the change windows, and where none of its times is in one already when it is made', async () => {
    const id = await ward(database);
    const window = { days: ['sunday'], from: '02:00', to: '04:00', timeZone: 'UTC' } as const;
    const values = { protection: { changeWindows: [{ ...window, days: [...window.days] }] } };
    await saveSettings(context, { layer: { scope: { kind: 'environment', id }, values } });
    const at = (expression: string) => ({ ...hourly, time: { kind: 'cron', expression, timeZone: 'UTC' } }) as const;
    expect(() => addSchedule(context, at('0 12 * * *'))).toThrow(/change windows only/);
    const added = addSchedule(context, at('0 3 * * *'));
    expect(added).toMatchObject({ next: '2026-11-21T03:00:00.000Z', nextProblem: { code: 'gate.changeWindow' } });
    now = Date.parse('2026-11-21T03:00:00Z');
    await fireDue(context);
    expect(only()).toMatchObject({
      last: { outcome: 'refused', problem: { code: 'gate.changeWindow' } },
      nextProblem: null,
    });
    now = Date.parse('2026-11-22T03:00:00Z');
    await fireDue(context);
    expect(await ended(only().last?.run)).toBe('succeeded');
  });

  it('tells what was not given beforehand, and begins nothing', async () => {
    await ward(database, {
      '1_a.sql':
        '-- migrate:up transaction:false\npragma writable_schema = on;\ncreate table a (id integer);\n-- migrate:down\n',
    });
    await saveSettings(context, {
      layer: { scope: { kind: 'tier', tier: 'development' }, values: { protection: { acceptHazards: true } } },
    });
    addSchedule(context, hourly);
    now = start + 60 * minute;
    await fireDue(context);
    expect(only().last).toMatchObject({ outcome: 'refused', problem: { code: 'gate.hazard' } });
    expect(context.workspace.runs.get(only().last?.run ?? '')).toMatchObject({ outcome: 'refused' });
  });

  it('rehearses right before where that is asked for, and goes no further when it fails', {
    timeout: 60_000,
  }, async () => {
    await ward(database, { '1_a.sql': '-- migrate:up\ninsert into nowhere values (1);\n-- migrate:down\n' });
    addSchedule(context, { ...hourly, work: { ...hourly.work, rehearse: true } as ScheduleRequest['work'] });
    now = start + 60 * minute;
    await fireDue(context);
    expect(only().last).toMatchObject({ outcome: 'refused', problem: { code: 'schedule.rehearsal' } });
    expect(context.workspace.runs.list({ limit: 5 }).map(({ action }) => action)).toEqual(['up', 'rehearse']);
  });

  it('does not overlap a run that goes on', async () => {
    const id = await ward(database);
    addSchedule(context, hourly);
    const { promise: end, resolve } = Promise.withResolvers<void>();
    const origin = { id: 'goeson', action: 'backup', environment: 'ward', environmentId: id } as const;
    const other = context.runs.start(
      { ...origin, actor: 'ada', host: context.host.hostName, reason: null },
      [],
      async (live) => {
        await end;
        live.emit({ type: 'runFinished', outcome: 'succeeded', problem: null, next: [] });
      },
    );
    now = start + 60 * minute;
    await fireDue(context);
    resolve();
    await other.finished;
    expect(only().last).toMatchObject({ outcome: 'overlapped', problem: { code: 'schedule.overlapped' } });
  });

  it('pauses, goes on and is removed, also with its environment', async () => {
    await ward(database);
    const { schedule } = addSchedule(context, hourly);
    expect(nextTimes(context, schedule.id, 2)).toEqual(['2026-11-20T13:00:00.000Z', '2026-11-20T14:00:00.000Z']);
    pauseSchedule(context, schedule.id);
    now = start + 90 * minute;
    await fireDue(context);
    expect(only()).toMatchObject({ next: null, last: null });
    expect(resumeSchedule(context, schedule.id).next).toBe('2026-11-20T14:00:00.000Z');
    removeSchedule(context, schedule.id);
    expect(listSchedules(context, null)).toEqual([]);
    expect(() => pauseSchedule(context, schedule.id)).toThrow(/no schedule/);
    expect(context.workspace.audit.list({ limit: 4 }).map(({ action }) => action)).toEqual([
      'schedule removed',
      'schedule resumed',
      'schedule paused',
      'schedule added',
    ]);
  });

  it('is made by administrators, with a reason and the typed name, at a time that comes', async () => {
    await ward(database);
    await saveSettings(context, {
      layer: { scope: { kind: 'tier', tier: 'development' }, values: { protection: { typedName: true } } },
    });
    const refused: readonly (readonly [Context, Partial<ScheduleRequest>, string])[] = [
      [contextWithRole(context, 'operator'), {}, 'gate.role'],
      [context, { answers: { confirm: 'ward', reason: ' ', accept: [] } }, 'gate.reason'],
      [context, {}, 'gate.confirmation'],
      [context, { time: { kind: 'once', at: '2026-11-20T11:59:00.000Z' } }, 'schedule.invalid'],
      [context, { time: { kind: 'cron', expression: '0 0 30 2 *', timeZone: 'UTC' } }, 'schedule.invalid'],
      [context, { time: { kind: 'cron', expression: '* * * * * *', timeZone: 'UTC' } }, 'schedule.invalid'],
      [context, { time: { kind: 'cron', expression: '0 0 * * *', timeZone: 'Mars/Olympus' } }, 'schedule.invalid'],
    ];
    const answers = { confirm: 'ward', reason: 'change 7', accept: [] };
    for (const [who, different, code] of refused) {
      const request = { ...hourly, ...(code === 'schedule.invalid' ? { answers } : {}), ...different };
      await expect(async () => addSchedule(who, request)).rejects.toMatchObject({ problem: { code } });
    }
    expect(addSchedule(context, { ...hourly, answers }).next).toBe('2026-11-20T13:00:00.000Z');
  });

  it('keeps to the wall clock of its zone where that changes', async () => {
    await ward(database);
    now = Date.parse('2026-03-28T00:00:00Z');
    const time = { kind: 'cron', expression: '30 2 * * *', timeZone: 'Europe/Berlin' } as const;
    const { schedule } = addSchedule(context, { ...hourly, time });
    expect(nextTimes(context, schedule.id, 3)).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });
});
