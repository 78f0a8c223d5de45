/** Whether a process that began a run still lives. Numbers of processes come again, so its start is part of its name. */
import { readFileSync } from 'node:fs';
import type { Context } from './context.ts';

/** `number start`, the start as the operating system counts it; the number alone where that is not told. */
export const ownProcess = (): string => named(process.pid);

/** Null: not known, for it ran on another computer or was not recorded. */
export function isAlive(context: Context, host: string, name: string | undefined): boolean | null {
  if (name === undefined || host !== context.host.hostName) return null;
  const pid = Number(name.split(' ')[0]);
  return exists(pid) && (named(pid) === name || !name.includes(' '));
}

function named(pid: number): string {
  const start = startOf(pid);
  return start === null ? String(pid) : `${pid} ${start}`;
}

/** Linux: field 22 of /proc/PID/stat, after the name in parentheses, which may hold anything. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it runs, under another account.
    return !(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH');
  }
}
