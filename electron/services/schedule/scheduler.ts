/** Begins what is due while this process runs. Several may run on one data directory: each time is claimed by one of them. */
import type { Context } from '../context.ts';
import { logger } from '../logger.ts';
import { fire } from './fire.ts';

/** Milliseconds after which schedules are looked at again: another process may have changed them. */
const poll = 5_000;

export interface Scheduler {
  /** Begins nothing more; resolves when nothing is half begun. */
  stop(): Promise<void>;
}

export function startScheduler(context: Context): Scheduler {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  const going = new Map<string, Promise<unknown>>();

  function look(): void {
    if (stopping.signal.aborted) return;
    let wait = poll;
    try {
      beginDue(context, going, stopping.signal);
      wait = untilNext(context);
    } catch (thrown) {
      logger.error('The schedules could not be read', thrown);
    }
    timer = setTimeout(look, wait);
    timer.unref();
  }

  look();
  return {
    async stop() {
      stopping.abort();
      if (timer !== null) clearTimeout(timer);
      await Promise.all(going.values());
    },
  };
}

/** Everything that is due now; resolves when all of it was begun or told. */
export async function fireDue(context: Context): Promise<void> {
  const going = new Map<string, Promise<unknown>>();
  beginDue(context, going, new AbortController().signal);
  await Promise.all(going.values());
}

function beginDue(context: Context, going: Map<string, Promise<unknown>>, signal: AbortSignal): void {
  const now = new Date(context.clock.now()).toISOString();
  for (const due of context.workspace.schedules.list()) {
    const { id } = due.schedule;
    if (due.next === null || due.next > now || going.has(id)) continue;
    const work = fire(context, due, signal)
      .catch((thrown: unknown) => logger.error(`Schedule ${id} could not be begun`, thrown))
      .finally(() => going.delete(id));
    going.set(id, work);
  }
}

function untilNext(context: Context): number {
  const times = context.workspace.schedules.list().flatMap(({ next }) => (next === null ? [] : [Date.parse(next)]));
  return Math.max(0, Math.min(poll, ...times.map((at) => at - context.clock.now()).filter((wait) => wait > 0)));
}
