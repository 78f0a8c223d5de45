/**
 * Sessions open with foreign keys off, as a table can only be rebuilt so. What is not enforced is checked: a migration
 * may leave no more rows than it found that refer to others which do not exist (sqlite.org/pragma.html#pragma_foreign_key_check).
 */
import type Database from 'better-sqlite3';
import { ServerFault } from '../../engine/ports.ts';
import { withoutLeadingComments } from './comments.ts';

/** Rows told with a failure. */
const toldRows = 5;

/** Breaks no reference: it changes no row, and removes or renames no table. */
const harmless =
  /^(?:SELECT|VALUES|EXPLAIN|PRAGMA|ANALYZE|REINDEX|CREATE\s+(?:UNIQUE\s+)?INDEX|CREATE\s+(?:TEMP\s+|TEMPORARY\s+)?(?:VIEW|TRIGGER)|CREATE\s+TABLE\b(?!.*\bSELECT\b))\b/is;

const violations = 'SELECT "table" AS child, parent, count(*) AS rows FROM pragma_foreign_key_check GROUP BY 1, 2';
const rowsOf = 'SELECT rowid AS row FROM pragma_foreign_key_check WHERE "table" = ? AND parent = ? LIMIT ?';

type Broken = ReadonlyMap<string, { readonly child: string; readonly parent: string; readonly rows: number }>;

const total = (broken: Broken): number => broken.values().reduce((sum, { rows }) => sum + rows, 0);

export class References {
  readonly #database: Database.Database;
  /** What was broken before; null: not known, and nothing has happened that could break more. */
  #before: Broken | 'unknown' | null = null;
  /** SQLite's counter of what other connections commit. */
  #version: number | null = null;
  #changed = false;
  readonly #dataVersion: Database.Statement<[], number>;
  readonly #violations: Database.Statement<[], { child: string; parent: string; rows: bigint }>;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#dataVersion = database.prepare<[], number>('PRAGMA data_version').pluck().safeIntegers(false);
    this.#violations = database.prepare(violations);
  }

  /** Before every statement of a script. */
  before(sql: string): void {
    if (this.#changed || harmless.test(withoutLeadingComments(sql))) return;
    this.#changed = true;
    if (this.#before === null || this.#before === 'unknown' || this.#version !== this.#currentVersion())
      this.#before = this.#broken();
  }

  /** Why it could not be checked, in words; null when it could. @throws {ServerFault} kind `brokenReferences` */
  check(): string | null {
    if (!this.#changed) return null;
    const before = this.#before;
    const now = this.#broken();
    if (before === null || before === 'unknown' || now === 'unknown')
      return 'Whether every row refers to one that exists could not be checked: a foreign key refers to columns that are no key.';
    // Rows that were broken before keep being so under a table's new name.
    if (total(now) > total(before))
      for (const [name, { child, parent, rows }] of now) {
        const more = rows - (before.get(name)?.rows ?? 0);
        if (more > 0) throw this.#fault(child, parent, more);
      }
    this.#before = now;
    this.#version = this.#currentVersion();
    this.#changed = false;
    return null;
  }

  /** The transaction was rolled back: all is as it was before. */
  undone(): void {
    this.#changed = false;
  }

  /** SQLite refuses to check where a foreign key has no unique counterpart; writing is possible nevertheless. */
  #broken(): Broken | 'unknown' {
    try {
      return new Map(
        this.#violations
          .all()
          .map(({ child, parent, rows: count }) => [`${child}\0${parent}`, { child, parent, rows: Number(count) }]),
      );
    } catch (error) {
      if (error instanceof Error && /foreign key mismatch/i.test(error.message)) return 'unknown';
      throw error;
    }
  }

  #currentVersion(): number {
    return this.#dataVersion.get() ?? 0;
  }

  #fault(child: string, parent: string, more: number): ServerFault {
    const rows = this.#database
      .prepare<[string, string, number], bigint | null>(rowsOf)
      .pluck()
      .all(child, parent, toldRows)
      .filter((row) => row !== null);
    const which = rows.length === 0 ? '' : ` (rowid ${rows.join(', ')}${more > rows.length ? ' …' : ''})`;
    return new ServerFault(
      'brokenReferences',
      `${more} row${more === 1 ? '' : 's'} of ${child}${which} would refer to rows of ${parent} that do not exist.`,
    );
  }
}
