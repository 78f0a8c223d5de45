/** `fleet`: one wanted version over many databases. */
import { readFile } from 'node:fs/promises';
import type { FleetMemberPlan, FleetStatus, FleetSummary } from '../../../shared/model/fleet.ts';
import { fleetConfirmation } from '../../../shared/model/fleet.ts';
import { type FleetDocument, fleetDocument, mergeFleets } from '../../../shared/model/fleetDocument.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import type { Context } from '../../services/context.ts';
import { chooseMembers, newMember } from '../../services/fleet/chooseMembers.ts';
import { endDeadFleets, findFleet, listFleets } from '../../services/fleet/findFleet.ts';
import { planFleet } from '../../services/fleet/planFleet.ts';
import { type FleetResume, resumeFleet, startFleet } from '../../services/fleet/startFleet.ts';
import { statusFleet } from '../../services/fleet/statusFleet.ts';
import { endFleet, followFleet, printMembers } from '../fleetOutput.ts';
import {
  type ChoiceOptions,
  fleetChoice,
  fleetTarget,
  type PolicyOptions,
  policyOf,
  withChoice,
  withPolicy,
} from '../fleetRequest.ts';
import { type Column, formatDuration, formatTable, formatTime } from '../format.ts';
import { count, type Define, type Invocation } from '../invocation.ts';
import { plain, type Terminal } from '../terminal.ts';

type Group = Parameters<Define>[0];
type Bind = Parameters<Define>[1];

const never = new AbortController().signal;

export const fleetCommand: Define = (program, bind) => {
  const group = program.command('fleet').description('many environments: plan, migrate, follow, go on');
  definePlan(group, bind);
  defineUp(group, bind);
  defineStatus(group, bind);
  defineResume(group, bind);
  defineList(group, bind);
  defineShow(group, bind);
  defineMerge(group, bind);
};

interface AnswerOptions {
  readonly backup?: boolean;
  readonly reason?: string;
}

function definePlan(group: Group, bind: Bind): void {
  const command = withChoice(group.command('plan').description('what each member would get, and what it asks'))
    .option('--to <version>', 'up to this version')
    .option('--jobs <n>', 'members that are asked at once (default 8)', count);
  bind(command, async (invocation) => {
    const { terminal } = invocation;
    const options = command.opts<ChoiceOptions & { to?: string; jobs?: number }>();
    const choice = await fleetChoice(invocation, command.args, options);
    const { context } = await invocation.backend();
    const request = {
      ...choice,
      wanted: fleetTarget(options),
      jobs: options.jobs ?? 8,
      ...(await secretOf(invocation)),
    };
    const plans: FleetMemberPlan[] = [];
    const order: string[] = [];
    for await (const event of planFleet(context, request, never)) {
      if (event.type === 'members') order.push(...event.members.map(({ id }) => id));
      if (event.type === 'planned') plans.push(event.plan);
      if (event.type === 'progress') terminal.progress(`Planned ${event.done} of ${event.total}`);
    }
    terminal.progress('');
    plans.sort((left, right) => order.indexOf(left.id) - order.indexOf(right.id));
    const confirm = fleetConfirmation(choice.name, membersOf(context, choice));
    if (terminal.machine) terminal.document({ name: choice.name, shard: choice.shard, confirm, members: plans });
    else printPlans(plans, confirm, terminal);
    return exitCodes.done;
  });
}

const planColumns: readonly Column<FleetMemberPlan>[] = [
  { title: 'Environment', value: (row) => row.name },
  { title: 'Tier', value: (row) => row.tier },
  { title: 'Pending', align: 'right', value: (row) => (row.fingerprint === null ? '?' : String(row.versions.length)) },
  { title: 'Last', value: (row) => row.versions.at(-1) ?? '' },
  { title: 'About', align: 'right', value: (row) => formatDuration(row.estimateMs) },
  { title: 'Backup', value: (row) => row.backup },
  { title: 'Asks', value: asksOf },
  { title: 'In the way', value: (row) => row.problem?.message ?? '', style: () => 'red' },
];

