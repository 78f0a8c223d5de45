/** A change of a change set, and what is known of its type. */
import { type SerialisableObject, serialised, textChecksum } from '../checksum.ts';
import { type ChangeNode, childOf, textIn } from '../node.ts';
import { type Column, columnForChecksum, columnsOf } from './columns.ts';
import { type SqlTarget, Untranslatable } from './names.ts';

/** One that is turned into SQL from its fields. */
export interface Change {
  readonly type: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  /** Values for the marks in `where`, in order. */
  readonly parameters: readonly Column[];
  readonly line: number;
}

export interface ChangeType {
  readonly texts: readonly string[];
  /** Fields that are true or false. */
  readonly truths?: readonly string[];
  /** Those without which Liquibase refuses it. */
  readonly required: readonly string[];
  /** The field that may be the text of its node: a view's query. */
  readonly direct?: string;
  /** Columns are a part of it. */
  readonly hasColumns?: true;
  /** @throws {Untranslatable} */
  sql(change: Change, target: SqlTarget): string[];
  /** Changes that undo it; null: Liquibase knows none. */
  inverse?(change: Change): Change[] | null;
  /** What its checksum is made of, where that is not simply its fields. */
  forChecksum?(fields: SerialisableObject): SerialisableObject;
}

/** @throws {Untranslatable} for fields that are not known, or missing */
export function changeOf(node: ChangeNode, type: ChangeType): Change {
  const truths = type.truths ?? [];
  const fields: Record<string, string> = {};
  for (const { name, value } of node.children) {
    if (name === 'column' || name === 'columns' || name === 'whereParams' || name === 'param' || name === 'where')
      continue;
    if (truths.includes(name)) fields[name] = String(value?.toLowerCase() === 'true');
    else if (!type.texts.includes(name)) throw new Untranslatable(`its field “${name}” is not known here`);
    else if (value !== null) fields[name] = value;
  }
  if (type.direct !== undefined && node.value !== null) fields[type.direct] ??= node.value;
  const where = textIn(node, 'where');
  if (where !== null && type.texts.includes('where')) fields['where'] = where;
  const missing = type.required.find((name) => fields[name] === undefined);
  if (missing !== undefined) throw new Untranslatable(`it has no “${missing}”`);
  const parameters = childOf(node, 'whereParams');
  return {
    type: node.name,
    fields,
    columns: columnsOf(node),
    parameters: parameters === null ? [] : columnsOf({ ...parameters, children: renamed(parameters) }),
    line: node.line,
  };
}

/** A parameter is written as a column of another name. */
const renamed = ({ children }: ChangeNode): ChangeNode[] =>
  children.filter(({ name }) => name === 'param').map((child) => ({ ...child, name: 'column' }));

export function changeChecksum(change: Change, type: ChangeType): string {
  // A list without members is not written out, and parameters of a condition never are.
  const columns = change.columns.length === 0 ? {} : { columns: change.columns.map(columnForChecksum) };
  const fields = { ...change.fields, ...columns };
  return textChecksum(serialised(change.type, type.forChecksum?.(fields) ?? fields));
}

/** AbstractChange.getDescription: the type with its names. */
export function changeDescription({ type, fields }: Change): string {
  const names = Object.entries(fields)
    .filter(([field]) => /(?:name$|^path$)/i.test(field) && !/schema|catalog/i.test(field))
    .map(([field, value]) => `${field}=${value}`)
    .sort();
  return names.length === 0 ? type : `${type} ${names.join(', ')}`;
}

/** One that undoes another stands where that stands. */
export const undoing = (
  change: Change,
  type: string,
  fields: Readonly<Record<string, string | undefined>>,
): Change => ({
  type,
  fields: Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ),
  columns: [],
  parameters: [],
  line: change.line,
});
