import { userInfo } from 'node:os';
import { type NetworkConnection, type TlsMode, tlsModes } from '../../../shared/model/environment.ts';
import { invalidUrl, readNetworkUrl, readPort, severalHosts } from '../common/networkUrl.ts';
import { defaultTls } from '../common/tls.ts';
import type { ParsedUrl } from '../driver.ts';
import { isKeyValues, readKeyValues } from './keyValues.ts';

const defaultPort = 5432;

/** Accepted and not kept: they say nothing of which database it is, or we decide them. */
const ignored = new Set([
  ...['application_name', 'fallback_application_name', 'connect_timeout', 'client_encoding', 'target_session_attrs'],
  ...['keepalives', 'keepalives_idle', 'keepalives_interval', 'keepalives_count', 'tcp_user_timeout'],
  ...['gssencmode', 'channel_binding', 'sslcompression', 'sslsni', 'load_balance_hosts'],
  // Of JDBC, Prisma and hosting services
  ...[
    'ApplicationName',
    'loginTimeout',
    'connectTimeout',
    'socketTimeout',
    'tcpKeepAlive',
    'pgbouncer',
    'connection_limit',
    'pool_timeout',
    'supa',
    'sslaccept',
    'socket_timeout',
    'statement_cache_size',
    'uselibpqcompat',
    'pool_size',
  ],
]);

/** Name in a URL to the name used here. */
const aliases: Readonly<Record<string, string>> = {
  dbname: 'database',
  currentSchema: 'search_path',
  schema: 'search_path',
  sslMode: 'sslmode',
  sslRootCert: 'sslrootcert',
  sslCert: 'sslcert',
  sslKey: 'sslkey',
  ssl_ca: 'sslrootcert',
};

const known = new Set([
  'host',
  'port',
  'user',
  'password',
  'database',
  'sslmode',
  'ssl',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'options',
  'search_path',
]);

/** A `postgres://` URL, a JDBC URL, or libpq's `name=value` string. @throws {ProblemError} `environment.invalidUrl` */
export function parseUrl(text: string): ParsedUrl<NetworkConnection> {
  const given = isKeyValues(text) ? renamed(readKeyValues(text)) : fromUrl(text);
  const host = hostOf(given);
  const user = given.get('user') ?? userInfo().username;
  const database = given.get('database') ?? user;
  const authority = given.get('sslrootcert');
  const [certificate, key] = [given.get('sslcert'), given.get('sslkey')];
  const searchPath = given.get('search_path') ?? searchPathOf(given.get('options') ?? '');
  const connection: NetworkConnection = {
    engine: 'postgres',
    host,
    port: readPort(given.get('port') ?? '') ?? defaultPort,
    database,
    user,
    tls: tlsOf(given, host),
    // `system` is libpq's word for what happens without a file.
    ...(authority === undefined || authority === 'system' ? {} : { tlsAuthorityFile: authority }),
    ...(certificate === undefined ? {} : { tlsCertificateFile: certificate }),
    ...(key === undefined ? {} : { tlsKeyFile: key }),
    ...(searchPath === null ? {} : { searchPath }),
  };
  return { connection, password: given.get('password') ?? null };
}

/** A `postgres://` URL that libpq reads too, without the password. */
export function formatUrl(connection: NetworkConnection): string {
  const { host, port, database, user, tls, tlsAuthorityFile, tlsCertificateFile, tlsKeyFile, searchPath } = connection;
  const isSocket = host.startsWith('/');
  const parameters = [
    ...(isSocket
      ? [
          ['host', host],
          ['port', String(port)],
        ]
      : []),
    ...(tls === defaultTls(host) ? [] : [['sslmode', tls]]),
    ...(tlsAuthorityFile === undefined ? [] : [['sslrootcert', tlsAuthorityFile]]),
    ...(tlsCertificateFile === undefined ? [] : [['sslcert', tlsCertificateFile]]),
    ...(tlsKeyFile === undefined ? [] : [['sslkey', tlsKeyFile]]),
    ...(searchPath === undefined ? [] : [['options', `-csearch_path=${searchPath.replace(/[\s\\]/g, '\\$&')}`]]),
  ];
  const query = parameters.map(([name = '', value = '']) => `${name}=${encodeURIComponent(value)}`).join('&');
  const place = isSocket ? '' : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return `postgres://${encodeURIComponent(user)}@${place}/${encodeURIComponent(database)}${query === '' ? '' : `?${query}`}`;
}

function fromUrl(text: string): Map<string, string> {
  const url = readNetworkUrl(text.trim().replace(/^jdbc:/i, ''));
  const named = {
    host: url.host,
    port: url.port?.toString(),
    user: url.user,
    password: url.password,
    database: url.database,
  };
  const given = Object.entries(named).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  // libpq: a parameter of the query overrides the same part before it.
  return renamed(new Map([...given, ...url.parameters]));
}

function renamed(given: ReadonlyMap<string, string>): Map<string, string> {
  const result = new Map<string, string>();
  for (const [name, value] of given) {
    const ours = aliases[name] ?? name;
    if (known.has(ours)) result.set(ours, value);
    else if (!ignored.has(name)) refuseParameter(name);
  }
  return result;
}

function refuseParameter(name: string): never {
  // The name may be a piece of a password that was not encoded.
  const shown = /^[A-Za-z_]{1,40}$/.test(name) ? `the parameter ${name}, which` : 'a parameter that';
  return invalidUrl(
    `The URL has ${shown} Lockkeeper does not know.`,
    'Leave it out, or percent-encode a question mark that is part of a name or password.',
  );
}

function hostOf(given: ReadonlyMap<string, string>): string {
  const host = given.get('host') ?? 'localhost';
  return host.includes(',') || (given.get('port') ?? '').includes(',') ? severalHosts() : host;
}

function tlsOf(given: ReadonlyMap<string, string>, host: string): TlsMode {
  const mode = given.get('sslmode');
  // JDBC's older switch verifies nothing by itself; verifying is what it is meant for.
  if (mode === undefined) return given.get('ssl') === 'true' ? 'verify-full' : defaultTls(host);
  // libpq: tries plain text first. Whoever allows plain text gains by trying TLS first.
  if (mode === 'allow') return 'prefer';
  // Of node-postgres.
  if (mode === 'no-verify') return 'require';
  return (
    tlsModes.find((known) => known === mode) ??
    invalidUrl('The URL’s sslmode is not one of libpq’s.', `Use one of ${tlsModes.join(', ')}.`)
  );
}

/** `-c search_path=…` or `--search_path=…`; white space within a value is escaped by a backslash. */
function searchPathOf(options: string): string | null {
  let searchPath: string | null = null;
  for (const [word] of options.replace(/(^|\s)-c\s+/g, '$1-c').matchAll(/(?:\\.|\S)+/g)) {
    const [, name = '', value = ''] = /^(?:-c|--)([^=]+)=(.*)$/s.exec(word) ?? [];
    if (name !== 'search_path') {
      return invalidUrl(
        'The URL’s options set something other than search_path.',
        'Leave it out: Lockkeeper decides the settings of its sessions, and scripts set their own.',
      );
    }
    searchPath = value.replace(/\\(.)/gs, '$1');
  }
  return searchPath;
}
