/** How a session keeps a second runner out. The server's own lock, a lease, or nothing: one of these for each. */
import type { LockHolder, LockInfo } from '../../../shared/model/lock.ts';
import { ServerFault } from '../../engine/ports.ts';

/** As the methods of those names of `Session`; `mayFree` as its `mayFreeLocks`. */
export interface RunnerLocks {
  tryLock(name: string, holder: LockHolder): Promise<LockInfo | null>;
  lockInfo(name: string): Promise<LockInfo>;
  unlock(name: string): Promise<void>;
  confirm(always: boolean): Promise<void>;
  mayFree(sql: string): boolean;
  fence(): readonly string[];
  endHolder(name: string): Promise<'ended' | 'free'>;
  /** Told of everything that is sent: some statements free locks. */
  doubt(sql: string): void;
  /** The session's connection was given up: no sign of life is given any more. */
  abandon(): void;
  /** The session ends: nothing is held any more. Never fails. */
  close(): Promise<void>;
}

/** Where nothing keeps a second runner out, no run begins; questions are answered. */
export function noLocks(product: string, instead: string): RunnerLocks {
  const refuse = () =>
    Promise.reject(
      new ServerFault('unsupportedServer', `Nothing of ${product} would keep a second runner out: ${instead}`),
    );
  return {
    tryLock: refuse,
    lockInfo: async () => ({ held: false, holder: null }),
    unlock: async () => undefined,
    confirm: async () => undefined,
    mayFree: () => false,
    fence: () => [],
    endHolder: async () => 'free',
    doubt: () => undefined,
    abandon: () => undefined,
    close: async () => undefined,
  };
}
