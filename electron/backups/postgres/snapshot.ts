// A snapshot of the database that our session and pg_dump share: what is counted is what is dumped.
import type { Session } from '../../engine/ports.ts';

export interface Snapshot {
  /** For pg_dump's --snapshot. */
  readonly name: string;
  /** By the server's clock; ISO 8601 in UTC. */
  readonly moment: string;
}

/** Runs `work` while the snapshot is held, in a transaction that ends with it. */
export async function withSnapshot<T>(session: Session, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  let result: T;
  try {
    // A dump of hours leaves this transaction idle. (transaction_timeout exists from PostgreSQL 17 on.)
    await session.query(
      `SELECT set_config(name, '0', true) FROM pg_catalog.pg_settings WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')`,
    );
    result = await work(await exportSnapshot(session));
  } catch (error) {
    // The first failure tells more; a session that cannot even roll back is lost, which its next use tells.
    await session.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
  await session.query('ROLLBACK');
  return result;
}

async function exportSnapshot(session: Session): Promise<Snapshot> {
  const [row] = await session.query(
    `SELECT pg_export_snapshot() AS name, to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS moment`,
  );
  return { name: String(row?.['name']), moment: String(row?.['moment']) };
}
