import type { Row, Session, TableName } from '../engine/ports.ts';

/** A table with the names of its columns in order. */
export interface TableColumns {
  readonly table: TableName;
  readonly columns: readonly string[];
}

/** Rows of `table_schema`, `table_name`, `column_name` in order; the connection's own schema is left out of the names. */
export function tablesFrom(rows: readonly Row[], { identity }: Session): TableColumns[] {
  const tables = new Map<string, { table: TableName; columns: string[] }>();
  for (const row of rows) {
    const [schema, name] = [row['table_schema'] ?? null, String(row['table_name'])];
    const key = JSON.stringify([schema, name]);
    const own = schema === null || schema === identity.schema;
    const found = tables.get(key) ?? { table: { schema: own ? null : String(schema), name }, columns: [] };
    found.columns.push(String(row['column_name']));
    tables.set(key, found);
  }
  return [...tables.values()];
}
