/** Drivers answer by callback or by promise, as they are asked. */
export type Callback = (error: unknown, ...results: readonly unknown[]) => void;

export const isCallback = (value: unknown): value is Callback => typeof value === 'function';

/** The promise, told to the callback where there is one. A callback's own error is the program's. */
export function answered<T>(
  promise: Promise<T>,
  callback: Callback | undefined,
  spread: (result: T) => readonly unknown[] = (result) => [result],
): Promise<T> {
  if (callback === undefined) return promise;
  promise.then(
    (result) => setImmediate(() => callback(null, ...spread(result))),
    (error: unknown) => setImmediate(() => callback(error)),
  );
  return promise.catch(() => new Promise<T>(() => undefined));
}
