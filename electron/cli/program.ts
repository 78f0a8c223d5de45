/** The command line: parses, dispatches to one file per command, and turns every failure into an exit code. */
import { Command, CommanderError, Option } from 'commander';
import { type Tier, tiers } from '../../shared/model/environment.ts';
import { exitCodeOf, exitCodes, type Problem, ProblemError, problemFrom } from '../../shared/problem.ts';
import { formatProblem } from './format.ts';
import { type CommonOptions, createInvocation, type Define } from './invocation.ts';
import { requireRoleFor } from './leastRoles.ts';
import { createTerminal } from './terminal.ts';

/** By the word that each begins with, in the order of the help; only what is called for is loaded. */
const commands: Readonly<Record<string, () => Promise<Define>>> = {
  env: async () => (await import('./commands/env.ts')).envCommand,
  detect: async () => (await import('./commands/detect.ts')).detectCommand,
  status: async () => (await import('./commands/status.ts')).statusCommand,
  plan: async () => (await import('./commands/plan.ts')).planCommand,
  approve: async () => (await import('./commands/approve.ts')).approveCommand,
  up: async () => (await import('./commands/run.ts')).upCommand,
  down: async () => (await import('./commands/run.ts')).downCommand,
  rehearse: async () => (await import('./commands/rehearse.ts')).rehearseCommand,
  backup: async () => (await import('./commands/backup.ts')).backupCommand,
  restore: async () => (await import('./commands/restore.ts')).restoreCommand,
  history: async () => (await import('./commands/history.ts')).historyCommand,
  report: async () => (await import('./commands/report.ts')).reportCommand,
  audit: async () => (await import('./commands/audit.ts')).auditCommand,
  logs: async () => (await import('./commands/logs.ts')).logsCommand,
  info: async () => (await import('./commands/info.ts')).infoCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  repair: async () => (await import('./commands/repair.ts')).repairCommand,
  baseline: async () => (await import('./commands/repair.ts')).baselineCommand,
  force: async () => (await import('./commands/repair.ts')).forceCommand,
  adopt: async () => (await import('./commands/adopt.ts')).adoptCommand,
  run: async () => (await import('./commands/runs.ts')).runsCommand,
  lock: async () => (await import('./commands/lock.ts')).lockCommand,
  activity: async () => (await import('./commands/activity.ts')).activityCommand,
  tools: async () => (await import('./commands/tools.ts')).toolsCommand,
  new: async () => (await import('./commands/newMigration.ts')).newCommand,
  validate: async () => (await import('./commands/validate.ts')).validateCommand,
  test: async () => (await import('./commands/test.ts')).testCommand,
  snapshot: async () => (await import('./commands/schema.ts')).snapshotCommand,
  diff: async () => (await import('./commands/schema.ts')).diffCommand,
  drift: async () => (await import('./commands/schema.ts')).driftCommand,
  matrix: async () => (await import('./commands/matrix.ts')).matrixCommand,
  fleet: async () => (await import('./commands/fleet.ts')).fleetCommand,
  bundle: async () => (await import('./commands/bundle.ts')).bundleCommand,
  compat: async () => (await import('./commands/compat.ts')).compatCommand,
  role: async () => (await import('./commands/role.ts')).roleCommand,
  schedule: async () => (await import('./commands/schedule.ts')).scheduleCommand,
  hook: async () => (await import('./commands/hook.ts')).hookCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  token: async () => (await import('./commands/token.ts')).tokenCommand,
};

/** Those that a word of the command line names; all where none does, as for the help. */
export async function defineCommands(
  program: Command,
  bind: Parameters<Define>[1],
  argv: readonly string[] = [],
): Promise<void> {
  const named = Object.keys(commands).filter((name) => argv.includes(name));
  const wanted = Object.entries(commands).filter(([name]) => named.length === 0 || named.includes(name));
  for (const define of await Promise.all(wanted.map(([, load]) => load()))) define(program, bind);
}

/** Runs one command line and resolves with its exit code (cli.md, section "Exit codes"). */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = createProgram();
  const terminalOf = () => createTerminal(program.opts<CommonOptions>());
  const bind: Parameters<Define>[1] = (command, act) => {
    command.action(async () => {
      const terminal = terminalOf();
      const invocation = createInvocation(command.optsWithGlobals<CommonOptions>(), terminal);
      try {
        await requireRoleFor(command, invocation);
        exitCode = await act(invocation, command);
      } finally {
        await invocation.close();
      }
    });
  };
  await defineCommands(program, bind, argv);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (thrown) {
    exitCode = report(thrown, argv, terminalOf);
  }
  return exitCode;
}

function createProgram(): Command {
  return new Command('lockkeeper')
    .description('Carries databases from one schema version to the next.')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .option('--env <name>', 'an environment of the workspace')
    .option('--url <url>', 'database address, ad hoc (a password in it is visible to others; prefer --url-env)')
    .option('--url-env <variable>', 'environment variable that holds the address')
    .option('--password-stdin', 'read the password from standard input')
    .option('--password-env <variable>', 'environment variable that holds the password')
    .option('--passphrase-stdin', 'read the administrator’s passphrase from standard input')
    .option('--passphrase-env <variable>', 'environment variable that holds the administrator’s passphrase')
    .option('--source <path>', 'migration folder')
    .option('--tool <id>', 'the migration tool, when detection finds several')
    .option('--history-table <name>', 'history table, schema.name allowed')
    .addOption(new Option('--tier <tier>', 'ad hoc: whose protection applies').choices([...tiers] satisfies Tier[]))
    .option('--set <key=value>', 'placeholder, repeatable', (value: string, before: string[] = []) => [
      ...before,
      value,
    ])
    .option('--data-dir <dir>', 'the workspace')
    .option('--json', 'one JSON document on standard output')
    .option('--events', 'run events as JSON lines on standard output')
    .option('--non-interactive', 'never ask')
    .option('--confirm <name>', 'typed confirmation of a protected environment')
    .option('--accept <code>', 'accept a hazard code, repeatable', (value: string, before: string[] = []) => [
      ...before,
      value,
    ])
    .option('--verbose', 'more on standard error')
    .option('--quiet', 'nothing but the result')
    .option('--no-color', 'no colour')
    .showHelpAfterError(false);
}

function report(thrown: unknown, argv: readonly string[], terminalOf: () => ReturnType<typeof createTerminal>): number {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.done;
  const problem = thrown instanceof CommanderError ? usageProblem(thrown) : problemFrom(thrown);
  const terminal = argv.includes('--json') || argv.includes('--events') ? createTerminal({ json: true }) : terminalOf();
  if (terminal.machine) terminal.document({ problem });
  else terminal.problem(formatProblem(problem, terminal));
  if (!(thrown instanceof ProblemError) && !(thrown instanceof CommanderError) && terminal.verbose)
    terminal.note(thrown instanceof Error ? (thrown.stack ?? '') : '');
  return exitCodeOf(problem);
}

const usageProblem = (error: CommanderError): Problem => ({
  code: 'usage.invalid',
  message: error.code === 'commander.help' ? 'A command is needed.' : error.message.replace(/^error: /, ''),
  state: 'Nothing was changed.',
  hint: 'See: lockkeeper --help',
});
