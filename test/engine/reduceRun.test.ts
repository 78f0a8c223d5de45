import { expect, test } from 'vitest';
import { reduceRecords, reduceRun, runFromRecords } from '../../shared/model/reduceRun.ts';
import type { PlannedStep, Run, RunRecord } from '../../shared/model/run.ts';

const at = '2026-01-01T00:00:00.000Z';
const planned = (index: number): PlannedStep => ({
  ...{ index, version: String(index), name: 'step', action: 'apply', transactional: true },
  ...{ statements: 2, estimateMs: null, checksum: null },
});
const started: RunRecord = {
  ...{ seq: 0, at, type: 'runStarted', steps: [planned(0), planned(1), planned(2)] },
  origin: {
    ...{ id: 'run', environmentId: null, environment: 'shop', action: 'up', actor: 'dba', host: 'here' },
    ...{ reason: null, fingerprint: null },
  },
} as RunRecord;
const records: readonly RunRecord[] = [
  started,
  { seq: 1, at, type: 'phaseStarted', phase: 'migrate' },
  ...[0, 1].flatMap((step): RunRecord[] => [
    { seq: 2 + 3 * step, at, type: 'stepStarted', step },
    { seq: 3 + 3 * step, at, type: 'statementProgress', step, done: 1, total: 2, line: 3, verb: 'INSERT' },
    {
      ...{ seq: 4 + 3 * step, at, type: 'stepFinished', step, outcome: 'succeeded' },
      durationMs: 5,
      statements: 2,
      problem: null,
    } as RunRecord,
  ]),
  { seq: 8, at, type: 'stepStarted', step: 2 },
];

const oneByOne = (run: Run | null, all: readonly RunRecord[]): Run | null => all.reduce<Run | null>(reduceRun, run);

test('many records at once come to the same as one after the other, wherever they are divided', () => {
  const whole = oneByOne(null, records);
  for (let cut = 0; cut <= records.length; cut += 1) {
    const before = reduceRecords(null, records.slice(0, cut));
    const kept = structuredClone(before);
    expect(reduceRecords(before, records.slice(cut))).toEqual(whole);
    // A view may still show it.
    expect(before).toEqual(kept);
  }
});

test('steps that no record is about stay the same values', () => {
  const before = reduceRecords(null, records.slice(0, 5));
  const after = reduceRecords(before, records.slice(5));
  expect(after?.steps[0]).toBe(before?.steps[0]);
  expect(after?.steps[1]).not.toBe(before?.steps[1]);
});

test('a log whose first record a crash took is no run', () => {
  expect(runFromRecords([])).toBeNull();
  expect(runFromRecords(records.slice(1))).toBeNull();
  expect(runFromRecords(records)?.seq).toBe(8);
});
