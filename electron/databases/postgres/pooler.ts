import type { Row } from '../../engine/ports.ts';

export interface Questioner {
  query(sql: string): Promise<readonly Row[]>;
}

/**
 * Does a proxy lend one server session to several connections? Such a proxy gives locks to two clients at once and
 * carries settings from one to the other.
 *
 * While a transaction is open on the second connection, a pool cannot lend that transaction's session to the first: the
 * first one is then served by another backend than before, or was served by the very one that the second has now.
 */
export async function detectPooler(first: Questioner, second: Questioner): Promise<boolean> {
  const before = await backendOf(first);
  await second.query('BEGIN');
  try {
    return (await backendOf(second)) === before || (await backendOf(first)) !== before;
  } finally {
    await second.query('ROLLBACK');
  }
}

async function backendOf(connection: Questioner): Promise<Row[string] | undefined> {
  const [row] = await connection.query('SELECT pg_backend_pid() AS pid');
  return row?.['pid'];
}
