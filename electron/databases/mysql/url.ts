// Connection URLs as mysql clients, JDBC drivers and migration tools write them.
import type { NetworkConnection, TlsMode } from '../../../shared/model/environment.ts';
import { invalidUrl, readNetworkUrl } from '../common/networkUrl.ts';
import { defaultTls, isLoopback } from '../common/tls.ts';
import type { ParsedUrl } from '../driver.ts';

const defaultPort = 3306;
const example = 'mysql://user@host:3306/database';

/**
 * A `mysql://` or `mariadb://` URL, or JDBC's. Parameters that say nothing of where the database is are ignored: each
 * client library has its own.
 * @throws {ProblemError} `environment.invalidUrl`
 */
export function parseUrl(text: string): ParsedUrl<NetworkConnection> {
  const trimmed = text.trim().replace(/^jdbc:/i, '');
  if (!/^(?:mysql|mariadb):\/\//i.test(trimmed))
    invalidUrl('The text is not a MySQL or MariaDB URL.', `Write it as ${example}.`);
  // dbmate and Go write tcp(host:port).
  const url = readNetworkUrl(trimmed.replace(/(:\/\/(?:[^@/]*@)?)tcp\(([^)]*)\)/, '$1$2'));
  const parameters = new Map([...url.parameters].map(([name, value]) => [plain(name), value]));
  const host =
    parameters.get('socket') ??
    parameters.get('unixsocket') ??
    parameters.get('socketpath') ??
    (url.host || 'localhost');
  const user = url.user ?? parameters.get('user');
  const authority = parameters.get('sslca') ?? parameters.get('serversslcert');
  const [certificate, key] = [parameters.get('sslcert'), parameters.get('sslkey')];
  if (url.database === '') invalidUrl('The URL names no database.', `Write its name at the end, as in ${example}.`);
  if (user === undefined) invalidUrl('The URL names no user.', `Write the user before the host, as in ${example}.`);
  const connection: NetworkConnection = {
    engine: 'mysql',
    host,
    port: url.port ?? defaultPort,
    database: url.database,
    user,
    tls: tlsOf(parameters, host),
    ...(authority === undefined ? {} : { tlsAuthorityFile: authority }),
    ...(certificate === undefined ? {} : { tlsCertificateFile: certificate }),
    ...(key === undefined ? {} : { tlsKeyFile: key }),
  };
  return { connection, password: url.password ?? parameters.get('password') ?? null };
}

/** `ssl-mode`, `sslMode` and `ssl_mode` are one. */
const plain = (name: string): string => name.toLowerCase().replace(/[-_]/g, '');

/** MySQL's words for ours, as its own programs accept them; first those that we write. */
const words: readonly (readonly [string, TlsMode])[] = [
  ...([
    ['DISABLED', 'disable'],
    ['PREFERRED', 'prefer'],
    ['REQUIRED', 'require'],
    ['VERIFY_CA', 'verify-ca'],
    ['VERIFY_IDENTITY', 'verify-full'],
  ] as const),
  // MariaDB's JDBC driver, Go's driver, libpq
  ...([
    ['disable', 'disable'],
    ['false', 'disable'],
    ['0', 'disable'],
    ['prefer', 'prefer'],
    ['require', 'require'],
  ] as const),
  ...([
    ['trust', 'require'],
    ['skip-verify', 'require'],
    ['verify-full', 'verify-full'],
  ] as const),
];

function tlsOf(parameters: ReadonlyMap<string, string>, host: string): TlsMode {
  const value = parameters.get('sslmode') ?? parameters.get('tls') ?? parameters.get('ssl') ?? parameters.get('usessl');
  if (value === undefined) return defaultTls(host);
  // Who only says "encrypted" gets the server verified wherever a network lies between.
  if (/^(?:true|1)$/i.test(value)) return isLoopback(host) ? 'require' : 'verify-full';
  const mode = words.find(([word]) => plain(word) === plain(value))?.[1];
  return (
    mode ??
    invalidUrl(
      'The URL asks for a kind of TLS that is not known.',
      'Use ssl-mode with DISABLED, PREFERRED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY.',
    )
  );
}

/** A `mysql://` URL without the password; TLS is told where it is not the default. */
export function formatUrl(connection: NetworkConnection): string {
  const { host, port, database, user, tls, tlsAuthorityFile, tlsCertificateFile, tlsKeyFile } = connection;
  const isSocket = host.startsWith('/');
  const mode = words.find(([, ours]) => ours === tls)?.[0] ?? '';
  const parameters = [
    ...(isSocket ? [`socket=${encodeURIComponent(host)}`] : []),
    ...(tls === defaultTls(host) ? [] : [`ssl-mode=${mode}`]),
    ...(tlsAuthorityFile === undefined ? [] : [`ssl-ca=${encodeURIComponent(tlsAuthorityFile)}`]),
    ...(tlsCertificateFile === undefined ? [] : [`ssl-cert=${encodeURIComponent(tlsCertificateFile)}`]),
    ...(tlsKeyFile === undefined ? [] : [`ssl-key=${encodeURIComponent(tlsKeyFile)}`]),
  ];
  const shownHost = isSocket ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const shownPort = port === defaultPort ? '' : `:${port}`;
  const query = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
  return `mysql://${encodeURIComponent(user)}@${shownHost}${shownPort}/${encodeURIComponent(database)}${query}`;
}
