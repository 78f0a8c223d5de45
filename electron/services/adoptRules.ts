/** What must be so before one tool's history is made from another's. */
import type { Migration } from '../../shared/model/migration.ts';
import { raise } from '../../shared/problem.ts';
import { type Compared, type Comparison, isEffective, keyOf, versionOf } from '../engine/compare.ts';
import { type Match, matchMigrations } from './matchMigrations.ts';
import type { OpenSource } from './readSource.ts';

/** An entry of the one history, and the migration of the other tool that it is. */
export interface AppliedMatch {
  readonly row: Compared;
  readonly match: Match;
}

/** In the order of the history. @throws {ProblemError} `adopt.unsettled`, `adopt.unmapped` */
export function matchApplied({ rows }: Comparison, from: OpenSource, to: OpenSource): AppliedMatch[] {
  const doubtful = rows.find(({ status }) => status === 'failed' || status === 'interrupted');
  if (doubtful !== undefined)
    raise({
      code: 'adopt.unsettled',
      message: `Migration ${versionOf(doubtful)} ${doubtful.status === 'failed' ? 'failed' : 'was interrupted'}: whether it is in the database cannot be moved.`,
      hint: 'Settle it first: lockkeeper repair lists what can be done.',
    });
  const applied = rows.filter(({ entry }) => isEffective(entry));
  const gone = applied.filter(({ migration, entry }) => migration === null && entry?.state !== 'baseline');
  if (gone.length > 0)
    raise({
      code: 'adopt.unmapped',
      message: `Applied without a file in ${from.path}: ${listed(gone.map(versionOf))}.`,
      hint: 'Bring the files back, or mark these as rolled back first: lockkeeper repair --mark-reverted V',
    });
  const wanted = applied.flatMap(({ migration }) => migration ?? []);
  const others = to.migrations.filter(({ ignored, kind }) => ignored === undefined && kind !== 'baseline');
  const ours = from.migrations.filter(({ ignored, kind }) => ignored === undefined && kind !== 'baseline');
  const { matches, unmatched } = matchMigrations(ours, others, wanted, from.path === to.path);
  if (unmatched.length > 0)
    raise({
      code: 'adopt.unmapped',
      message: `${to.path} has no counterpart in ${to.tool.title}’s files for: ${listed(unmatched.map(({ version }) => version))}.`,
      hint: 'A counterpart has the same version or the same name, or the same place where both folders have as many migrations.',
    });
  return inHistoryOrder(applied, matches, to);
}

/** A table that holds a position must be led there in the order of the files. */
function inHistoryOrder(applied: readonly Compared[], matches: readonly Match[], to: OpenSource): AppliedMatch[] {
  const found = applied.flatMap((row): AppliedMatch[] => {
    const match = matches.find((one) => one.from === row.migration);
    return match === undefined ? [] : [{ row, match }];
  });
  const place = ({ match }: AppliedMatch): number => to.migrations.indexOf(match.to);
  return holdsPosition(to) ? found.sort((a, b) => place(a) - place(b)) : found;
}

const holdsPosition = ({ history }: OpenSource): boolean => history.repairs?.force !== undefined;

/** @throws {ProblemError} `adopt.notEmpty` */
export function requireAgreement(
  theirs: Comparison,
  matched: readonly AppliedMatch[],
  from: OpenSource,
  to: OpenSource,
): void {
  const keys = new Set(matched.map(({ match }) => match.to.historyKey));
  const against = theirs.rows.filter(
    (row) =>
      row.status === 'failed' || row.status === 'interrupted' || (isEffective(row.entry) && !keys.has(keyOf(row))),
  );
  if (against.length > 0)
    raise({
      code: 'adopt.notEmpty',
      message: `The history of ${to.tool.title} has entries of its own that ${from.tool.title}’s does not have as applied: ${listed(against.map(versionOf))}.`,
      hint: `Look at both with status; correct the wrong one with repair, or name another table with --to-history-table.`,
    });
}

/** @throws {ProblemError} `adopt.unsupported` where a table of one position cannot say which are applied */
export function requirePosition(matched: readonly AppliedMatch[], to: OpenSource): void {
  if (!holdsPosition(to)) return;
  const applied = new Set(matched.map(({ match }) => match.to));
  const last = to.migrations.findLastIndex((migration) => applied.has(migration));
  const gaps: Migration[] = to.migrations.slice(0, last + 1).filter((migration) => !applied.has(migration));
  if (gaps.length > 0)
    raise({
      code: 'adopt.unsupported',
      message: `${to.tool.title} keeps one version, which means all before it: ${listed(gaps.map(({ version }) => version))} would count as applied and are not.`,
      hint: 'Apply these first with the tool that keeps the database now.',
    });
}

const mostListed = 10;

const listed = (versions: readonly string[]): string =>
  `${versions.slice(0, mostListed).join(', ')}${versions.length > mostListed ? ` and ${versions.length - mostListed} more` : ''}`;
