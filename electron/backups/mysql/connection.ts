// How the dump program reaches the server: exactly as our own session does, by an option file only it can read.
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { DumpCommand } from '../../../shared/model/settings.ts';
import type { Relay } from '../../tunnels/relay.ts';
import type { SecretFolder } from '../process/secretFolder.ts';
import { trustedAuthorities } from '../process/trustedAuthorities.ts';
import type { DumpProgram } from '../programs.ts';
import { compareVersions } from '../version.ts';

/** What a program needs to know to get to the server. */
export interface Reach {
  readonly connection: NetworkConnection;
  readonly password: string | null;
  readonly program: DumpProgram;
  /** Where a tunnel begins; null without one. */
  readonly relay: Relay | null;
  /** Our own session speaks TLS. */
  readonly encrypted: boolean;
}

/** Name and value; null: the option has none. */
type Option = readonly [name: string, value: string | null];

/**
 * Writes the option file and what it names; it must be the first argument. It is the only one read (--defaults-file,
 * not --defaults-extra-file): the user's own might leave triggers out.
 */
export async function optionFileArgument(reach: Reach, secrets: SecretFolder): Promise<string> {
  const { connection, password, relay } = reach;
  const authority = verifies(connection)
    ? (connection.tlsAuthorityFile ?? (await secrets.write('authorities.pem', trustedAuthorities())))
    : null;
  const options: Option[] = [
    ...addressOf({ ...connection, ...(relay === null ? {} : { host: relay.host, port: relay.port }) }),
    ...(password === null ? [] : [['password', password] as const]),
    ...tlsOptions(reach, authority),
  ];
  const lines = options.map(([name, value]) => (value === null ? name : `${name}=${quotedValue(value)}`));
  return `--defaults-file=${await secrets.write('options.cnf', ['[client]', ...lines, ''].join('\n'))}`;
}

/** For a program that runs elsewhere. No secret: it asks for the password. An authority's file is one found there. */
export function remoteArguments(reach: Reach, { host, port }: DumpCommand): string[] {
  const { connection, password } = reach;
  const address = addressOf({ ...connection, host: host ?? connection.host, port: port ?? connection.port });
  const options = [...address, ...tlsOptions(reach, connection.tlsAuthorityFile ?? null)];
  return [
    '--no-defaults',
    ...options.map(([name, value]) => (value === null ? `--${name}` : `--${name}=${value}`)),
    ...(password === null ? [] : ['--password']),
  ];
}

function addressOf({ host, port, user }: NetworkConnection): Option[] {
  const place: Option[] = host.startsWith('/')
    ? [['socket', host]]
    : [
        ['host', host],
        ['port', String(port)],
        ['protocol', 'tcp'],
      ];
  return [...place, ['user', user]];
}

const verifies = ({ tls, tlsAuthorityFile }: NetworkConnection): boolean =>
  tls.startsWith('verify') || (tls === 'require' && tlsAuthorityFile !== undefined);

function tlsOptions({ connection, program, encrypted, relay }: Reach, authority: string | null): Option[] {
  const { product, version } = program;
  if (connection.host.startsWith('/') || !encrypted)
    return [product === 'MariaDB' ? ['skip-ssl', null] : ['ssl-mode', 'DISABLED']];
  if (!verifies(connection))
    return [
      ...clientCertificate(connection),
      ...(product === 'MariaDB'
        ? ([
            ['ssl', null],
            ['skip-ssl-verify-server-cert', null],
          ] as const)
        : ([['ssl-mode', 'REQUIRED']] as const)),
    ];
  const named: Option[] = [
    ...(authority === null ? [] : [['ssl-ca', authority] as const]),
    ...clientCertificate(connection),
  ];
  // The program knows the tunnel's end by another name than the certificate has: our own session has compared that.
  const full = connection.tls === 'verify-full' && relay === null;
  if (product === 'MySQL') return [...named, ['ssl-mode', full ? 'VERIFY_IDENTITY' : 'VERIFY_CA']];
  // With an authority, programs before 11.4 check the chain in any case (measured on 10.11); later ones all or nothing.
  const withName = full || authority === null || compareVersions(version, '11.4') >= 0;
  return [['ssl', null], ...named, ...(withName ? [['ssl-verify-server-cert', null] as const] : [])];
}

const clientCertificate = ({ tlsCertificateFile, tlsKeyFile }: NetworkConnection): Option[] =>
  tlsCertificateFile === undefined || tlsKeyFile === undefined
    ? []
    : [
        ['ssl-cert', tlsCertificateFile],
        ['ssl-key', tlsKeyFile],
      ];

/** Within quotes only the backslash and line breaks need escaping (dev.mysql.com/doc/refman/8.4/en/option-files.html). */
function quotedValue(value: string): string {
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `"${escaped}"`;
}
