// What Lockkeeper must never leave on a server: databases made to be thrown away, and the logins made for them.
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ServerKind, TestServer } from '../servers/model.ts';
import { SERVERS_SOCKET } from '../servers/shared.ts';

/** What to ask of the process that owns the shared servers. */
export const ASK_LEFTOVERS = 'leftovers';

const postgres = `SELECT 'database ' || datname AS what FROM pg_database WHERE datname ~ '^lockkeeper_(copy|test)_'
UNION ALL SELECT 'login ' || rolname FROM pg_roles WHERE rolname ~ '^lockkeeper_copy_' ORDER BY 1`;
const mariadb = `SELECT CONCAT('database ', SCHEMA_NAME) AS what FROM information_schema.SCHEMATA WHERE SCHEMA_NAME REGEXP '^lockkeeper_(copy|test)_'
UNION ALL SELECT CONCAT('login ', User) FROM mysql.user WHERE User REGEXP '^lockkeeper_copy_' ORDER BY 1`;

export async function leftoversOn(kind: ServerKind, server: Pick<TestServer, 'query'>): Promise<string[]> {
  const rows = await server.query(kind === 'mariadb' ? mariadb : postgres);
  return rows.map(({ what }) => `${kind}: ${String(what)}`);
}

/** On all servers that were started; empty where there are none. */
export async function allLeftovers(): Promise<readonly string[]> {
  const path = process.env[SERVERS_SOCKET];
  if (path === undefined) return [];
  return JSON.parse(await text(connect(path).end(ASK_LEFTOVERS))) as string[];
}
