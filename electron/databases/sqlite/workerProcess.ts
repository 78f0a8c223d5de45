/** The process that holds a SQLite connection, seen from the program: requests, answers, and its death. */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { childProgram } from '../../engine/childEntry.ts';
import { ServerFault } from '../../engine/ports.ts';
import { faultFrom } from './faults.ts';
import { Logbook } from './logbook.ts';
import type { FromWorker, Replies, Request, ToWorker } from './protocol.ts';
import { startsDoubtful } from './protocol.ts';
import type { PackedResults } from './results.ts';
import { workerUrl } from './workerUrl.ts';

/** Milliseconds a running statement has to end by itself once it is cancelled. */
const grace = 250;

/** Variables that Node, SQLite and the system need; nothing that could be a secret. */
const passedVariables = [
  'PATH',
  'HOME',
  'LANG',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SQLITE_TMPDIR',
  'SystemRoot',
  'NODE_COMPILE_CACHE',
  'LD_LIBRARY_PATH',
];

/** A request that failed; `unit`: of a `send`, and where the process was killed the first that may not be done. */
export class RequestError extends Error {
  readonly fault: ServerFault;
  readonly unit: number | null;

  constructor(fault: ServerFault, unit: number | null) {
    super(fault.message, { cause: fault });
    this.fault = fault;
    this.unit = unit;
  }
}

export interface RequestListener {
  results(results: PackedResults): void;
  notice(severity: string, message: string): void;
}

interface Pending {
  readonly id: number;
  readonly listener: RequestListener | null;
  readonly resolve: (reply: Replies[keyof Replies]) => void;
  readonly reject: (error: RequestError) => void;
  /** Until the worker notes otherwise. */
  readonly doubtful: boolean;
  cancelled: boolean;
}

export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #logbook = new Logbook();
  #pending: Pending | null = null;
  #nextId = 0;
  #lastWords: string | null = null;
  /** Settles when the process has ended and all it said was heard. */
  readonly ended: Promise<void>;
  #hasEnded = false;

  constructor() {
    this.#child = fork(workerUrl, [String(process.pid)], {
      execPath: childProgram(),
      execArgv: [],
      env: Object.fromEntries(
        passedVariables.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
      ),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc', this.#logbook.descriptor],
      windowsHide: true,
    });
    this.#child.on('message', (message) => this.#receive(message as FromWorker));
    this.ended = this.#whenEnded();
  }

  get id(): number | undefined {
    return this.#child.pid;
  }

  get isUsable(): boolean {
    return !this.#hasEnded && this.#child.connected && this.#pending === null;
  }

  /** One request at a time. @throws {RequestError} */
  request<R extends Request>(request: R, listener: RequestListener | null = null): Promise<Replies[R['type']]> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      // The worker answers each request with the reply of its type.
      const answered = resolve as (reply: Replies[keyof Replies]) => void;
      this.#pending = {
        id,
        listener,
        resolve: answered,
        reject,
        doubtful: request.type === 'send' && startsDoubtful(request.units),
        cancelled: false,
      };
      if (this.#hasEnded) this.#abandon();
      else this.#post({ type: 'request', id, request });
    });
  }

  /** Stops the running request: between units by asking, inside a statement by killing the process, which SQLite survives. */
  cancel(): void {
    const pending = this.#pending;
    if (pending === null || pending.cancelled) return;
    pending.cancelled = true;
    this.#post({ type: 'cancel', id: pending.id });
    setTimeout(() => {
      if (this.#pending === pending) this.kill();
    }, grace);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Whether it keeps the program from ending. */
  keepAlive(yes: boolean): void {
    if (yes) {
      this.#child.ref();
      this.#child.channel?.ref();
    } else {
      this.#child.unref();
      this.#child.channel?.unref();
    }
  }

  #post(message: ToWorker): void {
    // A failed write means that the process is dying, which is dealt with when it has.
    this.#child.send(message, () => {});
  }

  #receive(message: FromWorker): void {
    if (message.type === 'crashed') {
      this.#lastWords = message.message;
      return;
    }
    const pending = this.#pending;
    if (pending?.id !== message.id) return;
    if (message.type === 'progress') {
      pending.listener?.results(message.results);
    } else if (message.type === 'notice') {
      pending.listener?.notice(message.severity, message.message);
    } else {
      this.#pending = null;
      if (message.type === 'done') pending.resolve(message.reply);
      else pending.reject(new RequestError(faultFrom(message.fault), message.unit));
    }
  }

  async #whenEnded(): Promise<void> {
    const child = this.#child;
    const exited = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `exit status ${String(code)}`));
      child.once('error', (error) => resolve(error.message));
    });
    const heard = new Promise<void>((resolve) => {
      if (child.connected) child.once('disconnect', resolve);
      else resolve();
    });
    const how = await exited;
    await heard;
    this.#lastWords ??= how;
    this.#hasEnded = true;
    this.#abandon();
    this.#logbook.close();
  }

  #abandon(): void {
    const pending = this.#pending;
    this.#pending = null;
    if (pending === null) return;
    const noted = this.#logbook.noteOf(pending.id);
    const isKnown = pending.cancelled && !(noted?.doubtful ?? pending.doubtful);
    const fault = isKnown
      ? new ServerFault('cancelled', 'interrupted', { code: 'SQLITE_INTERRUPT' })
      : new ServerFault(
          'connectionLost',
          `The process that holds the SQLite connection ended (${this.#lastWords ?? 'unknown reason'}).`,
        );
    pending.reject(new RequestError(fault, noted?.unit ?? null));
  }
}
