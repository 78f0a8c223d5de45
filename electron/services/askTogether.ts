/**
 * For questions asked at the same time, which are one round trip where the engine can: waits for all answers, so that
 * none is still on its way when somebody goes on, and of several failures throws the first in the list.
 */
export async function askTogether<T extends readonly unknown[] | []>(
  asked: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  for (const one of await Promise.allSettled(asked)) if (one.status === 'rejected') throw one.reason;
  return Promise.all(asked);
}
