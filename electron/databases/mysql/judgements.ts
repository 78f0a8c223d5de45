// How each kind of statement is judged, by its first word.
import { TokenReader } from '../splitting/tokenReader.ts';
import { type ObjectName, Unreadable, type Words } from '../splitting/words.ts';
import {
  account,
  accountsExist,
  accountsGone,
  accountsState,
  revoke,
  rolesExist,
  rolesGone,
  rolesState,
} from './accountEffect.ts';
import { all, among, found, missing, quoteLiteral, same, schemaOf, utf8Names } from './effectSql.ts';
import { mysqlLexicon } from './lexicon.ts';
import {
  eventState,
  pluginState,
  routineState,
  schemaState,
  tableState,
  triggerState,
  truncationState,
  viewState,
} from './probeStates.ts';
import * as programs from './programEffect.ts';
import { isRepeatableAlter } from './repeatable.ts';
import { createSequence } from './sequenceEffect.ts';
import * as tables from './tableEffect.ts';
import { createView, dropViews } from './viewEffect.ts';

export interface Judgement {
  readonly state: string;
  /** @throws {Unreadable} where it cannot be told */
  readonly effect?: () => string;
  readonly repeatable?: boolean;
}

/** After the first word. @throws {Unreadable} */
type Judge = (words: Words, statement: string) => Judgement | null;

/** In upper case. */
export const firstWordOf = (statement: string): string => new TokenReader(mysqlLexicon, statement).next()?.text ?? '';

export const judgementOf = (verb: string): Judge | undefined => {
  const judge = judges.get(verb);
  return judge === undefined
    ? undefined
    : (words, statement) => {
        words.next();
        return judge(words, statement);
      };
};

/** Nothing tells whether it happened, and nothing needs to. */
const again: Judgement = { state: "'repeatable'", repeatable: true };

const againAfter =
  (...phrases: readonly string[]): Judge =>
  (words) =>
    words.oneOf(...phrases) === '' ? null : again;

const judges: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['CREATE', create],
  ['ALTER', alter],
  ['DROP', drop],
  ['RENAME', rename],
  ['TRUNCATE', truncate],
  ['GRANT', () => again],
  ['REVOKE', revoked],
  ['SET', againAfter('PASSWORD', 'DEFAULT ROLE')],
  ['ANALYZE', maintenance],
  ['CHECK', maintenance],
  ['OPTIMIZE', maintenance],
  ['REPAIR', maintenance],
  ['FLUSH', () => again],
  ['LOCK', againAfter('TABLES', 'TABLE')],
  ['UNLOCK', againAfter('TABLES', 'TABLE')],
  ['CACHE', againAfter('INDEX')],
  ['LOAD', againAfter('INDEX')],
  ['RESET', againAfter('QUERY CACHE')],
  ['BEGIN', (words) => (words.accept('NOT') ? null : again)],
  ['START', againAfter('TRANSACTION')],
  ['INSTALL', install],
  ['UNINSTALL', uninstall],
]);

function maintenance(words: Words): Judgement | null {
  words.oneOf('LOCAL', 'NO_WRITE_TO_BINLOG');
  return words.oneOf('TABLE', 'TABLES', 'VIEW') === '' ? null : again;
}

/** What may stand between CREATE or ALTER and the kind of object. */
function skipQualifiers(words: Words): void {
  for (;;) {
    if (words.accept('DEFINER')) {
      words.expect('=');
      if (words.oneOf('CURRENT_USER', 'CURRENT_ROLE') !== '') words.accept('( )');
      else account(words);
    } else if (words.accept('ALGORITHM =')) words.next();
    else if (words.oneOf('SQL SECURITY DEFINER', 'SQL SECURITY INVOKER', 'AGGREGATE', 'ONLINE', 'IGNORE') === '')
      return;
  }
}

const parts = ({ schema, name }: ObjectName): [string, string] => [schemaOf({ schema, name }), quoteLiteral(name)];

function tableNow(table: ObjectName, statement: string, isReplaced = false): string {
  return tableState(...parts(table), {
    checks: /\b(?:CHECK|CONSTRAINT)\b/i.test(statement),
    partitions: /\bPARTITION/i.test(statement),
    // What is dropped and made again may look as before.
    time: isReplaced || (/\bDROP\b/i.test(statement) && /\bADD\b/i.test(statement)),
    counter: /\bAUTO_INCREMENT\s*=?\s*\d/i.test(statement),
  });
}

/** Of several objects, as one text of at most 255 characters. */
function together(states: readonly string[]): string {
  const [first = ''] = states;
  if (states.length <= 1) return first;
  const text = `CONCAT_WS(' ', ${states.join(', ')})`;
  return states.length > 4 ? `MD5(${text})` : text;
}

