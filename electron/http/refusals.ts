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
  if (host === undefined || !ownHosts(port).includes(host.toLowerCase()))
    return { status: 403, reason: 'This is not an address of Lockkeeper.' };
  if (origin !== undefined && origin !== `http://${host.toLowerCase()}`)
    return { status: 403, reason: 'Pages of other sites may not call Lockkeeper.' };
  if (request.url?.startsWith('/') !== true) return { status: 400, reason: 'The request names no path.' };
  return null;
}

const ownHosts = (port: number): readonly string[] => [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];

/** Calls are posted as JSON of a stated size: no form of another site can do that, and nothing is read to be refused. */
export function refuseCall({ method, headers }: IncomingMessage): Refusal | null {
  if (method !== 'POST') return { status: 405, reason: 'Calls are posted.' };
  if (!/^application\/json(;|$)/i.test(headers['content-type'] ?? ''))
    return { status: 415, reason: 'Calls are JSON.' };
  if (headers['content-length'] === undefined) return { status: 411, reason: 'Calls state their length.' };
  if (Number(headers['content-length']) > largestBody)
    return { status: 413, reason: `Calls have at most ${largestBody} bytes.` };
  return null;
}
