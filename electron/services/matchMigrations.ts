/** Which migration of one tool's files is which of another's: by file, version, name, or at last by their order. */
import type { MatchedBy } from '../../shared/model/adoption.ts';
import type { Migration } from '../../shared/model/migration.ts';
import { canonicalSegments, fileSlug } from '../tools/common/versions.ts';

export interface Match {
  readonly from: Migration;
  readonly to: Migration;
  readonly by: MatchedBy;
}

export interface Matching {
  readonly matches: readonly Match[];
  readonly unmatched: readonly Migration[];
}

/** `wanted`: those of `from` that need a counterpart. `sameFolder`: equal paths are the same file. */
export function matchMigrations(
  from: readonly Migration[],
  to: readonly Migration[],
  wanted: readonly Migration[],
  sameFolder: boolean,
): Matching {
  const ways: readonly [MatchedBy, (migration: Migration) => string | null][] = [
    ['file', ({ up }) => (sameFolder ? up.path : null)],
    ['version', comparableVersion],
    ['name', comparableName],
  ];
  const taken = new Set<Migration>();
  const matches: Match[] = [];
  for (const [by, keyOf] of ways) {
    const [ours, theirs] = [byKey(from, keyOf), byKey(to, keyOf)];
    for (const one of wanted) {
      if (matches.some((match) => match.from === one)) continue;
      const key = keyOf(one);
      const found = key === null || ours.get(key) !== one ? null : (theirs.get(key) ?? null);
      if (found === null || taken.has(found)) continue;
      taken.add(found);
      matches.push({ from: one, to: found, by });
    }
  }
  return inOrder({ matches, unmatched: without(wanted, matches) }, from, to);
}

const without = (wanted: readonly Migration[], matches: readonly Match[]): Migration[] =>
  wanted.filter((one) => !matches.some((match) => match.from === one));

/** The place in the order counts where both have as many, and nothing that was matched says otherwise. */
function inOrder(matching: Matching, from: readonly Migration[], to: readonly Migration[]): Matching {
  const { matches, unmatched } = matching;
  const agrees = matches.every((match) => from.indexOf(match.from) === to.indexOf(match.to));
  if (unmatched.length === 0 || from.length !== to.length || !agrees) return matching;
  const further = unmatched.flatMap((one): Match[] => {
    const there = to[from.indexOf(one)];
    return there === undefined ? [] : [{ from: one, to: there, by: 'order' }];
  });
  const all = [...matches, ...further];
  return { matches: all, unmatched: without(unmatched, all) };
}

/** Keys that more than one migration has tell nothing. */
function byKey(migrations: readonly Migration[], keyOf: (migration: Migration) => string | null) {
  const found = new Map<string, Migration | null>();
  for (const migration of migrations) {
    const key = keyOf(migration);
    if (key !== null) found.set(key, found.has(key) ? null : migration);
  }
  return found;
}

/** The numbers that a version begins with: `v2.1.0`, `0007`, `20260105090000_create_rooms`; null: it begins otherwise. */
export const numbersOf = ({ version, kind }: Migration): string | null =>
  kind === 'repeatable' ? null : (/^v?(\d+(?:\.\d+)*)(?=$|[_-])/i.exec(version)?.[1] ?? null);

function comparableVersion(migration: Migration): string | null {
  const numbers = numbersOf(migration);
  return numbers === null ? null : canonicalSegments(numbers);
}

const comparableName = ({ name, kind }: Migration): string | null =>
  /[\p{L}\p{N}]/u.test(name) ? `${kind === 'repeatable' ? 'R ' : ''}${fileSlug(name)}` : null;
