// The protocol's own way to stop a statement: a connection that carries nothing but the session's secret key.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { SshTunnel } from '../../../shared/model/environment.ts';
import { ServerFault } from '../../engine/ports.ts';
import { openTunnel } from '../../tunnels/tunnelStream.ts';

const cancelCode = 80_877_102;
const tlsCode = 80_877_103;

export interface CancelTarget {
  readonly host: string;
  readonly port: number;
  /** As the session itself; absent: directly. */
  readonly ssh?: SshTunnel;
  readonly pid: number;
  readonly secretKey: number;
  /** As the session itself; null for plain text. */
  readonly tls: ConnectionOptions | null;
  /** Milliseconds until it is given up. */
  readonly timeoutMs: number;
}

/** Resolves when the server has taken the request. It does not tell whether there was anything to stop. */
export async function requestCancel(target: CancelTarget): Promise<void> {
  const socket = open(target);
  const timeout = new AbortController();
  try {
    await Promise.race([converse(socket, target), expire(target.timeoutMs, timeout.signal)]);
  } finally {
    timeout.abort();
    socket.destroy();
  }
}

function open({ host, port, ssh }: CancelTarget): Duplex {
  if (ssh !== undefined) return openTunnel(ssh, { host, port });
  return host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
}

async function converse(socket: Duplex, target: CancelTarget): Promise<void> {
  await once(socket, 'connect');
  const stream = target.tls === null ? socket : await secured(socket, target.host, target.tls);
  const ended = once(stream.resume(), 'close');
  stream.end(message(cancelCode, target.pid, target.secretKey));
  await ended;
}

async function secured(socket: Duplex, host: string, options: ConnectionOptions): Promise<Duplex> {
  socket.write(message(tlsCode));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  if (answer.toString('latin1') !== 'S')
    throw new ServerFault('tls', 'The server offers no TLS for the request to cancel.');
  const stream = connectTls({ ...options, socket, host, ...(isIP(host) === 0 ? { servername: host } : {}) });
  await once(stream, 'secureConnect');
  return stream;
}

/** Length, then the numbers, each of four bytes. */
function message(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * numbers.length);
  for (const [index, number] of [bytes.length, ...numbers].entries()) bytes.writeInt32BE(number, 4 * index);
  return bytes;
}

async function expire(ms: number, signal: AbortSignal): Promise<never> {
  await delay(ms, undefined, { signal });
  throw new ServerFault('unreachable', 'The server did not take the request to cancel in time.');
}
