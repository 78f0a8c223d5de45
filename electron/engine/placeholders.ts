/** Puts values in the place of `${name}`, so that each stays what its place makes it: a value can end no statement, text or name. */
import type { Script } from '../../shared/model/migration.ts';
import type { Statement, WrittenText } from '../../shared/model/statement.ts';
import { nothingChanged, type Problem, ProblemError } from '../../shared/problem.ts';
import { placeOf } from './failure.ts';
import type { Dialect, FoundPlaceholder, SqlText } from './ports.ts';

export interface Placeholders {
  readonly dialect: Pick<Dialect, 'quoteIdentifier' | 'quoteLiteral'>;
  /** Null: nobody gave one. */
  valueOf(name: string): string | null;
}

type Sql = Pick<SqlText, 'createSplitter' | 'placeholdersIn'>;

/** Of a batched statement: the size of its batches. */
const batchSize = 'batchSize';

/** @throws {ProblemError} `script.placeholderMissing`, `script.placeholderInvalid` with their place */
export function insertValues(statement: Statement, script: Script, sql: Sql, given: Placeholders): Statement {
  const found = sql.placeholdersIn(statement.text);
  if (found.length === 0) return statement;
  const inserted: WrittenText['inserted'][number][] = [];
  let text = '';
  let from = 0;
  for (const one of found) {
    text += statement.text.slice(from, one.start);
    const { name, value, sent } = valueFor(one, statement, script, given);
    inserted.push({ name, value, at: text.length, length: sent.length, from: one.start, to: one.end });
    text += sent;
    from = one.end;
  }
  text += statement.text.slice(from);
  requireOneStatement(statement, text, script, sql);
  return { ...statement, text, written: { text: statement.text, inserted } };
}

interface Value {
  readonly name: string;
  readonly value: string;
  /** As it stands in the statement. */
  readonly sent: string;
}

function valueFor(found: FoundPlaceholder, statement: Statement, script: Script, given: Placeholders): Value {
  const itself = /^\{(.*)\}$/.exec(found.content)?.[1];
  if (itself !== undefined) return { name: '', value: '', sent: `\${${itself}}` };
  const [, name, form = null] = /^([A-Za-z_][\w.-]*)(?::([A-Za-z]+))?$/.exec(found.content) ?? [];
  const refuse = (code: Problem['code'], message: string, hint: string): never => {
    throw new ProblemError({
      code,
      message,
      state: nothingChanged,
      hint,
      path: script.path,
      ...placeOf(statement, found.start),
    });
  };
  const written = `\${${found.content}}`;
  if (name === undefined || !(form === null || form === 'literal' || form === 'identifier'))
    return refuse(
      'script.placeholderInvalid',
      `${written} is no placeholder.`,
      `Write \${name}, \${name:literal} or \${name:identifier}; for the text itself, \${{${found.content}}}.`,
    );
  const value = name === batchSize && statement.batch !== undefined ? batchSizeOf(statement) : given.valueOf(name);
  if (value === null)
    return refuse(
      'script.placeholderMissing',
      `There is no value for the placeholder ${written}.`,
      `Give one with --set ${name}=…, or in the environment’s settings; if the text itself is meant, write \${{${name}}}.`,
    );
  if (form !== null && found.quote !== null)
    return refuse(
      'script.placeholderInvalid',
      `${written} stands between quotes, but brings quotes of its own.`,
      `Remove the quotes around it, or write \${${name}}.`,
    );
  if (!fits(value, form === null ? found.quote : null))
    return refuse(
      'script.placeholderInvalid',
      `The value of ${written} would end the quotes it stands in, or holds a NUL character.`,
      `Write \${${name}:${found.quote === "'" ? 'literal' : 'identifier'}} without quotes around it.`,
    );
  return { name, value, sent: sentAs(value, form, given.dialect) };
}

const batchSizeOf = ({ batch }: Statement): string | null =>
  batch?.size === null || batch === undefined ? null : String(batch.size);

const fits = (value: string, quote: string | null): boolean =>
  !value.includes('\0') &&
  (quote === null || !(value.includes(quote) || value.includes('\\') || (quote === '[' && value.includes(']'))));

function sentAs(value: string, form: string | null, dialect: Placeholders['dialect']): string {
  if (form === 'literal') return dialect.quoteLiteral(value);
  return form === 'identifier' ? dialect.quoteIdentifier(value) : value;
}

/** The values are the caller's own words, but what was one statement when it was written is one when it is sent. */
function requireOneStatement(written: Statement, sent: string, script: Script, sql: Sql): void {
  if (partsOf(sent, sql) === partsOf(written.text, sql)) return;
  throw new ProblemError({
    code: 'script.placeholderInvalid',
    message: 'With its values, the statement would not be one statement any more.',
    state: nothingChanged,
    hint: 'A value may be part of one statement only; look for a semicolon, a quote or a comment in it.',
    path: script.path,
    ...placeOf(written, null),
  });
}

/** Null: something in it is never closed. */
function partsOf(text: string, sql: Sql): number | null {
  const splitter = sql.createSplitter({});
  try {
    return [...splitter.push(text), ...splitter.finish()].length;
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    return null;
  }
}
