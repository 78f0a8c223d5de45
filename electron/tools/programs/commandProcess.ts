/** A command of the project's own, which runs its migrations itself: started without our surroundings, heard, and ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** What a program finds its way by; nothing that could be a secret. */
const passedVariables = ['PATH', 'HOME', 'USERPROFILE', 'LANG', 'LC_ALL', 'TZ', 'SystemRoot', 'TEMP', 'TMP'];

const longestLine = 2000;
/** Milliseconds between asking it to end and ending it. */
const graceMs = 5000;
/** Characters of its output that are kept for a message. */
const toldAtEnd = 2000;

interface CommandEnd {
  /** Null: it ended well. */
  readonly failure: string | null;
  readonly output: string;
  readonly stopped: 'cancelled' | 'tooLong' | null;
}

interface Listening {
  readonly line: (text: string) => void;
  readonly signal: AbortSignal;
  /** Milliseconds it may take. */
  readonly limitMs: number;
  /** Characters of what it prints that are given back. */
  readonly most: number;
}

/** The project's own environment first. */
function pythonOf(root: string): string {
  const inEnvironment = ['.venv', 'venv', 'env'].flatMap((folder) => [
    join(root, folder, 'bin', 'python'),
    join(root, folder, 'Scripts', 'python.exe'),
  ]);
  return inEnvironment.find((path) => existsSync(path)) ?? (process.platform === 'win32' ? 'python' : 'python3');
}

/** Resolves when the process and all it started is gone. */
export async function runPython(
  root: string,
  args: readonly string[],
  { line, signal, limitMs, most }: Listening,
): Promise<CommandEnd> {
  const child = spawn(pythonOf(resolve(root)), args, {
    cwd: resolve(root),
    env: {
      ...Object.fromEntries(
        passedVariables.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
      ),
      PYTHONUNBUFFERED: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    // Its own group, so that what it starts ends with it.
    detached: process.platform !== 'win32',
  });
  let stopped: CommandEnd['stopped'] = null;
  const stop = (why: 'cancelled' | 'tooLong'): void => {
    if (stopped !== null) return;
    stopped = why;
    end(child, 'SIGINT');
    killing = setTimeout(() => {
      end(child, 'SIGKILL');
      // What left its group may hold on to them for ever.
      child.stdout.destroy();
      child.stderr.destroy();
    }, graceMs);
  };
  let killing: NodeJS.Timeout | undefined;
  const cancel = (): void => stop('cancelled');
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  const timer = setTimeout(() => stop('tooLong'), limitMs);
  const heard = hear(child, line, most);
  const how = await ended(child);
  clearTimeout(timer);
  clearTimeout(killing);
  signal.removeEventListener('abort', cancel);
  return { failure: how === null ? null : `${how}: ${heard.last()}`, output: heard.output(), stopped };
}

/** Also when it ended itself: what it started may not have. Nobody is given its number while its group has members. */
function end(child: ChildProcess, signal: 'SIGINT' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It ended meanwhile.
  }
}

function hear(child: ChildProcess, line: (text: string) => void, most: number) {
  let printed = '';
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (text) => {
      if (stream === child.stdout && printed.length < most) printed += `${text}\n`;
      const told = shortened(text);
      line(told);
      last.push(told);
      while (last.length > 1 && last.join('\n').length > toldAtEnd) last.shift();
    });
  }
  return { last: () => last.join('\n').trim(), output: () => printed };
}

/** Cut between words: of a secret that is cut in two, neither half would be recognised. */
const shortened = (text: string): string =>
  text.length <= longestLine ? text : `${text.slice(0, longestLine).replace(/\S+$/, '')}…`;

/** Null: with 0. */
const ended = (child: ChildProcess): Promise<string | null> =>
  new Promise((done) => {
    child.once('error', (error) => done(error.message));
    child.once('close', (code, signal) => done(code === 0 ? null : (signal ?? `exit status ${String(code)}`)));
  });
