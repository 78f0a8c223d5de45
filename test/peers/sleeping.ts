// A migration that lasts until it is woken, on servers that can end another session's statement.
import { expect } from 'vitest';
import type { PeerPlace } from './peer.ts';

type OnServer = Pick<PeerPlace, 'engine' | 'query'>;

const seconds = 600;

/** A statement without its semicolon. */
export const sleepingSql = ({ engine }: Pick<PeerPlace, 'engine'>): string =>
  engine === 'mariadb' ? `SELECT SLEEP(${seconds})` : `SELECT pg_sleep(${seconds})`;

export async function untilAsleep(place: OnServer): Promise<void> {
  await expect.poll(async () => (await sleepers(place)).length, { timeout: 30_000 }).toBe(1);
}

/** Ends the sleeper's session: its migration fails. */
export async function wake(place: OnServer): Promise<void> {
  for (const id of await sleepers(place))
    await place.query(place.engine === 'mariadb' ? `KILL ${id}` : `SELECT pg_terminate_backend(${id})`);
}

async function sleepers(place: OnServer): Promise<number[]> {
  const sql =
    place.engine === 'mariadb'
      ? `SELECT id FROM information_schema.processlist WHERE db = database() AND info LIKE '%SLEEP(${seconds})%' AND id <> connection_id()`
      : `SELECT pid AS id FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(${seconds})%' AND pid <> pg_backend_pid()`;
  return (await place.query(sql)).map((row) => Number(row['id']));
}
