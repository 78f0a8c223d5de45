/** What a statement changes, as an expression whose value can be compared before and after. */
import type { StatementProbe } from '../../engine/ports.ts';
import { withoutLeadingComments } from './comments.ts';
import { sqliteDialect } from './dialect.ts';

const name = /(?:"(?:[^"]|"")+"|`(?:[^`]|``)+`|\[[^\]]+\]|[\p{L}_][\p{L}\p{N}_$]*)/u.source;
const object = new RegExp(
  `^(?:CREATE|ALTER|DROP)\\s+(?:TEMP\\s+|TEMPORARY\\s+|UNIQUE\\s+|VIRTUAL\\s+)*(?:TABLE|INDEX|VIEW|TRIGGER)\\s+(?:IF\\s+(?:NOT\\s+)?EXISTS\\s+)?(?:${name}\\s*\\.\\s*)?(${name})(?:\\s+RENAME\\s+TO\\s+(${name}))?`,
  'iu',
);
const headerPragma = /^PRAGMA\s+(?:main\s*\.\s*)?(user_version|application_id|journal_mode|auto_vacuum)\s*[=(]/i;

function unquoted(written: string): string {
  const quote = written[0];
  if (quote === '[') return written.slice(1, -1);
  if (quote === '"' || quote === '`') return written.slice(1, -1).replaceAll(quote + quote, quote);
  return written;
}

/** Null for statements on rows: nothing cheap tells whether they happened. */
export function probe(statement: string): StatementProbe | null {
  const state = stateOf(statement);
  return state === null ? null : { state, effect: null, repeatable: false };
}

function stateOf(statement: string): string | null {
  const text = withoutLeadingComments(statement);
  const pragma = headerPragma.exec(text)?.[1]?.toLowerCase();
  if (pragma !== undefined) return `(SELECT ${pragma} FROM pragma_${pragma})`;
  const match = object.exec(text);
  if (match === null) return null;
  const names = match
    .slice(1)
    .flatMap((written) => (written === undefined ? [] : [sqliteDialect.quoteLiteral(unquoted(written))]));
  return (
    "(SELECT coalesce(group_concat(type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, ''), char(10)), '') " +
    `FROM (SELECT * FROM sqlite_schema WHERE name COLLATE NOCASE IN (${names.join(', ')}) OR tbl_name COLLATE NOCASE IN (${names.join(', ')}) ORDER BY type, name))`
  );
}
