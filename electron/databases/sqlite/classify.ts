import type { StatementTraits } from '../../../shared/model/statement.ts';
import { tablesNamedIn } from '../splitting/tables.ts';
import { TokenReader } from '../splitting/tokenReader.ts';
import { commandAfterWith, firstWord, objectType, traits, traitsByWord } from '../splitting/traits.ts';
import { sqliteLexicon } from './lexicon.ts';
import { pragmasThatNeedNoTransaction } from './pragmas.ts';

const byFirstWord = traitsByWord({
  data: 'INSERT REPLACE UPDATE DELETE',
  query: 'SELECT VALUES EXPLAIN',
  session: 'ATTACH',
  transactionControl: 'BEGIN COMMIT END SAVEPOINT',
  other: 'ANALYZE REINDEX',
});

/** What the executor must know of one SQLite statement. */
export function classify(statement: string): StatementTraits {
  const known = byFirstWord.get(firstWord(statement));
  if (known !== undefined) return known;
  const reader = new TokenReader(sqliteLexicon, statement);
  const first = reader.next()?.text ?? '';
  return byFirstWord.get(first) ?? classifyFurther(first, reader, statement);
}

/** Tables that the statement names, as written: a best effort that invents none. */
export function tablesOf(statement: string): string[] {
  return tablesNamedIn(statement, { lexicon: sqliteLexicon, identifierQuotes: '"`[', selectInto: false });
}

const types = new Set(['INDEX', 'TABLE', 'TRIGGER', 'VIEW']);
const qualifiers = new Set(['VIRTUAL']);

function classifyFurther(first: string, reader: TokenReader, statement: string): StatementTraits {
  switch (first) {
    case 'WITH': {
      const command = commandAfterWith(reader);
      return traits(command, command === 'SELECT' ? 'query' : 'data');
    }
    case 'CREATE':
    case 'ALTER':
    case 'DROP':
      return traits(`${first} ${objectType(reader, types, qualifiers)}`.trimEnd(), 'definition');
    case 'ROLLBACK':
      reader.accept('TRANSACTION');
      return traits(reader.accept('TO') ? 'ROLLBACK TO SAVEPOINT' : 'ROLLBACK', 'transactionControl');
    case 'RELEASE':
      return traits('RELEASE SAVEPOINT', 'transactionControl');
    case 'VACUUM':
      return traits('VACUUM', 'other', { refusesTransaction: true });
    // A database that the transaction has touched cannot be detached.
    case 'DETACH':
      return traits('DETACH', 'session', { refusesTransaction: true });
    case 'PRAGMA': {
      const pragma = classifyPragma(reader);
      return pragmasThatNeedNoTransaction(statement) ? { ...pragma, beforeTransaction: true } : pragma;
    }
    default:
      return traits(first, 'other');
  }
}

/** Written into the file, and undone by a rollback. */
const stored = new Set(['APPLICATION_ID', 'USER_VERSION', 'SCHEMA_VERSION']);
/** Refused in a transaction when they change something; journal_mode, after a write, is ignored there. */
const refused = new Set(['JOURNAL_MODE', 'SYNCHRONOUS']);
const asking = /^(.*_CHECK|.*_LIST|.*_X?INFO|COMPILE_OPTIONS|.*_COUNT)$/;
const working = new Set(['INCREMENTAL_VACUUM', 'OPTIMIZE', 'SHRINK_MEMORY', 'WAL_CHECKPOINT']);

function classifyPragma(reader: TokenReader): StatementTraits {
  let name = reader.next()?.text ?? '';
  if (reader.accept('.')) name = reader.next()?.text ?? '';
  const verb = `PRAGMA ${name}`.trimEnd();
  if (working.has(name)) return traits(verb, 'other');
  if (asking.test(name) || !reader.accept('=', '(')) return traits(verb, 'query');
  if (stored.has(name)) return traits(verb, 'data');
  // Among them foreign_keys, which silently does nothing in a transaction.
  return traits(verb, 'session', { refusesTransaction: refused.has(name) });
}
