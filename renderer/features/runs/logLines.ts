/** The records of a run as lines of a log. */
import { blockerWords, lockRetryWords } from '../../../shared/model/activityWords.ts';
import type { ResultSet, RunRecord } from '../../../shared/model/run.ts';
import { formatBytes, formatDuration } from '../../format.ts';
import { levelWords, outcomeMarks, phaseWords, stepMarks, type Tone } from '../../texts.ts';
import { rehearsalProgressWords } from '../rehearsal/rehearsalProgress.ts';
import { restoreStageWords } from './restoreWords.ts';

export interface LogLine {
  readonly seq: number;
  readonly at: string;
  /** Position in the run's steps; null for the run itself. */
  readonly step: number | null;
  readonly tone: Tone;
  readonly text: string;
  /** The server's own words, when they are more than one line. */
  readonly raw: string | null;
  readonly result: ResultSet | null;
}

export const logLines = (records: readonly RunRecord[]): readonly LogLine[] =>
  records.flatMap((record) => logLineOf(record) ?? []);

/** Null for progress, which is shown, not logged. */
function logLineOf(record: RunRecord): LogLine | null {
  const content = contentOf(record);
  if (content === null) return null;
  return { seq: record.seq, at: record.at, step: null, raw: null, result: null, tone: 'quiet', ...content };
}

type Content = Partial<LogLine> & Pick<LogLine, 'text'>;

function contentOf(record: RunRecord): Content | null {
  switch (record.type) {
    case 'runStarted':
      return {
        text: `Run ${record.origin.id} started by ${record.origin.actor} on ${record.origin.host}${record.origin.reason === null ? '' : `: ${record.origin.reason}`}`,
      };
    case 'phaseStarted':
      return { text: phaseWords[record.phase], tone: 'running' };
    case 'phaseFinished':
    case 'backupProgress':
    case 'restoreProgress':
    case 'statementProgress':
    case 'batchProgress':
    case 'serverProgress':
      return null;
    case 'lockWaiting':
      return {
        text: `Waiting for the lock${record.holder === null ? '' : `, held by ${record.holder.person ?? record.holder.process ?? 'an unknown session'}`}`,
        tone: 'attention',
      };
    case 'blocked':
      return record.blockers.length === 0
        ? { text: 'Nobody is in the way any more' }
        : { text: `Waiting for ${record.blockers.map(blockerWords).join('; ')}`, tone: 'attention' };
    case 'lockRetry':
      return { text: lockRetryWords(record), step: record.step, tone: 'attention' };
    case 'backupFinished':
      return {
        text: `Backup ${levelWords[record.backup.level].toLowerCase()}: ${formatBytes(record.backup.bytes)} in ${formatDuration(record.backup.durationMs)}, ${record.backup.path}`,
        tone: 'ok',
      };
    case 'restoreChanged':
      return { text: restoreStageWords(record.restore) };
    case 'rehearsalProgress':
      return { text: rehearsalProgressWords(record) };
    case 'rehearsalFinished':
      return {
        text: `Rehearsal ${record.rehearsal.outcome}`,
        tone: record.rehearsal.outcome === 'passed' ? 'ok' : 'danger',
      };
    case 'stepStarted':
      return { text: 'Started', step: record.step, tone: 'running' };
    case 'resultSet':
      return { text: `Result of line ${record.line}`, step: record.step, result: record.result };
    case 'notice':
      return {
        text: `${record.severity}: ${record.message}`,
        step: record.step,
        tone: /warn/i.test(record.severity) ? 'attention' : 'quiet',
      };
    case 'warning':
      return { text: record.message, tone: 'attention' };
    case 'stepFinished':
      return {
        text:
          record.problem === null
            ? `${stepMarks[record.outcome].word} in ${formatDuration(record.durationMs)}`
            : `${stepMarks[record.outcome].word}: ${record.problem.message}`,
        step: record.step,
        tone: stepMarks[record.outcome].tone,
        raw: record.problem?.serverMessage ?? null,
      };
    case 'cancelRequested':
      return { text: 'Cancel requested', tone: 'attention' };
    case 'runFinished':
      return {
        text:
          record.problem === null
            ? outcomeMarks[record.outcome].word
            : `${outcomeMarks[record.outcome].word}: ${record.problem.message}`,
        tone: outcomeMarks[record.outcome].tone,
        raw: record.problem?.serverMessage ?? null,
      };
  }
}
