// By what a statement that cannot share a transaction is judged: expressions over the catalogue.
import type { StatementProbe } from '../../engine/ports.ts';
import { TokenReader } from '../splitting/tokenReader.ts';
import { type ObjectName, readable, type Words, wordsOf } from '../splitting/words.ts';
import { dialect } from './dialect.ts';
import { postgresLexicon } from './lexicon.ts';
import { createIndex, dropIndex } from './probeIndex.ts';
import * as shared from './probeShared.ts';

/** @throws {Unreadable} */
type Judge = (words: Words) => StatementProbe | null;

/** Nothing tells whether it happened, and nothing needs to. */
const again: StatementProbe = { state: "'repeatable'", effect: null, repeatable: true };

const judges: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['CREATE', create],
  ['DROP', drop],
  ['ALTER', alter],
  ...['REINDEX', 'VACUUM', 'CLUSTER', 'ANALYZE', 'ANALYSE', 'DISCARD', 'CHECKPOINT', 'SET', 'RESET'].map(
    (verb): [string, Judge] => [verb, () => again],
  ),
]);

/** Null for statements that a transaction protects, and for those of which the catalogue tells nothing. */
export function probe(statement: string): StatementProbe | null {
  const judge = judges.get(new TokenReader(postgresLexicon, statement).next()?.text ?? '');
  if (judge === undefined) return null;
  return readable(() => {
    const words = wordsOf(postgresLexicon, statement, nameIn);
    words.next();
    const judged = judge(words);
    if (judged === null || judged.effect === null) return judged;
    return { ...judged, effect: `CASE WHEN ${judged.effect} THEN 1 ELSE 0 END` };
  });
}

/** As the catalogue spells it: unquoted ASCII letters become small, and 63 bytes are kept. */
function nameIn(source: string): string | null {
  if (source.startsWith('"')) return cut(source.slice(1, -1).replaceAll('""', '"'));
  if (!/^[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*$/.test(source)) return null;
  return cut(source.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
}

const cut = (name: string): string => Buffer.from(name).subarray(0, 63).toString();

function create(words: Words): StatementProbe | null {
  const kind = words.oneOf('UNIQUE INDEX CONCURRENTLY', 'INDEX CONCURRENTLY', 'DATABASE', 'TABLESPACE', 'SUBSCRIPTION');
  switch (kind) {
    case 'DATABASE':
      return shared.createDatabase(words);
    case 'TABLESPACE':
      return shared.createTablespace(words);
    case 'SUBSCRIPTION':
      return shared.createSubscription(words);
    case '':
      return null;
    default:
      return createIndex(words, kind.startsWith('UNIQUE'));
  }
}

function drop(words: Words): StatementProbe | null {
  const kind = words.oneOf('INDEX CONCURRENTLY', 'DATABASE', 'TABLESPACE', 'SUBSCRIPTION');
  if (kind === '') return null;
  words.accept('IF EXISTS');
  if (kind === 'INDEX CONCURRENTLY') return dropIndex(words);
  const name = words.name();
  const state = shared.stateOf(kind, name);
  return { state, effect: `${state} = 'absent'`, repeatable: false };
}

function alter(words: Words): StatementProbe | null {
  switch (words.oneOf('SYSTEM', 'DATABASE', 'TABLE', 'TYPE', 'SUBSCRIPTION')) {
    // It writes what it is told, whatever stood there.
    case 'SYSTEM':
      return again;
    case 'DATABASE':
      return shared.moveDatabase(words);
    case 'TABLE':
      return detach(words);
    case 'TYPE':
      return addValue(words);
    case 'SUBSCRIPTION':
      words.name();
      return words.accept('REFRESH PUBLICATION') ? again : null;
    default:
      return null;
  }
}

const { quoteLiteral } = dialect;
const oid = (object: ObjectName): string => `to_regclass(${quoteLiteral(dialect.quoteTable(object))})`;

/** `ALTER TABLE parent DETACH PARTITION part CONCURRENTLY`, or FINALIZE. */
function detach(words: Words): StatementProbe | null {
  words.accept('IF EXISTS');
  words.accept('ONLY');
  const parent = words.object();
  if (!words.accept('DETACH PARTITION')) return null;
  const part = words.object();
  if (words.oneOf('CONCURRENTLY', 'FINALIZE') === '') return null;
  words.finish();
  const inherits = `FROM pg_inherits h WHERE h.inhrelid = ${oid(part)} AND h.inhparent = ${oid(parent)}`;
  // Servers before 14 have no such column.
  const state = `coalesce((SELECT CASE WHEN (to_jsonb(h) ->> 'inhdetachpending')::boolean THEN 'pending' ELSE 'attached' END ${inherits}), CASE WHEN ${oid(part)} IS NULL OR ${oid(parent)} IS NULL THEN 'absent' ELSE 'detached' END)`;
  return { state, effect: `${state} = 'detached'`, repeatable: false };
}

/** `ALTER TYPE t ADD VALUE 'v'`, which is usable only after the commit. */
function addValue(words: Words): StatementProbe | null {
  const type = words.object();
  if (!words.accept('ADD VALUE')) return null;
  const repeatable = words.accept('IF NOT EXISTS');
  const value = words.text();
  const place = words.oneOf('BEFORE', 'AFTER');
  const neighbour = place === '' ? null : words.text();
  words.finish();
  const values = `FROM pg_enum e WHERE e.enumtypid = to_regtype(${quoteLiteral(dialect.quoteTable(type))})`;
  const order = `(SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) ${values})`;
  const at = (label: string): string => `array_position(${order}, ${quoteLiteral(label)})`;
  const expected =
    neighbour === null ? `cardinality(${order})` : `${at(neighbour)} ${place === 'BEFORE' ? '-' : '+'} 1`;
  return {
    state: `coalesce(md5(${order}::text), 'absent')`,
    effect: `coalesce(${at(value)} = ${expected}, false)`,
    repeatable,
  };
}
