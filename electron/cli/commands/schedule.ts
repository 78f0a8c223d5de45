/** `schedule`: runs and backups that are begun by the clock, while the application or `serve` runs. */
import { InvalidArgumentError } from 'commander';
import {
  type Firing,
  type ScheduledWork,
  type ScheduleTime,
  type ScheduleView,
  scheduledWorkWords,
  scheduleTimeWords,
} from '../../../shared/model/schedule.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { readPlanFile } from '../../services/planFile.ts';
import {
  addSchedule,
  listSchedules,
  nextTimes,
  pauseSchedule,
  removeSchedule,
  resumeSchedule,
} from '../../services/schedule/schedules.ts';
import { findEnvironment } from '../../services/target.ts';
import { type Column, formatTable, formatTime } from '../format.ts';
import { count, type Define, type Invocation } from '../invocation.ts';
import { plain, type Terminal } from '../terminal.ts';
import { readPlanText } from './approve.ts';

interface AddOptions {
  readonly cron?: string;
  readonly timeZone?: string;
  readonly at?: string;
  readonly up?: boolean;
  readonly backup?: boolean;
  readonly to?: string;
  readonly plan?: string;
  readonly rehearse?: boolean;
  readonly prove?: boolean;
  readonly reason?: string;
  readonly late: number;
}

export const scheduleCommand: Define = (program, bind) => {
  const schedule = program.command('schedule').description('runs and backups by the clock, inside change windows');
  const add = schedule
    .command('add')
    .argument('<environment>')
    .description('begins them while the application or “serve” runs; answers the gate beforehand')
    .option('--cron <expression>', 'minute hour day month weekday, as "30 2 * * sat"')
    .option('--time-zone <name>', 'of the expression (default: that of this computer)')
    .option('--at <time>', 'once, as 2026-12-24T02:30:00+01:00')
    .option('--up', 'migrate')
    .option('--to <version>', 'with --up: up to this version')
    .option('--plan <file>', 'with --up: exactly this saved plan, else nothing')
    .option('--rehearse', 'with --up: try it on a copy right before, and go on only if that succeeds')
    .option('--backup', 'back up')
    .option('--prove', 'with --backup: prove it, too')
    .option('--reason <text>', 'kept in the history of each run')
    .option('--late <minutes>', 'begin it so much later, if Lockkeeper was not running (default: 0)', minutes, 0);
  bind(add, (invocation) => addOne(invocation, add.args[0] ?? '', add.opts<AddOptions>()));

  const list = schedule.command('list').description('with the next time of each, and what became of the last');
  bind(list, async ({ backend, options, terminal }) => {
    const { context } = await backend();
    const environmentId = options.env === undefined ? null : findEnvironment(context, options.env).id;
    const schedules = listSchedules(context, environmentId);
    if (terminal.machine) terminal.document({ schedules });
    else terminal.print(schedules.length === 0 ? 'There is no schedule.' : formatTable(columns, schedules, terminal));
    return exitCodes.done;
  });

  const next = schedule
    .command('next')
    .argument('<id>')
    .option('--count <n>', 'so many', count, 5)
    .description('its next times');
  bind(next, async ({ backend, terminal }) => {
    const times = nextTimes((await backend()).context, next.args[0] ?? '', next.opts<{ count: number }>().count);
    if (terminal.machine) terminal.document({ times });
    else terminal.print(times.length === 0 ? 'None: it is paused, or over.' : times.join('\n'));
    return exitCodes.done;
  });

  const changes = [
    ['pause', 'begins nothing until it is resumed', pauseSchedule],
    ['resume', 'from its next time on', resumeSchedule],
  ] as const;
  for (const [name, description, change] of changes) {
    const command = schedule.command(name).argument('<id>').description(description);
    bind(command, async ({ backend, terminal }) => {
      tell(change((await backend()).context, command.args[0] ?? ''), terminal);
      return exitCodes.done;
    });
  }

  const remove = schedule.command('remove').argument('<id>').description('its runs stay in the history');
  bind(remove, async ({ backend, terminal }) => {
    const id = remove.args[0] ?? '';
    removeSchedule((await backend()).context, id);
    if (terminal.machine) terminal.document({ removed: id });
    else terminal.print(`✓ Schedule ${plain(id)} was removed.`);
    return exitCodes.done;
  });
};

async function addOne(invocation: Invocation, environment: string, options: AddOptions): Promise<number> {
  const { backend, terminal, options: common } = invocation;
  const view = addSchedule((await backend()).context, {
    environment,
    time: timeOf(options),
    work: await workOf(options),
    answers: { confirm: common.confirm ?? null, reason: options.reason ?? '', accept: common.accept ?? [] },
    lateMinutes: options.late,
  });
  tell(view, terminal);
  if (!terminal.machine) terminal.note('It is begun only while the application or “lockkeeper serve” runs.');
  return exitCodes.done;
}

function timeOf({ cron, timeZone, at }: AddOptions): ScheduleTime {
  if ((cron === undefined) === (at === undefined))
    raise({ code: 'usage.invalid', message: 'When?', hint: 'Give either --cron or --at.' });
  if (cron !== undefined)
    return { kind: 'cron', expression: cron, timeZone: timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone };
  const moment = Date.parse(at ?? '');
  if (Number.isNaN(moment) || !/(?:Z|[+-]\d\d:?\d\d)$/i.test(at ?? ''))
    raise({
      code: 'usage.invalid',
      message: `“${at}” is no time with its zone.`,
      hint: 'Write it as 2026-12-24T02:30:00+01:00, or with Z for UTC.',
    });
  return { kind: 'once', at: new Date(moment).toISOString() };
}

async function workOf({ up, backup, to, plan, rehearse, prove }: AddOptions): Promise<ScheduledWork> {
  if ((up === true) === (backup === true))
    raise({ code: 'usage.invalid', message: 'What?', hint: 'Give either --up or --backup.' });
  if (backup === true) return { kind: 'backup', prove: prove === true };
  const saved = plan === undefined ? null : readPlanFile(await readPlanText(plan), plan);
  const wanted = saved?.request ?? { direction: 'up' as const, ...(to === undefined ? {} : { to }) };
  return {
    kind: 'up',
    wanted,
    fingerprint: saved?.fingerprint ?? null,
    approvals: saved?.approvals ?? [],
    rehearse: rehearse === true,
  };
}

function minutes(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 10_080)
    throw new InvalidArgumentError('Name whole minutes, a week at most.');
  return value;
}

function tell(view: ScheduleView, terminal: Terminal): void {
  if (terminal.machine) terminal.document(view);
  else terminal.print(formatTable(columns, [view], terminal));
  if (view.nextProblem !== null) terminal.note(plain(`The next time will be refused: ${view.nextProblem.message}`));
}

const columns: readonly Column<ScheduleView>[] = [
  { title: 'Id', value: ({ schedule }) => schedule.id },
  { title: 'Environment', value: (row) => row.environment },
  { title: 'What', value: ({ schedule }) => scheduledWorkWords(schedule.work) },
  { title: 'When', value: ({ schedule }) => scheduleTimeWords(schedule.time) },
  {
    title: 'Next',
    value: ({ schedule, next }) => (schedule.paused ? 'paused' : next === null ? '' : formatTime(next)),
  },
  { title: 'Last', value: ({ last }) => (last === null ? '' : lastWords(last)) },
];

const lastWords = ({ at, outcome, run }: Firing): string =>
  `${formatTime(at)} ${outcome}${run === null ? '' : ` (run ${run})`}`;
