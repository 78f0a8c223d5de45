/** Change sets as migrations: their SQL for one database, what the history table keeps of them, and why one is not run. */
import type { Condition } from '../../../shared/model/condition.ts';
import type { Migration, MigrationMetadata, TextScript } from '../../../shared/model/migration.ts';
import { textScript } from '../../engine/textScript.ts';
import { shortened } from '../common/historyRows.ts';
import { type SqlTarget, Untranslatable } from './changes/names.ts';
import { changeSetChecksum } from './checksum.ts';
import { contextMatches, type Dbms, labelsMatch, meantForDbms } from './conditions.ts';
import { type ChangeSet, keyOf, type SetChange, type SqlPiece } from './model.ts';
import { textIn } from './node.ts';
import { type ConditionFacts, knownAnswer, otherwiseOf, questionOf } from './preConditions.ts';
import { compose } from './scriptText.ts';

export interface MigrationFacts extends Omit<ConditionFacts, 'target'> {
  readonly dbms: Dbms;
  readonly contexts: readonly string[];
  readonly labels: string | null;
}

export function migrationsOf(sets: readonly ChangeSet[], facts: MigrationFacts): Migration[] {
  const byKey = new Map(sets.map((set) => [identityOf(set), set]));
  return inRunOrder(sets).map((set) => migrationOf(set, byKey, facts));
}

export const identityOf = ({ id, author, path }: Pick<ChangeSet, 'id' | 'author' | 'path'>): string =>
  keyOf(id, author, path);

const inRunOrder = (sets: readonly ChangeSet[]): ChangeSet[] => [
  ...sets.filter(({ runOrder }) => runOrder === 'first'),
  ...sets.filter(({ runOrder }) => runOrder === null),
  ...sets.filter(({ runOrder }) => runOrder === 'last'),
];

function migrationOf(set: ChangeSet, all: ReadonlyMap<string, ChangeSet>, facts: MigrationFacts): Migration {
  const key = identityOf(set);
  const target: SqlTarget = { dbms: facts.dbms, quoting: set.quoting };
  const changes = set.changes.filter(({ dbms }) => meantForDbms(dbms, facts.dbms));
  const attempt = attempted(set, changes, target, facts);
  const down = downOf(set, changes, all, target);
  const ignored = whyIgnored(set, facts) ?? attempt.ignored;
  const description = shortenedTo250(set.changes.map((change) => change.description).join('; '));
  const any = set.validCheckSums.some((checksum) => /^(?:\d:)?any$/i.test(checksum));
  const reasons = [...set.refusals, ...(attempt.refusal === null ? [] : [attempt.refusal])];
  return {
    version: key,
    historyKey: key,
    name: set.comments.split('\n')[0] || description,
    kind: 'versioned',
    up: attempt.script,
    down,
    verify: null,
    // Where every recorded one is valid, none is compared; Liquibase fills in its own.
    checksum: any ? null : checksumOf(changes, set),
    otherChecksums: set.validCheckSums,
    ...(reasons.length === 0 || ignored !== null ? {} : { notRunnable: `${reasons.join('; ')}.` }),
    ...(ignored === null ? {} : { ignored }),
    ...(attempt.condition === null ? {} : { condition: attempt.condition }),
    ...(set.runAlways ? { runAlways: true } : {}),
    ...(set.runOnChange ? { runOnChange: true } : {}),
    transaction: { up: set.runInTransaction, down: set.runInTransaction },
    metadata: metadataOf(set),
    recorded: {
      description,
      comments: shortenedTo250(set.comments),
      contexts: fullContext(set.contexts),
      labels: set.labels.length === 0 ? null : set.labels.join(','),
      tag: set.tag,
      execType: attempt.markedRan ? 'MARK_RAN' : 'EXECUTED',
    },
  };
}

const shortenedTo250 = (text: string): string => shortened(text, 250);

function metadataOf(set: ChangeSet): MigrationMetadata {
  return {
    author: set.author,
    ...(set.failOnError
      ? {}
      : { notes: 'It says failOnError=false: Liquibase goes on after its failure, a run of ours stops there.' }),
  };
}

