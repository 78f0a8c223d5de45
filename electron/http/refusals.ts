/** Requests that are refused before anything reads them: another site's page, another name for this address, too large. */
import type { IncomingMessage } from 'node:http';

/** Bytes of a request's body. */
export const largestBody = 1024 * 1024;

export interface Refusal {
  readonly status: 400 | 403 | 405 | 411 | 413 | 415;
  readonly reason: string;
}

/**
 * A page of another site reaches this address by DNS rebinding (its own name in Host) or by a cross-site request
 * (its own origin in Origin); neither may even read a file.
 */
export function refuse(request: IncomingMessage, port: number): Refusal | null {
  const { host, origin } = request.headers;
  if (host === undefined || !ownHosts(port).includes(host.toLowerCase())) return notAnAddress;
  if (origin !== undefined && origin !== `http://${host.toLowerCase()}`)
    return { status: 403, reason: 'Pages of other sites may not call Lockkeeper.' };
  if (request.url?.startsWith('/') !== true) return { status: 400, reason: 'The request names no path.' };
  return null;
}

const notAnAddress: Refusal = { status: 403, reason: 'This is not an address of Lockkeeper.' };

export const ownHosts = (port: number): readonly string[] => [
  `127.0.0.1:${port}`,
  `localhost:${port}`,
  `[::1]:${port}`,
];

/** No page has a reason to call the REST API: whatever a browser sends of its own accord is refused, from our own address, too. */
export function refuseApi({ headers, url, method }: IncomingMessage, hosts: readonly string[]): Refusal | null {
  const { host, origin } = headers;
  if (host === undefined || !hosts.includes(host.toLowerCase())) return notAnAddress;
  if (origin !== undefined || (headers['sec-fetch-site'] ?? 'none') !== 'none')
    return { status: 403, reason: 'Pages may not call this API.' };
  if (url?.startsWith('/') !== true) return { status: 400, reason: 'The request names no path.' };
  if (method !== 'GET' && method !== 'POST') return { status: 405, reason: 'There is GET and POST.' };
  return null;
}

/** A body is JSON of a stated size; nothing changes by GET, so a GET has none. */
export function refuseBody({ method, headers, url }: IncomingMessage): Refusal | null {
  const length = headers['content-length'];
  if (headers['transfer-encoding'] !== undefined) return { status: 411, reason: 'Requests state their length.' };
  if (method === 'GET') return (length ?? '0') === '0' ? null : { status: 400, reason: 'A GET has no body.' };
  if (url?.includes('?') === true) return { status: 400, reason: 'What is posted is in the body, not in the address.' };
  if ((length ?? '0') === '0') return null;
  if (!isJson(headers)) return { status: 415, reason: 'Bodies are JSON.' };
  return Number(length) > largestBody ? { status: 413, reason: `Bodies have at most ${largestBody} bytes.` } : null;
}

const isJson = (headers: IncomingMessage['headers']): boolean =>
  /^application\/json(;|$)/i.test(headers['content-type'] ?? '');

/** Calls are posted as JSON of a stated size: no form of another site can do that, and nothing is read to be refused. */
export function refuseCall({ method, headers }: IncomingMessage): Refusal | null {
  if (method !== 'POST') return { status: 405, reason: 'Calls are posted.' };
  if (!isJson(headers)) return { status: 415, reason: 'Calls are JSON.' };
  if (headers['content-length'] === undefined) return { status: 411, reason: 'Calls state their length.' };
  if (Number(headers['content-length']) > largestBody)
    return { status: 413, reason: `Calls have at most ${largestBody} bytes.` };
  return null;
}
