// Definitions, with the forms that PostgreSQL refuses in a transaction block (error 25001): callers of
// PreventInTransactionBlock in its source.
import type { StatementTraits } from '../../../shared/model/statement.ts';
import { TokenReader } from '../splitting/tokenReader.ts';
import { objectType, traits } from '../splitting/traits.ts';
import { postgresLexicon } from './lexicon.ts';

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const types = words(
  'AGGREGATE CAST COLLATION CONFIGURATION CONVERSION DATABASE DICTIONARY DOMAIN EXTENSION FAMILY FUNCTION GROUP INDEX ' +
    'LANGUAGE MAPPING METHOD OBJECT OPERATOR OWNED PARSER POLICY PRIVILEGES PROCEDURE PUBLICATION ROLE ROUTINE RULE SCHEMA ' +
    'SEQUENCE SERVER STATISTICS SUBSCRIPTION SYSTEM TABLE TABLESPACE TEMPLATE TRANSFORM TRIGGER TYPE USER VIEW WRAPPER',
);
const qualifiers = words('ACCESS DATA DEFAULT EVENT FOREIGN LARGE MATERIALIZED SEARCH TEXT');

export function classifyDefinition(first: string, reader: TokenReader): StatementTraits {
  switch (first) {
    case 'CREATE':
    case 'ALTER':
    case 'DROP':
      return classifyObject(first, reader);
    case 'REINDEX':
      return classifyReindex(reader);
    case 'VACUUM':
      return traits('VACUUM', 'other', { refusesTransaction: true });
    case 'CLUSTER':
      return traits('CLUSTER', 'other', { refusesTransaction: !namesTable(reader) });
    default:
      return traits(first, 'other');
  }
}

function classifyObject(verb: string, reader: TokenReader): StatementTraits {
  const type = objectType(reader, types, qualifiers);
  const concurrently = type === 'INDEX' && reader.accept('CONCURRENTLY');
  const refusesTransaction = concurrently || refuses(`${verb} ${type}`, reader);
  return traits(`${verb} ${type}${concurrently ? ' CONCURRENTLY' : ''}`.trimEnd(), 'definition', {
    refusesTransaction,
  });
}

function refuses(verb: string, reader: TokenReader): boolean {
  switch (verb) {
    case 'CREATE DATABASE':
    case 'DROP DATABASE':
    case 'CREATE TABLESPACE':
    case 'DROP TABLESPACE':
    case 'ALTER SYSTEM':
    // If it has a replication slot, as it has by default.
    case 'DROP SUBSCRIPTION':
      return true;
    case 'ALTER DATABASE':
      return hasWords(rest(reader), 'SET', 'TABLESPACE');
    case 'ALTER TABLE':
      return detachesConcurrently(rest(reader));
    case 'CREATE SUBSCRIPTION': {
      const tokens = rest(reader);
      return !isSwitchedOff(tokens, 'CREATE_SLOT') && !isSwitchedOff(tokens, 'CONNECT');
    }
    case 'ALTER SUBSCRIPTION':
      return altersSubscriptionAlone(rest(reader));
    default:
      return false;
  }
}

/** The other tokens: words in upper case, quoted texts and names as '' . */
function rest(reader: TokenReader): string[] {
  const tokens: string[] = [];
  for (let token = reader.next(); token !== undefined; token = reader.next()) tokens.push(token.text);
  return tokens;
}

const hasWords = (tokens: readonly string[], first: string, second: string): boolean =>
  tokens.some((token, index) => token === first && tokens[index + 1] === second);

function detachesConcurrently(tokens: readonly string[]): boolean {
  const detach = tokens.indexOf('DETACH');
  return detach !== -1 && tokens[detach + 1] === 'PARTITION' && tokens.indexOf('CONCURRENTLY', detach) !== -1;
}

/** It fetches the publications' tables, or changes the slot. */
function altersSubscriptionAlone(tokens: readonly string[]): boolean {
  if (hasWords(tokens, 'REFRESH', 'PUBLICATION')) return true;
  const publications = ['SET', 'ADD', 'DROP'].some((word) => hasWords(tokens, word, 'PUBLICATION'));
  if (publications) return !isSwitchedOff(tokens, 'REFRESH');
  return tokens.includes('FAILOVER') || tokens.includes('TWO_PHASE');
}

/** Whether `option` has a value that means false. A quoted one is taken for true. */
function isSwitchedOff(tokens: readonly string[], option: string): boolean {
  const at = tokens.indexOf(option);
  return at !== -1 && tokens[at + 1] === '=' && /^(FALSE|OFF|0)$/.test(tokens[at + 2] ?? '');
}

function classifyReindex(reader: TokenReader): StatementTraits {
  let concurrently = false;
  if (reader.accept('(')) {
    for (let token = reader.next(); token !== undefined && token.text !== ')'; token = reader.next())
      if (token.text === 'CONCURRENTLY') concurrently = !reader.accept('FALSE', 'OFF', '0');
  }
  const type = reader.next()?.text ?? '';
  concurrently ||= reader.accept('CONCURRENTLY');
  const refusesTransaction = concurrently || type === 'SCHEMA' || type === 'DATABASE' || type === 'SYSTEM';
  return traits(`REINDEX ${type}${concurrently ? ' CONCURRENTLY' : ''}`, 'other', { refusesTransaction });
}

/** CLUSTER alone does the whole database, one transaction per table. */
function namesTable(reader: TokenReader): boolean {
  if (reader.accept('('))
    for (let token = reader.next(); token !== undefined && token.text !== ')'; ) token = reader.next();
  reader.accept('VERBOSE');
  return reader.next() !== undefined;
}

/** What a command in a block of PL/pgSQL may follow. */
const beforeCommand = words('; BEGIN THEN ELSE LOOP');

/** A DO block that commits or rolls back is refused in a transaction block (error 2D000). */
export function classifyDo(reader: TokenReader): StatementTraits {
  let refusesTransaction = false;
  for (let token = reader.next(); token !== undefined; token = reader.next())
    if (token.text === '') refusesTransaction ||= endsTransaction(reader.source(token));
  return traits('DO', 'other', { refusesTransaction });
}

function endsTransaction(quoted: string): boolean {
  const body = quoted.replace(/^(?:\$[^$]*\$|')|(?:\$[^$]*\$|')$/g, '');
  const reader = new TokenReader(postgresLexicon, body);
  let previous = '';
  for (let token = reader.next(); token !== undefined; token = reader.next()) {
    if ((token.text === 'COMMIT' || token.text === 'ROLLBACK') && beforeCommand.has(previous)) return true;
    previous = token.text;
  }
  return false;
}
