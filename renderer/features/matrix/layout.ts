/** Which rows and columns the matrix has, in which order. Pure; what did not change keeps its identity. */
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { attentionStatuses, pendingStatuses } from '../../../shared/model/history.ts';
import type { MatrixColumn, MatrixLists, MatrixStatus } from '../../../shared/model/matrix.ts';
import { nothingKnown } from '../../../shared/model/matrixDocument.ts';
import { isOf, type MatrixProject, projectsOf, statusAt } from '../../../shared/model/matrixRows.ts';
import { matches } from '../../components/FilterInput.tsx';
import { type EnvironmentGroup, groupEnvironments } from '../environments/group.ts';
import type { ColumnOrder, RowChoice } from './options.ts';

export interface Member {
  readonly summary: EnvironmentSummary;
  readonly column: MatrixColumn;
}

export type LayoutColumn =
  | ({ readonly kind: 'environment'; readonly key: string; readonly group: string } & Member)
  /** A folded group. */
  | { readonly kind: 'group'; readonly key: string; readonly group: string; readonly members: readonly Member[] };

export interface LayoutGroup {
  readonly group: string;
  readonly count: number;
  readonly folded: boolean;
  /** Index of its first column, and how many it has. */
  readonly from: number;
  readonly span: number;
}

export const summaryFacts = ['pending', 'drift', 'checksums'] as const;
export type SummaryFact = (typeof summaryFacts)[number];

export type LayoutRow =
  | { readonly kind: 'project'; readonly key: string; readonly project: MatrixProject; readonly folded: boolean }
  | { readonly kind: 'migration'; readonly key: string; readonly project: MatrixProject; readonly row: number };

/** Statuses that a plan would end. */
export const openStatuses: ReadonlySet<MatrixStatus> = new Set<MatrixStatus>([...pendingStatuses, 'running']);
const attention: ReadonlySet<MatrixStatus> = new Set(attentionStatuses);

export interface ColumnsWanted {
  readonly environments: readonly EnvironmentSummary[];
  readonly columns: ReadonlyMap<string, MatrixColumn>;
  readonly order: ColumnOrder;
  readonly folded: readonly string[];
}

export function layOutColumns({ environments, columns, order, folded }: ColumnsWanted): {
  readonly columns: readonly LayoutColumn[];
  readonly groups: readonly LayoutGroup[];
} {
  const laid: LayoutColumn[] = [];
  const groups: LayoutGroup[] = [];
  for (const { group, members } of groupEnvironments(environments)) {
    const sorted = ordered(withColumns(members, columns), order);
    const isFolded = folded.includes(group);
    const from = laid.length;
    if (isFolded) laid.push({ kind: 'group', key: groupKey(group), group, members: sorted });
    else
      for (const member of sorted)
        laid.push({ kind: 'environment', key: member.summary.environment.id, group, ...member });
    groups.push({ group, count: members.length, folded: isFolded, from, span: laid.length - from });
  }
  return { columns: laid, groups };
}

/** Of its column while it is folded. */
export const groupKey = (group: string): string => `group ${group}`;

const withColumns = (
  members: EnvironmentGroup['members'],
  columns: ReadonlyMap<string, MatrixColumn>,
): readonly Member[] =>
  members.map((summary) => ({
    summary,
    column: columns.get(summary.environment.id) ?? nothingKnown(summary.environment.id),
  }));

/** In a group; equal ones stay as they are, by tier and name. */
function ordered(members: readonly Member[], order: ColumnOrder): readonly Member[] {
  switch (order) {
    case 'tier':
      return members;
    case 'pending':
      return members.toSorted((a, b) => (b.column.known?.pending ?? -1) - (a.column.known?.pending ?? -1));
    case 'attention':
      return members.toSorted((a, b) => attentionOf(b) - attentionOf(a));
    case 'read':
      return members.toSorted((a, b) => readAt(a) - readAt(b));
  }
}

const readAt = ({ column }: Member): number => Date.parse(column.known?.readAt ?? '1970-01-01');

function attentionOf({ summary, column }: Member): number {
  const unreachable = column.problem === null ? 0 : 1;
  return (summary.lastKnown?.attention ?? 0) + (column.drift?.changes ?? 0) + unreachable;
}

export interface RowsWanted {
  readonly projects: readonly MatrixProject[];
  readonly columns: readonly LayoutColumn[];
  readonly choice: RowChoice;
  readonly filter: string;
  readonly newestFirst: boolean;
  /** Keys of projects. */
  readonly folded: ReadonlySet<string>;
}

