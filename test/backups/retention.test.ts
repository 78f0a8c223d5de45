// Which backups may go: whatever the limits, what somebody may need stays.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeRetention } from '../../electron/backups/retention.ts';
import { type Backup, type BackupLevel, backupLevels } from '../../shared/model/backup.ts';
import type { Problem } from '../../shared/problem.ts';

const now = Date.parse('2026-11-20T00:00:00Z');
const damaged = { code: 'backup.damaged' } as Problem;

const backup = (
  id: string,
  daysAgo: number,
  level: BackupLevel = 'checked',
  changed: Partial<Pick<Backup, 'covers' | 'problem'>> = {},
): Backup =>
  ({
    id,
    takenAt: new Date(now - daysAgo * 86_400_000).toISOString(),
    level,
    covers: 'everything',
    problem: null,
    ...changed,
  }) as Backup;

const removed = (backups: readonly Backup[], days: number | null, count: number | null, undo: readonly string[] = []) =>
  judgeRetention(backups, { days, count }, new Set(undo), now)
    .remove.map(({ id }) => id)
    .sort();

describe('Retention', () => {
  const five = [backup('a', 1), backup('b', 10), backup('c', 20), backup('d', 40), backup('e', 80)];

  test.each([
    ['no limit', null, null, []],
    ['an age', 15, null, ['c', 'd', 'e']],
    ['a number', null, 2, ['c', 'd', 'e']],
    ['both: beyond both', 30, 2, ['d', 'e']],
    ['both: the number keeps old ones', 5, 4, ['e']],
  ] as const)('by %s', (_title, days, count, expected) => {
    expect(removed(five, days, count)).toEqual(expected);
  });

  test('keeps the newest of each level, however old', () => {
    const old = [
      backup('taken', 90, 'taken'),
      backup('checked', 100),
      backup('proven', 200, 'proven'),
      backup('x', 300),
    ];
    expect(removed(old, 1, null)).toEqual(['x']);
  });

  test('partial and damaged ones neither count as good ones nor push them out', () => {
    const mixed = [
      backup('schema', 0, 'checked', { covers: 'schema' }),
      backup('tables', 1, 'checked', { covers: 'tables' }),
      backup('damaged', 2, 'taken', { problem: damaged }),
      backup('good', 50),
    ];
    expect(removed(mixed, null, 1)).toEqual(['damaged', 'tables']);
    expect(removed(mixed, 1, null)).toEqual(['damaged']);
  });

  test('keeps what a run can be undone with, and says so', () => {
    expect(removed(five, 15, null, ['d'])).toEqual(['c', 'e']);
    const { keep } = judgeRetention(five, { days: 15, count: null }, new Set(['d']), now);
    expect(keep).toEqual([{ backup: five[3], why: 'a recent run can be undone with it' }]);
  });

  test('never leaves an environment without the best and newest it had', () => {
    const one = fc.record({
      daysAgo: fc.integer({ min: 0, max: 1000 }),
      level: fc.constantFrom(...backupLevels),
      covers: fc.constantFrom('everything' as const, 'schema' as const),
      problem: fc.constantFrom(null, damaged),
    });
    const limit = fc.option(fc.integer({ min: 1, max: 50 }));
    fc.assert(
      fc.property(fc.array(one, { maxLength: 20 }), limit, limit, (facts, days, count) => {
        const all = facts.map(({ daysAgo, level, ...changed }, id) => backup(String(id), daysAgo, level, changed));
        const gone = new Set(removed(all, days, count));
        const good = all.filter(({ covers, problem }) => covers === 'everything' && problem === null);
        for (const level of backupLevels) {
          const reached = good.filter((each) => backupLevels.indexOf(each.level) >= backupLevels.indexOf(level));
          const newest = reached
            .map(({ takenAt }) => takenAt)
            .sort()
            .at(-1);
          if (newest !== undefined)
            expect(reached.some(({ id, takenAt }) => takenAt === newest && !gone.has(id))).toBe(true);
        }
      }),
    );
  });
});
