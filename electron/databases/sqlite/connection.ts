/** Opening the file, with the settings that every session begins with. */
import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { sqliteDialect } from './dialect.ts';
import { faultFrom, openingFaultOf } from './faults.ts';
import type { OpenRequest } from './protocol.ts';

/** For good: SQLite takes its timeout as a 32-bit number of milliseconds. */
const withoutLimit = 0x7fffffff;

/** Milliseconds. */
export const busyTimeoutOf = ({ busyTimeoutMs }: OpenRequest): number =>
  busyTimeoutMs === 0 ? withoutLimit : busyTimeoutMs;

/** @throws {ServerFault} of a connecting kind. */
export function openDatabase(request: OpenRequest): Database.Database {
  let database: Database.Database | null = null;
  try {
    // A session that only reads opens for writing nevertheless: else a journal left by a crash could not be
    // rolled back, and nothing could be read.
    database = new Database(request.file, { fileMustExist: true, timeout: busyTimeoutOf(request) });
    database.defaultSafeIntegers(true);
    database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get();
    database.exec(
      `PRAGMA foreign_keys = OFF; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA query_only = ${request.readOnly ? 'ON' : 'OFF'}`,
    );
    return database;
  } catch (error) {
    database?.close();
    throw faultFrom(openingFaultOf(error));
  }
}

/** Of what is written to both files, a failure of power between the two leaves either one behind where they have WAL journals. */
export function attachFile(database: Database.Database, file: string, name: string): void {
  const quoted = sqliteDialect.quoteIdentifier(name);
  database.prepare(`ATTACH ? AS ${quoted}`).run(file);
  database.exec(`PRAGMA ${quoted}.synchronous = FULL`);
}

/** SQLite writes the file and a journal beside it. */
export function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    accessSync(dirname(file), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
