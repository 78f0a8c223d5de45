/** `fleet`: one wanted version over many databases. */
import type { Command } from 'commander';
import type { FleetMemberPlan } from '../../../shared/model/fleet.ts';
import { fleetConfirmation } from '../../../shared/model/fleet.ts';
import type { FleetDocument } from '../../../shared/model/fleetDocument.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import type { Context } from '../../services/context.ts';
import { chooseMembers, newMember } from '../../services/fleet/chooseMembers.ts';
import { exportPlans } from '../../services/fleet/exportPlans.ts';
import { endDeadFleets, findFleet } from '../../services/fleet/findFleet.ts';
import { planFleet } from '../../services/fleet/planFleet.ts';
import { type FleetResume, resumeFleet, startFleet } from '../../services/fleet/startFleet.ts';
import { readApprovals } from '../fleetApprovals.ts';
import { endFleet, followFleet } from '../fleetOutput.ts';
import {
  type ChoiceOptions,
  fleetChoice,
  fleetTarget,
  type PolicyOptions,
  policyOf,
  secretOf,
  withChoice,
  withPolicy,
} from '../fleetRequest.ts';
import { type Column, formatDuration, formatTable } from '../format.ts';
import { count, type Define, type Invocation } from '../invocation.ts';
import { plain, type Terminal } from '../terminal.ts';
import { defineCancel } from './fleetCancel.ts';
import { defineList, defineMerge, defineShow, defineStatus } from './fleetReading.ts';

type PlanOptions = ChoiceOptions & Pick<AnswerOptions, 'approvals'> & { to?: string; jobs?: number; out?: string };
type Group = Parameters<Define>[0];
type Bind = Parameters<Define>[1];

const never = new AbortController().signal;

export const fleetCommand: Define = (program, bind) => {
  const group = program.command('fleet').description('many environments: plan, migrate, follow, go on');
  definePlan(group, bind);
  defineUp(group, bind);
  defineStatus(group, bind);
  defineResume(group, bind);
  defineCancel(group, bind);
  defineList(group, bind);
  defineShow(group, bind);
  defineMerge(group, bind);
};

interface AnswerOptions {
  readonly backup?: boolean;
  readonly reason?: string;
  readonly approvals?: readonly string[];
}

const withApprovals = (command: Command): Command =>
  command.option('--approvals <files...>', 'plan files of members, as a second person approved them');

function definePlan(group: Group, bind: Bind): void {
  const command = withApprovals(
    withChoice(group.command('plan').description('what each member would get, and what it asks')),
  )
    .option('--to <version>', 'up to this version')
    .option('--jobs <n>', 'members that are asked at once (default 8)', count)
    .option('--out <folder>', 'write a plan file of each member that still asks for an approval');
  bind(command, async (invocation) => {
    const { terminal } = invocation;
    const options = command.opts<PlanOptions>();
    const choice = await fleetChoice(invocation, command.args, options);
    const { context } = await invocation.backend();
    const { approvals } = await readApprovals(context, options.approvals ?? []);
    const request = {
      approvals,
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
    const files = options.out === undefined ? null : await exportPlans(context, plans, request, options.out);
    const written = files === null ? {} : { files };
    if (terminal.machine)
      terminal.document({ name: choice.name, shard: choice.shard, confirm, members: plans, ...written });
    else printPlans(plans, confirm, terminal);
    if (files !== null) terminal.note(`${files.length} plan files to be approved, in ${plain(options.out ?? '')}`);
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

function asksOf({ typedName, reason, hazardsToAccept, approval, rehearsal }: FleetMemberPlan): string {
  const asks = [
    ...(typedName ? ['confirmation'] : []),
    ...(reason ? ['a reason'] : []),
    ...(approval === null ? [] : ['an approval']),
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

function defineUp(group: Group, bind: Bind): void {
  const command = withApprovals(withPolicy(withChoice(group.command('up').description('migrate them, stage by stage'))))
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
    const approved = await readApprovals(context, options.approvals ?? []);
    const wanted = fleetTarget(options);
    const started = startFleet(context, { ...choice, ...answers, ...approved, policy, wanted });
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
  const { approvals } = await readApprovals(context, options.approvals ?? []);
  return resumeFleet(context, { ...wanted, ...answers, approvals });
}

function defineResume(group: Group, bind: Bind): void {
  const command = withApprovals(group.command('resume'))
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
