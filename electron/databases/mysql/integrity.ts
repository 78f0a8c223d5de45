/** References to rows that are not there: MySQL and MariaDB never look at what was written with foreign_key_checks off. */
import { type Row, ServerFault, type Session } from '../../engine/ports.ts';
import type { IntegrityFinding } from '../integrity.ts';
import { mysqlDialect } from './dialect.ts';

const { quoteIdentifier } = mysqlDialect;

/** Rows of a table, as the server estimates, up to which it is read for this; and foreign keys looked at. */
const checkedRows = 20_000;
const mostKeys = 20;

// DATABASE() for both: with a schema that is not known beforehand the server opens the tables of all of them.
const keys = `
SELECT k.CONSTRAINT_NAME AS name, k.TABLE_NAME AS child, k.REFERENCED_TABLE_NAME AS parent,
       GROUP_CONCAT(k.COLUMN_NAME ORDER BY k.ORDINAL_POSITION SEPARATOR '\\n') AS columns_here,
       GROUP_CONCAT(k.REFERENCED_COLUMN_NAME ORDER BY k.ORDINAL_POSITION SEPARATOR '\\n') AS columns_there
  FROM information_schema.KEY_COLUMN_USAGE k
  JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = DATABASE() AND t.TABLE_NAME = k.TABLE_NAME
 WHERE k.TABLE_SCHEMA = DATABASE() AND k.REFERENCED_TABLE_SCHEMA = DATABASE() AND COALESCE(t.TABLE_ROWS, 0) <= ${checkedRows}
 GROUP BY k.CONSTRAINT_NAME, k.TABLE_NAME, k.REFERENCED_TABLE_NAME LIMIT ${mostKeys}`;

export async function findIntegrity(session: Session): Promise<IntegrityFinding[]> {
  const found = await Promise.all((await session.query(keys)).map((row) => findingOf(session, row)));
  return found.flatMap((finding) => finding ?? []);
}

async function findingOf(session: Session, row: Row): Promise<IntegrityFinding | null> {
  const [name, child, parent] = [String(row['name']), String(row['child']), String(row['parent'])];
  const here = String(row['columns_here']).split('\n').map(quoteIdentifier);
  const there = String(row['columns_there']).split('\n').map(quoteIdentifier);
  const rows = await dangling(
    session,
    `SELECT COUNT(*) AS found FROM ${quoteIdentifier(child)} c WHERE ${here.map((one) => `c.${one} IS NOT NULL`).join(' AND ')}
         AND NOT EXISTS (SELECT 1 FROM ${quoteIdentifier(parent)} p WHERE ${here.map((one, index) => `p.${there[index] ?? one} = c.${one}`).join(' AND ')})`,
  );
  if (rows === 0) return null;
  return {
    key: `reference ${child} ${name}`,
    message: `${rows} rows of ${child} refer to rows of ${parent} that are not there (${name}).`,
  };
}

/** What this account may not read is not found. */
async function dangling(session: Session, sql: string): Promise<number> {
  try {
    return Number((await session.query(sql))[0]?.['found'] ?? 0);
  } catch (error) {
    if (error instanceof ServerFault && error.kind !== 'connectionLost') return 0;
    throw error;
  }
}
