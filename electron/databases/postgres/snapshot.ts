/** PostgreSQL's schema as objects, from the catalogue's own definitions. */
import type { SchemaObject, SchemaObjectKind } from '../../../shared/model/snapshot.ts';
import { inOrder } from '../../engine/compareSnapshots.ts';
import type { Row, Session, TableName } from '../../engine/ports.ts';
import { snapshotQuery } from './snapshotQuery.ts';

/**
 * The server keeps the settings meanwhile, so that all three travel together. Compiling the question (`jit`) would take
 * longer than answering it, whatever its estimated cost.
 */
const emptyPath = `SELECT set_config('lockkeeper.search_path', current_setting('search_path'), false), set_config('search_path', '', false),
 set_config('lockkeeper.jit', current_setting('jit'), false), set_config('jit', 'off', false)`;
const formerPath = `SELECT set_config('search_path', current_setting('lockkeeper.search_path'), false), set_config('jit', current_setting('lockkeeper.jit'), false)`;

export async function readSnapshot(session: Session, except: readonly TableName[]): Promise<SchemaObject[]> {
  const names = except.map(({ schema, name }) => `${schema ?? session.identity.schema ?? 'public'}.${name}`);
  const [, rows] = await Promise.all([
    session.query(emptyPath),
    session.query(snapshotQuery, [arrayOf(names)]),
    session.query(formerPath),
  ]);
  return inOrder(rows.map(toObject));
}

const toObject = (row: Row): SchemaObject => ({
  kind: String(row['kind']) as SchemaObjectKind,
  name: String(row['name']),
  table: row['table'] === null ? null : String(row['table']),
  facts: JSON.parse(String(row['facts'])) as Record<string, string>,
  create: row['create'] === null ? null : String(row['create']),
});

const arrayOf = (names: readonly string[]): string =>
  `{${names.map((name) => `"${name.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
