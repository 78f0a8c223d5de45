import { describe, expect, test } from 'vitest';
import { gateMark, problemMark } from '../../renderer/features/backups/backupFacts.ts';
import { lineEndWords } from '../../renderer/features/repair/lineEnds.ts';
import { rowWords } from '../../renderer/features/restore/restoreFacts.ts';
import { undoOf } from '../../renderer/features/runs/restoreWords.ts';
import type { TableRows } from '../../shared/model/backup.ts';
import type { RestoreStage } from '../../shared/model/restore.ts';
import { nothingChanged } from '../../shared/problem.ts';

const rows = (count: number, source: TableRows['source'] = 'counted'): TableRows => ({
  table: 't',
  rows: count,
  source,
});

describe('what a restore means for a table', () => {
  test.each([
    [rows(2), rows(5), '3 rows are lost'],
    [rows(5), rows(4), '1 row comes back'],
    [rows(1000, 'estimated'), rows(1001), 'about 1 row is lost'],
    [null, rows(5), 'Not in the backup: the whole table goes'],
    [rows(5), null, 'Not there now: the table comes back'],
  ])('%o and %o', (inBackup, now, words) => {
    expect(rowWords({ table: 't', inBackup, now })).toBe(words);
  });
});

describe('would a backup do for the gate', () => {
  const good = { level: 'checked', covers: 'everything', problem: null } as const;
  const word = (backup: Parameters<typeof gateMark>[0], needed: 'none' | 'taken' | 'checked' | 'proven') =>
    gateMark(backup, { backup: needed }).word;

  test('only one of everything, sound, of the level that is asked for', () => {
    expect(word(good, 'checked')).toBe('Good');
    expect(word(good, 'proven')).toBe('No');
    expect(word({ ...good, covers: 'schema' }, 'none')).toBe('No');
    expect(word({ ...good, covers: 'tables' }, 'taken')).toBe('No');
  });

  test('a snapshot of somebody else’s only where that is allowed', () => {
    const external = { name: 'snap-1', reason: 'nightly', recordedBy: 'ann' };
    expect(word({ ...good, level: 'taken', external }, 'taken')).toBe('No');
    expect(gateMark({ ...good, external }, { backup: 'proven', externalBackups: true }).word).toBe('Good');
  });

  test('never one whose archive is gone or was changed', () => {
    const problem = { code: 'backup.changed', message: 'x', state: nothingChanged, hint: 'y' } as const;
    expect(word({ ...good, problem }, 'none')).toBe('No');
    expect(problemMark(problem).word).toBe('Changed');
    expect(problemMark({ code: 'backup.notFound' }).word).toBe('Missing');
    expect(problemMark({ code: 'backup.damaged' }).word).toBe('Damaged');
  });
});

test('what is left of a restore decides what can be done about it', () => {
  const at = (stage: RestoreStage) =>
    undoOf({ backup: null, file: 'f', placement: 'swap', live: 'a', restored: 'b', kept: 'c', stage });
  expect(at('swapped')).toBe('undo');
  expect(['loading', 'verified', 'swapping', 'undoing'].map((stage) => at(stage as RestoreStage))).toEqual(
    Array(4).fill('tidy'),
  );
  expect(['left', 'removed', 'undone'].map((stage) => at(stage as RestoreStage))).toEqual([null, null, null]);
});

test('line ends are counted by kind, mixed ones and a mark at the beginning too', () => {
  expect(lineEndWords('a\nb\n')).toBe('2 lines end in LF (Unix)');
  expect(lineEndWords('a\r\nb\n')).toBe('1 line ends in CRLF (Windows), 1 line ends in LF (Unix)');
  expect(lineEndWords('\ufeffa\r')).toBe('1 line ends in CR (old Mac), begins with a byte-order mark');
  expect(lineEndWords('a')).toBe('one line');
});
