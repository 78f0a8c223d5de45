import { describe, expect, test } from 'vitest';
import { logLines } from '../../renderer/features/runs/logLines.ts';
import { cancelMeaning, outcomeSheet, runTitle } from '../../renderer/features/runs/runFacts.ts';
import { runFromRecords } from '../../shared/model/reduceRun.ts';
import type {
  PlannedStep,
  Run,
  RunAction,
  RunEvent,
  RunOutcome,
  RunRecord,
  StepOutcome,
} from '../../shared/model/run.ts';
import { nothingChanged, type Problem } from '../../shared/problem.ts';

const planned = (index: number, transactional = true): PlannedStep => ({
  index,
  version: `1.${index}.0`,
  name: 'step',
  action: 'apply',
  statements: 9,
  transactional,
  estimateMs: null,
});

const recordsOf = (events: readonly RunEvent[]): RunRecord[] =>
  events.map((event, seq) => ({ ...event, seq, at: new Date(Date.UTC(2026, 0, 1, 0, 0, seq)).toISOString() }));

const start = (action: RunAction, steps: readonly PlannedStep[]): RunEvent => ({
  type: 'runStarted',
  origin: { id: 'r', action, environment: 'acme', environmentId: 'e', actor: 'me', host: 'desk', reason: null },
  steps,
});

function runOf(action: RunAction, steps: readonly PlannedStep[], events: readonly RunEvent[]): Run {
  const run = runFromRecords(recordsOf([start(action, steps), ...events]));
  if (run === null) throw new Error('A run has records');
  return run;
}

const finished = (index: number, outcome: StepOutcome, problem: Problem | null = null): RunEvent => ({
  type: 'stepFinished',
  step: index,
  outcome,
  durationMs: 10,
  statements: 9,
  problem,
});
const over = (outcome: RunOutcome): RunEvent => ({ type: 'runFinished', outcome, problem: null, next: [] });
const three = [planned(0), planned(1), planned(2)];

describe('what a run came to', () => {
  const sheetOf = (outcome: RunOutcome, steps: readonly StepOutcome[]) =>
    outcomeSheet(runOf('up', three, [...steps.map((one, index) => finished(index, one)), over(outcome)]));

  test('nothing while it goes on', () => {
    expect(outcomeSheet(runOf('up', three, []))).toBeNull();
  });

  test('all steps', () => {
    expect(sheetOf('succeeded', ['succeeded', 'succeeded', 'succeeded'])).toMatchObject({
      mark: { word: 'Succeeded', tone: 'ok' },
      sentence: '3 steps are complete and recorded.',
    });
  });

  test('a step rolled back leaves those before it', () => {
    const sheet = sheetOf('failed', ['succeeded', 'rolledBack', 'notExecuted']);
    expect(sheet?.mark.word).toBe('Rolled back');
    expect(sheet?.sentence).toBe(
      '1 step is complete and recorded. The step that stopped was rolled back; nothing of it remains. 1 step was not executed.',
    );
  });

  test.each(['failed', 'unknown'] as const)('a step that is %s may leave part of itself', (outcome) => {
    const sheet = sheetOf('failed', ['succeeded', outcome, 'notExecuted']);
    expect(sheet?.mark).toMatchObject({ word: 'Partly applied', tone: 'danger' });
    expect(sheet?.sentence).toContain('may remain');
  });

  test('an interruption is unknown, never a success or a failure', () => {
    expect(sheetOf('interrupted', ['succeeded'])?.mark).toMatchObject({ word: 'Unknown', tone: 'unknown' });
  });

  test('a backup that failed changed nothing', () => {
    expect(outcomeSheet(runOf('backup', [], [over('failed')]))?.sentence).toBe('The database was not changed.');
  });
});

const migrating = { type: 'phaseStarted', phase: 'migrate' } as const;

describe('what a cancel would undo', () => {
  test('a transaction goes back whole', () => {
    const meaning = cancelMeaning(
      runOf('up', three, [migrating, finished(0, 'succeeded'), { type: 'stepStarted', step: 1 }]),
    );
    expect(meaning.possible).toBe(true);
    expect(meaning.words).toContain('all of it is rolled back');
    expect(meaning.words).toContain('One migration of this run is complete and stays');
  });

  test('without one, what is done stays', () => {
    const meaning = cancelMeaning(
      runOf(
        'up',
        [planned(0, false)],
        [
          migrating,
          { type: 'stepStarted', step: 0 },
          { type: 'statementProgress', step: 0, done: 4, total: 9, line: 8, verb: 'ALTER TABLE' },
        ],
      ),
    );
    expect(meaning.words).toContain('What 4 of its 9 statements have committed stays');
  });

  test('during the backup nothing in the database is concerned', () => {
    expect(cancelMeaning(runOf('up', three, [{ type: 'phaseStarted', phase: 'backup' }])).words).toContain(
      'Nothing in the database',
    );
  });

  test.each([
    ['it was asked for already', [{ type: 'cancelRequested' }]],
    ['only checks are left', [{ type: 'phaseStarted', phase: 'verify' }]],
    ['it is over', [over('succeeded')]],
  ] as const)('not possible when %s', (_, events) => {
    expect(cancelMeaning(runOf('up', three, events)).possible).toBe(false);
  });
});

test('a title has the number of steps, a backup’s has none', () => {
  expect(runTitle(runOf('down', three, []))).toBe('Roll back 3');
  expect(runTitle(runOf('backup', [], []))).toBe('Back up');
});

test('progress is no line of the log; results, notices and raw failures are', () => {
  const problem: Problem = {
    code: 'database.statementFailed',
    message: 'Statement 2 failed.',
    state: nothingChanged,
    hint: 'Correct it.',
    serverMessage: 'ERROR: <b>no</b>',
  };
  const lines = logLines(
    recordsOf([
      start('up', three),
      { type: 'statementProgress', step: 0, done: 1, total: 9, line: 1, verb: 'SELECT' },
      { type: 'resultSet', step: 0, statement: 0, line: 7, result: { columns: ['n'], rows: [[null]], rowCount: 1 } },
      { type: 'notice', step: 0, severity: 'WARNING', message: 'careful' },
      finished(0, 'rolledBack', problem),
    ]),
  );
  expect(lines.map((line) => line.text)).toEqual([
    'Run r started by me on desk',
    'Result of line 7',
    'WARNING: careful',
    'Rolled back: Statement 2 failed.',
  ]);
  expect(lines[1]?.result?.rows).toEqual([[null]]);
  expect(lines[2]?.tone).toBe('attention');
  expect(lines[3]?.raw).toBe('ERROR: <b>no</b>');
});
