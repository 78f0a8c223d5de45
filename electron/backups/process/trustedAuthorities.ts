import { getCACertificates } from 'node:tls';

/** Authorities that Node's own connections trust, as one PEM text: dump programs get the same. */
export const trustedAuthorities = (): string => getCACertificates('default').join('\n');
