/** Snapshot × snapshot → what differs, without what does not matter. Pure. */
import { createHash } from 'node:crypto';
import {
  type SchemaChange,
  type SchemaDiff,
  type SchemaObject,
  type SnapshotComparison,
  schemaObjectKinds,
} from '../../shared/model/snapshot.ts';

/** In the order of kinds, tables and names, whatever order the catalogue had. */
export function inOrder(objects: readonly SchemaObject[]): SchemaObject[] {
  return objects.toSorted(
    (a, b) =>
      schemaObjectKinds.indexOf(a.kind) - schemaObjectKinds.indexOf(b.kind) ||
      compareText(a.table ?? '', b.table ?? '') ||
      compareText(a.name, b.name),
  );
}

/** Equal for equal schemas; `objects` in order. */
export function snapshotSha256(objects: readonly SchemaObject[]): string {
  const digest = createHash('sha256');
  for (const { kind, name, table, facts } of objects)
    digest.update(JSON.stringify([kind, name, table, Object.entries(facts).toSorted()]));
  return digest.digest('hex');
}

/** The same without what a copy's own login changes: whose the objects are, and who may use them. */
export const ownerlessSha256 = (objects: readonly SchemaObject[]): string =>
  snapshotSha256(
    objects.map(({ facts: { owner: _owner, grants: _grants, ...facts }, ...object }) => ({ ...object, facts })),
  );

export function compareSnapshots(
  before: readonly SchemaObject[],
  after: readonly SchemaObject[],
  ignoring: SnapshotComparison,
): SchemaDiff {
  const remaining = new Map(inOrder(after).map((object) => [keyOf(object, ignoring), object]));
  const changes: SchemaChange[] = [];
  for (const object of inOrder(before)) {
    const key = keyOf(object, ignoring);
    const now = remaining.get(key);
    remaining.delete(key);
    if (now === undefined) {
      changes.push({ change: 'removed', before: object });
      continue;
    }
    const facts = differingFacts(object, now, ignoring);
    if (facts.length > 0) changes.push({ change: 'changed', before: object, after: now, facts });
  }
  changes.push(...[...remaining.values()].map((object) => ({ change: 'added', after: object }) as const));
  return { changes: changes.toSorted((a, b) => rank(a) - rank(b)), ignored: ignoredWords(ignoring) };
}

const subject = (change: SchemaChange): SchemaObject => (change.change === 'removed' ? change.before : change.after);
const rank = (change: SchemaChange): number => schemaObjectKinds.indexOf(subject(change).kind);

/** A name that the server chose stands for what it names. */
function keyOf(object: SchemaObject, { generatedNames }: SnapshotComparison): string {
  const { kind, name, table, facts } = object;
  const generated = generatedNames && facts['nameGenerated'] !== undefined;
  return JSON.stringify([kind, table, generated ? [facts['definition']] : name]);
}

/** Facts of an object that say how it came about, not what it is. */
const passedOver = (ignoring: SnapshotComparison): ReadonlySet<string> =>
  new Set([
    'nameGenerated',
    ...(ignoring.columnOrder ? ['position'] : []),
    ...(ignoring.comments ? ['comment'] : []),
    ...(ignoring.owners ? ['owner'] : []),
    ...(ignoring.grants ? ['grants'] : []),
  ]);

function differingFacts(before: SchemaObject, after: SchemaObject, ignoring: SnapshotComparison): string[] {
  const ignored = passedOver(ignoring);
  const words = new Set([...Object.keys(before.facts), ...Object.keys(after.facts)]);
  return [...words].filter((word) => !ignored.has(word) && before.facts[word] !== after.facts[word]).toSorted();
}

function ignoredWords(ignoring: SnapshotComparison): string[] {
  const words: Readonly<Record<keyof SnapshotComparison, string>> = {
    columnOrder: 'the order of columns',
    comments: 'comments',
    owners: 'owners',
    grants: 'rights',
    generatedNames: 'names that the server chose',
  };
  return (Object.keys(words) as (keyof SnapshotComparison)[]).flatMap((key) => (ignoring[key] ? [words[key]] : []));
}

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
