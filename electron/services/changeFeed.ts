import type { Change } from '../../shared/contract/views.ts';
import { createQueue } from './queue.ts';

/** Tells views that what they show has changed; carries no data, so that a slow reader loses nothing. */
export interface ChangeFeed {
  publish(change: Change): void;
  /** Ends when `signal` aborts. */
  watch(signal: AbortSignal): AsyncGenerator<Change>;
}

export function createChangeFeed(): ChangeFeed {
  const watchers = new Set<(change: Change) => void>();
  return {
    publish(change) {
      for (const watcher of watchers) watcher(change);
    },
    async *watch(signal) {
      const queue = createQueue<Change>(signal);
      watchers.add(queue.push);
      try {
        yield* queue.drain();
      } finally {
        watchers.delete(queue.push);
      }
    },
  };
}
