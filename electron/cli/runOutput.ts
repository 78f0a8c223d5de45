/** Follows a run: live on standard error for a person, as lines for a script, and one result at the end. */

import type { PlanView } from '../../shared/contract/views.ts';
import { blockerWords, lockRetryWords, serverProgressWords } from '../../shared/model/activityWords.ts';
import { cancelPreview } from '../../shared/model/cancelPreview.ts';
import type { Run, RunRecord, RunStep } from '../../shared/model/run.ts';
import { assertNever, exitCodeOf, exitCodes } from '../../shared/problem.ts';
import type { Context } from '../services/context.ts';
import type { StartedRun } from '../services/startRun.ts';
import { formatBytes, formatDuration, formatProblem } from './format.ts';
import { plain, type Terminal } from './terminal.ts';

/** Resolves with the exit code when the run has ended. The first interrupt cancels it, a second one gives up waiting. */
export async function followRun(
  context: Context,
  started: StartedRun,
  environment: string,
  terminal: Terminal,
  events: boolean,
): Promise<number> {
  return tellRun(await awaitRun(context, started, terminal, events), environment, terminal);
}

/** The result of a run that has ended, and its exit code. */
export function tellRun(run: Run, environment: string, terminal: Terminal): number {
  if (terminal.machine) terminal.document(runDocument(run));
  else printEnd(run, environment, terminal);
  return exitCodeOfRun(run);
}

/** The same for a run whose result is told by its command. */
export async function awaitRun(
  context: Context,
  started: StartedRun,
  terminal: Terminal,
  events = false,
): Promise<Run> {
  const stop = interruptible(context, started.id, terminal);
  try {
    for await (const record of context.runs.watch(started.id, 0, new AbortController().signal)) {
      if (events) terminal.document(record);
      else tell(record, context, started.id, terminal);
    }
    return await started.finished;
  } finally {
    stop();
  }
}

