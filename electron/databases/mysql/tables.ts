import type { Session } from '../../engine/ports.ts';
import { type TableColumns, tablesFrom } from '../tables.ts';

const question = `
SELECT NULL AS table_schema, c.TABLE_NAME AS table_name, c.COLUMN_NAME AS column_name
  FROM information_schema.COLUMNS c JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
 WHERE c.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
 ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION`;

export const readTables = async (session: Session, mostColumns: number): Promise<TableColumns[]> =>
  tablesFrom(await session.query(question), session).filter(({ columns }) => columns.length <= mostColumns);
