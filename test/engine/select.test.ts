import { describe, expect, it } from 'vitest';
import { compare } from '../../electron/engine/compare.ts';
import { type SelectRules, selectSteps } from '../../electron/engine/select.ts';
import type { HistoryEntry } from '../../shared/model/history.ts';
import type { Migration } from '../../shared/model/migration.ts';
import type { Target } from '../../shared/model/plan.ts';
import { entry, migration } from './values.ts';

const rules: SelectRules = { outOfOrder: 'refused', downOrder: 'byVersion', retriesFailed: true };

function select(migrations: Migration[], entries: HistoryEntry[], target: Target, changed: Partial<SelectRules> = {}) {
  const used = { ...rules, ...changed };
  const selection = selectSteps(
    compare(migrations, entries, used),
    target,
    used,
    entries.map((one) => one.historyKey),
  );
  return {
    versions: selection.steps.map((step) => step.migration.version),
    problems: selection.problems.map((one) => one.code),
    warnings: selection.warnings.map((one) => one.code),
  };
}

const four = [migration('1'), migration('2'), migration('3'), migration('4')];
const applied = (...keys: string[]) => keys.map((key) => entry(key));

describe('selecting up', () => {
  it('takes all pending in order', () =>
    expect(select(four, applied('1'), { direction: 'up' }).versions).toEqual(['2', '3', '4']));
  it('stops at the version asked for', () =>
    expect(select(four, applied('1'), { direction: 'up', to: '3' }).versions).toEqual(['2', '3']));
  it('takes the first n', () =>
    expect(select(four, applied('1'), { direction: 'up', steps: 2 }).versions).toEqual(['2', '3']));
  it('refuses what it cannot run, and only when that is chosen', () => {
    const list = [migration('1'), migration('2', { notRunnable: 'It is written in Go.' })];
    expect(select(list, [], { direction: 'up' }).problems).toEqual(['plan.notRunnable']);
    expect(select(list, [], { direction: 'up', to: '1' }).problems).toEqual([]);
    expect(select(list, applied('1', '2'), { direction: 'down' }).problems).toEqual(['plan.notRunnable']);
  });
  it('has nothing to do up to an applied version', () =>
    expect(select(four, applied('1', '2'), { direction: 'up', to: '1' }).versions).toEqual([]));
  it('refuses a version that does not exist', () =>
    expect(select(four, [], { direction: 'up', to: '9' }).problems).toEqual(['source.noSuchVersion']));

  it('refuses one out of order, or only warns, as its tool does', () => {
    expect(select(four, applied('2'), { direction: 'up', to: '2' }).problems).toEqual(['plan.outOfOrder']);
    const warned = select(four, applied('2'), { direction: 'up', to: '2' }, { outOfOrder: 'warned' });
    expect(warned).toEqual({ versions: ['1'], problems: [], warnings: ['plan.outOfOrder'] });
  });

  it('refuses a dependency that is neither applied nor planned before', () => {
    const needy = [migration('1', { metadata: { dependencies: ['2'] } }), migration('2')];
    expect(select(needy, [], { direction: 'up' }).problems).toEqual(['plan.dependency']);
    expect(
      select([migration('1'), migration('2', { metadata: { dependencies: ['1'] } })], [], { direction: 'up' }).problems,
    ).toEqual([]);
  });

  it('refuses two that exclude each other, whichever of them says so', () => {
    const said = [migration('1', { metadata: { conflicts: ['2'] } }), migration('2'), migration('3')];
    expect(select(said, [], { direction: 'up' }).problems).toEqual(['plan.conflict']);
    expect(select(said, applied('2'), { direction: 'up', to: '1' }, { outOfOrder: 'allowed' }).problems).toEqual([
      'plan.conflict',
    ]);
    expect(select(said, applied('1'), { direction: 'up' }).problems).toEqual(['plan.conflict']);
    expect(select(said, [], { direction: 'up', steps: 1 }).problems).toEqual([]);
    const both = [
      migration('1', { metadata: { conflicts: ['2'] } }),
      migration('2', { metadata: { conflicts: ['1'] } }),
    ];
    expect(select(both, [], { direction: 'up' }).problems).toEqual(['plan.conflict']);
  });
  it('only warns of two that are there already', () => {
    const said = [migration('1'), migration('2', { metadata: { conflicts: ['1'] } }), migration('3')];
    const result = select(said, applied('1', '2'), { direction: 'up' });
    expect(result).toEqual({ versions: ['3'], problems: [], warnings: ['plan.conflict'] });
  });

  it('warns of changed and missing files but goes on', () => {
    const result = select(
      [migration('1', { checksum: 'a' }), migration('3')],
      [entry('1', { checksum: 'b' }), entry('2')],
      { direction: 'up' },
    );
    expect(result).toEqual({ versions: ['3'], problems: [], warnings: ['plan.changed', 'plan.missing'] });
  });
});

describe('selecting down', () => {
  const all = applied('1', '2', '3', '4');
  it('takes the last one by default', () => expect(select(four, all, { direction: 'down' }).versions).toEqual(['4']));
  it('takes the last n, newest first', () =>
    expect(select(four, all, { direction: 'down', steps: 2 }).versions).toEqual(['4', '3']));
  it('goes down to a version, which stays', () =>
    expect(select(four, all, { direction: 'down', to: '2' }).versions).toEqual(['4', '3']));
  it('goes down to nothing at 0', () =>
    expect(select(four, applied('1', '2'), { direction: 'down', to: '0' }).versions).toEqual(['2', '1']));
  it('refuses to go down to what is not applied', () =>
    expect(select(four, applied('1'), { direction: 'down', to: '3' }).problems).toEqual(['source.noSuchVersion']));

  it('follows the history where the tool does', () => {
    expect(
      select(four, applied('1', '3', '2'), { direction: 'down', steps: 2 }, { downOrder: 'byHistory' }).versions,
    ).toEqual(['2', '3']);
  });

  it('takes one version with everything that depends on it, directly or not, newest first', () => {
    const chain = [
      migration('1'),
      migration('2', { metadata: { dependencies: ['1'] } }),
      migration('3'),
      migration('4', { metadata: { dependencies: ['name_2'] } }),
    ];
    expect(select(chain, all, { direction: 'down', version: '1' }).versions).toEqual(['4', '2', '1']);
    expect(select(chain, all, { direction: 'down', version: '3' }).versions).toEqual(['3']);
  });

  it('passes over repeatable ones: they have no way back', () => {
    const files = [migration('1'), migration('r', { kind: 'repeatable', downSql: null })];
    expect(select(files, applied('1', 'r'), { direction: 'down' })).toMatchObject({ versions: ['1'], problems: [] });
  });

  it('refuses what has no way back, naming why', () => {
    expect(select([migration('1', { downSql: null })], applied('1'), { direction: 'down' }).problems).toEqual([
      'plan.irreversible',
    ]);
    expect(select([], applied('1'), { direction: 'down' }).problems).toEqual(['plan.missing']);
  });

  it('runs the rollback that the history itself keeps rather than the file', () => {
    const selection = selectSteps(
      compare([migration('1')], [entry('1', { storedDown: 'drop table kept' })], rules),
      { direction: 'down' },
      rules,
      ['1'],
    );
    expect(selection.steps[0]?.script).toMatchObject({ kind: 'text', text: 'drop table kept' });
  });
});
