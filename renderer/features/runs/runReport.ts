/** A run as a text to send to somebody: what was done, how it ended, and its log. */
import type { Run, RunStep } from '../../../shared/model/run.ts';
import { problemText } from '../../components/ProblemNotice.tsx';
import { formatDuration } from '../../format.ts';
import { actionWords, levelWords, outcomeMarks, stepMarks } from '../../texts.ts';
import type { LogLine } from './logLines.ts';
import { outcomeSheet } from './runFacts.ts';

export function runReport(run: Run, lines: readonly LogLine[]): string {
  const sheet = outcomeSheet(run);
  const facts: readonly (readonly [string, string | null])[] = [
    ['Run', run.id],
    ['What', actionWords[run.action]],
    ['Environment', run.environment],
    ['By', `${run.actor} on ${run.host}`],
    ['Reason', run.reason],
    ['Started', run.startedAt],
    ['Ended', run.finishedAt],
    ['Outcome', run.outcome === null ? 'It goes on.' : `${outcomeMarks[run.outcome].word}. ${sheet?.sentence ?? ''}`],
    ['Backup', run.backup === null ? null : `${levelWords[run.backup.level]}: ${run.backup.path}`],
  ];
  const parts = [
    facts.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`])),
    run.steps.length === 0 ? [] : ['Steps', ...run.steps.map(stepLine)],
    run.warnings.length === 0 ? [] : ['Warnings', ...run.warnings.map((warning) => `- ${warning}`)],
    run.problem === null ? [] : ['Problem', problemText(run.problem)],
    run.next.length === 0 ? [] : ['Safe next', ...run.next],
    ['Log', ...lines.map(logLine)],
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
}

function stepLine({ index, version, name, outcome, durationMs, problem, statements, done }: RunStep): string {
  const word = outcome === null ? 'Waiting' : stepMarks[outcome].word;
  const took = durationMs === null || outcome === 'notExecuted' ? '' : ` in ${formatDuration(durationMs)}`;
  const line = `${index + 1}. ${version} ${name}: ${word}${took}, ${done} of ${statements} statements`;
  return problem === null ? line : `${line}\n   ${problemText(problem).replaceAll('\n', '\n   ')}`;
}

/** Times in UTC: whoever reads it may be elsewhere. */
function logLine({ at, step, text, raw }: LogLine): string {
  const line = `${at} ${step === null ? '' : `#${step + 1} `}${text}`;
  return raw === null ? line : `${line}\n    ${raw.replaceAll('\n', '\n    ')}`;
}
