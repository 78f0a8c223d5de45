import { describe, expect, test } from 'vitest';
import { limited } from '../../renderer/limited.ts';
import { delayBefore, follow } from '../../renderer/stream.ts';

async function* yieldThenFail(items: readonly number[], error: Error | null): AsyncGenerator<number> {
  yield* items;
  if (error !== null) throw error;
}

describe('following a stream', () => {
  test('goes on after a break from where it stopped', async () => {
    const all = [0, 1, 2, 3, 4];
    const got: number[] = [];
    const states: string[] = [];
    await follow<number>({
      open: async () => {
        const next = got.length;
        return next === 0
          ? yieldThenFail(all.slice(0, 2), new TypeError('network error'))
          : yieldThenFail(all.slice(next), null);
      },
      onItem: (item) => got.push(item),
      onState: (state) => states.push(state),
      isFinal: () => false,
      reopens: false,
      signal: new AbortController().signal,
    });
    expect(got).toEqual(all);
    expect(states).toEqual(['live', 'reconnecting', 'live']);
  });

  test('a final failure ends it and is told', async () => {
    const gone = new Error('no such run');
    const following = follow<number>({
      open: () => Promise.reject(gone),
      onItem: () => undefined,
      onState: () => undefined,
      isFinal: (thrown) => thrown === gone,
      reopens: false,
      signal: new AbortController().signal,
    });
    await expect(following).rejects.toBe(gone);
  });

  test('leaving ends the wait for the next attempt', async () => {
    const leaving = new AbortController();
    let attempts = 0;
    await follow<number>({
      open: () => {
        attempts += 1;
        return Promise.reject(new TypeError('network error'));
      },
      onItem: () => undefined,
      onState: (state) => {
        if (state === 'reconnecting') queueMicrotask(() => leaving.abort());
      },
      isFinal: () => false,
      reopens: true,
      signal: leaving.signal,
    });
    expect(attempts).toBe(1);
  });

  test('waits grow, and no longer than eight seconds', () => {
    const waits = [0, 1, 2, 3, 20].map(delayBefore);
    expect(waits).toEqual([250, 500, 1000, 2000, 8000]);
  });
});

test('no more calls run at once than there are slots, and a failure frees its slot', async () => {
  const slots = limited(2);
  let running = 0;
  let most = 0;
  const call = (fails: boolean) =>
    slots(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (fails) throw new Error('failed');
    });
  const calls = [call(true), ...Array.from({ length: 7 }, () => call(false))];
  const results = await Promise.allSettled(calls);
  expect(most).toBe(2);
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(7);
});
