import { describe, expect, test } from 'vitest';
import type { GateAnswers } from '../../renderer/features/gate/gate.ts';
import {
  meaningOfHazard,
  openQuestions,
  planDuration,
  planLabel,
  startLabel,
} from '../../renderer/features/migrate/planFacts.ts';
import type { PlanStepView, PlanView } from '../../shared/contract/views.ts';
import { nothingChanged } from '../../shared/problem.ts';

const step = (index: number, change: Partial<PlanStepView> = {}): PlanStepView => ({
  index,
  version: `1.${index}.0`,
  name: 'step',
  action: 'apply',
  path: `1.${index}.0.sql`,
  transactional: true,
  statements: 1,
  reversible: true,
  hazards: [],
  tables: [],
  estimate: null,
  description: null,
  author: null,
  requiresDowntime: false,
  affectedModules: [],
  notes: null,
  prerequisites: [],
  batched: [],
  placeholders: {},
  statementTimeoutMs: null,
  ...change,
});

const plan: PlanView = {
  fingerprint: 'f'.repeat(64),
  direction: 'up',
  target: null,
  environment: 'acme-prod',
  server: 'db',
  database: 'acme',
  steps: [
    step(1, { estimate: { ms: 400, source: 'history' } }),
    step(2, { hazards: [{ code: 'dataLoss', severity: 'danger', message: 'Drops a table', line: 3 }] }),
  ],
  problems: [],
  warnings: [],
  trust: null,
  rehearsal: null,
  gate: {
    typedName: 'acme-prod',
    reason: true,
    backup: 'checked',
    hazardsToAccept: ['dataLoss'],
    blocked: null,
    stops: [],
    closesAt: null,
  },
  backup: { command: 'pg_dump', estimatedBytes: 1, freeBytes: 2, warnings: [], problem: null },
};

const none: GateAnswers = { typed: '', reason: '', accepted: new Set(), backup: true };
const all: GateAnswers = { ...none, typed: 'acme-prod', reason: 'ACME-1', accepted: new Set(['dataLoss']) };

describe('what keeps a plan from being started', () => {
  test('everything the gate asks for', () => {
    expect(openQuestions(plan, none)).toEqual(['1 hazard to accept', 'a reason', 'the typed name']);
    expect(openQuestions(plan, all)).toEqual([]);
  });

  test('a name that is nearly right, and a reason of spaces, are not enough', () => {
    expect(openQuestions(plan, { ...all, typed: 'acme-prod ' })).toEqual(['the typed name']);
    expect(openQuestions(plan, { ...all, reason: '  ' })).toEqual(['a reason']);
  });

  test('skipping a required backup needs a reason even where the gate asks for none', () => {
    const test = { ...plan, gate: { ...plan.gate, reason: false, typedName: null, hazardsToAccept: [] } };
    expect(openQuestions(test, none)).toEqual([]);
    expect(openQuestions(test, { ...none, backup: false })).toEqual(['a reason']);
  });

  test('a backup that cannot be taken must be skipped on purpose', () => {
    const problem = {
      code: 'backup.programMissing',
      message: 'No pg_dump',
      state: nothingChanged,
      hint: 'Install it',
    } as const;
    const without: PlanView = {
      ...plan,
      backup: { command: '', estimatedBytes: null, freeBytes: null, warnings: [], problem },
    };
    expect(openQuestions(without, all)).toEqual(['the backup cannot be taken']);
    expect(openQuestions(without, { ...all, backup: false })).toEqual([]);
  });
});

test('the label repeats verb, count and target', () => {
  expect(planLabel(plan)).toBe('Migrate 2 on acme-prod');
  expect(startLabel(plan, { backup: true })).toBe('Back up, then migrate 2 on acme-prod');
  expect(planLabel({ ...plan, direction: 'down', steps: [step(1)] })).toBe('Roll back 1 on acme-prod');
});

test('a duration is the sum of the estimates there are', () => {
  expect(planDuration(plan)).toBe(400);
  expect(planDuration({ ...plan, steps: [step(1)] })).toBeNull();
});

test('a hazard to accept names the steps it is in', () => {
  expect(meaningOfHazard(plan, 'dataLoss')).toBe('1.2.0: Drops a table');
});
