// By what changes of databases, tablespaces and subscriptions are judged.
import type { StatementProbe } from '../../engine/ports.ts';
import { Unreadable, type Words } from '../splitting/words.ts';
import { dialect } from './dialect.ts';

const { quoteLiteral } = dialect;

type Kind = 'DATABASE' | 'TABLESPACE' | 'SUBSCRIPTION';

const rowOf = (kind: string, name: string): string => {
  switch (kind) {
    case 'DATABASE':
      return `FROM pg_database d WHERE d.datname = ${quoteLiteral(name)}`;
    case 'TABLESPACE':
      return `FROM pg_tablespace d WHERE d.spcname = ${quoteLiteral(name)}`;
    default:
      return `FROM pg_subscription d WHERE d.subname = ${quoteLiteral(name)} AND d.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  }
};

/** Its identity, or `absent`: what is made anew under the same name is another one. */
export const stateOf = (kind: string, name: string): string =>
  `coalesce((SELECT d.oid::text ${rowOf(kind, name)}), 'absent')`;

function created(kind: Kind, name: string, conditions: readonly string[]): StatementProbe {
  const where = [rowOf(kind, name), ...conditions].join(' AND ');
  return { state: stateOf(kind, name), effect: `EXISTS (SELECT ${where})`, repeatable: false };
}

/** After DATABASE. @throws {Unreadable} */
export function createDatabase(words: Words): StatementProbe {
  const name = words.name();
  words.accept('WITH');
  const conditions: string[] = [];
  while (!words.ended) conditions.push(...databaseOption(words));
  return created('DATABASE', name, conditions);
}

function databaseOption(words: Words): string[] {
  const option = words.oneOf(
    ...['OWNER', 'TEMPLATE', 'ENCODING', 'LOCALE', 'LC_COLLATE', 'LC_CTYPE', 'TABLESPACE'],
    ...['CONNECTION LIMIT', 'ALLOW_CONNECTIONS', 'IS_TEMPLATE'],
  );
  words.accept('=');
  const value = words.accept('-') ? `-${words.number()}` : wordOrText(words);
  switch (option) {
    case 'OWNER':
      return [`pg_get_userbyid(d.datdba) = ${quoteLiteral(value)}`];
    case 'ENCODING':
      return [`d.encoding = pg_char_to_encoding(${quoteLiteral(value)})`];
    case 'TABLESPACE':
      return [inTablespace(value)];
    case 'LC_COLLATE':
      return [`d.datcollate = ${quoteLiteral(value)}`];
    case 'LC_CTYPE':
      return [`d.datctype = ${quoteLiteral(value)}`];
    case 'LOCALE':
      return [`d.datcollate = ${quoteLiteral(value)}`, `d.datctype = ${quoteLiteral(value)}`];
    case 'CONNECTION LIMIT':
      return [`d.datconnlimit = ${Number(value)}`];
    case 'ALLOW_CONNECTIONS':
      return [`d.datallowconn = ${quoteLiteral(value)}`];
    case 'IS_TEMPLATE':
      return [`d.datistemplate = ${quoteLiteral(value)}`];
    // What it was copied from is told nowhere.
    case 'TEMPLATE':
      return [];
    default:
      throw new Unreadable(words.peek());
  }
}

function wordOrText(words: Words): string {
  if (words.atName) return words.name();
  return /^\d/.test(words.peek()) ? words.number() : words.text();
}

const inTablespace = (name: string): string =>
  `d.dattablespace = (SELECT s.oid FROM pg_tablespace s WHERE s.spcname = ${quoteLiteral(name)})`;

/** `ALTER DATABASE d SET TABLESPACE s` after DATABASE. */
export function moveDatabase(words: Words): StatementProbe | null {
  const name = words.name();
  if (!words.accept('SET TABLESPACE')) return null;
  const state = `coalesce((SELECT concat(d.oid, ' ', d.dattablespace) ${rowOf('DATABASE', name)}), 'absent')`;
  return {
    state,
    effect: `EXISTS (SELECT ${rowOf('DATABASE', name)} AND ${inTablespace(words.name())})`,
    repeatable: false,
  };
}

/** After TABLESPACE. @throws {Unreadable} */
export function createTablespace(words: Words): StatementProbe {
  const name = words.name();
  const conditions = words.accept('OWNER') ? [`pg_get_userbyid(d.spcowner) = ${quoteLiteral(words.name())}`] : [];
  words.expect('LOCATION');
  conditions.push(`pg_tablespace_location(d.oid) = ${quoteLiteral(words.text().replace(/(?<=.)\/+$/, ''))}`);
  if (words.accept('WITH')) words.group();
  words.finish();
  return created('TABLESPACE', name, conditions);
}

/** After SUBSCRIPTION. @throws {Unreadable} */
export function createSubscription(words: Words): StatementProbe {
  const name = words.name();
  words.expect('CONNECTION');
  words.text();
  words.expect('PUBLICATION');
  const publications = words.list(() => quoteLiteral(words.name()));
  return created('SUBSCRIPTION', name, [
    `d.subpublications::text[] @> ARRAY[${publications.join(', ')}]`,
    `cardinality(d.subpublications) = ${publications.length}`,
  ]);
}
