/** Two dozen tools look at a folder to tell whose it is: each of its files and folders is read once for all of them. */
import { AsyncLocalStorage } from 'node:async_hooks';

const looking = new AsyncLocalStorage<Map<string, unknown>>();

/** What `work` reads through `once` is read once; not for longer than it takes, since folders change. */
export const lookTogether = <T>(work: () => Promise<T>): Promise<T> => looking.run(new Map(), work);

/** `what`: names the answer, which nobody may change. Outside of a common look it is read anew. */
export function once<T>(what: string, read: () => T): T {
  const known = looking.getStore();
  if (known === undefined) return read();
  const found = known.get(what);
  if (found !== undefined) return found as T;
  const answer = read();
  known.set(what, answer);
  return answer;
}
