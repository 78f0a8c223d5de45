/** What a run amounts to, in words. */
import { assertNever } from '../../../shared/problem.ts';
import type { Run, RunStep } from '../../../shared/model/run.ts';
import { formatCount } from '../../format.ts';
import { actionWords, type Mark } from '../../texts.ts';

/** `Migrate 3 on acme-prod`. */
export function runTitle(run: Run): string {
  const count = run.steps.length === 0 ? '' : ` ${run.steps.length}`;
  return `${actionWords[run.action]}${count}`;
}

export interface OutcomeSheet {
  readonly mark: Mark;
  readonly sentence: string;
}

const countOf = (run: Run, outcome: RunStep['outcome']): number => run.steps.filter((step) => step.outcome === outcome).length;

/** Null while it goes on. */
export function outcomeSheet(run: Run): OutcomeSheet | null {
  if (run.outcome === null) return null;
  const done = countOf(run, 'succeeded');
  const left = countOf(run, 'notExecuted') + run.steps.filter((step) => step.outcome === null).length;
  const rest = left === 0 ? '' : ` ${formatCount(left, 'step was', 'steps were')} not executed.`;
  const before = done === 0 ? 'No step was completed.' : `${formatCount(done, 'step is', 'steps are')} complete and recorded.`;
  switch (run.outcome) {
    case 'succeeded':
      return { mark: { glyph: '✓', word: 'Succeeded', tone: 'ok' }, sentence: run.steps.length === 0 ? backupSentence(run) : `${before}${rest}` };
    case 'refused':
      return { mark: { glyph: '⊘', word: 'Refused', tone: 'attention' }, sentence: 'It was stopped before anything was changed.' };
    case 'interrupted':
      return { mark: { glyph: '?', word: 'Unknown', tone: 'unknown' }, sentence: `Nothing tells how it ended. ${before} Read the status before doing anything else.` };
    case 'cancelled':
    case 'failed': {
      const partly = countOf(run, 'failed') + countOf(run, 'unknown') > 0;
      const word = partly ? 'Partly applied' : done > 0 ? 'Stopped part-way' : run.steps.length === 0 ? (run.outcome === 'failed' ? 'Failed' : 'Cancelled') : countOf(run, 'rolledBack') > 0 ? 'Rolled back' : run.outcome === 'failed' ? 'Failed before any step' : 'Cancelled before any step';
      const remains = partly ? ' Part of the step that failed may remain in the database.'
        : countOf(run, 'rolledBack') > 0 ? ' The step that failed was rolled back; nothing of it remains.' : '';
      const tone = run.outcome === 'cancelled' && !partly ? 'attention' : 'danger';
      return { mark: { glyph: partly ? '✕' : run.outcome === 'cancelled' ? '⊘' : '↩', word, tone }, sentence: run.steps.length === 0 ? 'The database was not changed.' : `${before}${remains}${rest}` };
    }
    default:
      return assertNever(run.outcome);
  }
}

const backupSentence = (run: Run): string => (run.action === 'check' ? 'The backup was read to its end and is sound.' : 'The backup is stored with its digest.');

/** What a cancel would undo now; `possible` false with the reason why not. */
export function cancelMeaning(run: Run): { readonly possible: boolean; readonly words: string } {
  if (run.outcome !== null) return { possible: false, words: 'The run is over.' };
  if (run.cancelRequested) return { possible: false, words: 'Cancel is requested; waiting for a safe point.' };
  const step = run.steps.find((one) => one.state === 'running');
  const done = countOf(run, 'succeeded');
  const kept = done === 0 ? '' : ` ${formatCount(done, 'step')} already complete ${done === 1 ? 'stays' : 'stay'}.`;
  if (step !== undefined) {
    const fate = step.transactional
      ? `Step ${step.index + 1} (${step.version}) runs in a transaction: all of it is rolled back.`
      : `Step ${step.index + 1} (${step.version}) is not in a transaction: what it has done so far (${step.done} of ${step.statements} statements) stays.`;
    return { possible: true, words: `${fate}${kept} Later steps are not executed.` };
  }
  if (run.phase === 'verify' || run.phase === 'report') return { possible: false, words: 'All steps are done; only checks and the report are left.' };
  if (run.phase === 'backup') return { possible: true, words: 'The unfinished backup file is removed. Nothing in the database is changed.' };
  return { possible: true, words: `Nothing more is started.${kept === '' ? ' Nothing in the database is changed.' : kept}` };
}
