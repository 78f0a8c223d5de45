/** What it costs to change a column's definition, from what the column is now. */
import type { ColumnLayout } from '../../engine/hazards.ts';
import type { Clause } from './alterationClauses.ts';
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

type Change = Extract<Clause, { kind: 'changeColumn' }>;

export function changeCost(change: Change, table: AlteredTable): Cost {
  const now = table.layout?.columns.get(change.before.toLowerCase());
  const { column, position } = change;
  if (now === undefined) return cost('COPY', 'SHARED', false);
  if (column.types.length === 0 || (now.generated === null) !== (column.generated === null)) return copy;
  const costs = [typeCost(change, now, table), nullCost(change, now, table)];
  if (column.autoIncrement && !now.autoIncrement) costs.push(copy);
  if (column.key !== null) costs.push(column.key === 'primary' ? rebuild : buildIndex);
  if (position !== null) costs.push(moved(table));
  if (column.name.toLowerCase() !== change.before.toLowerCase()) costs.push(renamed(table));
  return worst(costs);
}

const moved = (table: AlteredTable): Cost =>
  !isMariadb(table) ? rebuild : hasVirtual(table) ? copy : instantOr(table);

const renamed = (table: AlteredTable): Cost =>
  isMariadb(table) || table.server.isMysql(8, 0, 28) ? instant : buildIndex;

function nullCost({ column }: Change, now: ColumnLayout, table: AlteredTable): Cost {
  const nullable = !column.notNull && !now.primary && !column.autoIncrement;
  if (nullable === now.nullable) return instant;
  return nullable && isMariadb(table) && table.layout?.rowFormat === 'redundant' ? instant : rebuild;
}

function typeCost({ column }: Change, now: ColumnLayout, table: AlteredTable): Cost {
  const text = textOf(now, column.charset, column.collation, table);
  const same = column.types.includes(now.type) || column.types.some((type) => appends(now.type, type));
  const [before, after] = [lengthOf(now.type), lengthOf(column.types[0] ?? '')];
  if (!text.known) return cost('COPY', 'SHARED', false);
  if (text.charset === 'other') return copy;
  const sizes = before === null || after === null ? null : [before.length * text.before, after.length * text.after];
  const longer = before !== null && after !== null && before.kind === after.kind && after.length >= before.length;
  if (!same && !longer) return copy;
  const lengths = sizes === null ? instant : lengthened(sizes[0] ?? 0, sizes[1] ?? 0, table);
  if (!isMariadb(table)) return text.charset === 'same' ? lengths : copy;
  return worst([lengths, ...(text.charset === 'collation' && now.indexed ? [buildIndex] : [])]);
}

/** ENUM and SET values added at the end, as long as they need no further byte. */
function appends(before: string, after: string): boolean {
  const kind = /^(enum|set)\(/.exec(before)?.[1];
  if (kind === undefined || !after.startsWith(`${before.slice(0, -1)},`)) return false;
  const bytes = (type: string): number => {
    const count = (type.match(/'(?:[^']|'')*'/g) ?? []).length;
    return kind === 'enum' ? (count > 255 ? 2 : 1) : Math.ceil(count / 8);
  };
  return bytes(before) === bytes(after);
}

function lengthOf(type: string): { kind: string; length: number } | null {
  const found = /^(varchar|varbinary)\((\d+)\)$/.exec(type);
  return found === null ? null : { kind: found[1] ?? '', length: Number(found[2]) };
}

/**
 * In bytes. Beyond 255 a length takes a second byte: MySQL copies then; MariaDB does where rows may tell the two ways of
 * storing a length apart only by the first byte, from 128 on.
 */
function lengthened(before: number, after: number, table: AlteredTable): Cost {
  if (before === after) return instant;
  const crosses = before <= 255 && after > 255;
  if (!isMariadb(table)) return crosses ? copy : buildIndex;
  return crosses && before > 127 && table.layout?.rowFormat !== 'redundant' ? copy : instant;
}

/** Bytes of a character at most. */
const widths: Readonly<Record<string, number>> = {
  utf8mb4: 4,
  utf8mb3: 3,
  utf8: 3,
  ucs2: 2,
  utf16: 4,
  utf32: 4,
  utf16le: 4,
  latin1: 1,
  ascii: 1,
};

interface TextChange {
  readonly charset: 'same' | 'collation' | 'widened' | 'other';
  readonly before: number;
  readonly after: number;
  /** False: of a character set whose width is not known here. */
  readonly known: boolean;
}

/** A column without a character set of its own takes its table's. */
function textOf(
  now: ColumnLayout,
  charset: string | null,
  collation: string | null,
  { layout }: AlteredTable,
): TextChange {
  if (now.collation === null) return { charset: 'same', before: 1, after: 1, known: true };
  const before = charsetOf(now.collation);
  const after = charset === null ? charsetOf(collation ?? layout?.collation ?? now.collation) : fullName(charset);
  const [from, to] = [widths[before], widths[after]];
  const known = from !== undefined && to !== undefined;
  const sizes = { before: from ?? 1, after: to ?? 1, known: known || before === after };
  if (before !== after) return { ...sizes, charset: before === 'utf8mb3' && after === 'utf8mb4' ? 'widened' : 'other' };
  const given = collation ?? (charset === null ? layout?.collation : null);
  return { ...sizes, charset: given !== null && given !== undefined && given !== now.collation ? 'collation' : 'same' };
}

const fullName = (charset: string): string => (charset === 'utf8' ? 'utf8mb3' : charset);
const charsetOf = (collation: string): string => fullName(collation.split('_')[0] ?? '');
