/** Selected environments, as the grid's columns show them. Pure. */
import { type LayoutColumn, membersOf } from './layout.ts';
import type { Found } from './place.ts';

/** Environments that Space means at a place. */
export function environmentsAt(found: Found, columns: readonly LayoutColumn[]): readonly string[] {
  if (found.pinned === 'groups') {
    const { group } = found;
    return group === null ? [] : idsOf(columns.slice(group.from, group.from + group.span));
  }
  return found.column === null ? [] : idsOf([found.column]);
}

export const idsOf = (columns: readonly LayoutColumn[]): readonly string[] =>
  membersOf(columns).map(({ summary }) => summary.environment.id);

/** Selects them, or deselects them when all of them are selected. */
export function toggled(selected: ReadonlySet<string>, ids: readonly string[]): ReadonlySet<string> {
  const all = ids.every((id) => selected.has(id));
  return all ? new Set([...selected].filter((id) => !ids.includes(id))) : new Set([...selected, ...ids]);
}

/** Keys of columns all of whose environments are selected. */
export const selectedColumns = (
  columns: readonly LayoutColumn[],
  selected: ReadonlySet<string>,
): ReadonlySet<string> =>
  selected.size === 0
    ? none
    : new Set(columns.flatMap((column) => (idsOf([column]).every((id) => selected.has(id)) ? [column.key] : [])));

const none: ReadonlySet<string> = new Set();
