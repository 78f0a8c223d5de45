// The temporary folder of one server, and the watchdog that ends the server and removes the folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { giveToServer } from './identity.ts';

/**
 * Waits until its standard input closes, which happens when the test process closes it or ends in any way; then sends
 * the signal to the process named in the folder's `server.pid`, kills it if that has not helped after ten seconds, and
 * removes the folder.
 */
const WATCHDOG = `
  cat >/dev/null
  if pid=$(cat "$1/server.pid" 2>/dev/null); then
    kill -s "$2" "$pid"
    for i in $(seq 200); do kill -0 "$pid" || break; sleep 0.05; done
    kill -s KILL "$pid"
  fi 2>/dev/null
  rm -rf "$1"
`;

export class ServerFolder {
  readonly path: string;
  readonly #watchdog: ChildProcess;

  /** `stopSignal` is the name of the signal, without SIG, that ends the server soonest. */
  static async create(name: string, stopSignal: 'QUIT' | 'KILL'): Promise<ServerFolder> {
    const path = await mkdtemp(join(tmpdir(), `lockkeeper-${name}-`));
    giveToServer(path);
    return new ServerFolder(path, stopSignal);
  }

  private constructor(path: string, stopSignal: string) {
    this.path = path;
    this.#watchdog = spawn('sh', ['-c', WATCHDOG, 'sh', path, stopSignal], {
      // A group of its own: Ctrl-C in the terminal must not end the watchdog before the server.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#watchdog.unref();
  }

  /** Tells the watchdog which process to end; `undefined` once that process has ended. */
  watch(pid: number | undefined): void {
    const file = join(this.path, 'server.pid');
    if (pid === undefined) rmSync(file, { force: true });
    else writeFileSync(file, String(pid));
  }

  /** Ends the watched process, if any, and removes the folder. */
  async remove(): Promise<void> {
    if (this.#watchdog.exitCode !== null) return;
    const ended = once(this.#watchdog, 'exit');
    this.#watchdog.ref();
    this.#watchdog.stdin?.end();
    await ended;
  }
}
