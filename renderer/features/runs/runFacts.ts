/** What a run amounts to, in words. */

import { cancelPreview } from '../../../shared/model/cancelPreview.ts';
import type { Run, RunPhase, RunStep } from '../../../shared/model/run.ts';
import { assertNever } from '../../../shared/problem.ts';
import { formatCount } from '../../format.ts';
import { actionWords, type Mark, phaseWords } from '../../texts.ts';
import { restoreStageWords } from './restoreWords.ts';

/** `Migrate 3 on acme-prod`. */
export function runTitle(run: Run): string {
  const count = run.steps.length === 0 ? '' : ` ${run.steps.length}`;
  return `${actionWords[run.action]}${count}`;
}

export interface OutcomeSheet {
  readonly mark: Mark;
  readonly sentence: string;
}

/** The run's own word for a phase: a correction of the history migrates nothing. */
export const phaseWord = (run: Pick<Run, 'action'>, phase: RunPhase): string => {
  if (phase !== 'migrate' || run.action === 'up') return phaseWords[phase];
  return run.action === 'down' ? 'Roll back' : 'Correct the history';
};

const countOf = (run: Run, outcome: RunStep['outcome']): number =>
  run.steps.filter((step) => step.outcome === outcome).length;

/** Null while it goes on. */
export function outcomeSheet(run: Run): OutcomeSheet | null {
  if (run.outcome === null) return null;
  const done = countOf(run, 'succeeded');
  const left = countOf(run, 'notExecuted') + run.steps.filter((step) => step.outcome === null).length;
  const rest = left === 0 ? '' : ` ${formatCount(left, 'step was', 'steps were')} not executed.`;
  const before =
    done === 0 ? 'No step was completed.' : `${formatCount(done, 'step is', 'steps are')} complete and recorded.`;
  switch (run.outcome) {
    case 'succeeded':
      return {
        mark: { glyph: '✓', word: 'Succeeded', tone: 'ok' },
        sentence: run.steps.length === 0 ? wholeSentence(run) : `${before}${rest}`,
      };
    case 'refused':
      return {
        mark: { glyph: '⊘', word: 'Refused', tone: 'attention' },
        sentence: 'It was stopped before anything was changed.',
      };
    case 'interrupted':
      return {
        mark: { glyph: '?', word: 'Unknown', tone: 'unknown' },
        sentence: `Nothing tells how it ended. ${before} Read the status before doing anything else.`,
      };
    case 'cancelled':
    case 'failed':
      return stoppedSheet(run, before, rest);
    default:
      return assertNever(run.outcome);
  }
}

/** Failed or cancelled: rolled back, partly applied, or nothing begun. */
function stoppedSheet(run: Run, before: string, rest: string): OutcomeSheet {
  const cancelled = run.outcome === 'cancelled';
  if (run.steps.length === 0) {
    const mark: Mark = cancelled
      ? { glyph: '⊘', word: 'Cancelled', tone: 'attention' }
      : { glyph: '✕', word: 'Failed', tone: 'danger' };
    return { mark, sentence: run.restore === null ? 'The database was not changed.' : wholeSentence(run) };
  }
  if (countOf(run, 'failed') + countOf(run, 'unknown') > 0) {
    return {
      mark: { glyph: '✕', word: 'Partly applied', tone: 'danger' },
      sentence: `${before} Part of the step that stopped may remain in the database.${rest}`,
    };
  }
  if (countOf(run, 'rolledBack') > 0) {
    return {
      mark: { glyph: '↩', word: 'Rolled back', tone: cancelled ? 'attention' : 'danger' },
      sentence: `${before} The step that stopped was rolled back; nothing of it remains.${rest}`,
    };
  }
  return {
    mark: { glyph: '⊘', word: cancelled ? 'Cancelled' : 'Stopped', tone: cancelled ? 'attention' : 'danger' },
    sentence: `${before}${rest}`,
  };
}

/** Of a run without steps. */
function wholeSentence(run: Run): string {
  if (run.restore !== null) return `${restoreStageWords(run.restore)}.`;
  if (run.action === 'rehearse')
    return 'The plan ran to its end on a copy, which was removed. The database was not changed.';
  if (run.action === 'prove') return 'The backup was restored into a copy, which is equal to what was backed up.';
  return run.action === 'check'
    ? 'The backup was read to its end and is sound.'
    : 'The backup is stored with its digest.';
}

/** What a cancel would undo now; `possible` false with the reason why not. */
export function cancelMeaning(run: Run): { readonly possible: boolean; readonly words: string } {
  if (run.cancelRequested) return { possible: false, words: 'Cancel is requested; waiting for a safe point.' };
  const { possible, undone, kept } = cancelPreview(run);
  const tooLate = run.phase === 'swap' || run.phase === 'report' || (run.phase === 'verify' && run.restore === null);
  const words = `${undone} ${kept}`;
  return { possible: possible && !tooLate, words };
}
