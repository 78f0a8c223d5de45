import { expect, test } from 'vitest';
import { wordAt } from '../../renderer/components/failureMarks.ts';
import { logLines } from '../../renderer/features/runs/logLines.ts';
import { runReport } from '../../renderer/features/runs/runReport.ts';
import { reduceRun } from '../../shared/model/reduceRun.ts';
import type { Run, RunEvent, RunRecord } from '../../shared/model/run.ts';

const problem = {
  code: 'database.statementFailed',
  message: 'Migration 1 failed at line 4.',
  state: 'Everything of it was rolled back.',
  hint: 'Correct the statement.',
  path: '1.sql',
  line: 4,
  column: 7,
  serverMessage: 'no such table\nsecond line',
} as const;

const events: readonly RunEvent[] = [
  {
    type: 'runStarted',
    origin: {
      id: 'r1',
      action: 'up',
      environment: 'acme',
      environmentId: null,
      actor: 'anna',
      host: 'here',
      reason: 'Change 7',
    },
    steps: [
      {
        index: 0,
        version: '1',
        name: 'a',
        action: 'apply',
        statements: 4,
        transactional: true,
        estimateMs: null,
      },
    ],
  },
  { type: 'stepStarted', step: 0 },
  { type: 'stepFinished', step: 0, outcome: 'rolledBack', durationMs: 1200, statements: 4, problem },
  { type: 'runFinished', outcome: 'failed', problem, next: ['lockkeeper status --env acme'] },
];

test('a report tells what was done, how it ended, where, what is safe next, and the log', () => {
  const records = events.map((event, seq): RunRecord => ({ ...event, seq, at: '2026-01-01T00:00:00.000Z' }));
  const run = records.reduce<Run | null>(reduceRun, null) ?? expect.fail('no run');
  const report = runReport(run, logLines(records));
  for (const words of [
    'Run: r1',
    'Environment: acme',
    'Reason: Change 7',
    'Outcome: Failed. ',
    '1. 1 a: Rolled back in 1.2 s, ',
    'Place: 1.sql:4:7',
    'Raw message: no such table',
    'lockkeeper status --env acme',
    '2026-01-01T00:00:00.000Z #1 Started',
    '    no such table\n    second line',
  ])
    expect(report).toContain(words);
});

test.each([
  ['alter table ordrs add', 12, { start: 12, end: 17 }],
  ['select ;', 7, { start: 7, end: 8 }],
  ['select größe_1 from', 7, { start: 7, end: 14 }],
  ['select', 6, null],
  ['select', -1, null],
])('the word in %j at %i', (text, offset, expected) => {
  expect(wordAt(text, offset)).toEqual(expected);
});
