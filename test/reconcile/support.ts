/** Runs that die in the middle: a process that migrates, killed when the database is as a test wants it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Context } from '../../electron/services/context.ts';
import { prepareResume, startResume } from '../../electron/services/resumeRun.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import type { Run } from '../../shared/model/run.ts';
import type { TestDatabase } from '../services/backend.ts';

const program = fileURLToPath(new URL('./dyingRun.ts', import.meta.url));

export interface Order {
  readonly dataDirectory: string;
  readonly target: TargetRequest;
  /** Rolls the last migration back. */
  readonly down?: true;
  /** Goes on with this run instead. */
  readonly resume?: string;
}

/** A process that migrates up; `kill` resolves when it is dead. */
export function migrating(order: Order): {
  readonly process: ChildProcess;
  kill(): Promise<void>;
  ended: Promise<string>;
} {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise<string>((resolve) => child.once('close', () => resolve(text)));
  return {
    process: child,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Looks until it is so. */
export async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await delay(20);
}

/** The value of the first column of the first row; null when there is none, or no such table yet. */
export async function firstOf(database: TestDatabase, sql: string): Promise<unknown> {
  try {
    const [row] = await database.query(sql);
    return row === undefined ? null : (Object.values(row)[0] ?? null);
  } catch {
    return null;
  }
}

export const numberOf = async (database: TestDatabase, sql: string): Promise<number> =>
  Number(await firstOf(database, sql));

export async function resume(
  context: Context,
  run: string,
  target: TargetRequest | null,
  action: 'resume' | 'rollBack' = 'resume',
  reason: string | null = 'test',
): Promise<Run> {
  await using prepared = await prepareResume(context, { run, target, action, reason, accept: [] });
  const started = startResume(context, prepared, {
    fingerprint: null,
    backup: false,
    confirm: null,
    reason,
    accept: ['dataLoss'],
    continueOnError: false,
  });
  return started.finished;
}
