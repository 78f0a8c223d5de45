/** Columns of changes (change/ColumnConfig.java, ConstraintsConfig.java): their fields, values and defaults. */
import type { SerialisableObject } from '../checksum.ts';
import { type ChangeNode, childOf, childrenOf, textIn } from '../node.ts';
import { functionText, literal, type SqlTarget, Untranslatable } from './names.ts';
import type { DataType } from './types.ts';

export interface Column {
  readonly name: string;
  /** Every field that is given, as Liquibase would write it out. */
  readonly fields: Readonly<Record<string, string>>;
  /** Null: it has none. */
  readonly constraints: Readonly<Record<string, string>> | null;
  readonly line: number;
}

const texts = [
  'name',
  'type',
  'value',
  'valueBlobFile',
  'valueClobFile',
  'encoding',
  'valueComputed',
  'valueSequenceNext',
  'valueSequenceCurrent',
  'defaultValue',
  'defaultValueComputed',
  'defaultValueSequenceNext',
  'defaultValueConstraintName',
  'generationType',
  'startWith',
  'incrementBy',
  'remarks',
  'valueNumeric',
  'defaultValueNumeric',
  'valueDate',
  'defaultValueDate',
  'afterColumn',
  'beforeColumn',
  'position',
] as const;
const truths = [
  'computed',
  'valueBoolean',
  'defaultValueBoolean',
  'autoIncrement',
  'defaultOnNull',
  'descending',
  'included',
] as const;
const constraintTexts = [
  'notNullConstraintName',
  'primaryKeyName',
  'primaryKeyTablespace',
  'references',
  'referencedTableCatalogName',
  'referencedTableSchemaName',
  'referencedTableName',
  'referencedColumnNames',
  'uniqueConstraintName',
  'checkConstraint',
  'foreignKeyName',
] as const;
const constraintTruths = [
  'nullable',
  'primaryKey',
  'unique',
  'deleteCascade',
  'initiallyDeferred',
  'deferrable',
  'validateNullable',
  'validateUnique',
  'validatePrimaryKey',
  'validateForeignKey',
] as const;

/** `valueBit`: known in newer versions only. */
const known: ReadonlySet<string> = new Set([...texts, ...truths, 'constraints']);

export function columnsOf(node: ChangeNode): Column[] {
  const lists = childrenOf(node, 'columns').flatMap((list) => childrenOf(list, 'column'));
  return [...lists, ...childrenOf(node, 'column')].map(columnOf);
}

function columnOf(node: ChangeNode): Column {
  const stranger = node.children.find(({ name }) => !known.has(name));
  if (stranger !== undefined) throw new Untranslatable(`a column has “${stranger.name}”, which is not known here`);
  const fields = fieldsOf(node, texts, truths);
  if (fields['value'] === undefined && node.value !== null && node.value.trim() !== '')
    fields['value'] = node.value.trim();
  normaliseValues(fields, 'value', 'valueComputed');
  normaliseValues(fields, 'defaultValue', 'defaultValueComputed');
  const constraints = childOf(node, 'constraints');
  return {
    name: fields['name'] ?? '',
    fields,
    constraints: constraints === null ? null : fieldsOf(constraints, constraintTexts, constraintTruths),
    line: node.line,
  };
}

function fieldsOf(
  node: ChangeNode,
  textNames: readonly string[],
  truthNames: readonly string[],
): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const name of textNames) {
    const text = textIn(node, name);
    if (text !== null) fields[name] = text;
  }
  for (const name of truthNames) {
    const text = textIn(node, name);
    if (text !== null) fields[name] = String(text.toLowerCase() === 'true');
  }
  return fields;
}

/** setValueNumeric and the date parser: what is no number or no date is taken for a function. */
function normaliseValues(fields: Record<string, string>, prefix: string, computed: string): void {
  const numeric = fields[`${prefix}Numeric`];
  if (numeric !== undefined) {
    delete fields[`${prefix}Numeric`];
    const bare = numeric.startsWith('(') ? numeric.replace(/^\(/, '').replace(/\)$/, '') : numeric;
    if (/^-?[\d.]/.test(bare)) fields[`${prefix}Numeric`] = bare;
    else if (bare.toLowerCase() !== 'null') fields[computed] ??= numeric;
  }
  const date = fields[`${prefix}Date`];
  if (date === undefined) return;
  delete fields[`${prefix}Date`];
  const iso = isoDate(date);
  if (iso === null) fields[computed] ??= date;
  else fields[`${prefix}Date`] = iso;
}

/** As ISODateFormat writes what it could read; null: it could not. */
function isoDate(text: string): string | null {
  const [, date, time, fraction = ''] = /^(\d{4}-\d\d-\d\d)?[ T]?(\d\d:\d\d:\d\d)?(\.\d+)?$/.exec(text) ?? [];
  if (date === undefined && time === undefined) return null;
  const digits = fraction.replace(/0+$/, '');
  return [date, time === undefined ? undefined : `${time}${digits.length > 1 ? digits : ''}`]
    .filter((part) => part !== undefined)
    .join('T');
}

export const columnForChecksum = ({ fields, constraints }: Column): SerialisableObject => ({ ...fields, constraints });

/** The value that a row gets; null: none is given. */
export const valueSql = ({ fields }: Column, target: SqlTarget): string | null =>
  valueText(fields, 'value', target) ?? textValue(fields['value'], target);

const textValue = (value: string | undefined, target: SqlTarget): string | null => {
  if (value === undefined) return null;
  return value.toLowerCase() === 'null' ? 'NULL' : literal(value, target);
};

/** Of a column that is defined; null: it has no default. */
export function defaultSql(
  { fields }: { readonly fields: Column['fields'] },
  type: DataType,
  target: SqlTarget,
): string | null {
  const special = valueText(fields, 'defaultValue', target);
  if (special !== null) return special;
  const text = fields['defaultValue'];
  if (text === undefined) return null;
  if (text.toLowerCase() === 'null') return 'null';
  if (type.kind === 'boolean') return truth(/^(?:true|1|t|y|yes)$/i.test(text), target);
  return type.kind === 'number' && /^[-+]?[\d.]+(?:e[-+]?\d+)?$/i.test(text) ? text : literal(text, target);
}

export const truth = (value: boolean, { dbms }: SqlTarget): string =>
  dbms === 'postgresql' ? (value ? 'TRUE' : 'FALSE') : value ? '1' : '0';

function valueText(fields: Column['fields'], prefix: 'value' | 'defaultValue', target: SqlTarget): string | null {
  for (const unknown of ['BlobFile', 'ClobFile', 'SequenceCurrent'])
    if (fields[`${prefix}${unknown}`] !== undefined)
      throw new Untranslatable(`${prefix}${unknown} of a column is not supported`);
  const boolean = fields[`${prefix}Boolean`];
  if (boolean !== undefined) return truth(boolean === 'true', target);
  const numeric = fields[`${prefix}Numeric`];
  if (numeric !== undefined) return numeric;
  const date = fields[`${prefix}Date`];
  if (date !== undefined) return literal(date.replace('T', ' '), target);
  const computed = fields[`${prefix}Computed`];
  if (computed !== undefined) return functionText(computed, target);
  const sequence = fields[`${prefix}SequenceNext`];
  if (sequence === undefined) return null;
  if (target.dbms === 'postgresql') return `nextval(${literal(sequence, target)})`;
  throw new Untranslatable(`${prefix}SequenceNext of a column is not supported on ${target.dbms}`);
}
