/** Liquibase's checksums of version 9 (change/CheckSum.java, StringChangeLogSerializer.java): `9:` and an MD5. */
import { createHash } from 'node:crypto';

const md5 = (text: string | Buffer): string => createHash('md5').update(text).digest('hex');

/** Of raw SQL: what is not white space, within literals too. */
export const sqlChecksum = (sql: string): string => `9:${md5(sql.trim().replace(/[ \n\r\t]/g, ''))}`;

/** Of a change as it is written out. */
export const textChecksum = (text: string): string =>
  `9:${md5(text.replace(/\r\n?/g, '\n').normalize('NFC').replaceAll('\ufffd', ''))}`;

/** Of a change set: of the checksums of its changes. */
export const changeSetChecksum = (changes: readonly string[]): string =>
  `9:${md5(changes.map((checksum) => `${checksum}:`).join(''))}`;

/** Serialised as an object: a text in quotes, a list, or an object again; null is left out. */
export type Serialisable = string | readonly SerialisableObject[] | SerialisableObject | null;
export interface SerialisableObject {
  readonly [field: string]: Serialisable;
}

const isList = (value: Serialisable): value is readonly SerialisableObject[] => Array.isArray(value);

export const serialised = (name: string, fields: SerialisableObject): string => `${name}:${objectText(fields, 1)}`;

function objectText(fields: SerialisableObject, indent: number): string {
  const lines = Object.entries(fields).flatMap(([field, value]): string[] => {
    if (value === null) return [];
    if (typeof value === 'string') return [`${spaces(indent)}${field}="${value}"`];
    if (isList(value)) return [`${spaces(indent)}${field}=${listText(value, indent + 1)}`];
    // An object within an object is written without its name.
    return [`${spaces(indent)}${objectText(value, indent + 1)}`];
  });
  const distinct = [...new Set(lines)].sort(compareUnits);
  const inside = distinct.length === 0 ? '' : `\n${distinct.join('\n')}\n`;
  return `[${inside}${spaces(indent - 1)}]`;
}

function listText(list: readonly SerialisableObject[], indent: number): string {
  if (list.length === 0) return '[]';
  const items = list.map((item) => `${spaces(indent)}${objectText(item, indent + 1)}`).join(',\n');
  return `[\n${items}\n${spaces(indent - 1)}]`;
}

const spaces = (indent: number): string => '    '.repeat(indent);

/** As Java compares texts: by UTF-16 units. */
const compareUnits = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
