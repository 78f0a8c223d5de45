// How the dump program reaches the server: exactly as our own session does, by an option file only it can read.
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { SecretFolder } from '../process/secretFolder.ts';
import { trustedAuthorities } from '../process/trustedAuthorities.ts';
import type { DumpProgram } from '../programs.ts';
import { compareVersions } from '../version.ts';

/** Writes the option file and what it names; returns its path. `encrypted`: our own session speaks TLS. */
export async function writeOptionFile(
  connection: NetworkConnection,
  password: string | null,
  program: DumpProgram,
  encrypted: boolean,
  secrets: SecretFolder,
): Promise<string> {
  const { host, port, user } = connection;
  const place = host.startsWith('/')
    ? [option('socket', host)]
    : [option('host', host), option('port', String(port)), option('protocol', 'tcp')];
  const tls = host.startsWith('/') || !encrypted ? plain(program) : await secured(connection, program, secrets);
  const lines = [
    '[client]',
    ...place,
    option('user', user),
    ...(password === null ? [] : [option('password', password)]),
    ...tls,
  ];
  return secrets.write('options.cnf', `${lines.join('\n')}\n`);
}

const plain = ({ product }: DumpProgram): string[] => [product === 'MariaDB' ? 'skip-ssl' : 'ssl-mode=DISABLED'];

async function secured(
  connection: NetworkConnection,
  { product, version }: DumpProgram,
  secrets: SecretFolder,
): Promise<string[]> {
  const { tls, tlsAuthorityFile } = connection;
  const verified = tls.startsWith('verify') || (tls === 'require' && tlsAuthorityFile !== undefined);
  if (!verified) return product === 'MariaDB' ? ['ssl', 'skip-ssl-verify-server-cert'] : ['ssl-mode=REQUIRED'];
  const authority = option(
    'ssl-ca',
    tlsAuthorityFile ?? (await secrets.write('authorities.pem', trustedAuthorities())),
  );
  if (product === 'MySQL')
    return [authority, tls === 'verify-full' ? 'ssl-mode=VERIFY_IDENTITY' : 'ssl-mode=VERIFY_CA'];
  // With an authority, programs before 11.4 check the chain in any case (measured on 10.11); later ones all or nothing.
  const withName = tls === 'verify-full' || compareVersions(version, '11.4') >= 0;
  return ['ssl', authority, ...(withName ? ['ssl-verify-server-cert'] : [])];
}

/** Within quotes only the backslash and line breaks need escaping (dev.mysql.com/doc/refman/8.4/en/option-files.html). */
function option(name: string, value: string): string {
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `${name}="${escaped}"`;
}
