/** Follows an event stream for as long as it is wanted: reconnects with back-off, from where it stopped. */
import { wasAborted } from './problem.ts';

export interface Following<T> {
  /** Opens the stream; called again after each break. */
  readonly open: (signal: AbortSignal) => Promise<AsyncIterable<T>>;
  readonly onItem: (item: T) => void;
  /** @param thrown why it reconnects; null: the stream ended by itself. */
  readonly onState: (state: 'live' | 'reconnecting', thrown: unknown) => void;
  /** A failure that trying again cannot help: ends the following. */
  readonly isFinal: (thrown: unknown) => boolean;
  /** The stream ended by itself: true opens it again. */
  readonly reopens: boolean;
  readonly signal: AbortSignal;
}

const firstDelayMs = 250;
const longestDelayMs = 8_000;

/** Resolves when the stream ended or was aborted; rejects with a final failure. */
export async function follow<T>(following: Following<T>): Promise<void> {
  let attempt = 0;
  while (!following.signal.aborted) {
    let failure: unknown = null;
    try {
      const stream = await following.open(following.signal);
      following.onState('live', null);
      for await (const item of stream) {
        attempt = 0;
        following.onItem(item);
      }
      if (!following.reopens) return;
    } catch (thrown) {
      if (following.signal.aborted || wasAborted(thrown)) return;
      if (following.isFinal(thrown)) throw thrown;
      failure = thrown;
    }
    following.onState('reconnecting', failure);
    await pause(delayBefore(attempt), following.signal);
    attempt += 1;
  }
}

/** Milliseconds before the attempt after `attempt` failures; doubles up to a limit. */
export const delayBefore = (attempt: number): number => Math.min(longestDelayMs, firstDelayMs * 2 ** attempt);

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
