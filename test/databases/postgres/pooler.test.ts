// Against a real PgBouncer in front of a real server.
import pg from 'pg';
import { expect, test } from 'vitest';
import { detectPooler } from '../../../electron/databases/postgres/pooler.ts';
import type { TlsMode } from '../../../shared/model/environment.ts';
import { faultOf } from '../../conformance/sessions.ts';
import { postgres15 } from '../../servers/index.ts';
import { startPooler } from '../../servers/pooler.ts';
import { openUrl } from './support.ts';

/** A plain connection, as one that a pooler does not refuse at once. */
async function plainConnection(
  url: string,
): Promise<AsyncDisposable & { query(sql: string): Promise<Record<string, number>[]> }> {
  const client = new pg.Client(url);
  await client.connect();
  return {
    query: async (sql) => (await client.query<Record<string, number>>(sql)).rows,
    [Symbol.asyncDispose]: () => client.end(),
  };
}

test('a pooler that knows no start-up settings is refused, with the remedy', async (context) => {
  const server = await postgres15();
  await using pooler = await startPooler(context, server, { pool_mode: 'transaction' });
  await using database = await server.createDatabase();
  const fault = await faultOf(openUrl(pooler.url(database)));
  expect(fault.kind).toBe('pooler');
  expect(fault.message).toMatch(/pooler .* address of the server itself/);
});

test('a pooler that drops start-up settings is refused', async (context) => {
  const server = await postgres15();
  await using pooler = await startPooler(context, server, {
    pool_mode: 'session',
    ignore_startup_parameters: 'options',
  });
  await using database = await server.createDatabase();
  expect(await faultOf(openUrl(pooler.url(database)))).toMatchObject({
    kind: 'pooler',
    detail: expect.stringContaining('settings'),
  });
});

test('sessions lent by the transaction are detected', async (context) => {
  const server = await postgres15();
  await using pooler = await startPooler(context, server, { pool_mode: 'transaction' });
  await using database = await server.createDatabase();
  await using first = await plainConnection(pooler.url(database));
  await using second = await plainConnection(pooler.url(database));
  expect(await detectPooler(first, second)).toBe(true);
});

test('sessions kept by a pooler, and sessions without one, are not suspected', async (context) => {
  const server = await postgres15();
  await using pooler = await startPooler(context, server, { pool_mode: 'session' });
  await using database = await server.createDatabase();
  for (const url of [pooler.url(database), database.url]) {
    await using first = await plainConnection(url);
    await using second = await plainConnection(url);
    expect(await detectPooler(first, second)).toBe(false);
  }
});

test('where TLS is not offered, preferring it goes on without, and requiring it fails', async (context) => {
  const server = await postgres15();
  await using pooler = await startPooler(context, server, { pool_mode: 'session' });
  await using database = await server.createDatabase();
  const kindWith = async (tls: TlsMode) => (await faultOf(openUrl(pooler.url(database), { connection: { tls } }))).kind;
  // It is refused as a pooler only after it let us in.
  expect(await kindWith('prefer')).toBe('pooler');
  expect(await kindWith('require')).toBe('tls');
});
