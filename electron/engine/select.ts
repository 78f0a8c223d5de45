/** Which migrations a request means, in the order they would run. Pure. */
import type { Migration, Script } from '../../shared/model/migration.ts';
import type { Target } from '../../shared/model/plan.ts';
import { nothingChanged, type Problem, type ProblemCode } from '../../shared/problem.ts';
import { type Compared, type Comparison, isApplied, isPending, keyOf, versionOf } from './compare.ts';
import { textScript } from './textScript.ts';

export interface SelectRules {
  readonly outOfOrder: 'allowed' | 'warned' | 'refused';
  readonly downOrder: 'byVersion' | 'byHistory';
  readonly retriesFailed: boolean;
}

export interface SelectedStep {
  readonly row: Compared;
  readonly migration: Migration;
  readonly action: 'apply' | 'revert';
  readonly script: Script;
}

export interface Selection {
  readonly steps: readonly SelectedStep[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

export function selectSteps(
  comparison: Comparison,
  target: Target,
  rules: SelectRules,
  historyOrder: readonly string[],
): Selection {
  return target.direction === 'up'
    ? selectUp(comparison, target, rules)
    : selectDown(comparison, target, rules, historyOrder);
}

function selectUp(comparison: Comparison, target: Target & { direction: 'up' }, rules: SelectRules): Selection {
  const problems: Problem[] = [];
  let rows = comparison.rows;
  if (target.to !== undefined) {
    const last = findRow(rows, target.to);
    if (last === null) return nothing(noSuchVersion(target.to));
    rows = rows.slice(0, last + 1);
  }
  let pending = rows.filter(isPending);
  if (target.steps !== undefined) pending = pending.slice(0, target.steps);
  if (rules.outOfOrder === 'refused')
    problems.push(...pending.filter((row) => row.status === 'outOfOrder').map(outOfOrder));
  problems.push(...unmetDependencies(comparison.rows, pending), ...conflictsOf(comparison.rows, pending));
  problems.push(...pending.flatMap(notRunnable));
  const steps = pending.flatMap((row): SelectedStep[] =>
    row.migration === null ? [] : [{ row, migration: row.migration, action: 'apply', script: row.migration.up }],
  );
  return { steps, problems, warnings: warningsFor(comparison.rows, rules) };
}

function selectDown(
  comparison: Comparison,
  target: Target & { direction: 'down' },
  rules: SelectRules,
  historyOrder: readonly string[],
): Selection {
  const candidates = comparison.rows.filter((row) => isApplied(row) && row.migration?.kind !== 'repeatable');
  const applied = inDownOrder(candidates, rules, historyOrder);
  const chosen = chooseDown(comparison, applied, target);
  if (!Array.isArray(chosen)) return nothing(chosen);
  const problems: Problem[] = [];
  const steps = chosen.flatMap((row): SelectedStep[] => {
    const script = downScript(row);
    problems.push(...notRunnable(row));
    if (row.migration !== null && script !== null) return [{ row, migration: row.migration, action: 'revert', script }];
    problems.push(row.migration === null ? missingFile(row) : irreversible(row));
    return [];
  });
  return { steps, problems, warnings: [] };
}

/** Where the history keeps its own rollback, that is what its tool would run. */
export function downScript(row: Compared): Script | null {
  const stored = row.entry?.storedDown;
  const down = row.migration?.down ?? null;
  if (stored === null || stored === undefined || stored.trim() === '') return down;
  const path = `${row.migration?.up.path ?? keyOf(row)} (rollback stored in the history table)`;
  return textScript(path, stored);
}

function inDownOrder(applied: readonly Compared[], rules: SelectRules, historyOrder: readonly string[]): Compared[] {
  if (rules.downOrder === 'byVersion') return applied.toReversed();
  const position = new Map(historyOrder.map((key, index) => [key, index]));
  return applied.toSorted((a, b) => (position.get(keyOf(b)) ?? -1) - (position.get(keyOf(a)) ?? -1));
}

function chooseDown(
  comparison: Comparison,
  applied: readonly Compared[],
  target: Target & { direction: 'down' },
): Compared[] | Problem {
  if (target.version !== undefined) return chooseOneWithDependants(comparison, applied, target.version);
  if (target.to !== undefined) return chooseDownTo(comparison, applied, target.to);
  return applied.slice(0, target.steps ?? 1);
}

/** Everything that would be rolled back before `to` itself; `to` stays. `0` means everything. */
function chooseDownTo(comparison: Comparison, applied: readonly Compared[], to: string): Compared[] | Problem {
  if (to === '0' && findRow(comparison.rows, to) === null) return [...applied];
  const index = findRow(comparison.rows, to);
  const row = index === null ? undefined : comparison.rows[index];
  if (row === undefined) return noSuchVersion(to);
  const position = applied.indexOf(row);
  return position === -1 ? notApplied(row) : applied.slice(0, position);
}

function chooseOneWithDependants(
  comparison: Comparison,
  applied: readonly Compared[],
  version: string,
): Compared[] | Problem {
  const index = findRow(comparison.rows, version);
  const row = index === null ? undefined : comparison.rows[index];
  if (row === undefined) return noSuchVersion(version);
  if (!isApplied(row)) return notApplied(row);
  const chosen = new Set<Compared>([row]);
  // Applied rows come newest first, so walking them backwards meets a dependency before its dependants.
  for (const candidate of applied.toReversed()) {
    const needs = candidate.migration?.metadata.dependencies ?? [];
    if (needs.some((name) => [...chosen].some((one) => isCalled(one, name)))) chosen.add(candidate);
  }
  return applied.filter((candidate) => chosen.has(candidate));
}

const isCalled = (row: Compared, name: string): boolean =>
  versionOf(row) === name ||
  keyOf(row) === name ||
  row.migration?.name === name ||
  `${versionOf(row)}_${row.migration?.name}` === name;

function findRow(rows: readonly Compared[], name: string): number | null {
  const exact = rows.findIndex((row) => versionOf(row) === name || keyOf(row) === name);
  const index = exact !== -1 ? exact : rows.findIndex((row) => isCalled(row, name));
  return index === -1 ? null : index;
}

function unmetDependencies(rows: readonly Compared[], pending: readonly Compared[]): Problem[] {
  const available: Compared[] = rows.filter(isPresent);
  const problems: Problem[] = [];
  for (const row of pending) {
    for (const name of row.migration?.metadata.dependencies ?? []) {
      if (!available.some((one) => isCalled(one, name))) problems.push(dependency(row, name));
    }
    available.push(row);
  }
  return problems;
}

/** Of two that exclude each other, both would be in the database; told of the one that is not there yet. */
function conflictsOf(rows: readonly Compared[], pending: readonly Compared[]): Problem[] {
  const planned = new Set(pending);
  return conflictingPairs(rows.filter((row) => planned.has(row) || isPresent(row))).flatMap(([one, other]) => {
    if (planned.has(other)) return [conflict(other, one)];
    return planned.has(one) ? [conflict(one, other)] : [];
  });
}

/** In the order of the rows. */
function conflictingPairs(rows: readonly Compared[]): [Compared, Compared][] {
  const named = (row: Compared): readonly string[] => row.migration?.metadata.conflicts ?? [];
  const pairs = new Map<string, [Compared, Compared]>();
  for (const row of rows)
    for (const name of named(row)) {
      const other = rows.find((candidate) => candidate !== row && isCalled(candidate, name));
      if (other === undefined) continue;
      const pair: [Compared, Compared] = rows.indexOf(row) < rows.indexOf(other) ? [row, other] : [other, row];
      pairs.set(`${keyOf(pair[0])}\0${keyOf(pair[1])}`, pair);
    }
  return [...pairs.values()];
}

const isPresent = (row: Compared): boolean => isApplied(row) || row.status === 'baseline';

function warningsFor(rows: readonly Compared[], rules: SelectRules): Problem[] {
  const together = conflictingPairs(rows.filter(isPresent)).map(([one, other]) => conflict(other, one));
  const single = rows.flatMap((row) => {
    if (row.status === 'changed') return [changed(row)];
    if (row.status === 'missing') return [missingFile(row)];
    if (row.status === 'outOfOrder' && rules.outOfOrder === 'warned') return [outOfOrder(row)];
    return [];
  });
  return [...single, ...together];
}

const nothing = (problem: Problem): Selection => ({ steps: [], problems: [problem], warnings: [] });

function about(row: Compared, code: ProblemCode, message: string, hint: string): Problem {
  const path = row.migration?.up.path;
  return { code, message, state: nothingChanged, hint, ...(path === undefined ? {} : { path }) };
}

const noSuchVersion = (version: string): Problem => ({
  code: 'source.noSuchVersion',
  message: `There is no migration “${version}” in this folder or history.`,
  state: nothingChanged,
  hint: 'Look up the versions with the status command.',
});

const notApplied = (row: Compared): Problem =>
  about(
    row,
    'source.noSuchVersion',
    `Migration ${versionOf(row)} is not applied, so it cannot be a point to roll back to or from.`,
    'Choose an applied version from the status.',
  );

const outOfOrder = (row: Compared): Problem =>
  about(
    row,
    'plan.outOfOrder',
    `Migration ${versionOf(row)} is older than the newest applied one.`,
    'Give it a newer version, or check that it does not build on what came later.',
  );

const changed = (row: Compared): Problem =>
  about(
    row,
    'plan.changed',
    `Migration ${versionOf(row)} was changed after it was applied: its file's checksum differs from the recorded one.`,
    'Compare the file with the version that was applied; put changes into a new migration.',
  );

const missingFile = (row: Compared): Problem =>
  about(
    row,
    'plan.missing',
    `Migration ${versionOf(row)} is recorded as applied, but its file is missing.`,
    'Get the file back from version control, or check that this is the right folder for this database.',
  );

const notRunnable = (row: Compared): Problem[] => {
  const reason = row.migration?.notRunnable;
  if (reason === undefined) return [];
  return [
    about(
      row,
      'plan.notRunnable',
      `Migration ${versionOf(row)} cannot be run by Lockkeeper: ${reason}`,
      "Run it with its tool's own command line; Lockkeeper then shows it as applied and can go on with the rest.",
    ),
  ];
};

const irreversible = (row: Compared): Problem =>
  about(
    row,
    'plan.irreversible',
    `Migration ${versionOf(row)} has no rollback script.`,
    'Write a new migration that undoes it, or restore a backup taken before it.',
  );

const dependency = (row: Compared, name: string): Problem =>
  about(
    row,
    'plan.dependency',
    `Migration ${versionOf(row)} depends on “${name}”, which is neither applied nor planned before it.`,
    'Add the missing migration, or correct the dependency.',
  );

const conflict = (row: Compared, other: Compared): Problem =>
  about(
    row,
    'plan.conflict',
    `Migrations ${versionOf(row)} and ${versionOf(other)} exclude each other, and both would be in the database.`,
    'Decide for one: roll the other back, or leave it out with --to or --steps.',
  );
