import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { PrivateServer } from '../servers/index.ts';

/** Milliseconds in which a server has done away with the processes of sessions that have ended. */
const settling = 300;

/** Processor time that a server has had, with its processes that have ended; 0 for none, and where /proc is not. */
export async function serverProcessorSeconds(server: PrivateServer | null): Promise<number> {
  if (server === null || process.platform !== 'linux') return 0;
  await delay(settling);
  const told = readFileSync(`/proc/${server.pid}/stat`, 'utf8');
  // utime, stime, cutime, cstime of proc(5), in hundredths of a second.
  const times = told
    .slice(told.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15);
  return times.reduce((sum, time) => sum + Number(time), 0) / 100;
}