function asksOf({ typedName, reason, hazardsToAccept, rehearsal }: FleetMemberPlan): string {
  const asks = [
    ...(typedName ? ['confirmation'] : []),
    ...(reason ? ['a reason'] : []),
    ...(rehearsal === null ? [] : ['a rehearsal']),
    ...hazardsToAccept.map((code) => `--accept ${code}`),
  ];
  return asks.join(', ');
}

function printPlans(plans: readonly FleetMemberPlan[], confirm: string | null, terminal: Terminal): void {
  if (plans.length === 0) {
    terminal.print('No member is in this part.');
    return;
  }
  terminal.print(formatTable(planColumns, plans, terminal));
  if (confirm !== null) terminal.note(`Protected members are confirmed together: --confirm "${plain(confirm)}"`);
}

const membersOf = (
  context: Context,
  { environmentIds, shard }: Pick<Parameters<typeof planFleet>[1], 'environmentIds' | 'shard'>,
) => chooseMembers(context, environmentIds, shard).map((environment) => newMember(environment, null));

async function secretOf(invocation: Invocation): Promise<{ readonly password?: string }> {
  const password = await invocation.password();
  return password === null ? {} : { password };
}

function defineUp(group: Group, bind: Bind): void {
  const command = withPolicy(withChoice(group.command('up').description('migrate them, stage by stage')))
    .option('--to <version>', 'up to this version')
    .option('--backup', 'take and check a backup of each first (default: as its protection says)')
    .option('--no-backup', 'skip the backups; needs --reason where one is asked')
    .option('--reason <text>', 'kept in the history of each');
  bind(command, async (invocation) => {
    const options = command.opts<ChoiceOptions & PolicyOptions & AnswerOptions & { to?: string }>();
    const policy = policyOf(options);
    const choice = await fleetChoice(invocation, command.args, options);
    const { context } = await invocation.backend();
    const members = membersOf(context, choice);
    const asksReason = members.some(({ id }) => context.workspace.environments.find(id)?.protection.reason === true);
    const answers = await answersOf(invocation, options, fleetConfirmation(choice.name, members), asksReason);
    const started = startFleet(context, { ...choice, ...answers, policy, wanted: fleetTarget(options) });
    return goOn(context, invocation, await followFleet(context, started, invocation), options);
  });
}

/** Where a person sits there, what waits between stages is asked for at once. */
async function goOn(
  context: Context,
  invocation: Invocation,
  ended: FleetDocument,
  options: AnswerOptions,
): Promise<number> {
  const { terminal } = invocation;
  const [id] = [ended.fleet].flat();
  if (ended.outcome !== 'paused' || !terminal.interactive || id === undefined) return endFleet(ended, terminal);
  terminal.note(plain(ended.problem?.message ?? ''));
  const said = await terminal.ask('Go on? [y/N] ');
  if (!/^y(es)?$/i.test(said)) return endFleet(ended, terminal);
  const started = await resumed(context, invocation, { id, retryFailed: false, leaveFailed: false }, options);
  return goOn(context, invocation, await followFleet(context, started, invocation), options);
}

async function answersOf(
  { options, terminal, password }: Invocation,
  given: AnswerOptions,
  confirmation: string | null,
  asksReason: boolean,
) {
  const asks = terminal.interactive;
  const reason = given.reason ?? (asks && asksReason ? await terminal.ask('Reason: ') : null);
  const typed =
    options.confirm ?? (asks && confirmation !== null ? await terminal.ask(`Type ${confirmation} to confirm: `) : null);
  const secret = await password();
  return {
    confirm: typed,
    reason,
    accept: options.accept ?? [],
    ...(given.backup === undefined ? {} : { backup: given.backup }),
    ...(secret === null ? {} : { password: secret }),
  };
}

