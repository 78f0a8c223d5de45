/** By which algorithm and under which lock a server changes a table at best: what it does where nothing is demanded. */
import type { Alteration } from './alteration.ts';
import type { Clause } from './alterationClauses.ts';
import { changeCost } from './changeCost.ts';
import {
  type AlteredTable,
  buildIndex,
  type Cost,
  copy,
  cost,
  hasVirtual,
  instant,
  instantOr,
  isMariadb,
  rebuild,
  worst,
} from './cost.ts';

/** Of all clauses together. */
export function costOf({ clauses: given }: Alteration, table: AlteredTable): Cost {
  const clauses = withoutRekeying(given);
  const isOther = table.layout !== null && table.layout.storage.toUpperCase() !== 'INNODB';
  const costs = clauses.map((clause) => (isOther ? costElsewhere(clause, table) : clauseCost(clause, table)));
  const together = worst([...costs, ...combined(clauses, costs)]);
  return isOther ? together : finished(together, table);
}

/** Another primary key instead of one is a rebuild, as a first one is. */
const withoutRekeying = (clauses: readonly Clause[]): readonly Clause[] =>
  clauses.some(({ kind }) => kind === 'addPrimaryKey')
    ? clauses.filter(({ kind }) => kind !== 'dropPrimaryKey')
    : clauses;

/** Engines other than InnoDB copy for everything that is not in the definition alone. */
function costElsewhere(clause: Clause, table: AlteredTable): Cost {
  switch (clause.kind) {
    case 'renameTable':
    case 'renameColumn':
    case 'setDefault':
    case 'metadata':
      return instant;
    case 'option':
      return /^(?:COMMENT|AUTO_INCREMENT)$/.test(clause.name) ? instant : copy;
    case 'changeColumn': {
      const now = table.layout?.columns.get(clause.before.toLowerCase());
      const same = now !== undefined && clause.column.types.includes(now.type) && clause.position === null;
      return same && changeCost(clause, table).algorithm === 'INSTANT' ? instant : copy;
    }
    default:
      return copy;
  }
}

/** What clauses cost because of each other. */
function combined(clauses: readonly Clause[], costs: readonly Cost[]): Cost[] {
  const builds = clauses.some(({ kind }, index) => kind === 'addIndex' && costs[index]?.algorithm === 'NOCOPY');
  const movesColumns = clauses.some(
    (clause) =>
      (clause.kind === 'addColumn' && clause.column.generated === null) ||
      clause.kind === 'dropColumn' ||
      (clause.kind === 'changeColumn' && clause.position !== null),
  );
  const texts = clauses.filter((clause) => clause.kind === 'addIndex' && clause.type === 'fulltext').length;
  return [...(builds && movesColumns ? [rebuild] : []), ...(texts > 1 ? [copy] : [])];
}

/** A rebuild with a FULLTEXT or SPATIAL index blocks writes, with several FULLTEXT ones it is a copy. */
function finished(found: Cost, table: AlteredTable): Cost {
  const kinds = table.layout?.indexes ?? [];
  const texts = kinds.filter((kind) => kind === 'fulltext').length;
  if (found.algorithm === 'INPLACE' && texts > 1) return finished(copy, table);
  if (found.algorithm === 'INPLACE' && (texts > 0 || kinds.includes('spatial'))) return { ...found, lock: 'SHARED' };
  // mariadb.com/docs/server/server-usage/tables/alter/online-schema-change; some forms are still not allowed to.
  if (found.algorithm === 'COPY' && table.server.isMariadb(11, 2)) return { ...found, lock: 'NONE', certain: false };
  return found;
}

function clauseCost(clause: Clause, table: AlteredTable): Cost {
  const { server } = table;
  switch (clause.kind) {
    case 'addColumn':
      return addedColumn(clause, table);
    case 'changeColumn':
      return changeCost(clause, table);
    case 'dropColumn':
      return droppedColumn(clause.name, table);
    case 'renameColumn':
      return isMariadb(table) || server.isMysql(8, 0, 28) ? instant : buildIndex;
    case 'addIndex':
      return addedIndex(clause, table);
    case 'dropIndex':
      return buildIndex;
    case 'renameIndex':
    case 'metadata':
    case 'dropForeignKey':
    case 'dropConstraint':
      return isMariadb(table) ? instant : cost('NOCOPY', 'NONE', clause.kind !== 'dropConstraint');
    case 'addForeignKey':
      return addedForeignKey(clause.columns, table);
    case 'addPrimaryKey':
    case 'force':
      return rebuild;
    case 'dropPrimaryKey':
    case 'addCheck':
    case 'orderBy':
    case 'systemVersioning':
      return copy;
    case 'convert':
      return converted(clause, table);
    case 'setDefault':
    case 'renameTable':
      return instant;
    case 'option':
      return optionCost(clause, table);
    case 'partition':
      return partitionCost(clause.verb);
    case 'unknown':
      return cost('COPY', 'SHARED', false);
  }
}

