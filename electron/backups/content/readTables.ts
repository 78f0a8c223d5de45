// Rows of tables, counted and digested: digests do not depend on the order in which a server hands out rows.
import type { Session } from '../../engine/ports.ts';
import { type Countable, countAll } from '../countRows.ts';

/** Milliseconds for digests while a backup is taken; small tables first. */
export const DIGEST_BUDGET_MS = 20_000;

/** Rows a millisecond that a server digests at first guess; then it is measured. */
const FIRST_RATE = 100;

export interface DigestTable extends Countable {
  /** Answers one row: `found`, its rows, and `digest`, null for none. */
  readonly digestSql: string;
}

export interface TableRead {
  readonly table: string;
  readonly rows: number;
  /** Null: not digested. */
  readonly digest: string | null;
}

/** Which tables to digest: those of these names, or as many as the time is enough for. */
export type DigestChoice = ReadonlySet<string> | { readonly budgetMs: number };

/** `sessions`: which see the same rows; tables are shared out among them. @throws {ServerFault} */
export async function readTables(
  sessions: readonly [Session, ...Session[]],
  tables: readonly DigestTable[],
  choice: DigestChoice,
  signal: AbortSignal,
): Promise<TableRead[]> {
  const digested = new Map<string, TableRead>();
  const allowed = allowance(choice);
  const waiting = inOrder(tables, choice).values();
  const reading = sessions.map(async (session) => {
    for (const table of waiting) {
      signal.throwIfAborted();
      if (allowed(table, digested)) digested.set(table.table, await digestOf(session, table));
    }
  });
  // None may be asked on when this has returned.
  await Promise.allSettled(reading);
  await Promise.all(reading);
  signal.throwIfAborted();
  const counted = await countAll(
    sessions[0],
    tables.filter(({ table }) => !digested.has(table)),
  );
  return tables.map(
    ({ table }) => digested.get(table) ?? { table, rows: counted.get(table) ?? Number.NaN, digest: null },
  );
}

/** Large ones first end sooner on several sessions; small ones first are more where the time may not be enough. */
const inOrder = (tables: readonly DigestTable[], choice: DigestChoice): DigestTable[] =>
  tables.toSorted((a, b) => ('has' in choice ? b.estimate - a.estimate : a.estimate - b.estimate));

async function digestOf(session: Session, { table, digestSql }: DigestTable): Promise<TableRead> {
  const [row] = await session.query(digestSql);
  const digest = row?.['digest'] ?? null;
  return { table, rows: Number(row?.['found']), digest: digest === null ? '0' : String(digest) };
}

type Allowed = (table: DigestTable, digested: ReadonlyMap<string, TableRead>) => boolean;

function allowance(choice: DigestChoice): Allowed {
  if ('has' in choice) return ({ table }) => choice.has(table);
  const started = performance.now();
  return ({ estimate }, digested) => {
    const spent = performance.now() - started;
    const rows = digested.values().reduce((sum, read) => sum + read.rows, 0);
    // Many small tables tell nothing of how fast rows are read.
    const rate = rows > 100_000 ? rows / spent : FIRST_RATE;
    return spent + estimate / rate <= choice.budgetMs;
  };
}
