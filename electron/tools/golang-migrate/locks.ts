/** golang-migrate's locks (database/util.go, database/postgres, database/mysql): one number for database and table. */
import { crc32 } from 'node:zlib';
import type { Session } from '../../engine/ports.ts';

/** advisoryLockIDSalt */
const salt = 1_486_364_155n;

/** GenerateAdvisoryLockId: the checksum times a constant, in 32 bits. */
export const lockNumber = (...parts: readonly string[]): bigint =>
  BigInt.asUintN(32, BigInt(crc32(parts.join('\0'))) * salt);

/**
 * PostgreSQL: its command line takes the database's name from the URL's path with the slash; programs that use it as a
 * library without. Versions before 4.15 left out the table, before 4.2 the schema.
 */
export function postgresKeys(database: string, schema: string, table: string): bigint[] {
  const names = [`/${database}`, database];
  const keys = names.flatMap((name) => [lockNumber(schema, table, name), lockNumber(schema, name), lockNumber(name)]);
  return [...new Set(keys)];
}

export const mysqlName = (database: string, table: string): string => String(lockNumber(`${database}:${table}`));

export async function currentPlaces(session: Session): Promise<{ database: string; schema: string }> {
  const [row] = await session.query('SELECT current_database() AS database, current_schema() AS schema');
  return { database: String(row?.['database'] ?? ''), schema: String(row?.['schema'] ?? '') };
}
