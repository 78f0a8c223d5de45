/** What a change of a table costs, and what is known of the table that decides it. */
import type { TableLayout } from '../../engine/hazards.ts';
import type { ServerVersion } from './version.ts';

/** In MariaDB's words. `NOCOPY` is MySQL's `INPLACE` that does not rebuild; `INPLACE` is one that does. */
export const algorithms = ['INSTANT', 'NOCOPY', 'INPLACE', 'COPY'] as const;
export type Algorithm = (typeof algorithms)[number];
export const lockLevels = ['NONE', 'SHARED', 'EXCLUSIVE'] as const;
/** What other sessions may do meanwhile: `SHARED` lets them read only. */
export type LockLevel = (typeof lockLevels)[number];

export interface Cost {
  readonly algorithm: Algorithm;
  readonly lock: LockLevel;
  /** False: it depends on what is not known of the table. */
  readonly certain: boolean;
}

export interface AlteredTable {
  /** Null: not known. */
  readonly layout: TableLayout | null;
  readonly server: ServerVersion;
  readonly foreignKeyChecks: boolean;
}

export const cost = (algorithm: Algorithm, lock: LockLevel = 'NONE', certain = true): Cost => ({
  algorithm,
  lock,
  certain,
});
export const instant = cost('INSTANT');
export const buildIndex = cost('NOCOPY');
export const rebuild = cost('INPLACE');
export const copy = cost('COPY', 'SHARED');

export const isMariadb = ({ server }: AlteredTable): boolean => server.isMariadb(0, 0);

export function worst(costs: readonly Cost[]): Cost {
  const [first = instant, ...others] = costs;
  return others.reduce(
    (found, one) => ({
      algorithm: algorithms[Math.max(algorithms.indexOf(found.algorithm), algorithms.indexOf(one.algorithm))] ?? 'COPY',
      lock: lockLevels[Math.max(lockLevels.indexOf(found.lock), lockLevels.indexOf(one.lock))] ?? 'EXCLUSIVE',
      certain: found.certain && one.certain,
    }),
    first,
  );
}

export const hasVirtual = ({ layout }: AlteredTable): boolean =>
  layout?.columns.values().some(({ generated }) => generated === 'virtual') ?? false;

/** Rows that are compressed, or indexed by FULLTEXT, have to be written anew. */
export function instantOr({ layout }: AlteredTable): Cost {
  if (layout === null) return cost('INSTANT', 'NONE', false);
  return layout.rowFormat === 'compressed' || layout.indexes.includes('fulltext') ? rebuild : instant;
}