async function resumed(
  context: Context,
  invocation: Invocation,
  wanted: Pick<FleetResume, 'id' | 'retryFailed' | 'leaveFailed'>,
  options: AnswerOptions,
) {
  await endDeadFleets(context);
  const { fleet, members } = findFleet(context, wanted.id);
  const open = members.filter(({ state }) => state !== 'succeeded' && state !== 'upToDate');
  const rest = open.filter(({ state }) => wanted.retryFailed || (state !== 'failed' && state !== 'refused'));
  const answers = await answersOf(invocation, options, fleetConfirmation(fleet.name, rest), false);
  return resumeFleet(context, { ...wanted, ...answers });
}

function defineResume(group: Group, bind: Bind): void {
  const command = group
    .command('resume')
    .argument('<id>')
    .description('go on with what is not done; what was interrupted is found out first')
    .option('--retry-failed', 'and do again what failed or was refused')
    .option('--leave-failed', 'set what failed aside: its stage waits for it no more')
    .option('--backup', 'take and check a backup of each first')
    .option('--no-backup', 'skip the backups; needs --reason where one is asked')
    .option('--reason <text>', 'kept in the history of each (default: the one given at the start)');
  bind(command, async (invocation) => {
    const options = command.opts<AnswerOptions & { retryFailed?: boolean; leaveFailed?: boolean }>();
    if (options.retryFailed === true && options.leaveFailed === true)
      raise({
        code: 'usage.invalid',
        message: 'What failed is either done again or set aside.',
        hint: 'Leave out one of --retry-failed and --leave-failed.',
      });
    const { context } = await invocation.backend();
    const wanted = {
      id: command.args[0] ?? '',
      retryFailed: options.retryFailed === true,
      leaveFailed: options.leaveFailed === true,
    };
    const started = await resumed(context, invocation, wanted, options);
    return goOn(context, invocation, await followFleet(context, started, invocation), options);
  });
}

const statusColumns: readonly Column<FleetStatus>[] = [
  { title: 'Environment', value: (row) => row.environment },
  { title: 'Tier', value: (row) => row.tier },
  { title: 'Group', value: (row) => row.group },
  { title: 'Version', value: (row) => row.current ?? '' },
  { title: 'Pending', align: 'right', value: (row) => String(row.pending ?? '?') },
  { title: 'Attention', align: 'right', value: (row) => String(row.attention ?? '?') },
  { title: 'Problem', value: (row) => row.problem?.message ?? '', style: () => 'red' },
];

function defineStatus(group: Group, bind: Bind): void {
  const command = withChoice(group.command('status').description('where each stands, read at once; writes nothing'))
    .option('--jobs <n>', 'members that are read at once (default 16)', count)
    .option('--exit-code', 'exit 3 when one has pending migrations');
  bind(command, async (invocation) => {
    const { terminal } = invocation;
    const options = command.opts<ChoiceOptions & { jobs?: number; exitCode?: boolean }>();
    const choice = await fleetChoice(invocation, command.args, options);
    const { context } = await invocation.backend();
    const members = chooseMembers(context, choice.environmentIds, choice.shard);
    const found = new Map<string, FleetStatus>();
    const request = { members, jobs: options.jobs ?? 16, ...(await secretOf(invocation)) };
    await statusFleet(context, request, never, (status) => {
      found.set(status.environment, status);
      terminal.progress(`Read ${found.size} of ${members.length}`);
    });
    terminal.progress('');
    const environments = members.flatMap(({ name }) => found.get(name) ?? []);
    if (terminal.machine) terminal.document({ name: choice.name, shard: choice.shard, environments });
    else if (environments.length > 0) terminal.print(formatTable(statusColumns, environments, terminal));
    const isPending = environments.some(({ pending }) => (pending ?? 0) > 0);
    if (environments.some(({ problem }) => problem !== null)) return exitCodes.connection;
    return options.exitCode === true && isPending ? exitCodes.pending : exitCodes.done;
  });
}

