import { describe, expect, test } from 'vitest';
import type { JournalRow } from '../../electron/engine/ports.ts';
import { reconcile, type StepEvidence } from '../../electron/engine/reconcile.ts';

const row: JournalRow = {
  ...{ step: 0, version: '1', action: 'apply', sha256: 's', statements: 5, state: 'intent' },
  ...{ statement: 2, part: null, sending: 'alone', text: 'ALTER TABLE t', line: 3 },
  ...{ probeBefore: 'before', probeExpected: null, batch: null, error: null, note: null },
};
const evidence: StepEvidence = {
  ...{ row, journaled: true, transactional: false, inHistory: false, client: null },
  probe: { state: 'before', effect: null, repeatable: false, leftovers: null },
  ...{ boundary: null, undoable: true, lockedUntil: null, parts: 1, answer: null, stillRunning: false },
};
const at = (statement: number, part: number | null = null) => ({ kind: 'partly', at: { statement, part } });
const probe = (more: Partial<NonNullable<StepEvidence['probe']>>) => ({
  probe: { state: 'other', effect: null, repeatable: false, leftovers: null, ...more },
});
const told = (done: number) => ({ outcome: null, place: { statement: done, part: null }, done });

describe('a step that was interrupted', () => {
  test.each<[string, Partial<StepEvidence>, object]>([
    ['what it changes is as before: not done', {}, at(2)],
    ['its effect is there: done', probe({ effect: true }), at(3)],
    ['changed, and its effect is not there: a person is asked', probe({ effect: false }), { kind: 'unknown' }],
    ['changed, and no effect can be told: a person is asked', probe({}), { kind: 'unknown' }],
    ['as a rehearsal left it: done', { ...probe({}), row: { ...row, probeExpected: 'other' } }, at(3)],
    [
      'what was before is not known: a person is asked',
      { ...probe({ effect: true }), row: { ...row, probeBefore: null } },
      { kind: 'unknown' },
    ],
    ['a kind without a probe: a person is asked', { probe: null }, { kind: 'unknown' }],
    ['a kind without a probe that was told as done', { probe: null, client: told(2) }, at(3)],
    ['told as done, and it is not there any more', { client: told(2) }, at(2)],
    ['what may be repeated is', probe({ repeatable: true }), at(2)],
    ['still running', { stillRunning: true }, { kind: 'stillRunning' }],
    ['a person said that it is done', { probe: null, answer: 'done' }, at(3)],
    ['a person said that it is not', { probe: null, answer: 'notDone' }, at(2)],
    [
      'half-made: removed and done again',
      probe({ leftovers: { cleanup: ['DROP'], afterwards: 'again' } }),
      { ...at(2), cleanup: ['DROP'] },
    ],
    [
      'half-made: can only be finished',
      probe({ leftovers: { cleanup: ['FINALIZE'], afterwards: 'done' } }),
      { ...at(3), cleanup: ['FINALIZE'] },
    ],
    ['in the transaction of the next word: not done', { row: { ...row, sending: 'together' }, probe: null }, at(2)],
    [
      'in a transaction that undoes nothing: a person is asked',
      { row: { ...row, sending: 'together' }, probe: null, undoable: false },
      { kind: 'unknown' },
    ],
    ['the BEGIN of a script’s own transaction: not committed', { boundary: 'begin', probe: null }, at(2)],
    ['its COMMIT: committed', { boundary: 'end', probe: null }, at(3)],
    ['the second of three parts is done', { ...probe({ effect: true }), row: { ...row, part: 1 }, parts: 3 }, at(2, 2)],
    ['the last of three parts is done', { ...probe({ effect: true }), row: { ...row, part: 2 }, parts: 3 }, at(3)],
    ['it locks tables: a person is asked', { lockedUntil: 4, client: told(2) }, { kind: 'unknown', until: 4 }],
    ['of what ran under locks a person said that it is done', { lockedUntil: 4, answer: 'done' }, at(4)],
    ['of what ran under locks a person said that it is not', { lockedUntil: 4, answer: 'notDone' }, at(2)],
    [
      'failed while it had locks',
      { row: { ...row, state: 'failed' }, lockedUntil: 4, client: told(2) },
      { kind: 'unknown' },
    ],
    [
      'failed, somewhere else, at or under locks',
      { row: { ...row, state: 'failed' }, lockedUntil: 4 },
      { kind: 'unknown' },
    ],
    ['failed to lock', { row: { ...row, state: 'failed' }, lockedUntil: 4, client: told(1) }, at(2)],
    ['nothing of the first statement', { row: { ...row, statement: 0 } }, { kind: 'notDone' }],
    [
      'batches that are committed',
      { row: { ...row, statement: 0, sending: 'together', batch: { batches: 4, rows: 40 } } },
      { ...at(0), batch: { batches: 4, rows: 40 } },
    ],
    ['the history has it: another program finished it', { inHistory: true }, { kind: 'done' }],
    ['failed at its first statement', { row: { ...row, state: 'failed', statement: 0 } }, { kind: 'notDone' }],
    ['failed later', { row: { ...row, state: 'failed' } }, at(2)],
    ['failed after what is there', { ...probe({ effect: true }), row: { ...row, state: 'failed' } }, at(3)],
    ['failed after what was told as done', { row: { ...row, state: 'failed' }, client: told(2) }, at(3)],
    ['failed, and only what is before was told as done', { row: { ...row, state: 'failed' }, client: told(1) }, at(2)],
    ['failed after the COMMIT of a script', { row: { ...row, state: 'failed' }, boundary: 'end' }, at(3)],
    [
      'failed in a transaction of the script',
      { row: { ...row, state: 'failed' }, boundary: 'begin', client: told(2) },
      at(2),
    ],
    [
      'failed half-made, and can only be finished',
      {
        ...probe({ leftovers: { cleanup: ['FINALIZE'], afterwards: 'done' } }),
        row: { ...row, state: 'failed' },
      },
      { ...at(3), cleanup: ['FINALIZE'] },
    ],
    ['complete', { row: { ...row, state: 'done' }, inHistory: true }, { kind: 'done' }],
    ['no row, one transaction', { row: null, transactional: true }, { kind: 'notDone' }],
    [
      'no journal, but begun here',
      { row: null, journaled: false, client: { outcome: null, place: { statement: 1, part: null }, done: null } },
      { kind: 'unknown', at: { statement: 1, part: null } },
    ],
    [
      'no journal, one transaction, history has it',
      { row: null, journaled: false, transactional: true, inHistory: true },
      { kind: 'done' },
    ],
  ])('%s', (_, more, verdict) => {
    expect(reconcile({ ...evidence, ...more }).verdict).toMatchObject(verdict);
  });
});

describe('witnesses that disagree', () => {
  test('this computer saw it succeed, and the database does not know of it', () => {
    const found = reconcile({ ...evidence, row: null, client: { outcome: 'succeeded', place: null, done: null } });
    expect(found.verdict).toEqual({ kind: 'notDone' });
    expect(found.contradictions).toEqual([expect.stringContaining('restored to an earlier state')]);
  });

  test('this computer announced statements that the database does not know of', () => {
    const client = { outcome: null, place: { statement: 4, part: null }, done: 3 };
    expect(reconcile({ ...evidence, client }).contradictions).toHaveLength(1);
    expect(reconcile({ ...evidence, row: null, client }).contradictions).toHaveLength(1);
    // What was announced may never have reached the server.
    expect(reconcile({ ...evidence, client: { ...client, done: 2 } }).contradictions).toEqual([]);
  });

  test('the journal has it as complete, the tool’s history does not', () => {
    expect(reconcile({ ...evidence, row: { ...row, state: 'done' } }).contradictions).toHaveLength(1);
  });
});
