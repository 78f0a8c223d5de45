/** The command line as a process, the way a script calls it. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../electron/cli/main.ts', import.meta.url));

/** What tests read of a document without knowing its whole shape. */
interface Document {
  readonly [field: string]: unknown;
  readonly problem?: { readonly code: string } | null;
  readonly backups?: readonly { readonly id: string; readonly path: string; readonly level: string }[];
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as the one JSON document it must be. */
  json(): Document;
}

export interface CallOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
  /** A program that runs the rest of its arguments. */
  readonly through?: readonly string[];
  /** Runs as this user and group. */
  readonly uid?: number;
  readonly gid?: number;
  /** Called at once; its `kill` signals the process whenever a test wants. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** Called with each chunk of standard error; may signal the process. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** `home` is the workspace's data directory. */
export function lockkeeper(home: string, args: readonly string[], options: CallOptions = {}): Promise<Finished> {
  const [program = '', ...words] = [...(options.through ?? []), process.execPath, main, ...args];
  const child = spawn(program, words, {
    env: { ...process.env, LOCKKEEPER_HOME: home, ...options.env },
    cwd: options.cwd,
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  options.onStart?.((signal) => child.kill(signal));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.onStderr?.(text, (signal) => child.kill(signal));
  });
  child.stdin.end(options.stdin ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr, json: () => JSON.parse(stdout) as Document }));
  });
}
