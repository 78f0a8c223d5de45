// Column values as the server sends them (text protocol: bytes of text, whatever the type) and as the core wants them.
import { isUtf8 } from 'node:buffer';

/** What a column definition says. */
export interface Column {
  readonly name: string;
  /** Type byte of the protocol: dev.mysql.com/doc/dev/mysql-server, `enum_field_types`. */
  readonly type: number;
  /** Collation id; 63 is `binary`. */
  readonly characterSet: number;
}

/** A field packet of mysql2. */
export function columnOf(field: unknown): Column {
  const fact = (key: string): unknown =>
    typeof field === 'object' && field !== null ? Reflect.get(field, key) : undefined;
  return {
    name: String(fact('name') ?? ''),
    type: Number(fact('columnType') ?? 0),
    characterSet: Number(fact('characterSet') ?? 0),
  };
}

export type Cell = Buffer | null;

const type = {
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  longLong: 8,
  int24: 9,
  year: 13,
  bit: 16,
  firstBlob: 249,
  geometry: 255,
} as const;
const integers: ReadonlySet<number> = new Set([type.tiny, type.short, type.long, type.longLong, type.int24, type.year]);
const floats: ReadonlySet<number> = new Set([type.float, type.double]);
const binaryCollation = 63;

/** Integers as numbers where a number holds them, bit fields too; all else as text. */
export function typedValue(cell: Cell, column: Column): string | number | null {
  if (cell === null) return null;
  if (column.type === type.bit) return exactNumber(bitsOf(cell));
  if (integers.has(column.type)) return exactNumber(cell.toString('latin1'));
  if (floats.has(column.type)) return Number(cell.toString('latin1'));
  return textOf(cell, column);
}

/** Text for people; bytes that are no text in hexadecimal. */
export function textOf(cell: Buffer, column: Column): string {
  if (column.type === type.bit) return bitsOf(cell);
  const binary =
    column.type === type.geometry || (column.type >= type.firstBlob && column.characterSet === binaryCollation);
  return binary && !isUtf8(cell) ? `0x${cell.toString('hex')}` : cell.toString('utf8');
}

const bitsOf = (cell: Buffer): string => BigInt(`0x${cell.toString('hex') || '0'}`).toString();

function exactNumber(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}
