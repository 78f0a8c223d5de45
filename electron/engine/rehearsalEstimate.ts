/** How long a statement will take on the real tables, from what it took on smaller ones. Pure. */
import type { RehearsedStatement } from '../../shared/model/rehearsal.ts';
import type { TableSize } from './hazards.ts';

/** Bytes in a second that a server is taken to read and write where nothing was measured; a modest disk does more. */
const assumedBytesPerSecond = 50 * 1024 * 1024;

export interface EstimateFacts {
  /** Of the real database, by name in lower case. */
  readonly sizes: ReadonlyMap<string, TableSize>;
  /** Rows on the copy, by name in lower case without quotes. */
  readonly copied: ReadonlyMap<string, number>;
  /** Tables that a statement names, as written. */
  tablesOf(statement: string): readonly string[];
  changesRows(statement: string): boolean;
}

/** Milliseconds. What a statement does not read or write as a whole takes as long as it took. */
export function estimateOf(
  statements: readonly RehearsedStatement[],
  unlistedMs: number,
  facts: EstimateFacts,
): number {
  return Math.round(statements.reduce((sum, one) => sum + scaled(one, facts), unlistedMs));
}

function scaled(statement: RehearsedStatement, facts: EstimateFacts): number {
  const worked = worksThrough(statement, facts);
  return worked.reduce(
    (longest, table) => Math.max(longest, onTable(statement.durationMs, table, facts)),
    statement.durationMs,
  );
}

function worksThrough(statement: RehearsedStatement, { tablesOf, changesRows }: EstimateFacts): readonly string[] {
  const { rewritten, scanned, algorithm, text } = statement;
  const named = [...(rewritten ?? []), ...(scanned ?? [])];
  const copies = algorithm !== null && algorithm.algorithm !== 'INSTANT';
  return copies || changesRows(text) ? [...named, ...tablesOf(text)] : named;
}

function onTable(durationMs: number, table: string, { sizes, copied }: EstimateFacts): number {
  const size = found(sizes, table);
  if (size === undefined) return durationMs;
  const rows = found(copied, table) ?? 0;
  if (rows > 0 && size.rows !== null) return durationMs * Math.max(1, size.rows / rows);
  return durationMs + (size.bytes / assumedBytesPerSecond) * 1000;
}

/** Names are written with a schema or without it. */
function found<T>(map: ReadonlyMap<string, T>, table: string): T | undefined {
  const name = table.replaceAll(/["`]/g, '').toLowerCase();
  const direct = map.get(name);
  if (direct !== undefined) return direct;
  const last = name.slice(name.lastIndexOf('.') + 1);
  for (const [key, value] of map) if (key === last || key.endsWith(`.${last}`)) return value;
  return undefined;
}