function create(words: Words, statement: string): Judgement | null {
  const isReplaced = words.accept('OR REPLACE');
  skipQualifiers(words);
  const kind = words.next().text;
  if (kind === 'PACKAGE' || kind === 'SERVER') return isReplaced || words.accept('IF NOT EXISTS') ? again : null;
  if (/^(?:UNIQUE|FULLTEXT|SPATIAL)$/.test(kind)) {
    words.expect('INDEX');
    return createIndex(words, statement, kind, isReplaced);
  }
  if (kind === 'INDEX') return createIndex(words, statement, '', isReplaced);
  const repeatable = words.accept('IF NOT EXISTS') || isReplaced;
  if (kind === 'USER' || kind === 'ROLE') return createAccounts(words, kind, repeatable);
  const object = words.object();
  switch (kind) {
    case 'TABLE':
      // To replace a table again would lose the rows that came since; a query may have filled a part of one.
      return {
        state: tableNow(object, statement, isReplaced),
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

function createIndex(words: Words, statement: string, kind: string, isReplaced: boolean): Judgement {
  const repeatable = words.accept('IF NOT EXISTS') || isReplaced;
  const name = words.name();
  if (words.accept('USING')) words.next();
  words.expect('ON');
  const table = words.object();
  if (!words.accept('NOWAIT') && words.accept('WAIT')) words.number();
  return { state: tableNow(table, statement), effect: () => tables.createIndex(words, table, name, kind), repeatable };
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

/** `a IDENTIFIED …, b …` and what follows. */
function accounts(words: Words): string[] {
  const users: string[] = [];
  do {
    users.push(account(words));
    while (!words.ended && words.peek() !== ',') words.next();
  } while (words.accept(','));
  return users;
}

function schemaIs(words: Words, name: string): string {
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

function alter(words: Words, statement: string): Judgement | null {
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

function drop(words: Words, statement: string): Judgement | null {
  const kind = words.next().text;
  words.accept('IF EXISTS');
  switch (kind) {
    case 'TABLE':
    case 'TABLES':
    case 'SEQUENCE': {
      const objects = words.objects();
      return { state: together(objects.map((table) => tableNow(table, ''))), effect: () => tables.dropTables(objects) };
    }
    case 'VIEW': {
      const views = words.objects();
      return { state: together(views.map((view) => viewState(...parts(view)))), effect: () => dropViews(views) };
    }
    case 'INDEX':
      return dropIndex(words, statement);
    case 'USER':
    case 'ROLE':
      return dropAccounts(words, kind);
    default:
      return dropObject(kind, words);
  }
}

function dropIndex(words: Words, statement: string): Judgement {
  const name = words.name();
  words.expect('ON');
  const table = words.object();
  return { state: tableNow(table, statement), effect: () => tables.dropIndex(table, name) };
}

function dropAccounts(words: Words, kind: 'USER' | 'ROLE'): Judgement {
  if (kind === 'ROLE') {
    const roles = words.list(() => words.name());
    return { state: rolesState(roles, 'NULL'), effect: () => rolesGone(roles) };
  }
  const users = words.list(() => account(words));
  return { state: accountsState(users), effect: () => accountsGone(users) };
}

function dropObject(kind: string, words: Words): Judgement | null {
  if (!/^(?:PROCEDURE|FUNCTION|TRIGGER|EVENT|DATABASE|SCHEMA)$/.test(kind)) return null;
  const object = words.object();
  switch (kind) {
    case 'PROCEDURE':
    case 'FUNCTION':
      return { state: routineState(kind, ...parts(object)), effect: () => programs.dropRoutine(kind, object) };
    case 'TRIGGER':
      return { state: triggerState(...parts(object), null), effect: () => programs.dropTrigger(object) };
    case 'EVENT':
      return { state: eventState(...parts(object)), effect: () => programs.dropEvent(object) };
    default:
      return {
        state: schemaState(quoteLiteral(object.name)),
        effect: () => missing('SCHEMATA', `SCHEMA_NAME = ${quoteLiteral(object.name)}`),
      };
  }
}

function rename(words: Words): Judgement | null {
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

function truncate(words: Words): Judgement {
  words.accept('TABLE');
  const table = words.object();
  return { state: truncationState(...parts(table)), effect: () => tables.isEmpty(table) };
}

function revoked(words: Words): Judgement {
  words.accept('IF EXISTS');
  const { grantees, effect } = revoke(words);
  return { state: accountsState(grantees), effect: () => effect };
}

/** INSTALL PLUGIN name SONAME 'library', INSTALL SONAME 'library'. */
function install(words: Words): Judgement | null {
  const library = words.accept('SONAME') ? pluginsOf(words.text()) : pluginNamed(words);
  return { state: pluginState(library), effect: () => found('PLUGINS', library, "PLUGIN_STATUS = 'ACTIVE'") };
}

function uninstall(words: Words): Judgement | null {
  const library = words.accept('SONAME') ? pluginsOf(words.text()) : pluginNamed(words);
  return { state: pluginState(library), effect: () => missing('PLUGINS', library, "PLUGIN_STATUS = 'ACTIVE'") };
}

const pluginsOf = (library: string): string =>
  `PLUGIN_LIBRARY IN (${quoteLiteral(library)}, ${quoteLiteral(`${library}.so`)}, ${quoteLiteral(`${library}.dll`)})`;

function pluginNamed(words: Words): string {
  words.expect('PLUGIN');
  words.oneOf('IF NOT EXISTS', 'IF EXISTS');
  return `PLUGIN_NAME = ${quoteLiteral(words.name())}`;
}
