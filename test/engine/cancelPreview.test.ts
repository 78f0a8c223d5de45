import { describe, expect, it } from 'vitest';
import { cancelPreview } from '../../shared/model/cancelPreview.ts';
import { runFromRecords } from '../../shared/model/reduceRun.ts';
import type { Run, RunEvent } from '../../shared/model/run.ts';

const planned = (index: number, transactional: boolean) =>
  ({
    index,
    version: `000${index}`,
    name: 'a',
    action: 'apply',
    statements: 5,
    transactional,
    estimateMs: null,
  }) as const;

function runOf(transactional: boolean, ...events: readonly RunEvent[]): Run {
  const origin = {
    id: 'run',
    action: 'up',
    environment: 'shop',
    environmentId: null,
    actor: 'ada',
    host: 'desk',
    reason: null,
  } as const;
  const all: RunEvent[] = [
    { type: 'runStarted', origin, steps: [planned(0, true), planned(1, transactional)] },
    ...events,
  ];
  const run = runFromRecords(all.map((event, seq) => ({ ...event, seq, at: '2026-01-01T00:00:00.000Z' })));
  if (run === null) throw new Error('no run');
  return run;
}

const migrating: readonly RunEvent[] = [
  { type: 'phaseStarted', phase: 'migrate' },
  { type: 'stepStarted', step: 0 },
  { type: 'stepFinished', step: 0, outcome: 'succeeded', durationMs: 1, statements: 5, problem: null },
  { type: 'stepStarted', step: 1 },
];
const running = (verb: string, done = 2): RunEvent => ({
  type: 'statementProgress',
  step: 1,
  done,
  total: 5,
  line: 7,
  verb,
});

describe('what a cancel would undo', () => {
  it('is nothing before anything was changed, and all of a transaction', () => {
    expect(cancelPreview(runOf(true, { type: 'phaseStarted', phase: 'lock' })).undone).toBe('Nothing was changed yet.');
    expect(cancelPreview(runOf(true, ...migrating, running('UPDATE')))).toEqual({
      possible: true,
      undone: 'Migration 0001 is one transaction: all of it is rolled back.',
      kept: 'One migration of this run is complete and stays.',
    });
  });

  it.each([
    ['ALTER TABLE', /line 7 \(ALTER TABLE\) is undone by the server/],
    ['CREATE INDEX CONCURRENTLY', /leaves an invalid index/],
    ['CREATE UNIQUE INDEX CONCURRENTLY', /leaves an invalid index/],
    ['UPDATE', /is rolled back, together with rows changed in its transaction/],
    ['CALL', /\(CALL\) is stopped/],
  ])('of a step that is no transaction: %s', (verb, words) => {
    const preview = cancelPreview(runOf(false, ...migrating, running(verb)));
    expect(preview.undone).toMatch(words);
    expect(preview.kept).toMatch(/^What 2 of its \d+ statements have committed stays\. One migration/);
  });

  it('is a batch of a batched statement', () => {
    const batch: RunEvent = { type: 'batchProgress', step: 1, line: 7, batches: 3, rows: 3000 };
    expect(cancelPreview(runOf(false, ...migrating, running('UPDATE'), batch)).undone).toMatch(
      /current batch is rolled back, 3000 rows stay changed/,
    );
  });

  it('is not possible any more at the end', () => {
    const end: RunEvent = { type: 'runFinished', outcome: 'succeeded', problem: null, next: [] };
    expect(cancelPreview(runOf(true, ...migrating, end)).possible).toBe(false);
  });
});
