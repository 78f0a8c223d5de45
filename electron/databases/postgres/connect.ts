import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import { type Row, ServerFault, type Session } from '../../engine/ports.ts';
import { type BeatConnection, Lease, type LeaseTiming, usualTiming } from '../common/lease.ts';
import type { RunnerLocks } from '../common/runnerLocks.ts';
import { tlsOptions } from '../common/tls.ts';
import type { Limits, SessionOptions } from '../driver.ts';
import { AdvisoryLocks } from './advisoryLocks.ts';
import { deriveKeysOnce } from './derivedKeys.ts';
import { connectFault, noTls, poolerFault } from './faults.ts';
import { type Reached, readIdentity, withTimeout } from './identity.ts';
import { leaseSql } from './lease.ts';
import { detectPooler, type Questioner } from './pooler.ts';
import { PostgresSession } from './session.ts';
import { clientConfig } from './settings.ts';

deriveKeysOnce();

/** An authenticated connection, not yet known to be the right one. */
interface Opened {
  readonly client: pg.Client;
  readonly tls: ConnectionOptions | null;
  /** Settings the server reports by itself, as they are now. */
  readonly reported: ReadonlyMap<string, string>;
}

/** What `pg` leaves out of its types. */
interface BackendKey {
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/** @throws {ServerFault} of a connecting kind. */
export async function connect(
  connection: NetworkConnection,
  options: SessionOptions,
  limits: Limits = {},
): Promise<Session> {
  const opened = await open(connection, options);
  try {
    const found = await verify(opened, connection, options);
    const reached = { ...found, capabilities: { ...found.capabilities, ...limits.capabilities } };
    const cancelTarget = {
      host: connection.host,
      port: connection.port,
      ...backendKey(opened.client),
      ...(connection.ssh === undefined ? {} : { ssh: connection.ssh }),
      tls: opened.tls,
      timeoutMs: options.connectTimeoutMs,
    };
    return new PostgresSession(opened.client, reached, opened.reported, cancelTarget, (session) =>
      locksOf(session, () => openBeat(connection, options), limits.lease ?? usualTiming),
    );
  } catch (error) {
    await opened.client.end();
    throw connectFault(error, connection);
  }
}

function locksOf(session: Session, openBeat: () => Promise<BeatConnection>, timing: LeaseTiming): RunnerLocks {
  const query: Session['query'] = (sql, parameters) => session.query(sql, parameters);
  if (session.capabilities.runnerLock === 'session') return new AdvisoryLocks(query);
  const stop = () => void session.cancel().catch(() => undefined);
  return new Lease({ sql: leaseSql, timing, query, openBeat, stop });
}

async function openBeat(connection: NetworkConnection, options: SessionOptions): Promise<BeatConnection> {
  const { client } = await open(connection, { ...options, readOnly: false });
  return {
    query: async (text, values = []) =>
      (await client.query<Row>({ ...withTimeout(text, options.connectTimeoutMs), values: [...values] })).rows,
    close: () => client.end().catch(() => undefined),
  };
}

async function open(connection: NetworkConnection, options: SessionOptions): Promise<Opened> {
  const tls = await tlsOptions(connection);
  try {
    return await openWatching(connection, options, tls);
  } catch (error) {
    if (connection.tls !== 'prefer' || tls === null || !failedByTls(error, connection))
      throw connectFault(error, connection);
  }
  try {
    return await openWatching(connection, options, null);
  } catch (error) {
    throw connectFault(error, connection);
  }
}

const failedByTls = (error: unknown, connection: NetworkConnection): boolean =>
  noTls(error) || connectFault(error, connection).kind === 'tls';

async function openWatching(
  connection: NetworkConnection,
  options: SessionOptions,
  tls: ConnectionOptions | null,
): Promise<Opened> {
  try {
    return await openOnce(clientConfig(connection, options, tls ?? false, true), tls);
  } catch (error) {
    // Unknown before PostgreSQL 14 (42704); refused where the server's system cannot watch a socket (22023).
    const refused = error instanceof pg.DatabaseError && (error.code === '42704' || error.code === '22023');
    if (!refused) throw error;
    return openOnce(clientConfig(connection, options, tls ?? false, false), tls);
  }
}

async function openOnce(config: pg.ClientConfig, tls: ConnectionOptions | null): Promise<Opened> {
  const client = new pg.Client(config);
  // A connection that breaks while idle says so here only; the next message finds out by itself.
  client.on('error', () => undefined);
  const reported = new Map<string, string>();
  client.connection.on('parameterStatus', (message: { parameterName: string; parameterValue: string }) => {
    reported.set(message.parameterName, message.parameterValue);
  });
  try {
    await client.connect();
  } catch (error) {
    // The client leaves the socket open when it gives up by itself, for example without a password.
    client.connection.stream.destroy();
    throw error;
  }
  return { client, tls, reported };
}

async function verify({ client }: Opened, connection: NetworkConnection, options: SessionOptions): Promise<Reached> {
  const reached = await readIdentity(client, options.readOnly, options.connectTimeoutMs);
  const { database } = reached.identity;
  if (!reached.settingsArrived)
    throw poolerFault(placeOf(connection), { detail: 'It dropped the session settings given at the start.' });
  if (database !== connection.database) {
    throw new ServerFault(
      'noDatabase',
      `The connection leads to the database ${database}, not to ${connection.database}.`,
    );
  }
  // A proxy gives its clients keys of its own.
  if (reached.pid !== backendKey(client).pid) await refusePooling(client, connection, options);
  return reached;
}

/** A proxy that keeps one server session per connection is harmless; what cannot be proven is refused. */
async function refusePooling(client: pg.Client, connection: NetworkConnection, options: SessionOptions): Promise<void> {
  const { client: second } = await open(connection, options);
  try {
    if (await detectPooler(questioner(client, options), questioner(second, options)))
      throw poolerFault(placeOf(connection));
  } finally {
    await second.end();
  }
}

const questioner = (client: pg.Client, { connectTimeoutMs }: SessionOptions): Questioner => ({
  query: async (sql) => (await client.query<Record<string, string | number>>(withTimeout(sql, connectTimeoutMs))).rows,
});

const placeOf = ({ host, port }: NetworkConnection): string => `${host}:${port}`;

function backendKey(client: pg.Client): { readonly pid: number; readonly secretKey: number } {
  const { processID, secretKey } = client as pg.Client & BackendKey;
  return { pid: processID ?? 0, secretKey: secretKey ?? 0 };
}
