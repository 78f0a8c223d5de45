import type { StatementTraits } from '../../../shared/model/statement.ts';
import { tablesNamedIn } from '../splitting/tables.ts';
import { TokenReader } from '../splitting/tokenReader.ts';
import { commandAfterWith, firstWord, traits, traitsByWord } from '../splitting/traits.ts';
import { classifyDefinition, classifyDo } from './classifyDefinition.ts';
import { postgresLexicon } from './lexicon.ts';

const byFirstWord = traitsByWord({
  definition: 'COMMENT GRANT REVOKE REASSIGN SECURITY IMPORT',
  data: 'INSERT UPDATE DELETE MERGE TRUNCATE REFRESH',
  query: 'VALUES TABLE SHOW FETCH MOVE',
  session: 'SET RESET DEALLOCATE LISTEN UNLISTEN DECLARE CLOSE LOAD',
  other: 'ANALYZE ANALYSE CALL CHECKPOINT EXECUTE LOCK NOTIFY',
});

/** What the executor must know of one PostgreSQL statement. */
export function classify(statement: string): StatementTraits {
  const known = byFirstWord.get(firstWord(statement));
  if (known !== undefined) return known;
  const reader = new TokenReader(postgresLexicon, statement);
  const first = reader.next()?.text ?? '';
  return byFirstWord.get(first) ?? classifyFurther(first, reader);
}

/** Tables that the statement names, as written: a best effort that invents none. */
export function tablesOf(statement: string): string[] {
  return tablesNamedIn(statement, { lexicon: postgresLexicon, identifierQuotes: '"', selectInto: true });
}

function classifyFurther(first: string, reader: TokenReader): StatementTraits {
  switch (first) {
    case 'SELECT':
      return createsTable(reader) ? traits('SELECT INTO', 'definition') : traits('SELECT', 'query');
    case '(':
      return traits('SELECT', 'query');
    case 'WITH': {
      const command = commandAfterWith(reader);
      return command === 'SELECT' ? traits('SELECT', 'query') : traits(command, 'data');
    }
    case 'EXPLAIN':
      return classifyExplain(reader);
    case 'COPY':
      return traits('COPY', copiesFrom(reader) ? 'data' : 'query');
    case 'DO':
      return classifyDo(reader);
    // Of its forms the server refuses DISCARD ALL only.
    case 'DISCARD':
      return traits('DISCARD', 'session', { refusesTransaction: reader.accept('ALL') });
    default:
      return classifyTransactionControl(first, reader) ?? classifyDefinition(first, reader);
  }
}

/** SELECT … INTO, its INTO outside parentheses. */
function createsTable(reader: TokenReader): boolean {
  return wordOutsideParentheses(reader, ['INTO', 'FROM']) === 'INTO';
}

function copiesFrom(reader: TokenReader): boolean {
  return wordOutsideParentheses(reader, ['FROM', 'TO']) === 'FROM';
}

function wordOutsideParentheses(reader: TokenReader, words: readonly string[]): string | undefined {
  let depth = 0;
  for (let token = reader.next(); token !== undefined; token = reader.next()) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth === 0 && words.includes(token.text)) return token.text;
  }
  return undefined;
}

/** EXPLAIN ANALYZE runs what it explains. */
function classifyExplain(reader: TokenReader): StatementTraits {
  let runs = false;
  for (let token = reader.next(); token !== undefined; token = reader.next()) {
    if (token.text === 'ANALYZE' || token.text === 'ANALYSE') runs = true;
    const command = token.text === 'WITH' ? commandAfterWith(reader) : token.text;
    const explained = byFirstWord.get(command) ?? traits(command, 'query');
    if (runs && (explained.kind === 'data' || command === 'EXECUTE')) return traits('EXPLAIN ANALYZE', explained.kind);
    if (command === 'SELECT' || explained.kind === 'data') break;
  }
  return traits('EXPLAIN', 'query');
}

function classifyTransactionControl(first: string, reader: TokenReader): StatementTraits | undefined {
  const control = (verb: string, refusesTransaction = false) =>
    traits(verb, 'transactionControl', { refusesTransaction });
  switch (first) {
    case 'BEGIN':
    case 'ABORT':
    case 'SAVEPOINT':
      return control(first);
    case 'START':
      return control('START TRANSACTION');
    case 'COMMIT':
      return reader.accept('PREPARED') ? control('COMMIT PREPARED', true) : control('COMMIT');
    case 'END':
      return control('END');
    case 'ROLLBACK':
      if (reader.accept('PREPARED')) return control('ROLLBACK PREPARED', true);
      reader.accept('WORK', 'TRANSACTION');
      return control(reader.accept('TO') ? 'ROLLBACK TO SAVEPOINT' : 'ROLLBACK');
    case 'RELEASE':
      return control('RELEASE SAVEPOINT');
    case 'PREPARE':
      return reader.accept('TRANSACTION') ? control('PREPARE TRANSACTION') : traits('PREPARE', 'session');
    default:
      return undefined;
  }
}
