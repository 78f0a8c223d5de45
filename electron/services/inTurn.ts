/** Works through all of them, so many at once; resolves when all are done. What is waiting when `signal` aborts is left out. */
export async function inTurn<T>(
  all: Iterable<T>,
  atOnce: number,
  signal: AbortSignal,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = all[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = waiting.next(); next.done !== true && !signal.aborted; next = waiting.next())
      await work(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
