import { assertNever } from '../problem.ts';
import type { PlannedStep, Run, RunRecord, RunStep } from './run.ts';

/**
 * The state of a run after one more record. Pure; used by the backend, the window and the command line.
 * Records already seen (`seq` not greater) leave it as it is, so that streams may overlap.
 */
export const reduceRun = (run: Run | null, record: RunRecord): Run => reduceOne(run, record, replaced);

/** The same of many records, whose steps are copied once and not for each: a run may have thousands. */
export function reduceRecords(run: Run | null, records: Iterable<RunRecord>): Run | null {
  const replace = replacedInOneCopy();
  let reduced = run;
  for (const record of records) reduced = reduceOne(reduced, record, replace);
  return reduced;
}

/** A run from all its records; null when there are none, or a crash took the first. */
export function runFromRecords(records: readonly RunRecord[]): Run | null {
  return records[0]?.type === 'runStarted' ? reduceRecords(null, records) : null;
}

function reduceOne(run: Run | null, record: RunRecord, replace: Replace): Run {
  if (record.type === 'runStarted') return run ?? started(record);
  if (run === null) throw new Error('A run begins with runStarted');
  if (record.seq <= run.seq) return run;
  return { ...run, ...change(run, record, replace), seq: record.seq };
}

/** Steps with another one at a place. */
type Replace = (steps: readonly RunStep[], index: number, step: RunStep) => readonly RunStep[];

const replaced: Replace = (steps, index, step) => steps.with(index, step);

function replacedInOneCopy(): Replace {
  let copy: RunStep[] | null = null;
  return (steps, index, step) => {
    if (copy === null || copy !== steps) copy = [...steps];
    copy[index] = step;
    return copy;
  };
}

function started(record: RunRecord & { type: 'runStarted' }): Run {
  return {
    ...record.origin,
    startedAt: record.at,
    finishedAt: null,
    outcome: null,
    phase: null,
    finishedPhases: [],
    steps: record.steps.map(waiting),
    backup: null,
    backupProgress: null,
    restore: null,
    restoreProgress: null,
    waitingForLock: null,
    ...nothingRuns,
    cancelRequested: false,
    warnings: [],
    problem: null,
    next: [],
    seq: record.seq,
  };
}

/** What is told of a running statement, when there is none. */
const nothingRuns = { blockers: [], serverProgress: null, lockRetry: null };

const waiting = (step: PlannedStep): RunStep => ({
  ...step,
  state: 'waiting',
  outcome: null,
  startedAt: null,
  durationMs: null,
  done: 0,
  line: null,
  verb: null,
  batch: null,
  problem: null,
});

function change(run: Run, record: Exclude<RunRecord, { type: 'runStarted' }>, replace: Replace): Partial<Run> {
  const changeStep = (index: number, changed: Partial<RunStep>): Partial<Run> => {
    const step = run.steps[index];
    return step === undefined ? {} : { steps: replace(run.steps, index, { ...step, ...changed }) };
  };
  switch (record.type) {
    case 'phaseStarted':
      return { phase: record.phase, waitingForLock: null };
    case 'phaseFinished':
      return { finishedPhases: [...run.finishedPhases, record.phase], waitingForLock: null };
    case 'lockWaiting':
      return { waitingForLock: record.holder };
    case 'backupProgress':
      return { backupProgress: { bytes: record.bytes, totalBytes: record.totalBytes, current: record.current } };
    case 'backupFinished':
      return {
        backup: { id: record.backup.id, level: record.backup.level, path: record.backup.path },
        backupProgress: null,
      };
    case 'restoreProgress':
      return { restoreProgress: { bytes: record.bytes, current: record.current } };
    case 'restoreChanged':
      return { restore: record.restore, restoreProgress: null };
    case 'rehearsalProgress': {
      const { way, version, position, of } = record;
      return { restoreProgress: null, rehearsalProgress: { way, version, position, of } };
    }
    case 'rehearsalFinished':
      return { rehearsal: record.rehearsal, rehearsalProgress: null };
    case 'stepStarted':
      return changeStep(record.step, { state: 'running', startedAt: record.at });
    case 'statementProgress':
      return changeStep(record.step, { done: record.done, line: record.line, verb: record.verb });
    case 'batchProgress':
      return changeStep(record.step, {
        line: record.line,
        batch: { batches: record.batches, rows: record.rows },
      });
    case 'stepFinished':
      return { ...nothingRuns, ...changeStep(record.step, finishedStep(record)) };
    case 'blocked':
      return { blockers: record.blockers };
    case 'serverProgress':
      return { serverProgress: record.progress };
    case 'lockRetry': {
      const { attempt, attempts, waitMs } = record;
      return { blockers: [], serverProgress: null, lockRetry: { attempt, attempts, waitMs } };
    }
    case 'warning':
      return { warnings: [...run.warnings, record.message] };
    case 'cancelRequested':
      return { cancelRequested: true };
    case 'runFinished':
      return {
        outcome: record.outcome,
        problem: record.problem,
        next: record.next,
        finishedAt: record.at,
        phase: null,
        waitingForLock: null,
        ...nothingRuns,
      };
    case 'resultSet':
    case 'notice':
      return {};
    default:
      return assertNever(record);
  }
}

const finishedStep = (record: RunRecord & { type: 'stepFinished' }): Partial<RunStep> => ({
  state: 'finished',
  outcome: record.outcome,
  durationMs: record.durationMs,
  done: record.statements,
  problem: record.problem,
});
