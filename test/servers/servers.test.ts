import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect as connectTls } from 'node:tls';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { skipBecause } from '../setup/skip.ts';
import { startMariadb, startPostgres } from './index.ts';
import type { PrivateServer, ServerKind, TestServer } from './model.ts';
import { shared, unavailable } from './shared.ts';

interface Case {
  readonly kind: ServerKind;
  readonly version: RegExp;
  readonly start: () => Promise<PrivateServer>;
  /** Error code of the driver for a wrong password, and of a missing table. */
  readonly wrongPassword: string;
  readonly noTable: string;
}

const postgres = { wrongPassword: '28P01', noTable: '42P01' };
const cases: readonly Case[] = [
  { kind: 'postgres15', version: /PostgreSQL 15\./, start: () => startPostgres({ version: 15 }), ...postgres },
  { kind: 'postgres18', version: /PostgreSQL 18\./, start: () => startPostgres({ version: 18 }), ...postgres },
  {
    kind: 'mariadb',
    version: /-MariaDB/,
    start: startMariadb,
    wrongPassword: 'ER_ACCESS_DENIED_ERROR',
    noTable: 'ER_NO_SUCH_TABLE',
  },
];

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Connects over TLS with the driver, verifying the server as `host`; returns the cipher the server reports. */
async function cipherOf(server: TestServer, host: string): Promise<unknown> {
  const url = server.url().replace(server.host, host);
  const ssl = { ca: await readFile(server.tls.caFile, 'utf8') };
  if (server.kind === 'mariadb') {
    const connection = await mysql.createConnection({ uri: url, ssl: { ...ssl, verifyIdentity: true } });
    const [, values] = [await connection.query("SHOW STATUS LIKE 'Ssl_cipher'")].flat();
    await connection.end();
    return values;
  }
  const client = new pg.Client({ connectionString: url, ssl });
  await client.connect();
  const result = await client.query('SELECT cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
  await client.end();
  return result.rows[0]?.cipher;
}

describe.each(cases)('shared $kind', ({ kind, version, wrongPassword, noTable }) => {
  test('is the server it says, run by an unprivileged user, with durable settings', async (context) => {
    const reason = unavailable(kind);
    if (reason !== undefined) skipBecause(context, reason);
    const server = await shared(kind);
    const [row] = await server.query('SELECT version() AS version');
    expect(row?.['version']).toMatch(version);
    const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\s+[1-9]/m);
    const setting = kind === 'mariadb' ? '@@innodb_flush_log_at_trx_commit' : "current_setting('fsync')";
    expect(await server.query(`SELECT ${setting} AS durable`)).toEqual([{ durable: kind === 'mariadb' ? 1 : 'on' }]);
  });
});
