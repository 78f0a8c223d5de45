import { createHash } from 'node:crypto';
import { createConnection as createSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions, Connection as MysqlConnection, SslOptions } from 'mysql2';
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { Row, ServerIdentity, Session } from '../../engine/ports.ts';
import { ServerFault } from '../../engine/ports.ts';
import { openTunnel } from '../../tunnels/tunnelStream.ts';
import { type BeatConnection, Lease, type LeaseTiming, usualTiming } from '../common/lease.ts';
import { noLocks, type RunnerLocks } from '../common/runnerLocks.ts';
import { tlsOptions } from '../common/tls.ts';
import type { Limits, SessionOptions } from '../driver.ts';
import { askWire } from './askWire.ts';
import { keepSettings } from './control.ts';
import { connectingFault } from './faults.ts';
import { leaseSql } from './lease.ts';
import { NamedLocks } from './namedLocks.ts';
import { maxMessageBytes, type Product, productOf } from './products.ts';
import { MysqlSession } from './session.ts';
import { type Column, typedValue } from './values.ts';
import { silent, Wire } from './wire.ts';

/** Milliseconds of silence after which the operating system asks whether the other side is still there. */
const keepAliveAfter = 10_000;
/** A year, the longest that both servers accept, in seconds. */
const longest = 31_536_000;

/** Opens a session. @throws {ServerFault} of a connecting kind. */
export async function connect(
  connection: NetworkConnection,
  options: SessionOptions,
  limits: Limits = {},
): Promise<MysqlSession> {
  const deadline = AbortSignal.timeout(Math.max(1, options.connectTimeoutMs));
  const wire = await open(connection, options);
  const expire = () => wire.abandon(new ServerFault('unreachable', 'The server did not answer in time.'));
  deadline.addEventListener('abort', expire);
  try {
    return await begin(wire, connection, options, limits);
  } catch (error) {
    await wire.close(0);
    throw connectingFault(error);
  } finally {
    deadline.removeEventListener('abort', expire);
  }
}

/** A connection that has been let in. */
async function open(connection: NetworkConnection, options: SessionOptions): Promise<Wire> {
  const tls = await tlsOptions(connection);
  const ssl: SslOptions | undefined = tls === null ? undefined : sslOptions(connection, tls);
  try {
    return await attempt(connection, options, ssl);
  } catch (error) {
    const fault = connectingFault(error);
    if (connection.tls !== 'prefer' || fault.kind !== 'tls') throw fault;
  }
  return await attempt(connection, options, undefined).catch((error: unknown) => {
    throw connectingFault(error);
  });
}

function sslOptions(
  connection: NetworkConnection,
  tls: { rejectUnauthorized?: boolean | undefined; ca?: unknown; cert?: unknown; key?: unknown },
): SslOptions {
  const options: SslOptions = {
    rejectUnauthorized: tls.rejectUnauthorized ?? true,
    verifyIdentity: connection.tls === 'verify-full',
  };
  if (typeof tls.ca === 'string') options.ca = tls.ca;
  if (typeof tls.cert === 'string') options.cert = tls.cert;
  if (typeof tls.key === 'string') options.key = tls.key;
  return options;
}

async function attempt(
  connection: NetworkConnection,
  options: SessionOptions,
  ssl: SslOptions | undefined,
): Promise<Wire> {
  const { createConnection } = await import('mysql2');
  const settings: ConnectionOptions = {
    host: connection.host,
    stream: () => openSocket(connection),
    user: connection.user,
    database: connection.database,
    connectTimeout: Math.max(1, options.connectTimeoutMs),
    multipleStatements: true,
    charset: 'utf8mb4',
    // The server chooses column names; without this the library compiles them into code.
    disableEval: true,
    // None is prepared; the library makes room for 16,000 of each connection.
    maxPreparedStatements: 1,
    connectAttributes: { program_name: options.applicationName },
    // LOCAL_FILES would let the server ask for any file of this computer. The others, which the library sets, make
    // a server parse (IGNORE_SPACE) or count (FOUND_ROWS) otherwise than for its own client.
    flags: ['-LOCAL_FILES', '-IGNORE_SPACE', '-FOUND_ROWS', '-ODBC'],
    ...(options.password === null ? {} : { password: options.password }),
    ...(ssl === undefined ? {} : { ssl }),
  };
  const raw = createConnection(settings);
  await connected(raw);
  return new Wire(raw);
}

