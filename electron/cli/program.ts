/** The command line: parses, dispatches to one file per command, and turns every failure into an exit code. */
import { Command, CommanderError, Option } from 'commander';
import { type Tier, tiers } from '../../shared/model/environment.ts';
import { exitCodeOf, exitCodes, type Problem, ProblemError, problemFrom } from '../../shared/problem.ts';
import { activityCommand } from './commands/activity.ts';
import { adoptCommand } from './commands/adopt.ts';
import { approveCommand } from './commands/approve.ts';
import { auditCommand } from './commands/audit.ts';
import { backupCommand } from './commands/backup.ts';
import { bundleCommand } from './commands/bundle.ts';
import { compatCommand } from './commands/compat.ts';
import { detectCommand } from './commands/detect.ts';
import { envCommand } from './commands/env.ts';
import { fleetCommand } from './commands/fleet.ts';
import { historyCommand } from './commands/history.ts';
import { hookCommand } from './commands/hook.ts';
import { infoCommand } from './commands/info.ts';
import { lockCommand } from './commands/lock.ts';
import { logsCommand } from './commands/logs.ts';
import { matrixCommand } from './commands/matrix.ts';
import { newCommand } from './commands/newMigration.ts';
import { planCommand } from './commands/plan.ts';
import { rehearseCommand } from './commands/rehearse.ts';
import { baselineCommand, forceCommand, repairCommand } from './commands/repair.ts';
import { reportCommand } from './commands/report.ts';
import { restoreCommand } from './commands/restore.ts';
import { roleCommand } from './commands/role.ts';
import { downCommand, upCommand } from './commands/run.ts';
import { runsCommand } from './commands/runs.ts';
import { scheduleCommand } from './commands/schedule.ts';
import { diffCommand, driftCommand, snapshotCommand } from './commands/schema.ts';
import { serveCommand } from './commands/serve.ts';
import { statusCommand } from './commands/status.ts';
import { testCommand } from './commands/test.ts';
import { tokenCommand } from './commands/token.ts';
import { toolsCommand } from './commands/tools.ts';
import { validateCommand } from './commands/validate.ts';
import { verifyCommand } from './commands/verify.ts';
import { formatProblem } from './format.ts';
import { type CommonOptions, createInvocation, type Define } from './invocation.ts';
import { requireRoleFor } from './leastRoles.ts';
import { createTerminal } from './terminal.ts';

const commands: readonly Define[] = [
  envCommand,
  detectCommand,
  statusCommand,
  planCommand,
  approveCommand,
  upCommand,
  downCommand,
  rehearseCommand,
  backupCommand,
  restoreCommand,
  historyCommand,
  reportCommand,
  auditCommand,
  logsCommand,
  infoCommand,
  verifyCommand,
  repairCommand,
  baselineCommand,
  forceCommand,
  adoptCommand,
  runsCommand,
  lockCommand,
  activityCommand,
  toolsCommand,
  newCommand,
  validateCommand,
  testCommand,
  snapshotCommand,
  diffCommand,
  driftCommand,
  matrixCommand,
  fleetCommand,
  bundleCommand,
  compatCommand,
  roleCommand,
  scheduleCommand,
  hookCommand,
  serveCommand,
  tokenCommand,
];

export function defineCommands(program: Command, bind: Parameters<Define>[1]): void {
  for (const define of commands) define(program, bind);
}

/** Runs one command line and resolves with its exit code (cli.md, section "Exit codes"). */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = createProgram();
  const terminalOf = () => createTerminal(program.opts<CommonOptions>());
  defineCommands(program, (command, act) => {
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
  });
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
