/**
 * One connection through an SSH server: `ssh -W`, whose standard input and output are the connection. No port listens
 * that others of this computer could use, and the process ends with the connection, also when this one is killed.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import type { SshTunnel } from '../../shared/model/environment.ts';
import { ServerFault } from '../engine/ports.ts';
import { sshArguments, sshEnvironment } from './sshCommand.ts';
import { sshFault, withoutSsh } from './sshFault.ts';

/** Characters of what ssh says that are kept. */
const mostWords = 8192;

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** @throws {ServerFault} kind `tunnel` for an address that cannot be forwarded to */
export function openTunnel(ssh: SshTunnel, address: Address): TunnelStream {
  return new TunnelStream(sshArguments(ssh, { forward: forwardTo(address) }));
}

function forwardTo({ host, port }: Address): string {
  if (host.startsWith('/')) throw new ServerFault('tunnel', 'An SSH tunnel leads to a host, not to a local socket.');
  if (/[\s[\]]/.test(host))
    throw new ServerFault('tunnel', 'The database’s host is not a name that a server can have.');
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Looks to a database driver like a socket that is about to connect. */
export class TunnelStream extends Duplex {
  readonly #ssh: ChildProcessWithoutNullStreams;
  #words = '';
  /** Something came from the other end: from now on an end is a lost connection. */
  #opened = false;

  constructor(args: readonly string[]) {
    super({ allowHalfOpen: false });
    this.#ssh = spawn('ssh', args, {
      env: sshEnvironment(),
      stdio: 'pipe',
      windowsHide: true,
      // Without a terminal it cannot ask; and an interrupt of ours, which cancels safely, must not end it.
      detached: process.platform !== 'win32',
    });
    this.#listen();
  }

  #listen(): void {
    const { stdin, stdout, stderr } = this.#ssh;
    this.#ssh.once('error', (error) => this.destroy(withoutSsh(error)));
    this.#ssh.once('spawn', () => this.emit('connect'));
    this.#ssh.once('close', (exitCode) => this.#ended(exitCode));
    // Whatever goes wrong with a pipe, the process ends, and says why.
    for (const pipe of [stdin, stdout, stderr]) pipe.on('error', () => undefined);
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#words = (this.#words + text).slice(-mostWords);
    });
    stdout.on('data', (piece: Buffer) => {
      this.#opened = true;
      if (!this.push(piece)) stdout.pause();
    });
  }

  #ended(exitCode: number | null): void {
    if (exitCode === 0) {
      // A TLS layer may be waiting for its own end to be written, which there is nobody for any more: it would never close.
      this.once('end', () => setImmediate(() => this.destroy()));
      this.push(null);
    } else if (!this.destroyed) this.destroy(this.#opened ? this.#lost() : sshFault(this.#words));
  }

  #lost(): ServerFault {
    const detail = this.#words.trim();
    return new ServerFault('connectionLost', 'The SSH tunnel was closed.', { code: 'ECONNRESET', detail });
  }

  override _read(): void {
    this.#ssh.stdout.resume();
  }

  override _write(piece: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // A pipe that is gone is told by the end of the process.
    if (this.#ssh.stdin.destroyed) done();
    else this.#ssh.stdin.write(piece, () => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#ssh.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#ssh.kill();
    done(error);
  }

  /** Already under way; the address was given to ssh. */
  connect(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  /** ssh asks the other side itself. */
  setKeepAlive(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    this.#ssh.ref();
    return this;
  }

  unref(): this {
    this.#ssh.unref();
    return this;
  }
}
