// The program that is killed, seen from the harness.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { RunRecord } from '../../shared/model/run.ts';
import type { Going } from './hooks.ts';
import type { Ending, Order } from './perform.ts';

export interface ClientProcess {
  readonly pid: number;
  /** Events it has told. */
  readonly records: RunRecord[];
  /** Places it has passed, when it was ordered to tell them. */
  readonly places: string[];
  ending: Ending | null;
  /** Settles when it has ended and all it said was heard. */
  readonly ended: Promise<void>;
  errors(): string;
  /** `stopped`: at the ordered place; tells how to go on. */
  order(order: Order, stopped: (place: string) => Promise<Going>): void;
  /** To the processes it has started, not to it. */
  signalChildren(signal: NodeJS.Signals): void;
  /** To it alone, or also to all processes that it has started. */
  signal(signal: NodeJS.Signals, all: boolean): void;
}

/** Starts one that waits for its order. `env`: beside PATH and HOME. */
export function startClient(program: string, env: NodeJS.ProcessEnv): ClientProcess {
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    // A group of its own, so that it can be killed with all it has started.
    detached: true,
    env,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the program to be killed could not be started');
  return watchClient(child, pid);
}

function watchClient(child: ChildProcess, pid: number): ClientProcess {
  const records: RunRecord[] = [];
  const places: string[] = [];
  let errors = '';
  const [input, output, faults, told, answers] = child.stdio as [Writable, Readable, Readable, Readable, Writable];
  for (const stream of [input, answers]) stream.on('error', () => undefined);
  faults.on('data', (bytes) => {
    errors += String(bytes);
  });
  const client: ClientProcess = {
    pid,
    records,
    places,
    ending: null,
    ended: once(child, 'close').then(() => undefined),
    errors: () => errors,
    order(order, stopped) {
      createInterface({ input: told }).on('line', (line) => {
        if (!line.startsWith('stopped ')) places.push(line);
        else stopped(line.slice('stopped '.length)).then((going) => answers.write(going));
      });
      input.write(`${JSON.stringify(order)}\n`);
    },
    signal: (signal, all) => send(all ? -pid : pid, signal),
    signalChildren(signal) {
      for (const child of childrenOf(pid)) send(child, signal);
    },
  };
  createInterface({ input: output }).on('line', (line) => {
    const value: unknown = parse(line);
    if (isEnding(value)) client.ending = value;
    else if (value !== null) records.push(value as RunRecord);
  });
  return client;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Of its main thread: those that Node starts. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** The last line of one that died may be half of one. */
function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

const isEnding = (value: unknown): value is Ending & { type: 'ended' } =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'ended';
