// How statements that alter, rename or empty something are judged.
import type { ObjectName, Words } from '../splitting/words.ts';
import { account, accountsExist, accountsGone, accountsState } from './accountEffect.ts';
import { schemaIs } from './createJudgement.ts';
import { all, quoteLiteral } from './effectSql.ts';
import { again, type Judgement, parts, skipQualifiers, tableNow, together } from './judgement.ts';
import { eventState, routineState, schemaState, truncationState, viewState } from './probeStates.ts';
import * as programs from './programEffect.ts';
import { isRepeatableAlter } from './repeatable.ts';
import * as tables from './tableEffect.ts';
import { createView } from './viewEffect.ts';

export function alter(words: Words, statement: string): Judgement | null {
  skipQualifiers(words);
  const kind = words.next().text;
  if (kind === 'USER') return /\b(?:RETAIN|DISCARD|RANDOM)\b/i.test(statement) ? null : again;
  const optional = words.accept('IF EXISTS');
  const object = words.object();
  switch (kind) {
    case 'TABLE':
      return alterTable(words, object, statement);
    case 'VIEW':
      return { state: viewState(...parts(object)), effect: () => createView(words, object) };
    case 'PROCEDURE':
    case 'FUNCTION':
      return { state: routineState(kind, ...parts(object)), effect: () => programs.alterRoutine(words, kind, object) };
    case 'EVENT':
      return {
        state: together([object, ...newNames(words)].map((event) => eventState(...parts(event)))),
        effect: () => programs.changeEvent(words, object, statement),
      };
    case 'SEQUENCE':
      // What it counts is told by itself only, and goes on while it is used.
      return /\bRESTART\b/i.test(statement) || optional ? null : again;
    case 'DATABASE':
    case 'SCHEMA':
      return { state: schemaState(quoteLiteral(object.name)), effect: () => schemaIs(words, object.name) };
    default:
      return null;
  }
}

function alterTable(words: Words, table: ObjectName, statement: string): Judgement | null {
  // Rows change their place, or have gone, and nothing tells of it.
  if (words.mentions('EXCHANGE PARTITION', 'TRUNCATE PARTITION', 'DISCARD TABLESPACE', 'IMPORT TABLESPACE'))
    return null;
  const names = [table, ...newNames(words)];
  return {
    state: together(names.map((name) => tableNow(name, statement))),
    effect: () => tables.alterTable(words, table),
    repeatable: isRepeatableAlter(words),
  };
}

/** What `RENAME TO` names, which then is what the statement changes too. */
const newNames = (words: Words): ObjectName[] =>
  words.ahead((copy) => {
    while (!copy.ended) {
      if (copy.next().text !== 'RENAME' || /^(?:COLUMN|INDEX|KEY)$/.test(copy.peek())) continue;
      copy.oneOf('TO', 'AS', '=');
      return copy.atName ? [copy.object()] : [];
    }
    return [];
  });

export function rename(words: Words): Judgement | null {
  if (words.accept('USER')) {
    const pairs = words.list(() => pair(words, () => account(words)));
    const [before, after] = [pairs.map(([from]) => from), pairs.map(([, to]) => to)];
    return {
      state: accountsState([...before, ...after]),
      effect: () => all([accountsGone(before), accountsExist(after)]),
    };
  }
  if (words.oneOf('TABLE', 'TABLES') === '') return null;
  words.accept('IF EXISTS');
  const pairs = words.list(() => {
    const from = words.object();
    if (!words.accept('NOWAIT') && words.accept('WAIT')) words.number();
    words.expect('TO');
    return [from, words.object()] as const;
  });
  return {
    state: together(pairs.flat().map((table) => tableNow(table, ''))),
    effect: () => tables.renameTables(pairs),
  };
}

function pair<T>(words: Words, read: () => T): readonly [T, T] {
  const from = read();
  words.expect('TO');
  return [from, read()];
}

export function truncate(words: Words): Judgement {
  words.accept('TABLE');
  const table = words.object();
  return { state: truncationState(...parts(table)), effect: () => tables.isEmpty(table) };
}
