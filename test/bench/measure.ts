/** Runs a program and measures it from outside: how long it took, its processor time, and how much memory it ever had. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface Program {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A file it reads from its standard input. */
  readonly input?: string;
  readonly folder?: string;
}

export interface Measurement {
  readonly seconds: number;
  /** Of itself and its child processes, to a hundredth; of no meaning where several are measured at once. */
  readonly processorSeconds: number;
  /** Bytes, of all its processes that lived at one moment. */
  readonly peakBytes: number;
}

/** Milliseconds between two looks at the memory; a process's peak only grows, so only its last moment can be missed. */
const interval = 10;

/** @throws when the program fails; its words are in the message. */
export async function measure(program: Program): Promise<Measurement> {
  const input = program.input === undefined ? 'ignore' : openSync(program.input, 'r');
  const spentBefore = childrensProcessorSeconds();
  const startedAt = performance.now();
  const child = spawn(program.file, program.arguments, {
    cwd: program.folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...program.environment },
    stdio: [input, 'pipe', 'pipe'],
  });
  let peakBytes = 0;
  const watch = setInterval(() => {
    if (child.pid !== undefined) peakBytes = Math.max(peakBytes, memoryOf(child.pid));
  }, interval);
  let words = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-2000);
    });
  const ended: Promise<unknown[]> = once(child, 'exit');
  const [code] = await ended.finally(() => clearInterval(watch));
  const seconds = (performance.now() - startedAt) / 1000;
  if (typeof input === 'number') closeSync(input);
  if (code !== 0) throw new Error(`${program.file} ended with ${String(code)}: ${words}`);
  return { seconds, processorSeconds: childrensProcessorSeconds() - spentBefore, peakBytes };
}

/** Linux tells the peak of each process; elsewhere it is 0. */
function memoryOf(pid: number): number {
  const peak = /^VmHWM:\s*(\d+) kB/m.exec(readProcess(pid, 'status'))?.[1] ?? '0';
  const children = readProcess(pid, `task/${pid}/children`).split(' ');
  return (
    children.filter((child) => child !== '').reduce((sum, child) => sum + memoryOf(Number(child)), 0) +
    Number(peak) * 1024
  );
}

/** Of all that have ended and been waited for: the fields `cutime` and `cstime` of proc(5), in hundredths of a second. */
function childrensProcessorSeconds(): number {
  const told = readProcess('self', 'stat');
  const [user, system] = told
    .slice(told.lastIndexOf(')') + 2)
    .split(' ')
    .slice(13, 15);
  return (Number(user) + Number(system)) / 100;
}

function readProcess(pid: number | 'self', name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
