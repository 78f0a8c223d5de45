// A session's hold on PostgreSQL's advisory locks.
import type { LockHolder, LockInfo } from '../../../shared/model/lock.ts';
import { type Row, ServerFault } from '../../engine/ports.ts';
import type { RunnerLocks } from '../common/runnerLocks.ts';
import { advisoryUnlock, endLockHolder, freesLocks, heldLocks, readLock, tryAdvisoryLock } from './lock.ts';

export class AdvisoryLocks implements RunnerLocks {
  readonly #query: (sql: string, parameters: readonly string[]) => Promise<Row[]>;
  readonly #names = new Set<string>();
  /** Something was sent that could have freed a lock. */
  #inDoubt = false;

  constructor(query: (sql: string, parameters: readonly string[]) => Promise<Row[]>) {
    this.#query = query;
  }

  async tryLock(name: string, holder: LockHolder): Promise<LockInfo | null> {
    // Session locks nest: taken twice, they would have to be freed twice.
    if (this.#names.has(name)) return null;
    if (await tryAdvisoryLock(this.#query, name, holder)) {
      this.#names.add(name);
      return null;
    }
    // Even when it was freed between the two questions: this session has not got it.
    return { ...(await this.lockInfo(name)), held: true };
  }

  lockInfo(name: string): Promise<LockInfo> {
    return readLock(this.#query, name);
  }

  async unlock(name: string): Promise<void> {
    if (!this.#names.delete(name)) return;
    if (!(await advisoryUnlock(this.#query, name))) throw lostLock();
  }

  async confirm(always: boolean): Promise<void> {
    if (!always && !this.#inDoubt) return;
    const held = await heldLocks(this.#query, [...this.#names]);
    this.#inDoubt = false;
    if (held < this.#names.size) throw lostLock();
  }

  mayFree(sql: string): boolean {
    return freesLocks.test(sql);
  }

  fence(): readonly string[] {
    return [];
  }

  endHolder(name: string): Promise<'ended' | 'free'> {
    return endLockHolder(this.#query, name);
  }

  doubt(sql: string): void {
    this.#inDoubt ||= this.mayFree(sql);
  }

  // The server frees them with the session.
  abandon(): void {}

  async close(): Promise<void> {}
}

const lostLock = (): ServerFault =>
  new ServerFault('lockLost', 'A statement of this session freed the lock, for example DISCARD ALL.');
