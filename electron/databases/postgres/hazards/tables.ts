/** Tables as statements name them, found in what is known of the database. */
import type { RangeVar } from 'libpg-query';
import type { CatalogueFacts, HazardContext, TableSize } from '../../../engine/hazards.ts';
import { dialect } from '../dialect.ts';

export interface KnownTable {
  /** Equal for the same table however it is written. */
  readonly key: string;
  /** As a person reads it. */
  readonly name: string;
  /** The same, and that its partitions are meant, too. */
  readonly whole: string;
  /** As SQL writes it. */
  readonly sql: string;
  readonly isPartitioned: boolean;
  /** With its partitions. */
  readonly size: TableSize | null;
  /** Made in this plan, temporary, or not there: nobody waits for it. */
  readonly isUnused: boolean;
}

/** Names by which a table is asked for, in lower case: with the schemas of the search path where it is written without one. */
export function namesOf(relation: RangeVar, searchPath: readonly string[] | undefined): string[] {
  const { schemaname, relname = '' } = relation;
  if (schemaname !== undefined) return [`${schemaname}.${relname}`.toLowerCase()];
  const path = searchPath === undefined || searchPath.length === 0 ? ['public'] : searchPath;
  return path.map((schema) => `${schema}.${relname}`.toLowerCase());
}

export function knownTable(relation: RangeVar, context: HazardContext): KnownTable {
  const { facts } = context;
  const names = namesOf(relation, facts.searchPath);
  const key = names.find((name) => context.isNew(name) || context.sizeOf(name) !== null) ?? names[0] ?? '';
  const size = context.sizeOf(key);
  const isMissing = size === null && facts.product !== null;
  const { schemaname, relname = '', relpersistence, inh } = relation;
  const isPartitioned = partitionedTables(facts).has(key);
  const name = schemaname === undefined ? relname : `${schemaname}.${relname}`;
  return {
    key,
    name,
    whole: isPartitioned && inh === true ? `${name} with all its partitions` : name,
    sql: sqlName(relation),
    isPartitioned,
    size,
    isUnused: relpersistence === 't' || isMissing || context.isNew(key),
  };
}

const known = new WeakMap<CatalogueFacts, ReadonlySet<string>>();

function partitionedTables(facts: CatalogueFacts): ReadonlySet<string> {
  const found =
    known.get(facts) ?? new Set([...facts.tables.values()].flatMap(({ details }) => details?.partitionOf ?? []));
  known.set(facts, found);
  return found;
}

export const quoted = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : dialect.quoteIdentifier(name);

export const sqlName = ({ schemaname, relname = '' }: RangeVar): string =>
  schemaname === undefined ? quoted(relname) : `${quoted(schemaname)}.${quoted(relname)}`;

/** The table that an index belongs to; null: not known. */
export function tableOfIndex(index: RangeVar, { facts }: HazardContext): RangeVar | null {
  const names = namesOf(index, facts.searchPath);
  for (const [table, { details }] of facts.tables)
    if (details?.indexes.some(({ name }) => names.includes(`${schemaOf(table)}.${name}`.toLowerCase())) === true)
      return fromQualified(table);
  return null;
}

const schemaOf = (qualified: string): string => qualified.slice(0, qualified.indexOf('.'));

/** Of a name in the catalogue. */
export function fromQualified(qualified: string): RangeVar {
  const dot = qualified.indexOf('.');
  return { schemaname: qualified.slice(0, dot), relname: qualified.slice(dot + 1), inh: true };
}
