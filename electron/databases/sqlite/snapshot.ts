/** SQLite's schema as objects. It keeps definitions as they were written, so what is compared are their words. */
import type { SchemaObject, SchemaObjectKind } from '../../../shared/model/snapshot.ts';
import { inOrder } from '../../engine/compareSnapshots.ts';
import type { Session, TableName } from '../../engine/ports.ts';
import { tokensOf } from '../splitting/tokenReader.ts';
import { sqliteDialect } from './dialect.ts';
import { sqliteLexicon } from './lexicon.ts';

const { quoteIdentifier } = sqliteDialect;

const schemaQuery = `SELECT type, name, tbl_name AS owner, sql FROM main.sqlite_schema
 WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'lockkeeper\\_%' ESCAPE '\\' AND tbl_name NOT LIKE 'lockkeeper\\_%' ESCAPE '\\' AND sql IS NOT NULL`;

export async function readSnapshot(session: Session, except: readonly TableName[]): Promise<SchemaObject[]> {
  const left = new Set(except.map(({ name }) => name.toLowerCase()));
  const rows = await session.query(schemaQuery);
  return inOrder(
    rows
      .filter((row) => !left.has(String(row['owner']).toLowerCase()))
      .flatMap((row) =>
        objectsOf(
          String(row['type']) as SchemaObjectKind,
          String(row['name']),
          String(row['owner']),
          String(row['sql']),
        ),
      ),
  );
}

function objectsOf(kind: SchemaObjectKind, name: string, owner: string, sql: string): SchemaObject[] {
  const words = tokensOf(sqliteLexicon, sql).map(plain);
  if (kind === 'table' && words[1]?.toUpperCase() !== 'VIRTUAL') return tableObjects(quoteIdentifier(name), sql, words);
  const table = kind === 'index' || kind === 'trigger' ? quoteIdentifier(owner) : null;
  return [{ kind, name: quoteIdentifier(name), table, facts: { definition: words.join(' ') }, create: sql }];
}

/** Renaming quotes names that were written without, and means the same. */
const plain = (token: string): string => /^["`[]([A-Za-z_]\w*)["`\]]$/.exec(token)?.[1] ?? token;

/** What stands between the outer brackets, item by item: columns first, then constraints of the whole table. */
function tableObjects(table: string, sql: string, words: readonly string[]): SchemaObject[] {
  const open = words.indexOf('(');
  // `CREATE TABLE … AS SELECT` is kept with columns; without brackets there is nothing to take apart.
  if (open === -1)
    return [{ kind: 'table', name: table, table: null, facts: { definition: words.join(' ') }, create: sql }];
  const items: string[][] = [[]];
  let depth = 1;
  let index = open + 1;
  for (; index < words.length && depth > 0; index += 1) {
    const word = words[index] ?? '';
    depth += word === '(' ? 1 : word === ')' ? -1 : 0;
    if (depth === 1 && word === ',') items.push([]);
    else if (depth > 0) items.at(-1)?.push(word);
  }
  const options = words.slice(index).join(' ');
  const parts = items.map((item, position) => itemObject(table, item, position + 1));
  return [{ kind: 'table', name: table, table: null, facts: options === '' ? {} : { options }, create: sql }, ...parts];
}

const unquoted = (token: string): string => {
  const [quote] = token;
  if (quote === '[') return token.slice(1, -1);
  return quote === '"' || quote === '`' ? token.slice(1, -1).replaceAll(quote + quote, quote) : token;
};

const constraintWords = /^(?:CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN)$/i;

function itemObject(table: string, item: readonly string[], position: number): SchemaObject {
  const [first = '', second = ''] = item;
  const text = item.join(' ');
  if (!constraintWords.test(first)) {
    const facts = { definition: item.slice(1).join(' '), position: String(position) };
    return { kind: 'column', name: `${table}.${quoteIdentifier(unquoted(first))}`, table, facts, create: text };
  }
  const named = /^CONSTRAINT$/i.test(first);
  const facts = { definition: named ? item.slice(2).join(' ') : text, ...(named ? {} : { nameGenerated: 'yes' }) };
  const name = `${table}.${named ? second : text}`;
  return { kind: 'constraint', name, table, facts, create: text };
}