function whyIgnored(set: ChangeSet, facts: MigrationFacts): string | null {
  if (set.ignored) return 'it is marked to be ignored';
  if (!meantForDbms(set.dbms, facts.dbms)) return `it is for ${set.dbms ?? ''}, and this is ${facts.dbms}`;
  if (!set.contexts.every((context) => contextMatches(context, facts.contexts)))
    return `its context is ${set.contexts.join(' and ')}, and the contexts are ${facts.contexts.join(', ') || 'none'}`;
  if (!labelsMatch(set.labels.join(','), facts.labels))
    return `its labels are ${set.labels.join(', ')}, and ${facts.labels ?? ''} is asked for`;
  return null;
}

/** ChangeSet.buildFullContext. */
function fullContext(contexts: readonly string[]): string | null {
  const parts = contexts.map((context) => (/[,\s]/.test(context) ? `(${context})` : context));
  return parts.length === 0 ? null : parts.join(' AND ');
}

function checksumOf(changes: readonly SetChange[], set: ChangeSet): string | null {
  const checksums = changes.map(({ checksum }) => checksum);
  const known = checksums.filter((checksum) => checksum !== null);
  return known.length < checksums.length || set.refusals.length > 0 ? null : changeSetChecksum(known);
}

interface Attempt {
  readonly script: TextScript;
  readonly refusal: string | null;
  readonly ignored: string | null;
  /** Its preconditions say now that it is recorded without being run. */
  readonly markedRan: boolean;
  readonly condition: Condition | null;
}

function attempted(set: ChangeSet, changes: readonly SetChange[], target: SqlTarget, facts: MigrationFacts): Attempt {
  const nothing = {
    script: scriptOf(set, [], target),
    refusal: null,
    ignored: null,
    markedRan: false,
    condition: null,
  };
  try {
    const condition = requirement(set, target, facts);
    if (condition === 'skip') return { ...nothing, ignored: 'its preconditions are not met' };
    if (condition === 'record') return { ...nothing, markedRan: true };
    const pieces = changes.flatMap((change) => change.up(target));
    return { ...nothing, script: scriptOf(set, pieces, target), condition };
  } catch (thrown) {
    if (!(thrown instanceof Untranslatable)) throw thrown;
    return { ...nothing, refusal: thrown.message };
  }
}

/** What must be asked when it runs; null: nothing. `skip`, `record`: that is known to become of it. */
function requirement(set: ChangeSet, target: SqlTarget, facts: MigrationFacts): Condition | 'skip' | 'record' | null {
  const node = set.preConditions;
  if (node === null) return null;
  const question = questionOf(node, { ...facts, target });
  const unmet = otherwiseOf(node, 'onFail');
  const unanswered = otherwiseOf(node, 'onError');
  const known = knownAnswer(question);
  if (known === true) return null;
  if (known === false && unmet !== 'warn') {
    if (unmet === 'stop') throw new Untranslatable('its preconditions are not met');
    return unmet;
  }
  return { question, line: node.line, unmet, unanswered, message: textIn(node, 'onFailMessage') };
}

function scriptOf(set: ChangeSet, pieces: readonly SqlPiece[], target: SqlTarget): TextScript {
  const { text, line } = compose(pieces, set.line, target);
  return { ...textScript(set.file, text), line };
}

function downOf(
  set: ChangeSet,
  changes: readonly SetChange[],
  all: ReadonlyMap<string, ChangeSet>,
  target: SqlTarget,
): TextScript | null {
  try {
    const pieces = downPieces(set, changes, all, target);
    return pieces === null ? null : scriptOf(set, pieces, target);
  } catch (thrown) {
    if (!(thrown instanceof Untranslatable)) throw thrown;
    return null;
  }
}

function downPieces(
  set: ChangeSet,
  changes: readonly SetChange[],
  all: ReadonlyMap<string, ChangeSet>,
  target: SqlTarget,
): SqlPiece[] | null {
  if (set.rollbackOf !== null) {
    const other = all.get(identityOf(set.rollbackOf));
    return other === undefined ? null : other.changes.flatMap((change) => change.up(target));
  }
  const meant = (change: SetChange) => meantForDbms(change.dbms, target.dbms);
  if (set.rollback !== null) return set.rollback.filter(meant).flatMap((change) => change.up(target));
  const undone = changes.toReversed().map((change) => change.down(target));
  const known = undone.filter((pieces) => pieces !== null);
  return known.length < undone.length ? null : known.flat();
}
