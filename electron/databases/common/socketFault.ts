// What Node says of a connection, in our words. The same for every engine that is reached over the network.
import type { FaultKind } from '../../engine/ports.ts';

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name could not be looked up',
  EAI_NODATA: 'the name has no address',
  ENOENT: 'there is no such socket',
  EACCES: 'this user may not open it',
  EHOSTUNREACH: 'no way leads to the host',
  EHOSTDOWN: 'the host is down',
  ENETUNREACH: 'no way leads to the network',
  EADDRNOTAVAIL: 'no address was available',
  ETIMEDOUT: 'no answer in time',
};

const lost = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ENOTCONN']);

/** `code` of a Node error; of an attempt at several addresses, of the first that has one. */
export function nodeErrorCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return error.errors.map(nodeErrorCode).find((code) => code !== null) ?? null;
  return null;
}

/** Why a connection could not be made; null when `code` is not about reaching the server. */
export const unreachableReason = (code: string | null): string | null => (code === null ? null : (unreachable[code] ?? null));

/** Whether `code` says that an open connection is gone. */
export const isLost = (code: string | null): boolean => code !== null && lost.has(code);

const tlsCode = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH|EPROTO$|ERROR_IN_CERT)/;

/** `tls` when verification or the handshake failed. */
export const tlsFault = (code: string | null): FaultKind | null => (code !== null && tlsCode.test(code) ? 'tls' : null);
