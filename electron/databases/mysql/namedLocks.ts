// A session's hold on the server's named locks.
import type { LockHolder, LockInfo } from '../../../shared/model/lock.ts';
import { ServerFault } from '../../engine/ports.ts';
import type { RunnerLocks } from '../common/runnerLocks.ts';
import { endHolder, freesLocks, holdsAll, type Locking, lockInfo, tryLock, unlock } from './lock.ts';

export class NamedLocks implements RunnerLocks {
  readonly #session: Locking;
  readonly #names = new Set<string>();
  /** Something was sent that could have freed a lock. */
  #inDoubt = false;

  constructor(session: Locking) {
    this.#session = session;
  }

  async tryLock(name: string, holder: LockHolder): Promise<LockInfo | null> {
    const other = await tryLock(this.#session, name, holder);
    if (other === null) this.#names.add(name);
    return other;
  }

  lockInfo(name: string): Promise<LockInfo> {
    return lockInfo(this.#session, name);
  }

  async unlock(name: string): Promise<void> {
    if (!this.#names.delete(name)) return;
    if (!(await unlock(this.#session, name))) throw lostLock();
  }

  async confirm(always: boolean): Promise<void> {
    if (!always && !this.#inDoubt) return;
    const held = await holdsAll(this.#session, [...this.#names]);
    this.#inDoubt = false;
    if (!held) throw lostLock();
  }

  mayFree(sql: string): boolean {
    return freesLocks.test(sql);
  }

  fence(): readonly string[] {
    return [];
  }

  endHolder(name: string): Promise<'ended' | 'free'> {
    return endHolder(this.#session, name);
  }

  doubt(sql: string): void {
    this.#inDoubt ||= this.mayFree(sql);
  }

  // The server frees them with the session.
  abandon(): void {}

  async close(): Promise<void> {}
}

const lostLock = (): ServerFault =>
  new ServerFault('lockLost', 'A statement of this session freed the lock, for example RELEASE_ALL_LOCKS().');
