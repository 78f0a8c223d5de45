/** `bundle apply`: the verdict, then a run like any other with the bundle as its source, then a report to send back. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type ReportFormat, reportFormats } from '../../../shared/model/report.ts';
import { exitCodeOf, type Problem, raise } from '../../../shared/problem.ts';
import { withBundle } from '../../services/bundles/bundleTarget.ts';
import type { Context } from '../../services/context.ts';
import { planToRun, requireRunnable } from '../../services/planMigration.ts';
import { rehearsalLimitMs } from '../../services/rehearse.ts';
import { writeReport } from '../../services/report/writeReport.ts';
import { startRehearsal } from '../../services/startRehearsal.ts';
import { startPlanned } from '../../services/startRun.ts';
import type { TargetRequest } from '../../services/target.ts';
import { viewPlan } from '../../services/viewPlan.ts';
import { askGate } from '../askGate.ts';
import type { Define, Invocation } from '../invocation.ts';
import { awaitRun, followRun, nothingToDo } from '../runOutput.ts';
import { plain } from '../terminal.ts';
import { printVerdict, verdictOn } from './bundleRead.ts';
import { printPlan } from './plan.ts';

interface ApplyOptions {
  readonly rehearse?: boolean;
  readonly backup?: boolean;
  readonly reason?: string;
  readonly report?: string;
}

export function addApplyCommand(bundle: Command, bind: Parameters<Define>[1]): void {
  const command = bundle
    .command('apply')
    .argument('<file>')
    .description('check, rehearse where that is asked for, back up, migrate, and write a report to send back')
    .option('--rehearse', 'on a copy first, also where the protection does not ask for it')
    .option('--backup', 'take and check a backup first (default: as the environment’s protection says)')
    .option('--no-backup', 'skip the backup; needs --reason where one is asked')
    .option('--reason <text>', 'kept in the history')
    .option('--report <file>', 'where the report goes; its ending says how: .html, .json or .pdf');
  bind(command, (invocation) => perform(invocation, String(command.processedArgs[0]), command.opts<ApplyOptions>()));
}

async function perform(invocation: Invocation, file: string, options: ApplyOptions): Promise<number> {
  const { terminal } = invocation;
  const format = formatOf(options.report ?? '.html');
  const verdict = await verdictOn(invocation, file);
  if (!terminal.machine) printVerdict(verdict, terminal);
  if (verdict.problem !== null) {
    if (terminal.machine) terminal.document({ verdict, problem: verdict.problem });
    return exitCodeOf(verdict.problem);
  }
  if (verdict.verdict === 'alreadyApplied') return nothingToDo(terminal);
  const { context } = await invocation.backend();
  const target = withBundle(await invocation.target(), file);
  if (options.rehearse === true) await rehearse(context, target, invocation);
  const { id, code } = await migrate(context, target, invocation, options);
  const report = resolve(options.report ?? `lockkeeper-report-${id}.html`);
  await writeFile(report, (await writeReport(context, id, format)).content, { mode: 0o600 });
  terminal.note(plain(`Report to send back: ${report}`));
  return code;
}

const formatOf = (name: string): ReportFormat =>
  reportFormats.find((one) => name.toLowerCase().endsWith(`.${one}`)) ??
  raise({ code: 'usage.invalid', message: 'A report is .html, .json or .pdf.', hint: 'Give --report such a name.' });

async function rehearse(context: Context, target: TargetRequest, { options, terminal }: Invocation): Promise<void> {
  const started = await startRehearsal(context, {
    target,
    wanted: { direction: 'up' },
    copy: { kind: 'auto', tables: null },
    newBackup: 'ifNeeded',
    accept: options.accept ?? [],
    limitMs: rehearsalLimitMs,
  });
  const run = await awaitRun(context, started, terminal);
  if (run.outcome !== 'succeeded') raise(run.problem ?? notPassed);
  terminal.note(`${terminal.style('green', '✓')} rehearsed`);
}

const notPassed: Omit<Problem, 'state'> = {
  code: 'rehearsal.notRestored',
  message: 'The rehearsal did not pass: nothing was migrated.',
  hint: 'Look at it with: lockkeeper report RUN',
};

async function migrate(
  context: Context,
  target: TargetRequest,
  invocation: Invocation,
  options: ApplyOptions,
): Promise<{ id: string; code: number }> {
  const { terminal } = invocation;
  const accept = invocation.options.accept ?? [];
  await using planned = await planToRun(context, target, { direction: 'up' }, accept);
  const { prepared } = planned;
  const view = await viewPlan(context, prepared, false);
  requireRunnable(prepared.plan, null);
  if (!terminal.machine) printPlan({ ...view, problems: [] }, terminal);
  const described = (code: string): string =>
    view.steps.flatMap((step) => step.hazards).find((hazard) => hazard.code === code)?.message ?? '';
  const answers = await askGate(invocation, prepared.gate, options, described);
  const started = startPlanned(context, planned, {
    fingerprint: null,
    ...(options.backup === undefined ? {} : { backup: options.backup }),
    ...answers,
    continueOnError: false,
  });
  const environment = prepared.plan.target.environment;
  const code = await followRun(context, started, environment, terminal, invocation.options.events === true);
  return { id: started.id, code };
}
