// What a restored copy lacks of what the backup was taken of. Pure.
import { describeObject } from '../../../shared/model/describeSchema.ts';
import type { BackupContent, SequenceContent, TableContent } from '../../../shared/model/proof.ts';
import type { SchemaChange, SchemaObject, SnapshotComparison } from '../../../shared/model/snapshot.ts';
import { compareSnapshots } from '../../engine/compareSnapshots.ts';
import type { ContentRead } from './contentReader.ts';

export interface FoundContent extends ContentRead {
  readonly schema: readonly SchemaObject[];
}

/** A copy belongs to its own login, and columns of inherited tables may be dumped in another order. */
const comparison: SnapshotComparison = {
  columnOrder: true,
  comments: false,
  owners: true,
  grants: true,
  generatedNames: false,
};

/** What a copy is made without (`copies/copyMaker.ts`), or made beforehand. */
export const notOnCopies: ReadonlySet<SchemaObject['kind']> = new Set<SchemaObject['kind']>([
  'publication',
  'eventTrigger',
  'defaultPrivileges',
  'foreignServer',
]);

/** What differs, in words; empty: nothing. */
export function differences(content: BackupContent, found: FoundContent): string[] {
  return [
    ...schemaDifferences(content.schema, found.schema),
    ...tableDifferences(content.tables, found.tables),
    ...sequenceDifferences(content.sequences, found.sequences),
  ];
}

function schemaDifferences(expected: readonly SchemaObject[], found: readonly SchemaObject[]): string[] {
  const { changes } = compareSnapshots(compared(expected), compared(found), comparison);
  return changes.map(told);
}

function told(change: SchemaChange): string {
  switch (change.change) {
    case 'removed':
      return `missing: ${describeObject(change.before)}`;
    case 'added':
      return `not in the database: ${describeObject(change.after)}`;
    case 'changed':
      return `differs in ${change.facts.join(', ')}: ${describeObject(change.before)}`;
  }
}

/** Objects whose absence is told beforehand. */
const compared = (objects: readonly SchemaObject[]): SchemaObject[] =>
  objects
    .filter(({ kind, name }) => !notOnCopies.has(kind) && !(kind === 'extension' && selfActing.has(name)))
    .map(asleep);

/** Extensions that act by themselves; an instance of them works in one database of a server only. */
export const selfActing: ReadonlySet<string> = new Set(['pg_cron', 'pglogical']);

/** Events are disabled on copies. */
function asleep(object: SchemaObject): SchemaObject {
  if (object.kind !== 'event') return object;
  const facts = Object.entries(object.facts).map(([word, value]) => [
    word,
    value.replace(/\b(?:ENABLE|DISABLE(?: ON (?:SLAVE|REPLICA))?)(?=\s+(?:COMMENT|DO)\b)/i, ''),
  ]);
  return { ...object, facts: Object.fromEntries(facts) };
}

function tableDifferences(expected: readonly TableContent[], found: ContentRead['tables']): string[] {
  const restored = new Map(found.map((read) => [read.table, read]));
  return expected.flatMap(({ table, rows, digest, moving }) => {
    const read = restored.get(table);
    if (read === undefined) return [`missing: table ${table}`];
    if (moving === true) return [];
    if (read.rows !== rows) return [`${table}: ${read.rows} of ${rows} rows`];
    return digest === null || digest === read.digest ? [] : [`${table}: other values than were backed up`];
  });
}

function sequenceDifferences(expected: readonly SequenceContent[], found: ContentRead['sequences']): string[] {
  return expected.flatMap(({ sequence, before, after }) => {
    const position = found.get(sequence);
    if (position === before || position === after || between(before, position, after)) return [];
    return [
      `sequence ${sequence}: at ${position ?? 'nothing'}, not ${before === after ? before : `${before} to ${after}`}`,
    ];
  });
}

/** It went on while the dump was written, in whichever direction. */
function between(before: string, position: string | undefined, after: string): boolean {
  const [from, at, to] = [before, position ?? '', after].map(number);
  if (before === after || from === undefined || at === undefined || to === undefined) return false;
  return from < to ? from <= at && at <= to : to <= at && at <= from;
}

const number = (position: string): bigint | undefined => {
  const digits = /^-?\d+/.exec(position)?.[0];
  return digits === undefined ? undefined : BigInt(digits);
};
