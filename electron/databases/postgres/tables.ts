import type { Session } from '../../engine/ports.ts';
import { type TableColumns, tablesFrom } from '../tables.ts';

const question = `
SELECT n.nspname AS table_schema, c.relname AS table_name, a.attname AS column_name
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.relnatts <= $1
   AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'lockkeeper')
 ORDER BY n.nspname, c.relname, a.attnum`;

export const readTables = async (session: Session, mostColumns: number): Promise<TableColumns[]> =>
  tablesFrom(await session.query(question, [mostColumns]), session);
