/** Runs a program and measures it from outside: how long it took, and how much memory it ever had. */
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
  /** Bytes, its child processes included (as the sum of each one's own peak). */
  readonly peakBytes: number;
}

/** Milliseconds between two looks at the memory; a peak only grows, so only its last moment can be missed. */
const interval = 10;

/** @throws when the program fails; its words are in the message. */
export async function measure(program: Program): Promise<Measurement> {
  const input = program.input === undefined ? 'ignore' : openSync(program.input, 'r');
  const startedAt = performance.now();
  const child = spawn(program.file, program.arguments, {
    cwd: program.folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...program.environment },
    stdio: [input, 'pipe', 'pipe'],
  });
  const peaks = new Map<number, number>();
  const watch = setInterval(() => child.pid !== undefined && notePeaks(child.pid, peaks), interval);
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
  return { seconds, peakBytes: [...peaks.values()].reduce((sum, peak) => sum + peak, 0) };
}

/** Linux tells the peak of each process; elsewhere nothing is noted. */
function notePeaks(pid: number, peaks: Map<number, number>): void {
  const peak = /^VmHWM:\s*(\d+) kB/m.exec(readProcess(pid, 'status'))?.[1];
  if (peak !== undefined) peaks.set(pid, Number(peak) * 1024);
  for (const child of readProcess(pid, `task/${pid}/children`).split(' '))
    if (child !== '') notePeaks(Number(child), peaks);
}

function readProcess(pid: number, name: string): string {
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
