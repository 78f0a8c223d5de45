// How pg_dump reaches the server: exactly as our own session does, the password in a file only it can read.
import { join } from 'node:path';
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { DumpCommand } from '../../../shared/model/settings.ts';
import type { Relay } from '../../tunnels/relay.ts';
import type { SecretFolder } from '../process/secretFolder.ts';
import { trustedAuthorities } from '../process/trustedAuthorities.ts';

const CONNECT_TIMEOUT_SECONDS = '15';

/** libpq's environment variables for this connection; writes the files they name. */
export async function libpqEnvironment(
  connection: NetworkConnection,
  password: string | null,
  secrets: SecretFolder,
  relay: Relay | null,
): Promise<Record<string, string>> {
  const environment: Record<string, string> = {
    PGAPPNAME: 'Lockkeeper backup',
    PGCONNECT_TIMEOUT: CONNECT_TIMEOUT_SECONDS,
    PGGSSENCMODE: 'disable',
    PGSSLMODE: connection.tls,
    PGSSLROOTCERT: await authorityFile(connection, secrets),
    // No files of the user's own: without names libpq would look for those.
    PGSSLCERT: connection.tlsCertificateFile ?? join(secrets.path, 'none'),
    PGSSLKEY: connection.tlsKeyFile ?? join(secrets.path, 'none'),
    // Over these, so that certificates are still compared with the server's own name.
    ...(relay === null ? {} : { PGHOSTADDR: relay.host }),
  };
  if (password !== null) environment['PGPASSFILE'] = await secrets.write('pgpass', passwordLine(password));
  else if (process.env['PGPASSFILE'] !== undefined) environment['PGPASSFILE'] = process.env['PGPASSFILE'];
  return environment;
}

/** Unless the connection is verified no file may be found: libpq would verify by it, or by the user's own ~/.postgresql/root.crt. */
async function authorityFile({ tls, tlsAuthorityFile }: NetworkConnection, secrets: SecretFolder): Promise<string> {
  if (tlsAuthorityFile !== undefined && (tls === 'require' || tls.startsWith('verify'))) return tlsAuthorityFile;
  return tls.startsWith('verify') ? secrets.write('authorities.pem', trustedAuthorities()) : join(secrets.path, 'none');
}

/** One line for every host: the program makes one connection (postgresql.org/docs/current/libpq-pgpass.html). */
const passwordLine = (password: string): string => `*:*:*:*:${password.replace(/[\\:]/g, '\\$&')}\n`;

/** The arguments that name the server and the database; no secret among them. */
export const targetArguments = (connection: NetworkConnection, relay: Relay | null): string[] => [
  `--host=${connection.host}`,
  `--port=${relay?.port ?? connection.port}`,
  `--username=${connection.user}`,
  `--dbname=${databaseArgument(connection.database)}`,
];

/**
 * For a program that runs elsewhere everything goes as one connection string, which holds no secret: it asks for the
 * password. Files that `tls` needs are those found there.
 */
export function remoteArguments(
  connection: NetworkConnection,
  password: string | null,
  { host, port }: DumpCommand,
): string[] {
  const { tls, tlsAuthorityFile } = connection;
  const settings = {
    host: host ?? connection.host,
    port: String(port ?? connection.port),
    user: connection.user,
    dbname: connection.database,
    sslmode: tls,
    ...(tlsAuthorityFile === undefined ? {} : { sslrootcert: tlsAuthorityFile }),
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    application_name: 'Lockkeeper backup',
  };
  const text = Object.entries(settings).map(([name, value]) => `${name}=${quoted(value)}`);
  return [password === null ? '--no-password' : '--password', `--dbname=${text.join(' ')}`];
}

const quoted = (value: string): string => `'${value.replace(/[\\']/g, '\\$&')}'`;

/** A name that libpq would read as a connection string is wrapped in one. */
function databaseArgument(name: string): string {
  if (!name.includes('=') && !/^postgres(ql)?:\/\//.test(name)) return name;
  return `dbname=${quoted(name)}`;
}
