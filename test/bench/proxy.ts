/** A TCP proxy that makes a connection slow, and counts how often the client waited for the server. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface SlowProxy extends AsyncDisposable {
  readonly port: number;
  /** Times that a client sent something after it had heard from the server, or first; since the last call. */
  takeRoundTrips(): number;
}

/** Adds `latencyMs` to every round trip: half of it on the way there, half on the way back. */
export async function startProxy(target: { host: string; port: number }, latencyMs: number): Promise<SlowProxy> {
  let roundTrips = 0;
  const server: Server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ ...target, noDelay: true });
    let clientsTurn = true;
    forward(client, upstream, latencyMs / 2, () => {
      if (clientsTurn) roundTrips += 1;
      clientsTurn = false;
    });
    forward(upstream, client, latencyMs / 2, () => {
      clientsTurn = true;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return {
    port: address.port,
    takeRoundTrips() {
      const taken = roundTrips;
      roundTrips = 0;
      return taken;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

/** In order: timers of one length end in the order in which they were set. */
function forward(from: Socket, to: Socket, delayMs: number, seen: () => void): void {
  from.on('data', (bytes) => {
    setTimeout(() => to.writable && to.write(bytes), delayMs);
    seen();
  });
  from.on('end', () => setTimeout(() => to.end(), delayMs));
  // The other side learns of it by its own end.
  from.on('error', () => to.destroy());
}
