// What Node says of a connection, in our words. The same for every engine that is reached over the network.

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

const lost = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTCONN',
]);

/** `code` of a Node error; of an attempt at several addresses, of the first that has one. */
export function nodeErrorCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return error.errors.map(nodeErrorCode).find((code) => code !== null) ?? null;
  return null;
}

/** Why a connection could not be made; null when `code` is not about reaching the server. */
export const unreachableReason = (code: string | null): string | null =>
  code === null ? null : (unreachable[code] ?? null);

/** Whether `code` says that an open connection is gone. */
export const isLost = (code: string | null): boolean => code !== null && lost.has(code);

const tlsReasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by an authority that is not trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is signed by an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an authority that is not trusted here',
};

const tlsCode =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH|EPROTO$|ERROR_IN_CERT)/;

/** Why TLS failed; null when `code` is not about TLS. */
export function tlsReason(code: string | null): string | null {
  if (code === null) return null;
  return tlsReasons[code] ?? (tlsCode.test(code) ? 'the two sides found no common way to speak TLS' : null);
}