function interruptible(context: Context, id: string, terminal: Terminal): () => void {
  let asked = false;
  const onInterrupt = () => {
    if (asked) process.exit(exitCodes.cancelled);
    asked = true;
    const run = context.runs.active().find((one) => one.id === id);
    if (run !== undefined) {
      const { undone, kept } = cancelPreview(run);
      terminal.note(plain(`Cancelling. ${undone} ${kept}`));
    }
    terminal.note('Press Ctrl+C again to leave without waiting; what the server is doing then may still be completed.');
    context.runs.cancel(id);
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  return () => {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  };
}

/** The document of `up`, `down` and `backup create`, as cli.md has it. */
const runDocument = (run: Run) => ({
  run: run.id,
  outcome: run.outcome,
  startedAt: run.startedAt,
  finishedAt: run.finishedAt,
  steps: run.steps.map((step) => ({
    version: step.version,
    name: step.name,
    action: step.action,
    outcome: step.outcome ?? 'notExecuted',
    durationMs: step.durationMs,
    statements: step.done,
  })),
  backup: run.backup,
  ...(run.restore === null ? {} : { restore: run.restore }),
  warnings: run.warnings,
  problem: run.problem,
  next: run.next,
});

/** A run that executed something has failed as a run; one that never came so far, as its problem says. */
function exitCodeOfRun(run: Run): number {
  if (run.outcome === 'succeeded') return exitCodes.done;
  if (run.outcome === 'cancelled') return exitCodes.cancelled;
  const executed = run.steps.some((step) => step.outcome !== null && step.outcome !== 'notExecuted');
  const failed = run.outcome === 'failed' && executed && run.problem?.code !== 'run.verification';
  if (failed || run.problem === null) return exitCodes.runFailed;
  return exitCodeOf(run.problem);
}

function tell(record: RunRecord, context: Context, id: string, terminal: Terminal): void {
  if (terminal.machine) return;
  switch (record.type) {
    case 'phaseStarted':
      terminal.progress(`${phaseWords[record.phase]} …`);
      return;
    case 'lockWaiting':
      terminal.note(
        `Waiting for the lock of ${plain(record.holder?.person ?? 'somebody')} on ${plain(record.holder?.host ?? 'an unknown host')}`,
      );
      return;
    case 'backupProgress':
      terminal.progress(
        `Backing up … ${formatBytes(record.bytes)}${record.totalBytes === null ? '' : ` of about ${formatBytes(record.totalBytes)}`}${record.current === null ? '' : `, ${plain(record.current)}`}`,
      );
      return;
    case 'restoreProgress':
      terminal.progress(
        `Restoring … ${formatBytes(record.bytes)}${record.current === null ? '' : `, ${plain(record.current)}`}`,
      );
      return;
    case 'rehearsalProgress':
      terminal.progress(`${wayWords[record.way]} ${plain(record.version)}, ${record.position} of ${record.of}`);
      return;
    case 'backupFinished':
      terminal.note(
        `${terminal.style('green', '✓')} backup ${record.backup.level}: ${plain(record.backup.path)} (${formatBytes(record.backup.bytes)})`,
      );
      return;
    case 'statementProgress':
      terminal.progress(
        `${plain(context.runs.active().find((run) => run.id === id)?.steps[record.step]?.version ?? '')}  ${record.done} of ${record.total} statements${record.line === null ? '' : `, line ${record.line}`}`,
      );
      return;
    case 'batchProgress':
      terminal.progress(
        `${plain(context.runs.active().find((run) => run.id === id)?.steps[record.step]?.version ?? '')}  line ${record.line}: ${record.batches} batches, ${record.rows} rows so far`,
      );
      return;
    case 'blocked':
      if (record.blockers.length > 0)
        terminal.note(`Waiting for ${plain(record.blockers.map(blockerWords).join('; '))}`);
      return;
    case 'serverProgress':
      if (record.progress !== null) terminal.progress(plain(serverProgressWords(record.progress)));
      return;
    case 'lockRetry':
      terminal.note(lockRetryWords(record));
      return;
    case 'stepFinished':
      tellStep(record, context, id, terminal);
      return;
    case 'notice':
      if (terminal.verbose)
        terminal.note(terminal.style('dim', `  ${plain(record.severity)}: ${plain(record.message)}`));
      return;
    case 'warning':
      terminal.note(`Warning: ${plain(record.message)}`);
      return;
    case 'runStarted':
    case 'phaseFinished':
    case 'restoreChanged':
    case 'rehearsalFinished':
    case 'stepStarted':
    case 'resultSet':
    case 'cancelRequested':
    case 'runFinished':
      return;
    default:
      assertNever(record);
  }
}

const wayWords = { forth: 'Trying', back: 'Rolling back', again: 'Trying again' } as const;

const phaseWords = {
  prepare: 'Connecting',
  lock: 'Taking the lock',
  backup: 'Backing up',
  check: 'Checking the backup',
  copy: 'Making the copy',
  prove: 'Restoring and comparing the backup',
  rehearse: 'Rehearsing on the copy',
  back: 'Rolling back on the copy',
  migrate: 'Migrating',
  restore: 'Restoring',
  swap: 'Putting the restored one in place',
  verify: 'Verifying',
  report: 'Finishing',
  hooksBefore: 'Running the hooks before',
  hooksAfter: 'Running the hooks after',
} as const;

const outcomeMarks = {
  succeeded: ['✓', 'green', 'done'],
  failed: ['✕', 'red', 'failed'],
  rolledBack: ['✕', 'red', 'failed and rolled back'],
  unknown: ['?', 'red', 'not known'],
  notExecuted: ['⊘', 'dim', 'not executed'],
} as const;

const actionWords: Readonly<Record<RunStep['action'], string>> = {
  apply: 'applied',
  revert: 'rolled back',
  updateChecksum: 'checksum updated',
  markApplied: 'marked as applied',
  markReverted: 'marked as rolled back',
  removeFailed: 'failed entry removed',
  baseline: 'marked as applied before',
  force: 'set as the version',
};

function tellStep(
  record: RunRecord & { type: 'stepFinished' },
  context: Context,
  id: string,
  terminal: Terminal,
): void {
  const step: RunStep | undefined = context.runs.active().find((run) => run.id === id)?.steps[record.step];
  const [glyph, style, word] = outcomeMarks[record.outcome];
  const action = step?.action ?? 'apply';
  const what = record.outcome === 'succeeded' ? actionWords[action] : word;
  const took =
    record.outcome === 'notExecuted' || (action !== 'apply' && action !== 'revert')
      ? ''
      : `  ${record.statements} statement${record.statements === 1 ? '' : 's'}, ${formatDuration(record.durationMs)}`;
  terminal.note(
    `${terminal.style(style, glyph)} ${plain(step?.version ?? '')} ${plain(step?.name ?? '')}  ${what}${took}`,
  );
}

/** The last lines of a run, as far as it came. */
export function printEnd(run: Run, environment: string, terminal: Terminal): void {
  terminal.progress('');
  if (run.problem !== null) terminal.problem(`\n${formatProblem(run.problem, terminal)}`);
  const took =
    run.finishedAt === null ? '' : ` in ${formatDuration(Date.parse(run.finishedAt) - Date.parse(run.startedAt))}`;
  const done = run.steps.filter((step) => step.outcome === 'succeeded').length;
  const steps = run.steps.length === 0 ? '' : `, ${done} of ${run.steps.length} done`;
  terminal.print(
    `${run.outcome === 'succeeded' ? terminal.style('green', '✓') : terminal.style('red', '✕')} ${plain(environment)}: ${run.outcome ?? 'running'}${steps}${took}  (run ${run.id})`,
  );
  for (const next of run.next) terminal.note(`Next: ${plain(next)}`);
}

/** Nothing was pending: that is success. */
export function nothingToDo(terminal: Terminal): number {
  if (terminal.machine)
    terminal.document({
      run: null,
      outcome: 'succeeded',
      startedAt: null,
      finishedAt: null,
      steps: [],
      backup: null,
      problem: null,
      next: [],
    });
  else terminal.print('Nothing to do.');
  return exitCodes.done;
}

/** `--dry-run`: the same shape, with nothing executed. */
export function dryRunDocument(view: PlanView, terminal: Terminal): number {
  const steps = view.steps.map(({ version, name, action, statements }) => ({
    version,
    name,
    action,
    outcome: 'notExecuted',
    durationMs: null,
    statements,
  }));
  if (terminal.machine)
    terminal.document({
      run: null,
      outcome: 'succeeded',
      dryRun: true,
      startedAt: null,
      finishedAt: null,
      steps,
      backup: null,
      problem: null,
      next: [],
      plan: view,
    });
  else terminal.print('Dry run: nothing was changed.');
  return exitCodes.done;
}
