// The process that talks to the keychain, seen from the program: started when needed, killed when it does not answer.
import { type ChildProcess, fork } from 'node:child_process';
import { childEntry, childProgram } from '../engine/childEntry.ts';
import type { KeychainAnswer, KeychainRequest } from './keychainProtocol.ts';

const workerUrl = childEntry(import.meta.url, './keychainWorker.ts', './keychain-worker.js');

export class KeychainProcess {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, (answer: KeychainAnswer | null) => void>();
  #nextId = 0;

  constructor() {
    this.#child = fork(workerUrl, [], {
      execPath: childProgram(),
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      windowsHide: true,
    });
    this.#child.on('message', (message) => {
      const answer = message as KeychainAnswer;
      this.#pending.get(answer.id)?.(answer);
    });
    const ended = () => {
      for (const settle of this.#pending.values()) settle(null);
    };
    this.#child.once('error', ended).once('exit', ended);
  }

  get isUsable(): boolean {
    return this.#child.connected;
  }

  /** Null when the process ended without an answer. */
  async ask(request: KeychainRequest): Promise<KeychainAnswer | null> {
    const id = this.#nextId++;
    const { promise, resolve } = Promise.withResolvers<KeychainAnswer | null>();
    this.#pending.set(id, resolve);
    this.#keepAlive(true);
    this.#child.send({ id, request }, (error) => {
      if (error !== null) resolve(null);
    });
    const answer = await promise;
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#keepAlive(false);
    return answer;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Between questions it must not keep the program from ending. */
  #keepAlive(wanted: boolean): void {
    if (wanted) {
      this.#child.ref();
      this.#child.channel?.ref();
    } else {
      this.#child.unref();
      this.#child.channel?.unref();
    }
  }
}