function openSocket(connection: NetworkConnection): Duplex {
  const { host } = connection;
  const socket = connection.ssh === undefined ? plainSocket(connection) : openTunnel(connection.ssh, connection);
  // The library gives TLS no host that is an address, and Node would then take a certificate for `localhost`. Node
  // falls back to this property of the socket first (lib/_tls_wrap.js), and sets it itself only for names.
  return Object.assign(socket, { _host: host });
}

const plainSocket = ({ host, port }: NetworkConnection): Duplex =>
  createSocket(
    host.startsWith('/')
      ? { path: host }
      : { host, port, keepAlive: true, keepAliveInitialDelay: keepAliveAfter, noDelay: true },
  );

function connected(raw: MysqlConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    // A second error may follow the first, and nobody else listens yet.
    raw.on('error', (error: unknown) => {
      raw.destroy();
      reject(error);
    });
    raw.on('connect', () => resolve());
  });
}

/** Everything that a session needs to know and to set, in one round trip. */
async function begin(
  wire: Wire,
  connection: NetworkConnection,
  options: SessionOptions,
  limits: Limits,
): Promise<MysqlSession> {
  const facts = await readFacts(wire, setup(options));
  const product = supportedProduct(facts);
  if (facts.database_name === null) throw new ServerFault('noDatabase', 'No database was named.');
  // What another node has committed is seen by every statement, as on one server.
  if (product.cluster === 'Galera') await wire.exchange('SET SESSION wsrep_sync_wait = 15', silent);
  const openAnother = () => openBeside(facts, connection, options);
  return new MysqlSession({
    wire,
    identity: identityOf(facts, product),
    capabilities: { ...product.capabilities, ...limits.capabilities },
    locksOf: (session) => locksOf(session, openAnother, limits.lease ?? usualTiming),
    connectionId: Number(facts.connectionId),
    maxPacket: Number(facts.maxPacket),
    // Half, because what the server makes of a message may be longer than the message.
    maxMessage: Math.min(maxMessageBytes, Math.floor(Number(facts.maxPacket) / 2)),
    openAnother,
  });
}

function locksOf(session: Session, openAnother: () => Promise<Wire>, timing: LeaseTiming): RunnerLocks {
  const { identity, capabilities } = session;
  if (capabilities.runnerLock === 'session') return new NamedLocks(session);
  if (capabilities.runnerLock === 'none')
    return noLocks(
      identity.product,
      'connect to the MySQL server of its keyspace, or give the change to its own schema migrations.',
    );
  return new Lease({
    sql: leaseSql(identity.database),
    timing,
    query: (sql, parameters) => session.query(sql, parameters),
    openBeat: async () => beatOf(await openAnother()),
    stop: () => void session.cancel().catch(() => undefined),
  });
}

/** Milliseconds the server has to take leave. */
const closeTimeout = 2000;

const beatOf = (wire: Wire): BeatConnection => ({
  query: (sql, parameters) => askWire(wire, sql, parameters),
  close: () => wire.close(closeTimeout),
});

/** Another connection to the same server. @throws {ServerFault} kind `unreachable` when a proxy leads elsewhere: numbers of connections are a server's own. */
async function openBeside(facts: Row, connection: NetworkConnection, options: SessionOptions): Promise<Wire> {
  const wire = await open(connection, options);
  try {
    const found = await readFacts(wire, [serverFacts]);
    if (nodeOf(found) === nodeOf(facts)) return wire;
    throw new ServerFault('unreachable', 'A second connection led to another server: a proxy stands in front.');
  } catch (error) {
    await wire.close(0);
    throw error;
  }
}

const serverFacts =
  "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_uuid', 'server_uid', 'server_id', 'hostname', 'port', 'datadir', 'super_read_only', 'lower_case_table_names', 'wsrep_on', 'group_replication_single_primary_mode', 'group_replication_group_name')";

// MariaDB's server_uid is made of a network address and a port only, and old versions have none.
const nodeOf = (facts: Row): string =>
  String(
    facts.server_uuid ?? [facts.server_uid, facts.server_id, facts.hostname, facts.port, facts.datadir].join('\n'),
  );

