/** Opening the file, with the settings that every session begins with. */
import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { sqliteDialect, timerFunctions } from './dialect.ts';
import { faultFrom, openingFaultOf } from './faults.ts';
import type { OpenRequest } from './protocol.ts';

/** For good: SQLite takes its timeout as a 32-bit number of milliseconds. */
const withoutLimit = 0x7fffffff;

/** @throws {ServerFault} of a connecting kind. */
export function openDatabase(request: OpenRequest): Database.Database {
  let database: Database.Database | null = null;
  try {
    // A session that only reads opens for writing nevertheless: else a journal left by a crash could not be
    // rolled back, and nothing could be read.
    const timeout = request.busyTimeoutMs === 0 ? withoutLimit : request.busyTimeoutMs;
    database = new Database(request.file, { fileMustExist: true, timeout });
    database.defaultSafeIntegers(true);
    database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get();
    database.exec(
      `PRAGMA foreign_keys = OFF; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA query_only = ${request.readOnly ? 'ON' : 'OFF'}`,
    );
    addTimer(database);
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

function addTimer(database: Database.Database): void {
  let startedAt = performance.now();
  database.function(timerFunctions.start, { directOnly: true }, () => {
    startedAt = performance.now();
    return null;
  });
  database.function(timerFunctions.elapsed, { directOnly: true }, () =>
    BigInt(Math.round(performance.now() - startedAt)),
  );
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
