/** `up` and `down`: plan, ask what the gate asks, run, report. */
import type { Command } from 'commander';
import type { PlanFile } from '../../../shared/contract/planFile.ts';
import type { PlanView } from '../../../shared/contract/views.ts';
import type { Target } from '../../../shared/model/plan.ts';
import type { Run } from '../../../shared/model/run.ts';
import { exitCodes } from '../../../shared/problem.ts';
import type { Context } from '../../services/context.ts';
import { type PreparedPlan, planMigration, planToRun, requireRunnable } from '../../services/planMigration.ts';
import { viewPlan } from '../../services/viewPlan.ts';
import { askGate } from '../askGate.ts';
import { count, type Define, type Invocation } from '../invocation.ts';
import { awaitRun, dryRunDocument, nothingToDo, tellRun } from '../runOutput.ts';
import type { Terminal } from '../terminal.ts';
import { untilOursOrDone } from '../waitForOthers.ts';
import { downTarget, upTarget } from '../wanted.ts';

interface RunOptions {
  readonly to?: string;
  readonly steps?: number;
  readonly version?: string;
  readonly plan?: string;
  readonly dryRun?: boolean;
  readonly backup?: boolean;
  readonly reason?: string;
  readonly continueOnError?: boolean;
  readonly failHard?: boolean;
  readonly wait?: number;
}

type SavedPlan = Pick<PlanFile, 'fingerprint' | 'approvals'>;

const withRunOptions = (command: Command): Command =>
  command
    .option('--to <version>', 'up to, or down to, this version')
    .option('--dry-run', 'show what would be done and stop')
    .option('--backup', 'take and check a backup first (default: as the environment’s protection says)')
    .option('--no-backup', 'skip the backup; needs --reason where one is asked')
    .option('--reason <text>', 'kept in the history')
    .option('--continue-on-error', 'go on with the next migration after a failed one')
    .option('--wait <seconds>', 'while somebody else migrates, wait so long and plan again: their work counts', count)
    .option('--fail-hard', 'succeed only if the database is at its target in the end, for start-up scripts');

export const upCommand: Define = (program, bind) => {
  const command = withRunOptions(program.command('up').description('back up, check, apply'))
    .option('--steps <n>', 'only the first n', count)
    .option('--plan <file>', 'exactly this saved plan');
  bind(command, async (invocation) => {
    const options = command.opts<RunOptions>();
    const saved = options.plan === undefined ? null : await readSaved(options.plan);
    return perform(invocation, options, saved?.request ?? upTarget(options), saved);
  });
};

export const downCommand: Define = (program, bind) => {
  const command = withRunOptions(
    program
      .command('down')
      .argument('[n]', 'how many to roll back', count)
      .description('roll back the last, the last n, down to, or one version'),
  ).option('--version <version>', 'this one and what depends on it');
  bind(command, async (invocation) => {
    const options = command.opts<RunOptions>();
    const steps: unknown = command.processedArgs[0];
    return perform(
      invocation,
      options,
      downTarget({ ...options, ...(typeof steps === 'number' ? { steps } : {}) }),
      null,
    );
  });
};

async function readSaved(file: string): Promise<PlanFile> {
  const [{ readPlanText }, { readPlanFile }] = await Promise.all([
    import('./approve.ts'),
    import('../../services/planFile.ts'),
  ]);
  return readPlanFile(await readPlanText(file), file);
}

async function perform(
  invocation: Invocation,
  options: RunOptions,
  wanted: Target,
  saved: SavedPlan | null,
): Promise<number> {
  const { terminal } = invocation;
  if (options.dryRun === true) return dryRun(invocation, wanted, saved);
  const run = await untilOursOrDone(invocation, options, () => planAndRun(invocation, options, wanted, saved));
  const isBehind =
    options.failHard === true && options.steps === undefined && (await isPending(invocation, wanted, run));
  const code = run === null ? nothingToDo(terminal) : tellRun(run, run.environment, terminal);
  if (code !== exitCodes.done || !isBehind) return code;
  terminal.note('Stopped hard: the database is not at its target.');
  return exitCodes.pending;
}

async function dryRun(invocation: Invocation, wanted: Target, saved: SavedPlan | null): Promise<number> {
  const { terminal } = invocation;
  const { context } = await invocation.backend();
  const target = await invocation.target();
  const accept = invocation.options.accept ?? [];
  const prepared = await planMigration(context, target, wanted, accept, undefined, saved?.approvals);
  const view = await showPlan(context, prepared, saved?.fingerprint ?? null, terminal);
  return view.steps.length === 0 ? nothingToDo(terminal) : dryRunDocument(view, terminal);
}

/** Null: there was nothing to do. */
async function planAndRun(
  invocation: Invocation,
  options: RunOptions,
  wanted: Target,
  saved: SavedPlan | null,
): Promise<Run | null> {
  const { terminal } = invocation;
  const { context } = await invocation.backend();
  const target = await invocation.target();
  const accept = invocation.options.accept ?? [];
  const fingerprint = saved?.fingerprint ?? null;
  await using planned = await planToRun(context, target, wanted, accept, undefined, saved?.approvals);
  const { prepared } = planned;
  const view = await showPlan(context, prepared, fingerprint, terminal);
  if (view.steps.length === 0) return null;
  // Most calls, as those of every start of an application, find nothing to do: what runs is loaded where something does.
  const { startPlanned } = await import('../../services/startRun.ts');
  const answers = await askGate(invocation, prepared.gate, options, (code) => hazardText(view, code));
  const started = startPlanned(context, planned, {
    fingerprint,
    ...(options.backup === undefined ? {} : { backup: options.backup }),
    ...answers,
    continueOnError: options.continueOnError === true,
  });
  return awaitRun(context, started, terminal, invocation.options.events === true);
}

async function isPending(invocation: Invocation, wanted: Target, run: Run | null): Promise<boolean> {
  if (run !== null && run.outcome !== 'succeeded') return true;
  const { plan } = await planMigration((await invocation.backend()).context, await invocation.target(), wanted);
  return plan.steps.length > 0 || plan.problems.length > 0;
}

async function showPlan(
  context: Context,
  prepared: PreparedPlan,
  fingerprint: string | null,
  terminal: Terminal,
): Promise<PlanView> {
  const view = await viewPlan(context, prepared, false);
  requireRunnable(prepared.plan, fingerprint);
  if (view.steps.length > 0 && !terminal.machine)
    (await import('./plan.ts')).printPlan({ ...view, problems: [] }, terminal);
  return view;
}

const hazardText = (view: PlanView, code: string): string =>
  view.steps.flatMap((step) => step.hazards).find((hazard) => hazard.code === code)?.message ?? '';