/** All nodes of a cluster are one server: the same database whichever of them is reached. */
const serverOf = (facts: Row, { cluster }: Product): string => {
  const id = cluster === 'Galera' ? facts.wsrep_cluster_state_uuid : facts.group_replication_group_name;
  return cluster === undefined || id === undefined || id === null ? nodeOf(facts) : `${cluster}\n${id}`;
};

function setup({ lockTimeoutMs, readOnly }: SessionOptions): string[] {
  const lockSeconds = lockTimeoutMs === 0 ? longest : Math.max(1, Math.ceil(lockTimeoutMs / 1000));
  return [
    `SELECT VERSION() AS version, DATABASE() AS database_name, CURRENT_USER() AS user, CONNECTION_ID() AS connectionId,
 @@max_allowed_packet AS maxPacket, @@global.read_only AS readOnly, UNIX_TIMESTAMP() AS now`,
    serverFacts,
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('Uptime', 'wsrep_cluster_state_uuid')",
    // The library would change the encoding of what it sends when a script changes that of what the server reads.
    "SET SESSION session_track_system_variables = ''",
    // With the server's own collation for utf8mb4, which the library does not know.
    'SET NAMES utf8mb4',
    `SET SESSION wait_timeout = ${longest}, lock_wait_timeout = ${lockSeconds}, innodb_lock_wait_timeout = ${lockSeconds}`,
    ...(readOnly ? ['SET SESSION TRANSACTION READ ONLY'] : []),
    keepSettings,
  ];
}

/** The first row of the first answer, and the name-value rows of the others. A failure after the first is judged by its facts. */
async function readFacts(wire: Wire, statements: readonly string[]): Promise<Row> {
  const facts: Record<string, Row[string]> = {};
  let columns: readonly Column[] = [];
  try {
    await wire.exchange(statements.join(';\n'), {
      done: () => undefined,
      columns: (found) => {
        columns = found;
      },
      row: (cells) => {
        const values = cells.map((cell, index) =>
          typedValue(cell, columns[index] ?? { name: '', type: 0, characterSet: 0 }),
        );
        if (columns[0]?.name === 'Variable_name') facts[String(values[0])] = values[1] ?? null;
        else for (const [index, { name }] of columns.entries()) facts[name] = values[index] ?? null;
      },
      rowsEnd: () => undefined,
    });
  } catch (error) {
    if (typeof facts.version === 'string') supportedProduct(facts);
    throw error;
  }
  return facts;
}

/** @throws {ServerFault} kind `unsupportedServer` */
function supportedProduct(facts: Row): Product {
  const version = String(facts.version);
  const product = productOf({
    version,
    wsrepOn: isOn(facts.wsrep_on),
    multiPrimary: facts.group_replication_single_primary_mode === 'OFF' && isNamed(facts.group_replication_group_name),
  });
  if (product.least.reached) return product;
  throw new ServerFault(
    'unsupportedServer',
    `${product.name} ${version} is older than ${product.least.version}, the oldest that is supported.`,
  );
}

const isNamed = (value: Row[string] | undefined): boolean => typeof value === 'string' && value !== '';

function identityOf(facts: Row, product: Product): ServerIdentity {
  const database = String(facts.database_name);
  const name = facts.lower_case_table_names === '0' ? database : database.toLowerCase();
  const started = new Date((Number(facts.now) - Number(facts.Uptime)) * 1000).toISOString().replace('.000', '');
  return {
    product: product.name,
    version: product.version,
    ...(product.cluster === undefined ? {} : { cluster: product.cluster }),
    id: sha256(`${serverOf(facts, product)}\n${name}`).slice(0, 32),
    database,
    schema: database,
    user: String(facts.user),
    // Numbers of connections are a node's own.
    backend: [
      facts.connectionId,
      started,
      ...(product.cluster === undefined ? [] : [sha256(nodeOf(facts)).slice(0, 12)]),
    ].join(' '),
    readOnly: isOn(facts.readOnly) || isOn(facts.super_read_only),
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `read_only` is a number, and a word from MariaDB 12 on. */
const isOn = (value: Row[string] | undefined): boolean =>
  value !== undefined && value !== null && !['0', 'OFF'].includes(String(value));
