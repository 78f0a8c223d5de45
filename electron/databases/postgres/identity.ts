// Who and what a fresh session really reached, in one question.
import type pg from 'pg';
import pgModule from 'pg';
import { type Capabilities, ServerFault, type ServerIdentity } from '../../engine/ports.ts';
import { type Product, productOf } from './products.ts';
import { marker } from './settings.ts';

export const oldestVersion = 12;

export interface Reached {
  readonly identity: ServerIdentity;
  /** Process id of the server's backend. */
  readonly pid: number;
  readonly majorVersion: number;
  readonly positionsCount: 'characters' | 'bytes';
  readonly capabilities: Capabilities;
  /** False: something between dropped our start-up settings. */
  readonly settingsArrived: boolean;
}

/**
 * The system identifier is made with the cluster and the same however it is reached; a database's oid is unique in its
 * cluster and survives renaming. A physical copy (standby, restored base backup) has the same identity as its original:
 * it gets at least the original's protection. Address and port would not do: a server has several.
 */
const systemIdentifier = '(SELECT system_identifier::text FROM pg_control_system())';

/**
 * Where pg_control_system() is not allowed. Still the same however the server is reached, but only until it restarts.
 */
const startIdentifier = "(extract(epoch FROM pg_postmaster_start_time())::text || ':' || current_setting('port'))";

/** Where there is no cluster to ask of (CockroachDB, which tells its own). */
const clusterIdentifier = '(SELECT crdb_internal.cluster_id()::text)';

/** What the view pg_stat_activity is made of, without the names of databases and roles, which take half of its time. */
const ownActivity = 'pg_stat_get_activity(pg_backend_pid())';

/** Where there is no such function. */
const ownActivityInView = 'pg_stat_activity WHERE pid = pg_backend_pid()';

const question = (serverIdentifier: string, activity = ownActivity): string => `
  SELECT current_setting('server_version_num')::int AS version_number, current_setting('server_version') AS version,
    version() AS product, current_database() AS database, current_schema() AS schema, session_user AS "user", pg_backend_pid() AS pid,
    (SELECT to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
       FROM ${activity}) AS backend_start,
    ${serverIdentifier} || '/' || (SELECT oid FROM pg_database WHERE datname = current_database()) AS id,
    pg_is_in_recovery() AS standby, current_setting('default_transaction_read_only') = 'on' AS read_only_default,
    current_setting('server_encoding') AS encoding, current_setting('${marker}', true) AS marker,
    current_setting('yb_ddl_transaction_block_enabled', true) AS ddl_blocks`;

interface Answer {
  readonly version_number: number;
  readonly version: string;
  readonly product: string;
  readonly database: string;
  readonly schema: string | null;
  readonly user: string;
  readonly pid: number;
  readonly backend_start: string | null;
  readonly id: string;
  readonly standby: boolean;
  readonly read_only_default: boolean;
  readonly encoding: string;
  readonly marker: string | null;
  /** YugabyteDB's; null elsewhere. */
  readonly ddl_blocks: string | null;
}

/** A question that is given up after a time; `pg` knows the option, its types do not. */
export const withTimeout = (text: string, timeoutMs: number): pg.QueryConfig => ({
  text,
  ...{ query_timeout: timeoutMs },
});

/** @param readOnly the session asked for read-only transactions itself, which says nothing of the server. */
export async function readIdentity(client: pg.Client, readOnly: boolean, timeoutMs: number): Promise<Reached> {
  const answer = await ask(client, timeoutMs);
  const found = productOf(answer.product, answer.ddl_blocks === 'on');
  const product = requireSupported(found, answer);
  return {
    capabilities: product.capabilities,
    identity: {
      product: product.name,
      version: product.version ?? answer.version.split(' ')[0] ?? answer.version,
      id: `postgres:${answer.id}`,
      database: answer.database,
      schema: answer.schema,
      user: answer.user,
      backend: backendName(answer.pid, answer.backend_start),
      readOnly: answer.standby || (answer.read_only_default && !readOnly),
    },
    pid: answer.pid,
    majorVersion: Math.floor(answer.version_number / 10_000),
    // A database of encoding SQL_ASCII does not know characters.
    positionsCount: answer.encoding === 'SQL_ASCII' ? 'bytes' : 'characters',
    settingsArrived: answer.marker === '1',
  };
}

export const backendName = (pid: number, start: string | null): string =>
  start === null ? String(pid) : `${pid} since ${start}`;

/** Rights, and functions that a compatible product has not got, are found out by asking. */
async function ask(client: pg.Client, timeoutMs: number): Promise<Answer> {
  try {
    return await first(client, question(systemIdentifier), timeoutMs);
  } catch (error) {
    if (!(error instanceof pgModule.DatabaseError)) throw error;
    if (error.code === '42501') return first(client, question(startIdentifier), timeoutMs);
    const isUnknown = error.code === '42883' || error.code === '42P01' || error.code === '0A000';
    if (!isUnknown) throw error;
    return first(client, question(clusterIdentifier, ownActivityInView), timeoutMs);
  }
}

async function first(client: pg.Client, text: string, timeoutMs: number): Promise<Answer> {
  const { rows } = await client.query<Answer>(withTimeout(text, timeoutMs));
  const [row] = rows;
  if (row === undefined) throw new ServerFault('unsupportedServer', 'The server did not answer who it is.');
  return row;
}

function requireSupported(found: Product | null, { product, version, version_number: number }: Answer): Product {
  // Servers that speak PostgreSQL's protocol, but of whose locks and transactions nothing is known.
  if (found === null) throw new ServerFault('unsupportedServer', `The server is no PostgreSQL: ${product}.`);
  if (found.name === 'PostgreSQL' && number < oldestVersion * 10_000)
    throw new ServerFault(
      'unsupportedServer',
      `The server is PostgreSQL ${version}; version ${oldestVersion} or later is needed.`,
    );
  return found;
}
