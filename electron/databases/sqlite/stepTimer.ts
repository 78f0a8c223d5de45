import type Database from 'better-sqlite3';
import { elapsedFunction } from './dialect.ts';

/** SQLite has no session variables to keep a start time in. */
export class StepTimer {
  #startedAt = performance.now();

  start(): void {
    this.#startedAt = performance.now();
  }

  addTo(database: Database.Database): void {
    database.function(elapsedFunction, { directOnly: true }, () =>
      BigInt(Math.round(performance.now() - this.#startedAt)),
    );
  }
}
