import type { Command } from 'commander';
import type { EnvironmentInput } from '../../../shared/contract/inputs.ts';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import {
  type Environment,
  type EnvironmentColour,
  environmentColours,
  type SourceReference,
} from '../../../shared/model/environment.ts';
import { exitCodeOf, exitCodes, raise } from '../../../shared/problem.ts';
import {
  addEnvironment,
  editEnvironment,
  getEnvironment,
  listEnvironments,
  removeEnvironment,
} from '../../services/environments.ts';
import { tierColours } from '../../services/importEnvironments.ts';
import { parseConnection } from '../../services/parseConnection.ts';
import { findEnvironment, isHere, overrideSource } from '../../services/target.ts';
import { testConnection } from '../../services/testConnection.ts';
import { trustHostKey } from '../../services/trustHostKey.ts';
import { formatProblem, formatTable, formatTime } from '../format.ts';
import { type CommonOptions, type Define, type Invocation, overridesFrom, urlFrom } from '../invocation.ts';
import { describeProtection, protectHelp, protectionFrom } from '../protectWords.ts';
import { plain, type Terminal } from '../terminal.ts';
import { freezeCommand } from './envFreeze.ts';
import { transferCommands } from './envTransfer.ts';
import { type TunnelOptions, throughOf, withTunnel } from './envTunnel.ts';

interface EnvironmentOptions extends TunnelOptions {
  readonly group?: string;
  readonly colour?: EnvironmentColour;
  readonly protect?: readonly string[];
  readonly ask?: boolean;
  readonly rename?: string;
}

const withEnvironmentOptions = (command: Command): Command =>
  command
    .option('--group <group>', 'the group it is shown in')
    .option('--colour <colour>', `one of ${environmentColours.join(', ')}`, colour)
    .option('--protect <what...>', protectHelp)
    .option('--ssh <[user@]host[:port]>', 'through this SSH server; none: directly')
    .option('--ssh-key <file>', 'its private key; else as the agent and ~/.ssh/config have it')
    .option('--ask', 'keep the password nowhere; ask for it each session');

export const envCommand: Define = (program, bind) => {
  const group = program.command('env').description('environments');
  transferCommands(group, bind);
  freezeCommand(group, bind);

  const add = withEnvironmentOptions(
    group.command('add').argument('<name>').description('add one: --url, --tier, --source …'),
  );
  bind(add, async (invocation) => {
    const { context } = await invocation.backend();
    const environment = await addEnvironment(
      context,
      await inputFrom(invocation, add.args[0] ?? '', add.opts<EnvironmentOptions>()),
    );
    return show(invocation.terminal, getEnvironment(context, environment.id), 'Added');
  });

  const edit = withEnvironmentOptions(
    group.command('edit').argument('<name>').description('change what the options name'),
  ).option('--rename <name>', 'its new name');
  bind(edit, async (invocation) => {
    const { context } = await invocation.backend();
    const before = findEnvironment(context, edit.args[0] ?? '');
    const { id } = before;
    await editEnvironment(context, { id, ...(await patchFrom(invocation, edit.opts<EnvironmentOptions>(), before)) });
    return show(invocation.terminal, getEnvironment(context, id), 'Changed');
  });

  const list = group.command('list').description('all of them');
  bind(list, async ({ backend, terminal }) => {
    const environments = listEnvironments((await backend()).context);
    if (terminal.machine) terminal.document({ environments: environments.map(toDocument) });
    else
      terminal.print(
        environments.length === 0
          ? 'No environments yet. Add one with: lockkeeper env add NAME --url …'
          : formatTable(columns, environments, terminal),
      );
    return exitCodes.done;
  });

  const showOne = group.command('show').argument('<name>').description('one of them');
  bind(showOne, async ({ backend, terminal }) =>
    show(terminal, getEnvironment((await backend()).context, showOne.args[0] ?? ''), null),
  );

  const remove = group
    .command('remove')
    .argument('<name>')
    .description('forget it and its password; the database is not touched');
  bind(remove, async ({ backend, terminal, options }) => {
    const { context } = await backend();
    const { name, protection } = findEnvironment(context, remove.args[0] ?? '');
    if (protection.typedName) await requireConfirmation(name, options, terminal);
    await removeEnvironment(context, name);
    if (terminal.machine) terminal.document({ removed: name });
    else terminal.print(`Removed ${plain(name)}.`);
    return exitCodes.done;
  });

  const test = group
    .command('test')
    .argument('<name>')
    .description('walk the connection, from name to dump program')
    .option('--trust-host-key <fingerprint>', 'of its SSH server, as the administrator tells it: known from now on');
  bind(test, async (invocation) => {
    const { context } = await invocation.backend();
    const environment = findEnvironment(context, test.args[0] ?? '');
    const password = await invocation.password();
    const { trustHostKey: fingerprint } = test.opts<{ trustHostKey?: string }>();
    if (fingerprint !== undefined) await trustHostKey(context, { connection: environment.connection, fingerprint });
    const result = await testConnection(context, { connection: environment.connection, password, id: environment.id });
    const failed = result.checks.find((check) => check.outcome === 'failed');
    if (invocation.terminal.machine) invocation.terminal.document({ ...result, problem: failed?.problem ?? null });
    else
      for (const check of result.checks) {
        const glyph = { passed: '✓', failed: '✕', warned: '▲', skipped: '⊘' }[check.outcome];
        invocation.terminal.print(`${glyph} ${check.name.padEnd(12)} ${plain(check.detail)}`);
        if (check.problem !== null) invocation.terminal.print(formatProblem(check.problem, invocation.terminal));
      }
    if (result.hostKey !== null)
      invocation.terminal.note(
        `${plain(result.hostKey.host)} shows the ${result.hostKey.kind} key ${result.hostKey.fingerprint}. If its administrator says the same: lockkeeper env test ${plain(environment.name)} --trust-host-key ${result.hostKey.fingerprint}`,
      );
    return failed?.problem == null ? exitCodes.done : exitCodeOf(failed.problem);
  });
};

