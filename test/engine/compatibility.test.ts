import { describe, expect, it } from 'vitest';
import type { Compared } from '../../electron/engine/compare.ts';
import { judgeCompatibility } from '../../electron/engine/compatibility.ts';
import type { HistoryEntry } from '../../shared/model/history.ts';
import type { ApplicationVersion, Migration } from '../../shared/model/migration.ts';

const migration = (version: string): Migration => {
  const up = { kind: 'text', path: `${version}.sql`, line: 1, sha256: '', bytes: 0, text: '' } as const;
  return {
    version,
    historyKey: version,
    name: `step_${version}`,
    kind: 'versioned',
    up,
    down: null,
    verify: null,
    checksum: null,
    transaction: { up: true, down: true },
    metadata: {},
  };
};

const entry = (version: string, appliedAt: string | null, batch: number | null = null): HistoryEntry => ({
  historyKey: version,
  version,
  name: null,
  state: 'applied',
  appliedAt,
  appliedBy: null,
  durationMs: null,
  checksum: null,
  batch,
  message: null,
  storedDown: null,
});

const applied = (version: string, at: string | null = null, batch: number | null = null): Compared => ({
  migration: migration(version),
  entry: entry(version, at, batch),
  status: 'applied',
});
const pending = (version: string): Compared => ({ migration: migration(version), entry: null, status: 'pending' });
const withoutFile = (version: string): Compared => ({
  migration: null,
  entry: entry(version, null),
  status: 'missing',
});

const application = (version: string, database: string, until?: string): ApplicationVersion => ({
  version,
  database,
  date: null,
  changes: [],
  ...(until === undefined ? {} : { until }),
});

/** Hospitals number by year, by four numbers, or with words. */
const hospital = {
  applicationVersion: '5.1.0.12',
  applications: [application('2024.3', '1', '2'), application('5.1.0.12', '3')],
};

const verdict = (rows: readonly Compared[], wanted: string | null) =>
  judgeCompatibility(rows, hospital, wanted).verdict;

describe('a version of the application on a database', () => {
  it('suits where exactly its migrations are applied', () => {
    expect(verdict([applied('1'), pending('2'), pending('3')], '2024.3')).toMatchObject({ suitability: 'suits' });
  });

  it('suits a newer database as far as the manifest says, and no further', () => {
    expect(verdict([applied('1'), applied('2'), pending('3')], '2024.3')).toMatchObject({ suitability: 'suits' });
    expect(verdict([applied('1'), applied('2'), applied('3')], '2024.3')).toMatchObject({
      suitability: 'tooNew',
      beyond: ['2', '3'],
    });
  });

  it('misses what is not applied, gaps among it', () => {
    expect(verdict([applied('1'), pending('2'), applied('3')], null)).toEqual({
      application: '5.1.0.12',
      judgedAs: '5.1.0.12',
      suitability: 'tooOld',
      needs: '3',
      missing: ['2'],
      beyond: [],
    });
  });

  it('is not known to suit a database that is newer than anything it came with, also of another folder', () => {
    const rows = [applied('1'), applied('2'), applied('3'), withoutFile('4')];
    expect(verdict(rows, '5.1.0.12')).toMatchObject({ suitability: 'unsaid', beyond: ['4'] });
    expect(verdict(rows, '2024.3')).toMatchObject({ suitability: 'tooNew' });
  });

  it.each([
    ['v5.1.0.12', '5.1.0.12'],
    ['5.1.0.13', '5.1.0.12'],
    ['5.2', '5.1.0.12'],
    ['2024.03', '2024.3'],
    ['2024.10', '2024.3'],
  ])('%s is judged as %s', (wanted, judgedAs) => {
    expect(verdict([applied('1')], wanted)).toMatchObject({ judgedAs });
  });

  it.each(['1.0', 'Sunrise', '5.1.0.12-rc1'])(
    '%s is not known: nothing is before it, or its name has no order',
    (wanted) => {
      expect(verdict([applied('1')], wanted)).toMatchObject({ judgedAs: null, suitability: 'unknown', needs: null });
    },
  );
});

describe('where the source tells of no application', () => {
  const derive = (rows: readonly Compared[]) =>
    judgeCompatibility(rows, { applicationVersion: null, applications: [] }, null);

  it('what was applied within an hour is one release, and what waits the next', () => {
    const found = derive([
      applied('1', '2026-01-01T10:00:00.000Z'),
      applied('2', '2026-01-01T10:59:59.000Z'),
      applied('3', '2026-02-01T10:00:00.000Z'),
      pending('4'),
    ]);
    expect(found).toMatchObject({
      basis: 'history',
      applications: [
        { version: '2', date: '2026-01-01T10:59:59.000Z', changes: ['step 1', 'step 2'] },
        { version: '3', date: '2026-02-01T10:00:00.000Z' },
        { version: '4', date: null, suitability: 'tooOld' },
      ],
      verdict: { application: '4', missing: ['4'] },
    });
  });

  it('batches of the tool decide where it keeps them', () => {
    const at = '2026-01-01T10:00:00.000Z';
    expect(derive([applied('1', at, 1), applied('2', at, 2)]).applications).toHaveLength(2);
  });

  it('an empty folder and history tell nothing', () => {
    expect(derive([])).toEqual({ basis: 'history', applications: [], databases: [], cells: [], verdict: null });
  });
});
