import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { type ConnectionOptions, getCACertificates } from 'node:tls';
import type { NetworkConnection, TlsMode } from '../../../shared/model/environment.ts';
import { ServerFault } from '../../engine/ports.ts';

/** Is the server on this machine, so that nobody can listen between? A path is a Unix socket. */
export function isLoopback(host: string): boolean {
  if (host.startsWith('/') || host === 'localhost' || host.endsWith('.localhost')) return true;
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1';
}

/** When nobody chose: verified wherever a network lies between. */
export const defaultTls = (host: string): TlsMode => (isLoopback(host) ? 'prefer' : 'verify-full');

/**
 * How to speak TLS, in Node's words; null for plain text. `prefer` is a first attempt: the caller repeats without.
 * @throws {ServerFault} kind `tls` when the authority's file cannot be read.
 */
export async function tlsOptions(connection: NetworkConnection): Promise<ConnectionOptions | null> {
  if (connection.tls === 'disable' || connection.host.startsWith('/')) return null;
  const ca = await pemFile(connection.tlsAuthorityFile, 'authority’s certificate');
  // libpq: `require` with an authority's file verifies like `verify-ca`.
  const verifies = connection.tls.startsWith('verify') || (connection.tls === 'require' && ca !== null);
  const options: ConnectionOptions = {
    rejectUnauthorized: verifies,
    ...(verifies ? { ca: ca ?? trusted() } : {}),
    ...(await clientCertificate(connection)),
  };
  return connection.tls === 'verify-full' ? options : { ...options, checkServerIdentity: () => undefined };
}

/** Node by itself trusts the authorities it ships with, not those that an organisation installed on this computer. */
const trusted = (): string[] => [...getCACertificates('default'), ...getCACertificates('system')];

async function clientCertificate(connection: NetworkConnection): Promise<Pick<ConnectionOptions, 'cert' | 'key'>> {
  const cert = await pemFile(connection.tlsCertificateFile, 'client’s certificate');
  const key = await pemFile(connection.tlsKeyFile, 'client’s key');
  if (cert === null && key === null) return {};
  if (cert === null || key === null)
    throw new ServerFault('tls', 'A client’s certificate and its key belong together.');
  if (/ENCRYPTED/.test(key)) throw new ServerFault('tls', 'The client’s key has a passphrase; one without is needed.');
  return { cert, key };
}

async function pemFile(file: string | undefined, what: string): Promise<string | null> {
  if (file === undefined) return null;
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ServerFault('tls', `The ${what} ${file} could not be read.`, { cause });
  }
}
