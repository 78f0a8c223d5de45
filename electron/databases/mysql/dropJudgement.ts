// How statements that take something away are judged.
import type { Words } from '../splitting/words.ts';
import { account, accountsGone, accountsState, revoke, rolesGone, rolesState } from './accountEffect.ts';
import { missing, quoteLiteral } from './effectSql.ts';
import { type Judgement, parts, tableNow, together } from './judgement.ts';
import { eventState, routineState, schemaState, triggerState, viewState } from './probeStates.ts';
import * as programs from './programEffect.ts';
import * as tables from './tableEffect.ts';
import { dropViews } from './viewEffect.ts';

export function drop(words: Words, statement: string): Judgement | null {
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

export function revoked(words: Words): Judgement {
  words.accept('IF EXISTS');
  const { grantees, effect } = revoke(words);
  return { state: accountsState(grantees), effect: () => effect };
}