type AddColumn = Extract<Clause, { kind: 'addColumn' }>;

function addedColumn({ column, position }: AddColumn, table: AlteredTable): Cost {
  if (column.generated === 'stored' || column.default === 'expression') return copy;
  const costs = [addedPlain(column.generated === 'virtual', position !== null, table)];
  if (column.references && isMariadb(table)) costs.push(table.foreignKeyChecks ? copy : rebuild);
  if (column.autoIncrement) costs.push(cost('INPLACE', 'SHARED'));
  else if (column.key !== null) costs.push(rebuild);
  return worst(costs);
}

function addedPlain(isVirtual: boolean, isPlaced: boolean, table: AlteredTable): Cost {
  if (!isMariadb(table)) return isVirtual || table.server.isMysql(8, 0, 29) || !isPlaced ? instantOr(table) : rebuild;
  if (isVirtual) return instant;
  return isPlaced && hasVirtual(table) ? copy : instantOr(table);
}

function droppedColumn(name: string, table: AlteredTable): Cost {
  const column = table.layout?.columns.get(name.toLowerCase());
  if (column?.primary === true) return copy;
  if (!isMariadb(table) && !(column?.generated === 'virtual' || table.server.isMysql(8, 0, 29))) return rebuild;
  return worst([instantOr(table), ...(column?.indexed === true ? [buildIndex] : [])]);
}

type AddIndex = Extract<Clause, { kind: 'addIndex' }>;

function addedIndex({ type, columns }: AddIndex, { layout }: AlteredTable): Cost {
  if (type === 'spatial') return cost('NOCOPY', 'SHARED');
  if (type === 'fulltext')
    return layout?.indexes.includes('fulltext') === true
      ? cost('NOCOPY', 'SHARED')
      : cost('INPLACE', 'SHARED', layout !== null);
  // The first unique key without NULLs becomes the clustered index where there is no primary key.
  const clusters =
    type === 'unique' &&
    layout?.indexes.includes('primary') === false &&
    columns.every((name) => layout.columns.get(name.toLowerCase())?.nullable === false);
  return clusters ? rebuild : buildIndex;
}

/** Without checks it is only written down, and an index made where there is none. */
function addedForeignKey(columns: readonly string[], { layout, foreignKeyChecks, ...table }: AlteredTable): Cost {
  if (foreignKeyChecks) return copy;
  const [first = ''] = columns;
  const indexed = layout?.columns.get(first.toLowerCase())?.indexed === true;
  if (!isMariadb({ layout, foreignKeyChecks, ...table })) return buildIndex;
  return indexed ? instant : { ...buildIndex, certain: layout !== null };
}

type Convert = Extract<Clause, { kind: 'convert' }>;

/** Nothing is written where no column has another character set or collation. */
function converted({ charset, collation }: Convert, table: AlteredTable): Cost {
  if (table.layout === null) return cost('COPY', 'SHARED', false);
  const same = [...table.layout.columns.values()].every(
    (column) => column.collation === null || sameText(column.collation, charset, collation, table),
  );
  const tableSame = sameText(table.layout.collation ?? '', charset, collation, table);
  return same && tableSame && isMariadb(table) ? instant : copy;
}

/** A character set alone means its default collation, which a table that has it by default is taken to have. */
function sameText(now: string, charset: string, collation: string | null, { layout }: AlteredTable): boolean {
  if (collation !== null) return now === collation;
  return now.startsWith(`${charset}_`) && now === layout?.collation;
}

type Option = Extract<Clause, { kind: 'option' }>;

const rebuilding = /^(?:ROW_FORMAT|KEY_BLOCK_SIZE|PAGE_COMPRESSED|PAGE_COMPRESSION_LEVEL|ENCRYPTED|ENCRYPTION)$/;

function optionCost({ name, value }: Option, table: AlteredTable): Cost {
  if (name === 'ENGINE') return /^innodb$/i.test(value) ? rebuild : copy;
  if (rebuilding.test(name)) return rebuild;
  if (isMariadb(table)) return instant;
  return /^(?:CHARSET|COLLATE)$/.test(name) ? cost('INPLACE', 'NONE', false) : buildIndex;
}

/** MariaDB takes no demands beside these; what moves rows between partitions copies them. */
function partitionCost(verb: string): Cost {
  if (/^(?:PARTITION BY|REMOVE PARTITIONING|REORGANIZE|COALESCE|REBUILD|OPTIMIZE|REPAIR)/.test(verb)) return copy;
  return cost('INSTANT', 'EXCLUSIVE', false);
}
