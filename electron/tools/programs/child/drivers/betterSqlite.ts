/** Stands in for the package `better-sqlite3`; what that one gives at once comes as a promise, which its caller awaits. */
import { givesRows, type Link } from './link.ts';

export function betterSqliteDriver(link: Link): object {
  class Database {
    prepare(sql: string) {
      return {
        reader: givesRows(sql),
        all: async (...values: readonly unknown[]) => (await link.query(this, sql, values)).rows,
        run: async (...values: readonly unknown[]) => {
          const { affectedRows } = await link.query(this, sql, values);
          const { rows } = await link.query(this, 'SELECT last_insert_rowid() AS id');
          return { changes: affectedRows ?? 0, lastInsertRowid: rows[0]?.['id'] ?? 0 };
        },
      };
    }
    async pragma(text: string): Promise<unknown> {
      // Settings of the connection are the session's: with its own, migrations run with foreign keys off.
      return text.includes('=') ? [] : (await link.query(this, `PRAGMA ${text}`)).rows;
    }
    close(): void {}
  }
  return Database;
}
