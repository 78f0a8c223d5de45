/** What migrations.py does to a script before it runs and hashes it. */

export const writtenPrefix = 'guest_reg_';

/** The table prefix that a history table's name shows: it is always `<prefix>migrations`. Null when it is not. */
export function prefixOf(historyTable: string | null): string | null {
  if (historyTable === null) return writtenPrefix;
  return historyTable.endsWith('migrations') ? historyTable.slice(0, -'migrations'.length) : null;
}

/** Puts the prefix of this installation's tables in; on SQLite also what _convert_to_sqlite_syntax rewrites. */
export function translate(sql: string, prefix: string, sqlite: boolean): string {
  const prefixed = sql.replaceAll(writtenPrefix, prefix);
  return sqlite
    ? sqliteRewrites.reduce((text, [search, replacement]) => text.replace(search, replacement), prefixed)
    : prefixed;
}

/** In its order. */
const sqliteRewrites: readonly (readonly [RegExp, string])[] = [
  [/SERIAL PRIMARY KEY/g, 'INTEGER PRIMARY KEY AUTOINCREMENT'],
  [/(ALTER TABLE \w+ ADD COLUMN) IF NOT EXISTS/g, '$1'],
  [/ON CONFLICT DO NOTHING/g, ''],
  [/ALTER TABLE \w+ ALTER COLUMN \w+ SET NOT NULL;?/g, ''],
  [/ALTER TABLE \w+ DROP COLUMN IF EXISTS \w+;?/g, ''],
  [/(BOOLEAN DEFAULT) TRUE/g, '$1 1'],
  [/(BOOLEAN DEFAULT) FALSE/g, '$1 0'],
];
