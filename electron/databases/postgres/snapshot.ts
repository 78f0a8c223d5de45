/** PostgreSQL's schema as objects, from the catalogue's own definitions. */
import type { SchemaObject, SchemaObjectKind } from '../../../shared/model/snapshot.ts';
import { inOrder } from '../../engine/compareSnapshots.ts';
import type { Row, Session, TableName } from '../../engine/ports.ts';
import { snapshotQuery } from './snapshotQuery.ts';

export async function readSnapshot(session: Session, except: readonly TableName[]): Promise<SchemaObject[]> {
  const [before] = await session.query(
    "SELECT current_setting('search_path') AS path, current_schema() AS schema, set_config('search_path', '', false)",
  );
  const names = except.map(({ schema, name }) => `${schema ?? String(before?.['schema'] ?? 'public')}.${name}`);
  try {
    const rows = await session.query(snapshotQuery, [arrayOf(names)]);
    return inOrder(rows.map(toObject));
  } finally {
    await session.query("SELECT set_config('search_path', $1, false)", [String(before?.['path'] ?? '')]);
  }
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
