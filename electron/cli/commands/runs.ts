/** `run list`, `show`, `reconcile` and `resume`: interrupted runs, and what became of them. */
import type { Reconciliation, StepFinding } from '../../../shared/model/reconcile.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import { exitCodeOf, exitCodes } from '../../../shared/problem.ts';
import { listRuns } from '../../services/listRuns.ts';
import { reconcileRun } from '../../services/reconcileRun.ts';
import { prepareResume, startResume } from '../../services/resumeRun.ts';
import { showRun } from '../../services/showRun.ts';
import { viewPlan } from '../../services/viewPlan.ts';
import { askGate } from '../askGate.ts';
import { type Column, formatProblem, formatTable, formatTime } from '../format.ts';
import { count, type Define, type Invocation } from '../invocation.ts';
import { followRun, printEnd } from '../runOutput.ts';
import { plain, plainLines, type Terminal } from '../terminal.ts';

export const runsCommand: Define = (program, bind) => {
  const group = program.command('run').description('runs, and what became of interrupted ones');
  defineList(group, bind);
  defineShow(group, bind);
  defineReconcile(group, bind);
  defineResume(group, bind);
};

type Group = Parameters<Define>[0];
type Bind = Parameters<Define>[1];

/** Without a word, the run's own environment. */
const namedTarget = ({ options, target }: Invocation) =>
  options.env === undefined && options.url === undefined && options.urlEnv === undefined ? null : target();

const columns: readonly Column<RunSummary>[] = [
  { title: 'Run', value: (row) => row.id },
  { title: 'Started', value: (row) => formatTime(row.startedAt) },
  { title: 'Environment', value: (row) => row.environment },
  { title: 'Action', value: (row) => row.action },
  { title: 'Outcome', value: (row) => row.outcome ?? 'running' },
  { title: 'Who', value: (row) => row.actor },
];

function defineList(group: Group, bind: Bind): void {
  const command = group
    .command('list')
    .description('newest first; with --url the runs that the database’s own journal knows')
    .option('--limit <n>', 'newest n', count);
  bind(command, async (invocation) => {
    const { terminal, options } = invocation;
    const { context } = await invocation.backend();
    const { limit } = command.opts<{ limit?: number }>();
    const adHoc = options.url === undefined && options.urlEnv === undefined ? null : await invocation.target();
    const runs = await listRuns(context, { environment: options.env ?? null, adHoc, limit: limit ?? 50 });
    if (terminal.machine) terminal.document({ runs });
    else terminal.print(runs.length === 0 ? 'No run yet.' : formatTable(columns, runs, terminal));
    return exitCodes.done;
  });
}

function defineShow(group: Group, bind: Bind): void {
  const command = group.command('show').argument('<id>').description('what is known of a run; writes nothing');
  bind(command, async (invocation) => {
    const { terminal } = invocation;
    const { context } = await invocation.backend();
    const shown = await showRun(context, command.args[0] ?? '', await namedTarget(invocation));
    if (terminal.machine) terminal.document(shown);
    else {
      if (shown.run !== null) printEnd(shown.run, shown.run.environment, terminal);
      if (shown.reconciliation !== null) print(shown.reconciliation, terminal);
      if (shown.problem !== null) terminal.note(formatProblem(shown.problem, terminal));
    }
    return exitCodes.done;
  });
}

interface ReconcileOptions {
  readonly wait?: boolean;
  readonly cancel?: boolean;
  readonly statementDone?: boolean;
  readonly statementNotDone?: boolean;
  readonly reason?: string;
}

function defineReconcile(group: Group, bind: Bind): void {
  const command = group
    .command('reconcile')
    .argument('<id>')
    .description('find out from evidence what an interrupted run did, and write it down; resumes nothing')
    .option('--wait', 'wait for the statement that the server still works on')
    .option('--cancel', 'end that statement’s session: the server undoes what it has not committed')
    .option('--statement-done', 'the statement that nothing tells of took effect; needs --reason')
    .option('--statement-not-done', 'it did not; needs --reason')
    .option('--reason <text>', 'why; kept in the audit');
  bind(command, async (invocation) => {
    const { terminal } = invocation;
    const options = command.opts<ReconcileOptions>();
    const { context } = await invocation.backend();
    const view = await reconcileRun(context, {
      run: command.args[0] ?? '',
      target: await namedTarget(invocation),
      orphan: options.cancel === true ? 'cancel' : options.wait === true ? 'wait' : 'tell',
      answer: options.statementDone === true ? 'done' : options.statementNotDone === true ? 'notDone' : null,
      reason: options.reason ?? null,
    });
    if (terminal.machine) terminal.document(view);
    else print(view, terminal);
    return view.problem === null ? exitCodes.done : exitCodeOf(view.problem);
  });
}

