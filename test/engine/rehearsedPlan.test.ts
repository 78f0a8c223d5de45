import { expect, it } from 'vitest';
import { judgedAll } from '../../electron/engine/rehearsedPlan.ts';
import type { Hazard, HazardCategory } from '../../shared/model/plan.ts';
import type { RehearsedStatement, SeenLock } from '../../shared/model/rehearsal.ts';

const statement = (line: number, keepsOut: readonly SeenLock['keepsOut'][] | null): RehearsedStatement => ({
  statement: line,
  part: 0,
  line,
  text: '',
  durationMs: 1,
  rows: null,
  locks: keepsOut?.map((one) => ({ table: 't', mode: 'm', keepsOut: one })) ?? null,
  lockedRows: null,
  rewritten: [],
  scanned: null,
  algorithm: null,
  probe: null,
});

const hazard = (line: number | null, category: HazardCategory): Hazard => ({
  code: category,
  severity: 'danger',
  message: '',
  line,
  category,
});

const seen = (hazards: readonly Hazard[], statements: readonly RehearsedStatement[], unlisted = 0) =>
  judgedAll(hazards, { statements, unlisted }).map((one) => one.seen ?? null);

it('confirms what a statement was seen to do, refutes what it was seen not to do, and else leaves the guess', () => {
  const statements = [statement(1, ['writers']), statement(2, null)];
  const guesses = [
    hazard(1, 'locksWrites'),
    hazard(1, 'rewritesTable'),
    hazard(1, 'scansTable'),
    hazard(2, 'locksWrites'),
  ];
  expect(seen(guesses, statements)).toEqual(['confirmed', 'refuted', null, null]);
  expect(seen([hazard(null, 'locksWrites'), hazard(1, 'dataLoss')], statements)).toEqual([null, null]);
  expect(seen([hazard(1, 'rewritesTable')], statements, 1)).toEqual([null]);
});

it('does not refute a lock that an earlier statement of the transaction holds already', () => {
  const statements = [statement(1, ['everybody']), statement(2, [])];
  expect(seen([hazard(2, 'locksWrites'), hazard(2, 'locksReads')], statements)).toEqual([null, null]);
  expect(seen([hazard(1, 'locksWrites')], [statement(1, []), statement(2, ['everybody'])])).toEqual(['refuted']);
});
