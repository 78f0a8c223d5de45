import { describe, expect, it } from 'vitest';
import { compareWithGuess, lockBars, verdict } from '../../renderer/features/rehearsal/rehearsalFacts.ts';
import type { RehearsedBack, RehearsedStatement, RehearsedStep } from '../../shared/model/rehearsal.ts';

const statement = (line: number, change: Partial<RehearsedStatement> = {}): RehearsedStatement => ({
  statement: line,
  part: 0,
  line,
  text: '',
  durationMs: 10,
  rows: null,
  locks: [],
  lockedRows: null,
  rewritten: [],
  scanned: [],
  algorithm: null,
  probe: null,
  ...change,
});

const locked = (line: number, keepsOut: 'everybody' | 'writers') =>
  statement(line, { locks: [{ table: 'orders', mode: keepsOut, keepsOut }] });

const step = (statements: readonly RehearsedStatement[]): RehearsedStep => ({
  index: 0,
  version: '2',
  name: 'x',
  action: 'apply',
  outcome: 'succeeded',
  durationMs: 100,
  estimateMs: 20,
  problem: null,
  hazards: [],
  statements,
  unlisted: 0,
  schema: [],
  rows: [],
});

const back: RehearsedBack = {
  versions: ['2'],
  stoppedAt: null,
  durationMs: 1,
  schema: [],
  rows: [],
  countedOnly: [],
  again: [],
  problem: null,
};

describe('how long a lock lasts', () => {
  const statements = [locked(1, 'writers'), locked(2, 'everybody'), statement(3)];
  const times = (transactional: boolean, engine: string) =>
    lockBars({ statements, transactional }, engine).bars.map(({ line, from, until }) => [line, from, until]);

  it('is to the end of its transaction on PostgreSQL; the weaker is told first', () => {
    expect(times(true, 'postgres')).toEqual([
      [1, 0, 30],
      [2, 10, 30],
    ]);
  });

  it('is to the end of its statement elsewhere', () => {
    const alone = [
      [1, 0, 10],
      [2, 10, 20],
    ];
    expect(times(false, 'postgres')).toEqual(alone);
    expect(times(true, 'mysql')).toEqual(alone);
  });
});

describe('guess beside what was seen', () => {
  const hazard = { code: 'x', severity: 'danger', message: '', line: 4, category: 'rewritesTable' } as const;
  const guesses = { hazards: [hazard], estimate: { ms: 120_000, source: 'author' }, reversible: true } as const;
  const rows = (tried: RehearsedStep | null, way: RehearsedBack | null) =>
    Object.fromEntries(compareWithGuess(guesses, tried, way).map(({ name, guess, seen }) => [name, [guess, seen]]));

  it('has guesses alone before a rehearsal', () => {
    const told = rows(null, null);
    expect(told['Duration']).toEqual(['about 2 min', null]);
    expect(told['Written anew']).toEqual(['line 4', null]);
    expect(Object.values(told).every(([, seen]) => seen === null)).toBe(true);
  });

  it('tells “none” only where the server tells of it', () => {
    const told = rows(step([locked(1, 'writers')]), back);
    expect(told).toMatchObject({
      Duration: ['about 2 min', 'about 20 ms'],
      'Keeps out everybody': [null, 'none'],
      'Keeps out writers': [null, 'orders'],
      'Written anew': ['line 4', 'none'],
      'Way back': ['a down script', 'restores schema and rows'],
    });
    const silent = rows(step([statement(1, { locks: null, rewritten: null })]), { ...back, versions: [] });
    expect(silent['Keeps out everybody']).toEqual([null, null]);
    expect(silent['Written anew']).toEqual(['line 4', null]);
    expect(silent['Way back']).toEqual(['a down script', null]);
  });
});

it('a way back that restores nothing is no pass', () => {
  expect(verdict({ outcome: 'passed', back }).word).toBe('Passed');
  const problem = { code: 'rehearsal.notRestored', message: '', state: '', hint: '' } as const;
  expect(verdict({ outcome: 'passed', back: { ...back, problem } }).tone).toBe('attention');
  expect(verdict({ outcome: 'failed', back: null }).word).toBe('Failed');
});