async function inputFrom(invocation: Invocation, name: string, options: EnvironmentOptions): Promise<EnvironmentInput> {
  const url =
    urlFrom(invocation.options, invocation.terminal) ??
    raise({
      code: 'usage.invalid',
      message: 'An environment needs an address.',
      hint: 'Give --url or --url-env, e.g. postgres://user@host/database',
    });
  const { connection: given, password: inUrl } = parseConnection(url);
  const connection = withTunnel(given, options);
  const password =
    (await invocation.password()) ??
    inUrl ??
    (connection.engine === 'sqlite' ? null : await askPassword(invocation, options));
  const tier =
    invocation.options.tier ??
    (isHere(connection)
      ? 'development'
      : raise({
          code: 'gate.tierRequired',
          message: 'An environment that is not on this computer needs a tier.',
          hint: 'Add --tier development, test, staging or production.',
        }));
  const protection = options.protect === undefined ? null : protectionFrom(options.protect);
  return {
    name,
    tier,
    colour: options.colour ?? tierColours[tier],
    group: options.group ?? '',
    connection,
    source: sourceFrom(invocation.options, null),
    secret: password === null ? null : { password, keep: options.ask === true ? 'ask' : 'keychain' },
    ...(protection === null ? {} : { protection }),
  };
}

async function patchFrom(
  invocation: Invocation,
  options: EnvironmentOptions,
  { source: current, connection: before }: Environment,
) {
  const url = urlFrom(invocation.options, invocation.terminal);
  const parsed = url === null ? null : parseConnection(url);
  const speaksOfTunnel = (options.ssh ?? options.sshKey) !== undefined;
  const connection = parsed?.connection ?? (speaksOfTunnel ? before : null);
  const password = (await invocation.password()) ?? parsed?.password ?? null;
  const source = sourceFrom(invocation.options, current);
  const { tier } = invocation.options;
  return {
    ...(options.rename === undefined ? {} : { name: options.rename }),
    ...(tier === undefined ? {} : { tier }),
    ...(options.colour === undefined ? {} : { colour: options.colour }),
    ...(options.group === undefined ? {} : { group: options.group }),
    ...(connection === null ? {} : { connection: withTunnel(connection, options) }),
    ...(source === null ? {} : { source }),
    ...(options.protect === undefined ? {} : { protection: protectionFrom(options.protect) }),
    ...(password === null
      ? {}
      : { secret: { password, keep: options.ask === true ? ('ask' as const) : ('keychain' as const) } }),
  };
}

/** Null: the options do not speak of it. Without a folder they change the `current` one's rest. */
function sourceFrom(options: CommonOptions, current: SourceReference | null): SourceReference | null {
  const overrides = overridesFrom(options);
  if (Object.keys(overrides).length === 0) return null;
  return overrideSource(overrides.path === undefined ? current : null, overrides);
}

async function askPassword({ terminal }: Invocation, options: EnvironmentOptions): Promise<string | null> {
  if (!terminal.interactive || options.ask === true) return null;
  const given = await terminal.askHidden('Password (empty for none): ');
  return given === '' ? null : given;
}

function colour(text: string): EnvironmentColour {
  return (
    environmentColours.find((one) => one === text) ??
    raise({
      code: 'usage.invalid',
      message: `“${text}” is no colour here.`,
      hint: `Use one of ${environmentColours.join(', ')}.`,
    })
  );
}

async function requireConfirmation(name: string, options: CommonOptions, terminal: Terminal): Promise<void> {
  const typed = options.confirm ?? (terminal.interactive ? await terminal.ask(`Type ${name} to remove it: `) : null);
  if (typed !== name)
    raise({
      code: 'gate.confirmation',
      message: `${name} is protected: its name must be typed to remove it.`,
      hint: `Confirm with the name: --confirm "${name}"`,
    });
}

const columns = [
  { title: 'Name', value: (row: EnvironmentSummary) => row.environment.name },
  { title: 'Tier', value: (row: EnvironmentSummary) => row.environment.tier },
  { title: 'Group', value: (row: EnvironmentSummary) => row.environment.group },
  { title: 'Address', value: (row: EnvironmentSummary) => row.url },
  { title: 'Current', value: (row: EnvironmentSummary) => row.lastKnown?.current ?? '' },
  {
    title: 'Pending',
    align: 'right' as const,
    value: (row: EnvironmentSummary) => (row.lastKnown === null ? '' : String(row.lastKnown.pending)),
  },
  { title: 'Read', value: (row: EnvironmentSummary) => formatTime(row.lastKnown?.at ?? null) },
];

const toDocument = ({ environment, url, lastKnown }: EnvironmentSummary) => ({ ...environment, url, lastKnown });

function show(terminal: Terminal, summary: EnvironmentSummary, done: string | null): number {
  if (terminal.machine) terminal.document(toDocument(summary));
  else {
    const { environment } = summary;
    if (done !== null) terminal.print(`${done} ${plain(environment.name)}.`);
    const facts = {
      address: summary.url,
      through: throughOf(environment.connection),
      tier: environment.tier,
      group: environment.group,
      folder: environment.source?.path ?? '(none)',
      tool: environment.source?.tool ?? '(detected)',
      password: environment.credential.kind,
      protection: describeProtection(environment.protection),
    };
    for (const [name, value] of Object.entries(facts))
      if (value !== '') terminal.print(`  ${name.padEnd(12)}${plain(value)}`);
  }
  return exitCodes.done;
}
