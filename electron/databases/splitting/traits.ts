// What the classifiers of all dialects share.
import type { StatementTraits } from '../../../shared/model/statement.ts';
import type { TokenReader } from './tokenReader.ts';

export type StatementKind = StatementTraits['kind'];

export function traits(verb: string, kind: StatementKind, more: Partial<StatementTraits> = {}): StatementTraits {
  return { verb, kind, refusesTransaction: false, implicitCommit: false, ...more };
}

/** Traits that the first word alone decides. */
export function traitsByWord(
  words: Readonly<Partial<Record<StatementKind, string>>>,
): ReadonlyMap<string, StatementTraits> {
  const byWord = new Map<string, StatementTraits>();
  for (const kind of ['definition', 'data', 'query', 'session', 'transactionControl', 'other'] as const)
    for (const word of words[kind]?.split(' ') ?? []) byWord.set(word, traits(word, kind));
  return byWord;
}

/** The statement's first word in upper case, if a letter begins it. */
export function firstWord(statement: string): string {
  const pattern = /[A-Za-z_]+/y;
  return pattern.exec(statement)?.[0].toUpperCase() ?? '';
}

/**
 * What CREATE, ALTER or DROP is about: the first of `types` among the next tokens, with the words of `qualifiers`
 * directly before it, such as MATERIALIZED VIEW. '' if there is none.
 */
export function objectType(reader: TokenReader, types: ReadonlySet<string>, qualifiers: ReadonlySet<string>): string {
  let before: string[] = [];
  for (let count = 0; count < 20; count++) {
    const word = reader.next()?.text;
    if (word === undefined) break;
    if (types.has(word)) return [...before, word].join(' ');
    before = qualifiers.has(word) ? [...before, word] : [];
  }
  return '';
}

const commands = /^(INSERT|UPDATE|DELETE|REPLACE|MERGE)$/;

/** The command that a WITH introduces: one that changes data, be it inside the WITH (PostgreSQL), or SELECT. */
export function commandAfterWith(reader: TokenReader): string {
  let depth = 0;
  let previous = '';
  for (let token = reader.next(); token !== undefined; token = reader.next()) {
    const { text } = token;
    if (text === '(') depth++;
    if (text === ')') depth--;
    if (commands.test(text) && (previous === '(' || (depth === 0 && previous === ')'))) return text;
    if (text === 'SELECT' && depth === 0) break;
    previous = text;
  }
  return 'SELECT';
}
