/** From callbacks to an async sequence. */
export interface Queue<T> {
  push(value: T): void;
  /** No more values will come. */
  end(): void;
  /** Yields what was pushed, waits for more, returns when ended or aborted. */
  drain(): AsyncGenerator<T>;
}

export function createQueue<T>(signal: AbortSignal): Queue<T> {
  let values: T[] = [];
  let ended = signal.aborted;
  let wake: () => void = () => undefined;
  const end = () => {
    ended = true;
    wake();
  };
  return {
    push(value) {
      values.push(value);
      wake();
    },
    end,
    async *drain() {
      signal.addEventListener('abort', end, { once: true });
      // It may have been aborted since the queue was made.
      ended ||= signal.aborted;
      try {
        for (;;) {
          const batch = values;
          values = [];
          yield* batch;
          if (values.length > 0) continue;
          if (ended) return;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      } finally {
        signal.removeEventListener('abort', end);
      }
    },
  };
}