export function layOutRows({
  projects,
  columns,
  choice,
  filter,
  newestFirst,
  folded,
}: RowsWanted): readonly LayoutRow[] {
  return projects.flatMap((project): readonly LayoutRow[] => {
    const all = rowsOf(project);
    const wanted = choice === 'all' ? null : wantedRows(project, columns, choice === 'open' ? openStatuses : attention);
    const shown = all.filter(
      ({ row }) =>
        (wanted === null || wanted.has(row)) &&
        (filter === '' || matches(filter, [project.rows[row]?.version, project.rows[row]?.name])),
    );
    const migrations = newestFirst ? shown.toReversed() : shown;
    if (projects.length === 1 || migrations.length === 0) return migrations;
    const key = keyOfProject(project);
    const head: LayoutRow = { kind: 'project', key, project, folded: folded.has(key) };
    return head.folded ? [head] : [head, ...migrations];
  });
}

export const keyOfProject = ({ tool, sources }: MatrixProject): string => `${tool} ${sources[0] ?? ''}`;

const known = new WeakMap<MatrixProject, readonly (LayoutRow & { kind: 'migration' })[]>();

/** The same objects each time, so that rows on screen are drawn again only when they differ. */
function rowsOf(project: MatrixProject): readonly (LayoutRow & { kind: 'migration' })[] {
  const before = known.get(project);
  if (before !== undefined) return before;
  const prefix = keyOfProject(project);
  const rows = project.rows.map(
    (migration, row) => ({ kind: 'migration', key: `${prefix} ${migration.historyKey}`, project, row }) as const,
  );
  known.set(project, rows);
  return rows;
}

/** Rows in which one of the environments has one of these statuses. */
function wantedRows(
  project: MatrixProject,
  columns: readonly LayoutColumn[],
  statuses: ReadonlySet<MatrixStatus>,
): ReadonlySet<number> {
  const wanted = new Set<number>();
  for (const { column } of membersOf(columns))
    if (isOf(project, column))
      for (let row = 0; row < project.rows.length; row += 1)
        if (!wanted.has(row) && statuses.has(statusAt(project, row, column))) wanted.add(row);
  return wanted;
}

export const membersOf = (columns: readonly LayoutColumn[]): readonly Member[] =>
  columns.flatMap((column) => (column.kind === 'group' ? column.members : [column]));

/** `projectsOf`, and the same value for as long as what it is made of is the same. */
export function projectsKeeper(): (lists: MatrixLists, columns: readonly MatrixColumn[]) => readonly MatrixProject[] {
  let before = { signature: '', projects: [] as readonly MatrixProject[] };
  return (lists, columns) => {
    const signature = columns.map(signatureOf).join(';');
    if (signature !== before.signature) before = { signature, projects: projectsOf(lists, columns) };
    return before.projects;
  };
}

const signatureOf = ({ known: column }: MatrixColumn): string =>
  column === null
    ? ''
    : `${column.list} ${column.source} ${column.extra.map(({ migration }) => migration.historyKey).join(' ')}`;

/** Columns in blocks of `size`; a block whose columns did not change is the one of `before`. */
export function inBlocks(
  columns: readonly LayoutColumn[],
  size: number,
  before: readonly (readonly LayoutColumn[])[],
): readonly (readonly LayoutColumn[])[] {
  const blocks: (readonly LayoutColumn[])[] = [];
  for (let from = 0; from < columns.length; from += size) {
    const block = columns.slice(from, from + size);
    const old = before[blocks.length];
    blocks.push(old !== undefined && areSame(old, block) ? old : block);
  }
  return blocks;
}

const areSame = (one: readonly LayoutColumn[], other: readonly LayoutColumn[]): boolean =>
  one.length === other.length && one.every((column, index) => isSame(column, other[index]));

function isSame(one: LayoutColumn, other: LayoutColumn | undefined): boolean {
  if (other === undefined || one.key !== other.key) return false;
  if (one.kind === 'environment')
    return other.kind === 'environment' && one.column === other.column && looksSame(one.summary, other.summary);
  return (
    other.kind === 'group' &&
    one.members.length === other.members.length &&
    one.members.every((member, index) => member.column === other.members[index]?.column)
  );
}

/** As far as a head shows it: lists are read anew often, and mostly say the same. */
const looksSame = ({ environment: one }: EnvironmentSummary, { environment: other }: EnvironmentSummary): boolean =>
  one.name === other.name &&
  one.tier === other.tier &&
  one.colour === other.colour &&
  (one.source === null) === (other.source === null);