const listColumns: readonly Column<FleetSummary>[] = [
  { title: 'Fleet', value: (row) => row.id },
  { title: 'Started', value: (row) => formatTime(row.startedAt) },
  { title: 'Name', value: (row) => row.name },
  { title: 'Part', value: ({ shard }) => (shard === null ? '' : `${shard.index}/${shard.count}`) },
  { title: 'Outcome', value: (row) => row.outcome ?? 'running' },
  { title: 'Done', align: 'right', value: ({ counts }) => String(counts.succeeded + counts.upToDate) },
  {
    title: 'Failed',
    align: 'right',
    value: ({ counts }) => String(counts.failed + counts.refused + counts.interrupted),
  },
  { title: 'Open', align: 'right', value: ({ counts }) => String(counts.waiting + counts.running + counts.cancelled) },
  { title: 'Who', value: (row) => row.actor },
];

function defineList(group: Group, bind: Bind): void {
  const command = group.command('list').description('newest first').option('--limit <n>', 'newest n', count);
  bind(command, async ({ backend, terminal }) => {
    const { limit } = command.opts<{ limit?: number }>();
    const fleets = await listFleets((await backend()).context, limit ?? 50);
    if (terminal.machine) terminal.document({ fleets });
    else terminal.print(fleets.length === 0 ? 'No fleet yet.' : formatTable(listColumns, fleets, terminal));
    return exitCodes.done;
  });
}

function defineShow(group: Group, bind: Bind): void {
  const command = group.command('show').argument('<id>').description('every member of one fleet');
  bind(command, async ({ backend, terminal }) => {
    const { context } = await backend();
    await endDeadFleets(context);
    const { fleet, members } = findFleet(context, command.args[0] ?? '');
    const document = fleetDocument(fleet, members);
    if (!terminal.machine) printMembers(document, terminal);
    endFleet(document, terminal);
    return exitCodes.done;
  });
}

function defineMerge(group: Group, bind: Bind): void {
  const command = group
    .command('merge')
    .argument('<files...>', 'what `fleet up --shard I/N --json` wrote, one for each part')
    .description('one report of all parts; exits as the whole did');
  bind(command, async ({ terminal }) => {
    const merged = mergeFleets(await Promise.all(command.args.map(readDocument)));
    if (merged === null)
      return raise({
        code: 'usage.invalid',
        message: 'These are not parts of one fleet: their names, versions or numbers of parts differ.',
        hint: 'Give the documents of one fleet’s parts.',
      });
    if (!terminal.machine) printMembers(merged, terminal);
    if (merged.missingShards.length > 0)
      terminal.note(`Nothing is known of part ${merged.missingShards.join(', ')}: its document is missing.`);
    return endFleet(merged, terminal);
  });
}

async function readDocument(path: string): Promise<FleetDocument> {
  try {
    // With --events it is the last line.
    const text = (await readFile(path, 'utf8')).trimEnd().split('\n').at(-1) ?? '';
    const value: unknown = JSON.parse(text);
    if (isDocument(value)) return value;
  } catch (thrown) {
    return notRead(path, thrown);
  }
  return notRead(path, null);
}

const isDocument = (value: unknown): value is FleetDocument =>
  typeof value === 'object' &&
  value !== null &&
  'members' in value &&
  Array.isArray(value.members) &&
  'fleet' in value &&
  'wanted' in value &&
  typeof value.wanted === 'object' &&
  value.wanted !== null;

const notRead = (path: string, cause: unknown): never =>
  raise(
    {
      code: 'usage.invalid',
      message: `${path} is not what a part of a fleet has written.`,
      hint: 'Keep the standard output of: lockkeeper fleet up … --shard I/N --json',
      ...(cause instanceof Error ? { serverMessage: cause.message } : {}),
    },
    cause,
  );
