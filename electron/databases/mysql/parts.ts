/** What MariaDB does object by object, keeping what it did when one of them fails: each by a statement of its own. */
import { readable, type Words } from '../splitting/words.ts';
import { hasConditionalComment, wordsIn } from './statementWords.ts';

/**
 * Null: it drops one object, or the server drops all or none (MySQL 8), or it holds what this does not know. RENAME
 * TABLE is not split: it is all or nothing, and may exchange names.
 */
export function partsOf(statement: string, product: string): string[] | null {
  if (product !== 'MariaDB' || !/\bDROP\b/i.test(statement.slice(0, 10_000)) || hasConditionalComment(statement))
    return null;
  return readable(() => {
    const words = wordsIn(statement);
    if (!words.accept('DROP')) return null;
    const kind = kindOf(words);
    if (kind === null) return null;
    const head = `DROP ${kind}${words.accept('IF EXISTS') ? ' IF EXISTS' : ''}`;
    const names = words.list(() => nameAsWritten(words));
    const tail = tailOf(words);
    return names.length === 1 ? null : names.map((name) => `${head} ${name}${tail}`);
  });
}

function kindOf(words: Words): string | null {
  const temporary = words.accept('TEMPORARY') ? 'TEMPORARY ' : '';
  const kind = words.oneOf('TABLES', 'TABLE', 'VIEW', 'SEQUENCE', 'ROLE');
  return kind === '' ? null : temporary + kind;
}

/** `schema.name`. @throws {Unreadable} */
function nameAsWritten(words: Words): string {
  const first = words.nameAsWritten();
  return words.accept('.') ? `${first}.${words.nameAsWritten()}` : first;
}

function tailOf(words: Words): string {
  const wait = words.accept('NOWAIT') ? ' NOWAIT' : words.accept('WAIT') ? ` WAIT ${words.number()}` : '';
  const behaviour = words.oneOf('RESTRICT', 'CASCADE');
  words.finish();
  return wait + (behaviour === '' ? '' : ` ${behaviour}`);
}
