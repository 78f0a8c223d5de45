// How statements that create something are judged.
import { type ObjectName, readable, Unreadable, type Words } from '../splitting/words.ts';
import { accountsExist, accountsState, rolesExist, rolesState } from './accountEffect.ts';
import { among, found, quoteLiteral, same, schemaOf, utf8Names } from './effectSql.ts';
import { accounts, again, type Judgement, parts, skipQualifiers, tableNow } from './judgement.ts';
import { eventState, indexState, presence, routineState, schemaState, triggerState, viewState } from './probeStates.ts';
import * as programs from './programEffect.ts';
import { createSequence } from './sequenceEffect.ts';
import { hasConditionalComment } from './statementWords.ts';
import * as tables from './tableEffect.ts';
import { createView } from './viewEffect.ts';

export function create(words: Words, statement: string): Judgement | null {
  const isReplaced = words.accept('OR REPLACE');
  skipQualifiers(words);
  const kind = words.next().text;
  if (kind === 'PACKAGE' || kind === 'SERVER') return isReplaced || words.accept('IF NOT EXISTS') ? again : null;
  if (/^(?:UNIQUE|FULLTEXT|SPATIAL)$/.test(kind)) {
    words.expect('INDEX');
    return createIndex(words, kind, isReplaced);
  }
  if (kind === 'INDEX') return createIndex(words, '', isReplaced);
  const repeatable = words.accept('IF NOT EXISTS') || isReplaced;
  if (kind === 'USER' || kind === 'ROLE') return createAccounts(words, kind, repeatable);
  const object = words.object();
  switch (kind) {
    case 'TABLE':
      // To replace a table again would lose the rows that came since; a query may have filled a part of one.
      return {
        state: newTable(words, object, statement, isReplaced),
        effect: () => tables.createTable(words, object),
        repeatable: repeatable && !isReplaced && !words.mentions('SELECT'),
      };
    case 'SEQUENCE':
      return {
        state: tableNow(object, statement, isReplaced),
        effect: () => createSequence(words, object),
        repeatable: repeatable && !isReplaced,
      };
    case 'VIEW':
      return { state: viewState(...parts(object)), effect: () => createView(words, object), repeatable };
    case 'PROCEDURE':
    case 'FUNCTION':
      if (/^(?:SONAME|RETURNS)$/.test(words.peek())) return repeatable ? again : null;
      return {
        state: routineState(kind, ...parts(object)),
        effect: () => programs.createRoutine(words, kind, object, statement),
        repeatable,
      };
    case 'TRIGGER':
      return { ...createTrigger(words, object, statement), repeatable };
    case 'EVENT':
      return {
        state: eventState(...parts(object)),
        effect: () => programs.changeEvent(words, object, statement),
        repeatable,
      };
    case 'DATABASE':
    case 'SCHEMA':
      return isReplaced
        ? null
        : { state: schemaState(quoteLiteral(object.name)), effect: () => schemaIs(words, object.name), repeatable };
    default:
      return null;
  }
}

function createIndex(words: Words, kind: string, isReplaced: boolean): Judgement {
  const repeatable = words.accept('IF NOT EXISTS') || isReplaced;
  const name = words.name();
  if (words.accept('USING')) words.next();
  words.expect('ON');
  const table = words.object();
  if (!words.accept('NOWAIT') && words.accept('WAIT')) words.number();
  return {
    state: indexState(...parts(table)),
    effect: () => tables.createIndex(words, table, name, kind),
    repeatable,
  };
}

/** Whether it is there is enough where its effect tells all else of what is there. */
function newTable(words: Words, table: ObjectName, statement: string, isReplaced: boolean): string {
  const effect = readable(() => words.ahead((copy) => tables.createTable(copy, table)));
  return isReplaced || effect === null || hasConditionalComment(statement)
    ? tableNow(table, statement, isReplaced)
    : presence(...parts(table));
}

function createTrigger(words: Words, object: ObjectName, statement: string): Judgement {
  words.oneOf('BEFORE', 'AFTER');
  const event = words.next().text;
  words.expect('ON');
  const table = words.object();
  const timing = new RegExp(`\\bBEFORE\\s+${event}\\b`, 'i').test(statement) ? 'BEFORE' : 'AFTER';
  return {
    state: triggerState(schemaOf(table), quoteLiteral(object.name), quoteLiteral(table.name)),
    effect: () => programs.createTrigger(words, { object, table, timing, event }, statement),
  };
}

function createAccounts(words: Words, kind: 'USER' | 'ROLE', repeatable: boolean): Judgement {
  if (kind === 'ROLE') {
    const roles = words.list(() => words.name());
    // Whom it belongs to, if not to who makes it, sees it alone.
    words.finish();
    return { state: rolesState(roles, "'absent'"), effect: () => rolesExist(roles), repeatable };
  }
  const users = accounts(words);
  return { state: accountsState(users), effect: () => accountsExist(users), repeatable };
}

export function schemaIs(words: Words, name: string): string {
  const conditions: string[] = [];
  while (!words.ended) {
    words.accept('DEFAULT');
    const option = words.oneOf('CHARACTER SET', 'CHARSET', 'COLLATE', 'COMMENT');
    words.accept('=');
    if (option === 'COMMENT') conditions.push(`/*M!100502 ${same('SCHEMA_COMMENT', words.text())} AND */ TRUE`);
    else if (option === 'COLLATE')
      conditions.push(among('DEFAULT_COLLATION_NAME', utf8Names(words.name().toLowerCase())));
    else if (option !== '') conditions.push(among('DEFAULT_CHARACTER_SET_NAME', utf8Names(words.name().toLowerCase())));
    else throw new Unreadable(words.peek());
  }
  return found('SCHEMATA', `SCHEMA_NAME = ${quoteLiteral(name)}`, ...conditions);
}