interface ResumeOptions {
  readonly rollBack?: boolean;
  readonly backup?: boolean;
  readonly reason?: string;
}

function defineResume(group: Group, bind: Bind): void {
  const command = group
    .command('resume')
    .argument('<id>')
    .description('go on with an interrupted run where it stopped')
    .option('--roll-back', 'run the rollback script of the interrupted migration instead')
    .option('--backup', 'take and check a backup first (default: as the environment’s protection says)')
    .option('--no-backup', 'skip the backup; needs --reason where one is asked')
    .option('--reason <text>', 'kept in the history');
  bind(command, async (invocation) => {
    const { terminal, options: common } = invocation;
    const options = command.opts<ResumeOptions>();
    const { context } = await invocation.backend();
    await using prepared = await prepareResume(context, {
      run: command.args[0] ?? '',
      target: await namedTarget(invocation),
      action: options.rollBack === true ? 'rollBack' : 'resume',
      reason: options.reason ?? null,
      accept: common.accept ?? [],
    });
    if (!terminal.machine) print(prepared.found.view, terminal);
    const { prepared: planned } = prepared;
    const view = await viewPlan(context, planned, false);
    const answers = await askGate(
      invocation,
      planned.gate,
      options,
      (code) => view.steps.flatMap((step) => step.hazards).find((hazard) => hazard.code === code)?.message ?? '',
    );
    const started = startResume(context, prepared, {
      fingerprint: null,
      ...(options.backup === undefined ? {} : { backup: options.backup }),
      ...answers,
      continueOnError: false,
    });
    return followRun(context, started, planned.plan.target.environment, terminal, common.events === true);
  });
}

const marks = {
  done: ['✓', 'green'],
  notDone: ['⊘', 'dim'],
  partly: ['◐', 'yellow'],
  stillRunning: ['…', 'yellow'],
  unknown: ['?', 'red'],
} as const;

function print(view: Reconciliation, terminal: Terminal): void {
  terminal.print(
    `Run ${view.run}: ${plain(view.action)} on ${plain(view.environment)} by ${plain(view.actor)} on ${plain(view.host)}, started ${formatTime(view.startedAt)}.`,
  );
  for (const finding of view.steps) printFinding(finding, terminal);
  for (const one of view.contradictions) terminal.print(`${terminal.style('red', '!')} ${plain(one)}`);
  if (view.orphan !== null)
    terminal.print(
      `The server’s session ${plain(view.orphan.session)} is still there${view.orphan.statement === null ? '' : `, at work on: ${plain(view.orphan.statement)}`}`,
    );
  if (view.problem !== null) terminal.note(`\n${formatProblem(view.problem, terminal)}`);
  if (view.offers.length > 0) terminal.note('\nWhat may be done now, each by one command:');
  for (const { meaning, command, problem } of view.offers)
    terminal.note(
      problem === null
        ? `  ${plain(meaning)}\n    ${plain(command)}`
        : `  ${plain(meaning)}\n    not possible: ${plain(problem.message)}`,
    );
}

function printFinding(finding: StepFinding, terminal: Terminal): void {
  const [glyph, style] = marks[finding.verdict.kind];
  terminal.print(
    `${terminal.style(style, glyph)} ${plain(finding.version)} ${plain(finding.name)}  ${words(finding)}  ${terminal.style('dim', plain(finding.evidence))}`,
  );
  const { statement, error, verdict } = finding;
  if (statement !== null && verdict.kind !== 'done')
    terminal.print(`    line ${statement.line}: ${plain(statement.text.replace(/\s+/g, ' ').slice(0, 200))}`);
  if (verdict.kind === 'unknown' && verdict.now !== null)
    terminal.print(`    before: ${plain(verdict.before ?? 'not recorded')}\n    now:    ${plain(verdict.now)}`);
  if (error !== null) terminal.print(`    first error: ${plainLines(error)}`);
}

function words({ verdict, statements }: StepFinding): string {
  switch (verdict.kind) {
    case 'done':
      return 'done';
    case 'notDone':
      return 'nothing of it is done';
    case 'partly':
      return `${verdict.at.statement} of ${statements} statements are done`;
    case 'stillRunning':
      return `statement ${verdict.at.statement + 1} of ${statements} is still running`;
    case 'unknown':
      return `statement ${verdict.at.statement + 1} of ${statements}: not known`;
  }
}
