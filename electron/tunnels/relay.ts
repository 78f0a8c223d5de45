/**
 * A port of this computer for the time of a dump program, which cannot speak through a pipe of ours. Each connection gets
 * a tunnel of its own. On Linux only processes of this user are let in; elsewhere, as with ssh -L, any process of this
 * computer could connect meanwhile, and would still need the database's password.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { NetworkConnection } from '../../shared/model/environment.ts';
import type { ServerFault } from '../engine/ports.ts';
import { openTunnel } from './tunnelStream.ts';

const here = '127.0.0.1';

export class Relay implements AsyncDisposable {
  readonly host = here;
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>, port: number) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = port;
  }

  /** Null for a connection without a tunnel. */
  static async open(connection: NetworkConnection): Promise<Relay | null> {
    const { ssh } = connection;
    if (ssh === undefined) return null;
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      void admit(socket).then((admitted) => {
        if (!admitted) return void socket.destroy();
        const tunnel = openTunnel(ssh, connection);
        // Either side's end ends the other; the program tells of it.
        Promise.all([pipeline(socket, tunnel), pipeline(tunnel, socket)]).catch((_fault: ServerFault) =>
          socket.destroy(),
        );
      });
    }).listen(0, here);
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
    return new Relay(server, sockets, address.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}

/** By the system's table of connections (proc_net_tcp): whose the other end is. */
async function admit(socket: Socket): Promise<boolean> {
  const user = process.getuid?.();
  if (process.platform !== 'linux' || user === undefined) return true;
  socket.on('error', () => undefined);
  const table = await readFile('/proc/net/tcp', 'utf8').catch(() => null);
  // Where the system tells nobody, it is as on the others.
  if (table === null) return true;
  const [theirs, ours] = [hexPort(socket.remotePort), hexPort(socket.localPort)];
  const line = table.split('\n').find((row) => {
    const [, local = '', remote = ''] = row.trim().split(/\s+/);
    return local.endsWith(`:${theirs}`) && remote.endsWith(`:${ours}`);
  });
  return line !== undefined && Number(line.trim().split(/\s+/)[7]) === user;
}

const hexPort = (port: number | undefined): string => (port ?? 0).toString(16).toUpperCase().padStart(4, '0');
