/** `fleet status`, `list`, `show` and `merge`: what there is to read of many databases and of fleets. */
import { readFile } from 'node:fs/promises';
import type { FleetStatus, FleetSummary } from '../../../shared/model/fleet.ts';
import { type FleetDocument, fleetDocument, mergeFleets } from '../../../shared/model/fleetDocument.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { chooseMembers } from '../../services/fleet/chooseMembers.ts';
import { endDeadFleets, findFleet, listFleets } from '../../services/fleet/findFleet.ts';
import { statusFleet } from '../../services/fleet/statusFleet.ts';
import { endFleet, printMembers } from '../fleetOutput.ts';
import { type ChoiceOptions, fleetChoice, secretOf, withChoice } from '../fleetRequest.ts';
import { type Column, formatTable, formatTime } from '../format.ts';
import { count, type Define } from '../invocation.ts';

type Group = Parameters<Define>[0];
type Bind = Parameters<Define>[1];

const never = new AbortController().signal;

const statusColumns: readonly Column<FleetStatus>[] = [
  { title: 'Environment', value: (row) => row.environment },
  { title: 'Tier', value: (row) => row.tier },
  { title: 'Group', value: (row) => row.group },
  { title: 'Version', value: (row) => row.current ?? '' },
  { title: 'Pending', align: 'right', value: (row) => String(row.pending ?? '?') },
  { title: 'Attention', align: 'right', value: (row) => String(row.attention ?? '?') },
  { title: 'Problem', value: (row) => row.problem?.message ?? '', style: () => 'red' },
];

export function defineStatus(group: Group, bind: Bind): void {
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

export function defineList(group: Group, bind: Bind): void {
  const command = group.command('list').description('newest first').option('--limit <n>', 'newest n', count);
  bind(command, async ({ backend, terminal }) => {
    const { limit } = command.opts<{ limit?: number }>();
    const fleets = await listFleets((await backend()).context, limit ?? 50);
    if (terminal.machine) terminal.document({ fleets });
    else terminal.print(fleets.length === 0 ? 'No fleet yet.' : formatTable(listColumns, fleets, terminal));
    return exitCodes.done;
  });
}

export function defineShow(group: Group, bind: Bind): void {
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

export function defineMerge(group: Group, bind: Bind): void {
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
