/** The rows of the matrix: migrations of all its environments, those of one project together. Pure. */
import {
  type KnownColumn,
  type ListedMigration,
  type MatrixColumn,
  type MatrixLists,
  type MatrixStatus,
  type MigrationList,
  statusOfCode,
} from './matrix.ts';

/** Environments whose folders have, for the most part, the same migrations in the same tool's format. */
export interface MatrixProject {
  readonly tool: string;
  /** Folders, sorted. */
  readonly sources: readonly string[];
  /** The union of all, in order. */
  readonly rows: readonly ListedMigration[];
  /** By list, the place of each row in it; -1: not in it. */
  readonly places: ReadonlyMap<string, readonly number[]>;
}

/** The largest project first. */
export function projectsOf(lists: MatrixLists, columns: readonly MatrixColumn[]): readonly MatrixProject[] {
  const known = columns.flatMap((column) => (column.known === null ? [] : [column.known]));
  const byList = Map.groupBy(known, ({ list }) => list);
  const used = [...byList.keys()]
    .flatMap((id) => lists.get(id) ?? [])
    .toSorted((a, b) => b.migrations.length - a.migrations.length || (a.id < b.id ? -1 : 1));
  return groupsOf(used)
    .map((group) =>
      projectOf(
        group,
        group.flatMap(({ id }) => byList.get(id) ?? []),
      ),
    )
    .toSorted((a, b) => b.rows.length - a.rows.length);
}

/** Lists of one project share at least half of the shorter one. */
function groupsOf(lists: readonly MigrationList[]): readonly (readonly MigrationList[])[] {
  const groups: { readonly tool: string; readonly names: Set<string>; readonly lists: MigrationList[] }[] = [];
  for (const list of lists) {
    const names = list.migrations.map(nameOf);
    const group = groups.find(
      ({ tool, names: others }) =>
        tool === list.tool && 2 * names.filter((name) => others.has(name)).length >= names.length && names.length > 0,
    );
    if (group === undefined) groups.push({ tool: list.tool, names: new Set(names), lists: [list] });
    else {
      group.lists.push(list);
      for (const name of names) group.names.add(name);
    }
  }
  return groups.map((group) => group.lists);
}

const nameOf = ({ historyKey, name }: ListedMigration): string => `${historyKey}\n${name}`;

function projectOf(lists: readonly MigrationList[], columns: readonly KnownColumn[]): MatrixProject {
  const union = new Union();
  const keysOf = new Map(lists.map(({ id, migrations }) => [id, new Set(migrations.map((one) => one.historyKey))]));
  for (const { id, migrations } of lists)
    migrations.forEach((migration, index) => {
      union.add(migration, migrations[index - 1]?.historyKey ?? null, keysOf.get(id) ?? none);
    });
  for (const { list, extra } of columns)
    for (const { migration, after } of extra) union.add(migration, after, keysOf.get(list) ?? none);
  const rows = union.inOrder();
  return {
    tool: lists[0]?.tool ?? '',
    sources: [...new Set(columns.map(({ source }) => source))].sort(),
    rows,
    places: new Map(lists.map((list) => [list.id, placesIn(list, rows)])),
  };
}

const none: ReadonlySet<string> = new Set();

function placesIn({ migrations }: MigrationList, rows: readonly ListedMigration[]): readonly number[] {
  const places = new Map(migrations.map(({ historyKey }, index) => [historyKey, index]));
  return rows.map(({ historyKey }) => places.get(historyKey) ?? -1);
}

/**
 * One order of many lists: each element stands behind the one that precedes it where it comes from. Among those that
 * only other lists have there, versions decide.
 */
class Union {
  readonly #collator = new Intl.Collator('en', { numeric: true });
  readonly #elements = new Map<string, ListedMigration>();
  readonly #next = new Map<string | null, string | null>([[null, null]]);

  /** @param own keys of the list that it comes from */
  add(element: ListedMigration, after: string | null, own: ReadonlySet<string>): void {
    const key = element.historyKey;
    if (this.#elements.has(key)) return;
    const before = this.#placeOf(element, after !== null && this.#elements.has(after) ? after : null, own);
    this.#elements.set(key, element);
    this.#next.set(key, this.#next.get(before) ?? null);
    this.#next.set(before, key);
  }

  #placeOf({ version }: ListedMigration, after: string | null, own: ReadonlySet<string>): string | null {
    for (let before = after; ; ) {
      const key = this.#next.get(before) ?? null;
      const next = key === null || own.has(key) ? undefined : this.#elements.get(key);
      if (key === null || next === undefined || this.#collator.compare(next.version, version) >= 0) return before;
      before = key;
    }
  }

  inOrder(): readonly ListedMigration[] {
    const ordered: ListedMigration[] = [];
    for (let key = this.#next.get(null) ?? null; key !== null; key = this.#next.get(key) ?? null) {
      const element = this.#elements.get(key);
      if (element !== undefined) ordered.push(element);
    }
    return ordered;
  }
}

/** Of the migration in row `row` of a project, in one environment. */
export function statusAt(project: MatrixProject, row: number, { known }: MatrixColumn): MatrixStatus {
  if (known === null) return 'unread';
  const places = project.places.get(known.list);
  if (places === undefined) return 'absent';
  const place = places[row] ?? -1;
  if (place >= 0) return statusOfCode(known.statuses.charAt(place));
  if (known.extra.length === 0) return 'absent';
  const key = project.rows[row]?.historyKey;
  const found = known.extra.find(({ migration }) => migration.historyKey === key);
  return found === undefined ? 'absent' : statusOfCode(found.code);
}

/** Is the environment's folder one of the project's? */
export const isOf = (project: MatrixProject, { known }: MatrixColumn): boolean =>
  known !== null && project.places.has(known.list);
