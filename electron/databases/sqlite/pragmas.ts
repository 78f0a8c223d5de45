/** Pragmas that SQLite ignores or refuses inside a transaction (sqlite.org/pragma.html; each is proved by a test). */
import { withoutLeadingComments } from './comments.ts';

const needing =
  /^PRAGMA\s+(?:[\w"`[\]]+\s*\.\s*)?(?:(?:foreign_keys|journal_mode|synchronous)\s*[=(]|wal_checkpoint\b)/i;

/** True for a statement that sets such a pragma: it must run before BEGIN to have an effect. */
export const pragmasThatNeedNoTransaction = (sql: string): boolean => needing.test(withoutLeadingComments(sql));

/** True for the one that is not even an error there: `foreign_keys` keeps its value in silence. */
export const isIgnoredInTransaction = (sql: string): boolean =>
  /^PRAGMA\s+(?:[\w"`[\]]+\s*\.\s*)?foreign_keys\s*[=(]/i.test(withoutLeadingComments(sql));
