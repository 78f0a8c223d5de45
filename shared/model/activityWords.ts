/** Who stands in the way and how far the server is, in words. Names and statements in them are untrusted. */
import type { ServerProgress } from './activity.ts';
import type { Blocker, LockRetry } from './run.ts';

/** `session 4711 of ada: idle in transaction, UPDATE patient SET …`. */
export function blockerWords({ pid, user, application, query, state, inferred }: Blocker): string {
  const who = `session ${pid}${user === null ? '' : ` of ${user}`}${application === null ? '' : ` (${application})`}`;
  const what = [state, query?.replace(/\s+/g, ' ').slice(0, 120) ?? null].filter((part) => part !== null).join(', ');
  return `${who}${what === '' ? '' : `: ${what}`}${inferred ? ' (inferred)' : ''}`;
}

/** `CREATE INDEX: building index, phase 2 of 8, 40 % of it`. */
export function serverProgressWords(progress: ServerProgress): string {
  const { operation, phase, phaseNumber, phases, percent, estimated } = progress;
  const place = phaseNumber === null || phases === null ? '' : `phase ${phaseNumber} of ${phases}`;
  const share =
    percent === null
      ? ''
      : `${percent} %${place === '' ? '' : ' of it'}${estimated ? ' (estimate of the server)' : ''}`;
  return `${operation}: ${[phase, place, share].filter((part) => part !== null && part !== '').join(', ')}`;
}

export const lockRetryWords = ({ attempt, attempts, waitMs }: LockRetry): string =>
  `Waited too long for a lock; try ${attempt} of ${attempts} in ${(waitMs / 1000).toFixed(1)} s`;
