// What the judgements of all kinds of statements share.
import type { ObjectName, Words } from '../splitting/words.ts';
import { account } from './accountEffect.ts';
import { quoteLiteral, schemaOf } from './effectSql.ts';
import { tableState } from './probeStates.ts';

export interface Judgement {
  readonly state: string;
  /** @throws {Unreadable} where it cannot be told */
  readonly effect?: () => string;
  readonly repeatable?: boolean;
}

/** After the first word. @throws {Unreadable} */
export type Judge = (words: Words, statement: string) => Judgement | null;

/** Nothing tells whether it happened, and nothing needs to. */
export const again: Judgement = { state: "'repeatable'", repeatable: true };

/** What may stand between CREATE or ALTER and the kind of object. */
export function skipQualifiers(words: Words): void {
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

export const parts = ({ schema, name }: ObjectName): [string, string] => [
  schemaOf({ schema, name }),
  quoteLiteral(name),
];

export function tableNow(table: ObjectName, statement: string, isReplaced = false): string {
  return tableState(...parts(table), {
    checks: /\b(?:CHECK|CONSTRAINT)\b/i.test(statement),
    partitions: /\bPARTITION/i.test(statement),
    // What is dropped and made again may look as before.
    time: isReplaced || (/\bDROP\b/i.test(statement) && /\bADD\b/i.test(statement)),
    counter: /\bAUTO_INCREMENT\s*=?\s*\d/i.test(statement),
  });
}

/** Of several objects, as one text of at most 255 characters. */
export function together(states: readonly string[]): string {
  const [first = ''] = states;
  if (states.length <= 1) return first;
  const text = `CONCAT_WS(' ', ${states.join(', ')})`;
  return states.length > 4 ? `MD5(${text})` : text;
}

/** `a IDENTIFIED …, b …` and what follows. */
export function accounts(words: Words): string[] {
  const users: string[] = [];
  do {
    users.push(account(words));
    while (!words.ended && words.peek() !== ',') words.next();
  } while (words.accept(','));
  return users;
}
