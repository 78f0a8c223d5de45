import type { StatementTraits } from '../../../shared/model/statement.ts';
import { tablesNamedIn } from '../splitting/tables.ts';
import { TokenReader } from '../splitting/tokenReader.ts';
import { commandAfterWith, firstWord, objectType, traits, traitsByWord } from '../splitting/traits.ts';
import { mysqlLexicon } from './lexicon.ts';

const byFirstWord = traitsByWord({
  data: 'INSERT UPDATE DELETE REPLACE',
  query: 'SELECT VALUES TABLE SHOW DESCRIBE DESC EXPLAIN HELP CHECKSUM',
  session: 'USE PREPARE DEALLOCATE',
  other: 'CALL DO EXECUTE HANDLER KILL BINLOG SIGNAL RESIGNAL GET',
});

/** A transaction that begins ends LOCK TABLES. */
const beginning = { implicitCommit: true, tableLocks: 'freed' } as const;
const committing = { implicitCommit: true } as const;

/** What the executor must know of one statement of MySQL or MariaDB. */
export function classify(statement: string): StatementTraits {
  const known = byFirstWord.get(firstWord(statement));
  if (known !== undefined) return known;
  const reader = new TokenReader(mysqlLexicon, statement);
  const first = reader.next()?.text ?? '';
  return byFirstWord.get(first) ?? classifyTransactionControl(first, reader) ?? classifyFurther(first, reader);
}

/** Tables that the statement names, as written: a best effort that invents none. */
export function tablesOf(statement: string): string[] {
  return tablesNamedIn(statement, { lexicon: mysqlLexicon, identifierQuotes: '`', selectInto: false });
}

function classifyFurther(first: string, reader: TokenReader): StatementTraits {
  switch (first) {
    case '(':
      return traits('SELECT', 'query');
    case 'WITH': {
      const command = commandAfterWith(reader);
      return traits(command, command === 'SELECT' ? 'query' : 'data');
    }
    case 'SET':
      return classifySet(reader);
    case 'CREATE':
    case 'ALTER':
    case 'DROP':
      return classifyDefinition(first, reader);
    case 'RENAME':
    case 'GRANT':
    case 'REVOKE':
    case 'INSTALL':
    case 'UNINSTALL':
      return traits(first, 'definition', committing);
    case 'TRUNCATE':
      return traits(first, 'data', committing);
    case 'LOAD':
      return reader.accept('INDEX') ? traits('LOAD INDEX', 'other', committing) : traits('LOAD', 'data');
    case 'LOCK':
    case 'UNLOCK':
      return reader.accept('TABLE', 'TABLES')
        ? traits(`${first} TABLES`, 'session', { ...committing, tableLocks: first === 'LOCK' ? 'taken' : 'freed' })
        : traits(first, 'other');
    default:
      return classifyMaintenance(first, reader);
  }
}

function classifyMaintenance(first: string, reader: TokenReader): StatementTraits {
  switch (first) {
    // MariaDB's ANALYZE also explains and runs a statement.
    case 'ANALYZE':
      reader.accept('LOCAL', 'NO_WRITE_TO_BINLOG');
      if (reader.accept('TABLE', 'TABLES')) return traits('ANALYZE TABLE', 'other', committing);
      return analyzed(reader);
    case 'CHECK':
    case 'OPTIMIZE':
    case 'REPAIR':
    case 'CACHE':
    case 'RESET':
    case 'CHANGE':
    case 'STOP':
    case 'START':
    case 'IMPORT':
      return traits(first, 'other', committing);
    case 'FLUSH':
      return traits(first, 'other', { ...committing, ...(locksTables(reader) ? { tableLocks: 'taken' } : {}) });
    default:
      return traits(first, 'other');
  }
}

/** FLUSH TABLES … WITH READ LOCK, or FOR EXPORT. */
function locksTables(reader: TokenReader): boolean {
  for (let token = reader.next(); token !== undefined; token = reader.next()) {
    if (token.text === 'READ' && reader.accept('LOCK')) return true;
    if (token.text === 'FOR' && reader.accept('EXPORT')) return true;
  }
  return false;
}

function analyzed(reader: TokenReader): StatementTraits {
  for (let token = reader.next(); token !== undefined; token = reader.next())
    if (byFirstWord.get(token.text)?.kind === 'data') return traits('ANALYZE', 'data');
  return traits('ANALYZE', 'query');
}

const types = new Set([
  ...[
    'DATABASE',
    'EVENT',
    'FUNCTION',
    'GROUP',
    'INDEX',
    'INSTANCE',
    'KEY',
    'PACKAGE',
    'PREPARE',
    'PROCEDURE',
    'ROLE',
    'SCHEMA',
  ],
  ...['SEQUENCE', 'SERVER', 'SYSTEM', 'TABLE', 'TABLESPACE', 'TRIGGER', 'USER', 'VIEW'],
]);
const qualifiers = new Set(['LOGFILE', 'REFERENCE', 'RESOURCE', 'SPATIAL', 'TEMPORARY', 'UNDO']);

function classifyDefinition(verb: string, reader: TokenReader): StatementTraits {
  const type = objectType(reader, types, qualifiers);
  const full = `${verb} ${type}`.trimEnd();
  if (full === 'DROP PREPARE') return traits(full, 'session');
  // Temporary tables are the one thing that can be made and dropped without a commit; altering one commits (MariaDB).
  const temporary = type === 'TEMPORARY TABLE' && verb !== 'ALTER';
  return traits(full, 'definition', { implicitCommit: !temporary });
}

function classifySet(reader: TokenReader): StatementTraits {
  if (reader.accept('PASSWORD')) return traits('SET PASSWORD', 'definition', committing);
  let scope = '';
  for (let token = reader.next(); token !== undefined; token = reader.next()) {
    const assigned = /^(@@)?AUTOCOMMIT$/.test(token.text) && reader.accept('=', ':');
    if (assigned && !/GLOBAL$/.test(scope)) {
      reader.accept('=');
      // Switching it on ends the transaction that is open.
      return traits('SET AUTOCOMMIT', 'transactionControl', { implicitCommit: !reader.accept('0', 'OFF', 'FALSE') });
    }
    if (token.text !== '.') scope = token.text;
  }
  return traits('SET', 'session');
}

function classifyTransactionControl(first: string, reader: TokenReader): StatementTraits | undefined {
  switch (first) {
    case 'BEGIN':
      // BEGIN NOT ATOMIC is MariaDB's block outside of a routine.
      if (reader.accept('NOT')) return traits('BEGIN NOT ATOMIC', 'other');
      return traits('BEGIN', 'transactionControl', beginning);
    case 'START':
      return reader.accept('TRANSACTION') ? traits('START TRANSACTION', 'transactionControl', beginning) : undefined;
    case 'COMMIT':
    case 'SAVEPOINT':
      return traits(first, 'transactionControl');
    case 'ROLLBACK':
      reader.accept('WORK');
      return traits(reader.accept('TO') ? 'ROLLBACK TO SAVEPOINT' : 'ROLLBACK', 'transactionControl');
    case 'RELEASE':
      return traits('RELEASE SAVEPOINT', 'transactionControl');
    case 'XA':
      return traits(`XA ${reader.next()?.text ?? ''}`.trimEnd(), 'transactionControl');
    default:
      return undefined;
  }
}
