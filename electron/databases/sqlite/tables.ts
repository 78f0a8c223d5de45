import type { Session } from '../../engine/ports.ts';
import { type TableColumns, tablesFrom } from '../tables.ts';

const question = `
SELECT NULL AS table_schema, t.name AS table_name, c.name AS column_name
  FROM main.sqlite_schema t, pragma_table_info(t.name, 'main') c
 WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
 ORDER BY t.name, c.cid`;

export const readTables = async (session: Session, mostColumns: number): Promise<TableColumns[]> =>
  tablesFrom(await session.query(question), session).filter(({ columns }) => columns.length <= mostColumns);
