/** Which entries of a history a request to correct it means, and whether that can be written. */
import type { RepairAction, RepairChange, RepairRequest } from '../../shared/model/repair.ts';
import { assertNever, raise } from '../../shared/problem.ts';
import { type Compared, type Comparison, isEffective, keyOf, versionOf } from '../engine/compare.ts';
import type { Context } from './context.ts';
import { differenceOf, type Explaining } from './explainChecksum.ts';
import { findRow } from './findRow.ts';
import { journalConflict } from './journalConflict.ts';
import { requireAbility } from './repairAbility.ts';

/** A change with the row it concerns. */
export interface RowChange extends RepairChange {
  readonly row: Compared;
  /** Only our journal disagrees: the tool's history needs no change. */
  readonly journalOnly: boolean;
}

/** @throws {ProblemError} `source.noSuchVersion`, `repair.notNeeded`, `repair.unsupported`, `usage.invalid` */
export async function changesFor(
  context: Context,
  comparison: Comparison,
  requests: readonly RepairRequest[],
  explaining: Explaining,
): Promise<RowChange[]> {
  const changes: RowChange[] = [];
  for (const request of requests)
    for (const [action, row] of rowsOf(request, comparison))
      changes.push(await changeOf(context, action, row, explaining));
  requireOneEach(changes);
  for (const change of changes) if (!change.journalOnly) requireAbility(explaining, change.action);
  return changes;
}

function rowsOf(request: RepairRequest, comparison: Comparison): [RepairAction, Compared][] {
  if (request.action === 'updateChecksums')
    return comparison.rows.filter((row) => row.status === 'changed').map((row) => ['updateChecksum', row]);
  const row = findRow(comparison, request.version);
  if (request.action !== 'baseline') return [[request.action, row]];
  const upTo = comparison.rows.slice(0, comparison.rows.indexOf(row) + 1);
  const doubtful = upTo.find((one) => one.status === 'failed' || one.status === 'interrupted');
  if (doubtful !== undefined)
    raise({
      code: 'repair.notNeeded',
      message: `Migration ${versionOf(doubtful)} ${doubtful.status === 'failed' ? 'failed' : 'was interrupted'}: it is not known whether it is in the database.`,
      hint: 'Settle it first: lockkeeper repair --mark-applied V or --remove-failed V.',
    });
  return upTo.filter((one) => one.migration !== null && !isEffective(one.entry)).map((one) => ['baseline', one]);
}

/** @throws {ProblemError} `repair.notNeeded` */
export async function changeOf(
  context: Context,
  action: RepairAction,
  row: Compared,
  explaining: Explaining,
): Promise<RowChange> {
  const conflict = journalConflict(row, explaining.latest);
  const about = {
    action,
    version: versionOf(row),
    name: row.migration?.name ?? row.entry?.name ?? '',
    difference: null,
    journalOnly: false,
    row,
  };
  const applied = isEffective(row.entry);
  const doubtful = row.entry?.state === 'failed' || row.entry?.state === 'executing';
  switch (action) {
    case 'updateChecksum': {
      if (row.status !== 'changed') return notNeeded(row, 'its recorded checksum is that of its file');
      const { kind, explanation } = await differenceOf(context, explaining, row);
      return { ...about, reason: explanation, difference: { kind, explanation } };
    }
    case 'markApplied':
      if (applied && conflict === null) return notNeeded(row, 'the history has it as applied already');
      return { ...about, reason: 'It counts as applied from now on; nothing of it is run.', journalOnly: applied };
    case 'markReverted':
      if (!applied && !doubtful && conflict === null) return notNeeded(row, 'the history does not have it as applied');
      return {
        ...about,
        reason: 'It counts as rolled back from now on; nothing of it is run.',
        journalOnly: !applied && !doubtful,
      };
    case 'removeFailed':
      if (!doubtful) return notNeeded(row, 'it has no entry that failed or was interrupted');
      return { ...about, reason: 'Its failed entry no longer counts: it is pending again.' };
    case 'baseline':
      return { ...about, reason: 'It counts as applied before this tool came; nothing of it is run.' };
    case 'force':
      return { ...about, reason: 'The history says this version from now on; nothing is run.' };
    default:
      return assertNever(action);
  }
}

const notNeeded = (row: Compared, why: string): never =>
  raise({
    code: 'repair.notNeeded',
    message: `Migration ${versionOf(row)} needs no such correction: ${why}.`,
    hint: 'See what can be corrected: lockkeeper repair',
  });

function requireOneEach(changes: readonly RowChange[]): void {
  const seen = new Set<string>();
  for (const { row, version } of changes) {
    if (seen.has(keyOf(row)))
      raise({
        code: 'usage.invalid',
        message: `Migration ${version} is to be corrected in two ways at once.`,
        hint: 'Name each version once.',
      });
    seen.add(keyOf(row));
  }
}
