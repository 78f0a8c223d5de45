/** A TCP proxy that can become a black hole: nothing comes through any more, and nobody is told. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CutProxy extends AsyncDisposable {
  readonly port: number;
  /** From now on, on old and new connections. */
  cut(): void;
  /** New connections get through again; old ones stay as they are. */
  heal(): void;
}

export async function startCutProxy(target: { host: string; port: number }): Promise<CutProxy> {
  let isCut = false;
  const lost = new Set<Socket>();
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    open.add(client);
    client.on('error', () => client.destroy());
    if (isCut) return void lost.add(client);
    const upstream = connect({ ...target, noDelay: true });
    open.add(upstream);
    upstream.on('error', () => upstream.destroy());
    const forward = (from: Socket, to: Socket) => {
      from.on('data', (bytes) => {
        if (!lost.has(client)) to.write(bytes);
      });
      from.on('end', () => {
        if (!lost.has(client)) to.end();
      });
    };
    forward(client, upstream);
    forward(upstream, client);
    client.on('close', () => {
      open.delete(client);
      if (!lost.has(client)) upstream.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return {
    port: address.port,
    cut() {
      isCut = true;
      for (const socket of open) lost.add(socket);
    },
    heal() {
      isCut = false;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
