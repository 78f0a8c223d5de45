/** A change set of an XML, YAML or JSON changelog (changelog/ChangeSet.java, load). */

import { loadData } from './changes/loadData.ts';
import type { Quoting } from './changes/names.ts';
import { Untranslatable } from './changes/names.ts';
import { isTyped, typedChange } from './changes/typed.ts';
import { type ReadText, rawSql, writtenTypes } from './changes/written.ts';
import { sqlChecksum } from './checksum.ts';
import { type ChangeSet, type Inherited, normalPath, type SetChange } from './model.ts';
import { booleanIn, type ChangeNode, childOf, childrenOf, textIn } from './node.ts';

export interface ChangeSetPlace {
  /** Identity of a change set that names none. */
  readonly path: string;
  readonly file: string;
  readonly inherited: Inherited;
  readonly quoting: Quoting;
  /** Finds text files, and reads them with values in the place of parameters. */
  readonly read: ReadText;
  /** The same without values. */
  readonly readPlain: ReadText;
}

const attributes: ReadonlySet<string> = new Set([
  'id',
  'author',
  'runAlways',
  'alwaysRun',
  'runOnChange',
  'runWith',
  'runWithSpoolFile',
  'contextFilter',
  'context',
  'labels',
  'dbms',
  'runInTransaction',
  'created',
  'runOrder',
  'ignore',
  'comment',
  'objectQuotingStrategy',
  'logicalFilePath',
  'failOnError',
  'onValidationFail',
  'validCheckSum',
  'validCheckSums',
  'rollback',
  'modifySql',
  'preConditions',
  'preconditions',
  'changes',
]);

export function changeSetOf(node: ChangeNode, place: ChangeSetPlace): ChangeSet {
  const changes = changesIn(node).map((child) => setChangeOf(child, place));
  const context = textIn(node, 'contextFilter') || textIn(node, 'context');
  const { inherited } = place;
  const logical = textIn(node, 'logicalFilePath');
  return {
    id: textIn(node, 'id') ?? '',
    author: textIn(node, 'author') ?? '',
    path: logical === null || logical.trim() === '' ? place.path : normalPath(logical.trim()),
    file: place.file,
    line: node.line,
    changes,
    ...rollbackOf(node, place),
    comments: childrenOf(node, 'comment')
      .map(({ value }) => value ?? '')
      .join('\n')
      .trim(),
    contexts: context === null || context.trim() === '' ? inherited.contexts : [...inherited.contexts, context],
    labels: listed([...inherited.labels, textIn(node, 'labels') ?? '']),
    dbms: textIn(node, 'dbms'),
    runAlways: (booleanIn(node, 'runAlways') ?? booleanIn(node, 'alwaysRun')) === true,
    runOnChange: booleanIn(node, 'runOnChange') === true,
    runInTransaction: booleanIn(node, 'runInTransaction') !== false,
    failOnError: booleanIn(node, 'failOnError') !== false,
    ignored: inherited.ignored || booleanIn(node, 'ignore') === true,
    validCheckSums: [...childrenOf(node, 'validCheckSum'), ...childrenOf(node, 'validCheckSums')].flatMap(
      ({ value }) => value ?? [],
    ),
    preConditions: childOf(node, 'preConditions') ?? childOf(node, 'preconditions'),
    tag: tagOf(node),
    quoting: quotingOf(textIn(node, 'objectQuotingStrategy')) ?? place.quoting,
    runOrder: runOrderOf(textIn(node, 'runOrder')),
    refusals: refusalsOf(node),
  };
}

const listed = (labels: readonly string[]): string[] =>
  labels.flatMap((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

const changesIn = (node: ChangeNode): ChangeNode[] =>
  node.children.flatMap((child) => {
    if (child.name === 'changes') return [...child.children];
    return attributes.has(child.name) ? [] : [child];
  });

const tagOf = (node: ChangeNode): string | null =>
  changesIn(node)
    .filter(({ name }) => name === 'tagDatabase')
    .map((change) => textIn(change, 'tag'))
    .find((tag) => tag !== null) ?? null;

export function quotingOf(text: string | null): Quoting | null {
  const strategies: readonly Quoting[] = ['LEGACY', 'QUOTE_ALL_OBJECTS', 'QUOTE_ONLY_RESERVED_WORDS'];
  return strategies.find((strategy) => strategy === text?.trim()) ?? null;
}

const runOrderOf = (text: string | null): ChangeSet['runOrder'] => (text === 'first' || text === 'last' ? text : null);

function refusalsOf(node: ChangeNode): string[] {
  const runWith = textIn(node, 'runWith');
  return [
    ...(childOf(node, 'modifySql') === null ? [] : ['modifySql is not supported']),
    ...(runWith === null || runWith === '' || runWith === 'jdbc' ? [] : [`runWith ${runWith} is not supported`]),
  ];
}

function rollbackOf(node: ChangeNode, place: ChangeSetPlace): Pick<ChangeSet, 'rollback' | 'rollbackOf'> {
  const nodes = childrenOf(node, 'rollback');
  if (nodes.length === 0) return { rollback: null, rollbackOf: null };
  const named = nodes.find((one) => textIn(one, 'changeSetId') !== null);
  if (named !== undefined) {
    const path = textIn(named, 'changeSetPath');
    const identity = {
      id: textIn(named, 'changeSetId') ?? '',
      author: textIn(named, 'changeSetAuthor') ?? '',
      path: path === null ? place.path : normalPath(path),
    };
    return { rollback: null, rollbackOf: identity };
  }
  const changes = nodes.flatMap((one) => [
    ...one.children.map((child) => setChangeOf(child, place)),
    ...(one.value === null || one.value.trim() === ''
      ? []
      : [rawSql(one.value, one.line, { split: true, delimiter: null })]),
  ]);
  return { rollback: changes, rollbackOf: null };
}

function setChangeOf(node: ChangeNode, place: ChangeSetPlace): SetChange {
  try {
    if (isTyped(node.name)) return typedChange(node);
    const make = writtenTypes[node.name];
    if (make !== undefined && Object.hasOwn(writtenTypes, node.name)) {
      const change = make(node, place.read);
      return node.name === 'sqlFile' ? { ...change, checksum: fileChecksum(node, place) } : change;
    }
    if (node.name === 'loadData') return loadData(node, place.readPlain);
    return unknownChange(node, `the change type ${node.name} is not supported`);
  } catch (thrown) {
    if (!(thrown instanceof Untranslatable)) throw thrown;
    return unknownChange(node, `${node.name}: ${thrown.message}`);
  }
}

/** Liquibase hashes the file as it is. */
const fileChecksum = (node: ChangeNode, { readPlain }: ChangeSetPlace): string =>
  sqlChecksum(readPlain(textIn(node, 'path') ?? '', booleanIn(node, 'relativeToChangelogFile') === true));

function unknownChange({ name }: ChangeNode, reason: string): SetChange {
  const refuse = (): never => {
    throw new Untranslatable(reason);
  };
  return { type: name, description: name, dbms: null, checksum: null, up: refuse, down: refuse };
}
