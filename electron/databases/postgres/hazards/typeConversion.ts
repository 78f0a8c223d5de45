// Which changes of a type leave the rows as they are: ATColumnChangeRequiresRewrite in PostgreSQL's tablecmds.c, and the
// length coercions that its planner support functions drop.
import type { ColumnDef, Node, TypeName } from 'libpg-query';
import type { CatalogueFacts } from '../../../engine/hazards.ts';
import { as, words } from './tree.ts';

interface Type {
  readonly name: string;
  /** Lengths, precision and scale as written. */
  readonly modifiers: readonly number[];
  readonly isArray: boolean;
}

const aliases: Readonly<Record<string, string>> = {
  'character varying': 'varchar',
  character: 'bpchar',
  char: 'bpchar',
  integer: 'int4',
  bigint: 'int8',
  smallint: 'int2',
  decimal: 'numeric',
  real: 'float4',
  'double precision': 'float8',
  boolean: 'bool',
  'bit varying': 'varbit',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'time without time zone': 'time',
  'time with time zone': 'timetz',
};

/** Types whose values are stored alike: the left ones become the right one as they are. */
const alike: ReadonlySet<string> = new Set([
  'varchar>text',
  'text>varchar',
  'citext>text',
  'text>citext',
  'citext>varchar',
  'varchar>citext',
  'cidr>inet',
  'xml>text',
  'xml>varchar',
  'int4>oid',
  'oid>int4',
]);

/** Why rows are rewritten; null: they are not. `from`: as the catalogue writes it, null when not known. */
export function conversionCost(
  from: string | null,
  { column, name }: { readonly column: ColumnDef; readonly name: string },
  facts: CatalogueFacts,
): string | null {
  const to = typeOf(column.typeName);
  if (column.raw_default !== undefined && !isPlainCast(column.raw_default, name))
    return 'the USING expression is computed for each row.';
  const written = words(column.typeName?.names).at(-1) ?? '';
  if (from === null) return `unless its type becomes ${written} without a change of what is stored.`;
  const old = parseType(from);
  if (old.isArray === to.isArray && (old.isArray ? isSameArray(old, to) : isFree(old, to, facts))) return null;
  if (isBetweenTimestamps(old, to))
    return `${from} becomes ${written} in the time zone ${facts.timeZone ?? 'of the session'}; in UTC nothing would be rewritten.`;
  return `${from} becomes ${written}.`;
}

function isFree(old: Type, to: Type, { timeZone }: CatalogueFacts): boolean {
  if (isBetweenTimestamps(old, to))
    return (
      /^(?:UTC|GMT|Etc\/(?:UTC|GMT|UCT|Zulu|Universal|Greenwich)|UCT|Zulu|Universal|Greenwich)$/i.test(
        timeZone ?? '',
      ) && isWider(old, to)
    );
  if (old.name !== to.name && !alike.has(`${old.name}>${to.name}`)) return false;
  return isWider(old, to);
}

/** The server does not look into arrays to see that nothing changes. */
const isSameArray = (old: Type, to: Type): boolean =>
  old.name === to.name && (to.modifiers.length === 0 || to.modifiers.join() === old.modifiers.join());

const isBetweenTimestamps = (old: Type, to: Type): boolean =>
  old.name !== to.name && /^timestamp(?:tz)?$/.test(old.name) && /^timestamp(?:tz)?$/.test(to.name);

/** Every old value fits as it is. */
function isWider(old: Type, to: Type): boolean {
  if (to.modifiers.length === 0) return to.name !== 'bpchar' || old.modifiers.length === 0;
  if (to.name === 'numeric') {
    const [precision = 0, scale = 0] = to.modifiers;
    const [oldPrecision, oldScale = 0] = old.modifiers;
    return oldPrecision !== undefined && precision >= oldPrecision && scale === oldScale;
  }
  const [length = 0] = to.modifiers;
  // Without a modifier times have six digits.
  const oldLength = old.modifiers[0] ?? (/^(?:time|interval)/.test(old.name) ? 6 : Number.POSITIVE_INFINITY);
  // Shorter ones are padded.
  return to.name === 'bpchar' || to.name === 'bit' ? length === oldLength : length >= oldLength;
}

function typeOf(type: TypeName | undefined): Type {
  const modifiers = (type?.typmods ?? []).flatMap((node) => {
    const value = as(node, 'A_Const');
    return value?.ival === undefined ? [] : [value.ival.ival ?? 0];
  });
  const name = words(type?.names).at(-1) ?? '';
  return { name: aliases[name] ?? name, modifiers, isArray: (type?.arrayBounds ?? []).length > 0 };
}

/** As `format_type` writes it: `character varying(20)`, `timestamp(3) with time zone`, `numeric(10,2)[]`. */
function parseType(text: string): Type {
  const isArray = text.endsWith('[]');
  const modifiers = /\(([\d, ]+)\)/.exec(text)?.[1]?.split(',').map(Number) ?? [];
  const name = text
    .replace(/\[\]$/, '')
    .replace(/\([\d, ]+\)/, '')
    .replace(/\s+/g, ' ')
    .trim();
  const plain = name.slice(name.lastIndexOf('.') + 1);
  return { name: aliases[plain] ?? plain, modifiers, isArray };
}

/** `USING column` and `USING column::type`: what the server does anyway. */
function isPlainCast(expression: Node, column: string): boolean {
  const inner = as(expression, 'TypeCast')?.arg ?? expression;
  const fields = as(inner, 'ColumnRef')?.fields;
  return words(fields).at(-1) === column;
}
