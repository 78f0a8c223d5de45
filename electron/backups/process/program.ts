// Runs dump programs: nothing of ours leaks into their environment, and none of them outlives its task.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DumpProgram } from '../programs.ts';
import { ErrorOutput } from './programText.ts';
import { quote } from './shellCommand.ts';

/** Milliseconds between asking a program to end and ending it. */
const PATIENCE_MS = 3_000;

export interface ProgramCall {
  readonly path: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Hidden in everything the program says. */
  readonly password: string | null;
  /** The program runs elsewhere: `path` is what reaches it, and asks for the password on its standard input. */
  readonly remote?: boolean;
}

interface CallOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly password?: string | null;
}

/** A call of a program of this computer, or of one that a command reaches elsewhere. */
export function callOf(
  { path, remote }: DumpProgram,
  args: readonly string[],
  { environment = {}, password = null }: CallOptions = {},
): ProgramCall {
  if (remote === undefined) return { path, arguments: args, environment, password };
  const [first = path, ...rest] = remote.command;
  const passed = remote.shell ? args.map(quote) : args;
  return { path: first, arguments: [...rest, ...passed], environment: {}, password, remote: true };
}

/** How a program ended. */
export interface Ended {
  /** Null when it was killed or could not start. */
  readonly exitCode: number | null;
  /** In words, for a message: `exit status 1`. */
  readonly how: string;
  /** The last lines of its error output, cleaned. */
  readonly errorLines: readonly string[];
}

export interface RunningProgram {
  readonly input: Writable;
  readonly output: Readable;
  /** Resolves when the process is gone and its output is read; never rejects. */
  readonly ended: Promise<Ended>;
  /** Ends the process if it still runs. Resolves when it is gone. */
  stop(): Promise<void>;
}

/** Of our own environment only what programs need to start; no `PG…` or `MYSQL…` setting of the user leaks in. */
const passedOn = ['PATH', 'HOME', 'LD_LIBRARY_PATH', 'TMPDIR', 'SystemRoot', 'TEMP', 'TMP', 'APPDATA', 'USERPROFILE'];

/** What reaches a program elsewhere (ssh, docker, kubectl) needs the user's settings; the program here does not. */
export const inherited = (remote: boolean): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      remote ? !/^(PG|MYSQL|MARIADB|LOCKKEEPER_)/.test(name) : passedOn.includes(name),
    ),
  );

export function startProgram(call: ProgramCall, onErrorLine: (line: string) => void = () => undefined): RunningProgram {
  const remote = call.remote === true;
  const child = spawn(call.path, call.arguments, {
    // Messages are parsed: they must be English.
    env: { ...inherited(remote), ...call.environment, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    // Without a terminal of its own a program reads the password from its standard input.
    detached: remote && process.platform !== 'win32',
  });
  const ended = end(child, new ErrorOutput(call.password, onErrorLine));
  if (remote && call.password !== null) child.stdin.write(`${call.password}\n`);
  const stop = async () => {
    const kill = setTimeout(() => signalTo(child, remote, 'SIGKILL'), PATIENCE_MS);
    signalTo(child, remote, 'SIGTERM');
    // Output nobody reads any more would keep the process waiting.
    child.stdout.destroy();
    await ended;
    clearTimeout(kill);
  };
  return { input: child.stdin, output: child.stdout, ended, stop };
}

/** What reaches a program elsewhere may be a script with children, which are its process group. */
function signalTo(child: ChildProcess, group: boolean, signal: NodeJS.Signals): void {
  if (!group || child.pid === undefined || process.platform === 'win32') {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // They have ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function end(child: ChildProcess & { stderr: Readable }, errors: ErrorOutput): Promise<Ended> {
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.add(text));
  return new Promise((resolve) => {
    const finish = (exitCode: number | null, how: string) => {
      errors.end();
      resolve({ exitCode, how, errorLines: errors.lines });
    };
    child.once('error', (error) => finish(null, error.message));
    child.once('close', (exitCode, signal) =>
      finish(exitCode, exitCode === null ? `signal ${signal}` : `exit status ${exitCode}`),
    );
  });
}

/** Feeds `input` to the program, hands its output to `consume`, and waits for its end; cancelling stops it. */
export async function runProgram(
  call: ProgramCall,
  signal: AbortSignal,
  input: Readable | null,
  consume: (output: Readable) => Promise<void>,
): Promise<Ended> {
  const program = startProgram(call);
  const stop = () => void program.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const feeding = input === null ? Promise.resolve(program.input.end()) : pipeline(input, program.input);
    // A program that has read enough closes its input: its exit status tells whether that was right.
    const fed = feeding.catch((error: unknown) => {
      if (!isClosedPipe(error)) throw error;
    });
    await Promise.all([fed, consume(program.output)]);
    return await program.ended;
  } finally {
    signal.removeEventListener('abort', stop);
    await program.stop();
  }
}

const isClosedPipe = (error: unknown): boolean => {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE';
};
