/** A TCP proxy that looks at every protocol message, and can hold, drop or cut before any of them. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createFramer, type Protocol, type Sender } from './framing.ts';

export interface WireMessage {
  /** Counts the messages of all connections in the order they came, from 0. */
  readonly index: number;
  readonly from: Sender;
  /** Its bytes, one character each. */
  readonly text: string;
}

/** What becomes of a message; `drop` drops all that comes after it on its connection, too. */
type Verdict = 'forward' | 'drop';
type Decide = (message: WireMessage) => Verdict | Promise<Verdict>;

export interface WireProxy extends AsyncDisposable {
  readonly port: number;
  /** Counts anew, and asks about every message from now on. */
  begin(decide: Decide): void;
  /** Both sides see the connections reset. */
  reset(): void;
  /** Nothing goes through any more, and nobody is told; until `heal`, when the server gives the sessions up. */
  hang(): void;
  heal(): void;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  cut: boolean;
}

/** Of a message that is looked at: migrations that share one make half a megabyte. */
const longestText = 1_000_000;

export async function startProxy(protocol: Protocol, target: { host: string; port: number }): Promise<WireProxy> {
  const pairs = new Set<Pair>();
  let decide: Decide = () => 'forward';
  let index = 0;
  let silent = false;

  async function pass(pair: Pair, from: Sender): Promise<void> {
    const [source, sink] = from === 'client' ? [pair.client, pair.server] : [pair.server, pair.client];
    const framer = createFramer(protocol, from);
    for await (const bytes of source)
      for (const message of framer(bytes)) {
        const verdict = await decide({ index: index++, from, text: message.toString('latin1', 0, longestText) });
        pair.cut ||= silent || verdict === 'drop';
        if (pair.cut) continue;
        if (sink.writable && !sink.write(message)) await once(sink, 'drain').catch(() => undefined);
      }
  }

  const server = createServer({ noDelay: true }, (client) => {
    const pair: Pair = { client, server: connect({ ...target, noDelay: true }), cut: false };
    pairs.add(pair);
    for (const from of ['client', 'server'] as const) {
      const socket = pair[from];
      socket.on('error', () => undefined);
      pass(pair, from)
        .catch(() => undefined)
        .finally(() => {
          // Behind a cut the client hears nothing, not even the end.
          if (pair.cut && from === 'server') return;
          const other = from === 'client' ? pair.server : pair.client;
          other.end();
          pairs.delete(pair);
        });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');

  const all = (act: (socket: Socket) => void): void => {
    for (const pair of pairs) for (const socket of [pair.client, pair.server]) act(socket);
  };
  return {
    port: address.port,
    begin(next) {
      index = 0;
      silent = false;
      decide = next;
    },
    reset: () => all((socket) => socket.resetAndDestroy()),
    hang() {
      silent = true;
      for (const pair of pairs) pair.cut = true;
    },
    heal() {
      silent = false;
      for (const pair of pairs) if (pair.cut) pair.server.destroy();
    },
    async [Symbol.asyncDispose]() {
      all((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
