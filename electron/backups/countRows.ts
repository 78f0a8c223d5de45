// Rows of tables: counted where that is cheap, else what the server estimates.
import type { TableRows } from '../../shared/model/backup.ts';
import { ServerFault, type Session } from '../engine/ports.ts';

/** Rows that may be read for counting while a backup is taken or verified: a fraction of a second. */
export const COUNTED_ROWS = 1_000_000;

/** Tables counted by one question. */
const TOGETHER = 50;

/** A table as the catalogue names it, and as SQL does. */
export interface Countable {
  readonly table: string;
  readonly sql: string;
  readonly estimate: number;
}

/** Counts the smallest tables first, until about `budget` rows were read; the others keep their estimate. By name. */
export async function countWithin(
  session: Session,
  tables: readonly Countable[],
  budget: number,
): Promise<TableRows[]> {
  const smallest = tables.toSorted((a, b) => a.estimate - b.estimate);
  let left = budget;
  const affordable = smallest.filter(({ estimate }) => {
    left -= estimate;
    return left >= 0;
  });
  const counted = await countAll(session, affordable);
  return tables.map(({ table, estimate }): TableRows => {
    const rows = counted.get(table);
    return rows === undefined ? { table, rows: estimate, source: 'estimated' } : { table, rows, source: 'counted' };
  });
}

/** @throws {ServerFault} */
export async function countAll(session: Session, tables: readonly Countable[]): Promise<Map<string, number>> {
  const counted = new Map<string, number>();
  for (let first = 0; first < tables.length; first += TOGETHER) {
    const some = tables.slice(first, first + TOGETHER);
    const questions = some.map(({ sql }, index) => `SELECT ${index} AS place, (SELECT count(*) FROM ${sql}) AS found`);
    for (const row of await session.query(questions.join(' UNION ALL ')))
      counted.set(some[Number(row['place'])]?.table ?? '', Number(row['found']));
  }
  return counted;
}

/** Numbers of rows are a help, never a reason to fail: null where the server does not let us count. */
export async function orUnknown<T>(count: Promise<T>): Promise<T | null> {
  try {
    return await count;
  } catch (error) {
    if (error instanceof ServerFault) return null;
    throw error;
  }
}
