// Counts objects in the table of contents that `pg_restore --list` prints.
import type { ObjectCounts, ObjectKind } from '../../../shared/model/backup.ts';

/**
 * Entries by their catalogue's oid and description. The oid tells `TABLE DATA x` (an entry of another kind, oid 0) from
 * a table in a schema called DATA. Constraints with an index stand for that index.
 */
const kinds: readonly (readonly [catalogue: number, description: string, kind: ObjectKind])[] = [
  [1259, 'TABLE', 'table'],
  [1259, 'FOREIGN TABLE', 'table'],
  [1259, 'VIEW', 'view'],
  [1259, 'MATERIALIZED VIEW', 'materializedView'],
  [1259, 'SEQUENCE', 'sequence'],
  [1259, 'INDEX', 'index'],
  [2606, 'CONSTRAINT', 'index'],
  [2620, 'TRIGGER', 'trigger'],
  [3466, 'EVENT TRIGGER', 'trigger'],
  [1255, 'FUNCTION', 'routine'],
  [1255, 'PROCEDURE', 'routine'],
  [1255, 'AGGREGATE', 'routine'],
  [1247, 'TYPE', 'type'],
  [1247, 'DOMAIN', 'type'],
  [3079, 'EXTENSION', 'extension'],
];

/** By the description alone: where nothing tells the catalogue. */
export const kindOf = (description: string): ObjectKind | null =>
  kinds.find(([, known]) => known === description)?.[2] ?? null;

/** One line of the list is `<id>; <catalogue> <oid> <description> <schema> <name> <owner>`; comments begin with `;`. */
export function countEntries(list: string): ObjectCounts {
  const counts: Partial<Record<ObjectKind, number>> = {};
  for (const line of list.split('\n')) {
    const entry = /^\d+; (?<catalogue>\d+) \d+ (?<rest>.*)$/.exec(line)?.groups;
    const kind = kinds.find(
      ([catalogue, description]) =>
        Number(entry?.['catalogue']) === catalogue && entry?.['rest']?.startsWith(`${description} `),
    )?.[2];
    if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
