/** The process of one program: what it may read, what it is told of its surroundings, and its end. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { childProgram } from '../../engine/childEntry.ts';
import { checkMessage, type FromChild, type Start, type ToChild } from './protocol.ts';
import { workerUrl } from './workerUrl.ts';

/** Variables that Node and the system need; nothing that could be a secret, nor PATH: there is nothing to start. */
const passedVariables = ['LANG', 'LC_ALL', 'TZ', 'SystemRoot', 'LD_LIBRARY_PATH'];

/** Megabytes; a migration that needs more belongs into the database. */
const mostMemory = 1024;
/** Lines of output kept; what a program prints is for people to read. */
const mostLines = 500;
const longestLine = 2000;

export interface ChildListener {
  message(message: FromChild): void;
  output(line: string): void;
}

export class ProgramProcess {
  readonly #child: ChildProcess;
  /** Settles when the process has ended and all it said was heard; tells how. */
  readonly ended: Promise<string>;

  /** `readable`: files it may read, and folders with all in them. */
  constructor(
    readable: { files: readonly string[]; folders: readonly string[] },
    cwd: string,
    listener: ChildListener,
  ) {
    this.#child = fork(workerUrl, [], {
      cwd,
      execPath: childProgram(),
      execArgv: [
        '--permission',
        ...ownFiles().map(allow),
        ...readable.files.map(allow),
        ...readable.folders.map((folder) => allow(folder + sep)),
        '--enable-source-maps',
        '--disable-warning=ExperimentalWarning',
        `--max-old-space-size=${mostMemory}`,
      ],
      env: Object.fromEntries(
        passedVariables.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
      ),
      serialization: 'json',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      windowsHide: true,
    });
    this.#child.on('message', (message: unknown) => {
      const checked = checkMessage(message);
      if (checked !== null) listener.message(checked);
    });
    this.#listen(listener);
    this.ended = this.#whenEnded();
  }

  send(message: ToChild): void {
    // A failed write means that the process is dying, which is dealt with when it has.
    this.#child.send(message, () => undefined);
  }

  start(start: Start): void {
    this.send(start);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #listen(listener: ChildListener): void {
    let lines = 0;
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
        lines++;
        if (lines <= mostLines) listener.output(line.slice(0, longestLine));
        else if (lines === mostLines + 1) listener.output('… more output than is kept');
      });
    }
  }

  async #whenEnded(): Promise<string> {
    const child = this.#child;
    return new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, signal) => resolve(signal ?? `exit status ${String(code)}`));
    });
  }
}

const allow = (path: string): string => `--allow-fs-read=${path}`;

/** Our own code in the process, and the manifest that says what kind of modules it is made of. */
function ownFiles(): string[] {
  const folder = dirname(fileURLToPath(workerUrl));
  const isSource = workerUrl.pathname.endsWith('.ts');
  const manifests = [join(folder, '..', 'package.json'), join(folder, '../../../..', 'package.json')];
  return [`${isSource ? dirname(folder) : folder}${sep}`, ...manifests.filter((path) => existsSync(path))];
}
