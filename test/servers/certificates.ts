// A certificate authority and a server certificate for one test server.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { giveToServer } from './identity.ts';
import { requireProgram } from './programs.ts';

/** The only name the certificate is for: no address is in it, so that a test can prove the host is verified. */
const HOST = 'localhost';

const NEW_CERTIFICATE = [
  'req',
  '-x509',
  '-days',
  '2',
  '-nodes',
  '-newkey',
  'ec',
  '-pkeyopt',
  'ec_paramgen_curve:P-256',
];

export interface Certificates {
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly host: string;
}

export async function createCertificates(folder: string): Promise<Certificates> {
  const openssl = (...args: readonly string[]) =>
    promisify(execFile)(requireProgram('openssl'), [...NEW_CERTIFICATE, ...args], { cwd: folder });
  const caFile = join(folder, 'ca.crt');
  const certificateFile = join(folder, 'server.crt');
  const keyFile = join(folder, 'server.key');
  await openssl('-subj', '/CN=Lockkeeper test authority', '-keyout', 'ca.key', '-out', caFile);
  const signed = ['-CA', caFile, '-CAkey', 'ca.key', '-addext', 'basicConstraints=critical,CA:FALSE'];
  const name = ['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`];
  await openssl(...signed, ...name, '-keyout', keyFile, '-out', certificateFile);
  giveToServer(keyFile);
  return { caFile, certificateFile, keyFile, host: HOST };
}
