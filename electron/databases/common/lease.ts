/**
 * A lock as a row, for servers whose own locks exclude nobody or only those on the same node.
 *
 * The row tells who has it by a token of the session. Beside it the holder counts up a beat over a second connection, for
 * its own may be busy for hours. Whoever wants the lock watches the beat by its own clock, never by the servers', which
 * differ between nodes: one that stands still for `freeMs` is a holder that died, and its row is taken over. A holder that
 * cannot count for `lostMs`, which is less, stops its statement and goes no further.
 *
 * A statement that a dead client left at work can outlive that. So every transaction of a run writes the row last before
 * its COMMIT (`fence`): it collides with whoever took over, on every product, and fails. What commits by itself is not
 * fenced but by the journal's announcement before it.
 */
import { randomUUID } from 'node:crypto';
import type { LockHolder, LockInfo } from '../../../shared/model/lock.ts';
import { type Row, ServerFault } from '../../engine/ports.ts';
import type { RunnerLocks } from './runnerLocks.ts';

type Query = (sql: string, parameters?: readonly (string | number | null)[]) => Promise<readonly Row[]>;

export interface BeatConnection {
  readonly query: Query;
  close(): Promise<void>;
}

/** Milliseconds. */
export interface LeaseTiming {
  readonly beatMs: number;
  readonly lostMs: number;
  readonly freeMs: number;
}

export const usualTiming: LeaseTiming = { beatMs: 5_000, lostMs: 20_000, freeMs: 30_000 };

/** What the families write differently. Parameters are $1, $2 … */
export interface LeaseSql {
  /** Where both tables are missing. */
  readonly create: readonly string[];
  readonly lease: string;
  readonly beats: string;
  /** A row for a name ($1) that nobody has; nothing where there is one. */
  readonly insertFree: string;
  /** Begins, or goes on, with the beat of a token ($1). */
  readonly beat: string;
  /** Fails unless the row of a name is this token's; both are literals. */
  fence(name: string, token: string): string;
  /** As rows are found by it. */
  key(name: string): string;
}

export interface LeaseParts {
  readonly sql: LeaseSql;
  readonly timing: LeaseTiming;
  readonly query: Query;
  readonly openBeat: () => Promise<BeatConnection>;
  /** Asks the server to stop what the session executes. */
  readonly stop: () => void;
}

const free = '';
/** A race for the row: a serialisation failure, a deadlock, a certification that failed on another node. */
const lostRace = new Set(['40001', '40P01', '1213', '1205', '23505', '1062']);
/** Statements of a script that may change the row. */
const touches = /lockkeeper/i;

export class Lease implements RunnerLocks {
  readonly #parts: LeaseParts;
  readonly #token = randomUUID();
  readonly #names = new Set<string>();
  /** Of the holder met before, by name: its beat, and since when that is the same. */
  readonly #seen = new Map<string, { readonly mark: string; readonly since: number }>();
  #beating: { readonly connection: BeatConnection; readonly timer: NodeJS.Timeout } | null = null;
  #beatAt = 0;
  #isBeating = false;
  #lost = false;
  #inDoubt = false;

  constructor(parts: LeaseParts) {
    this.#parts = parts;
  }

  async tryLock(name: string, holder: LockHolder): Promise<LockInfo | null> {
    const { sql, timing } = this.#parts;
    const row = await this.#readOrCreate(name);
    const token = textOf(row?.['token']) ?? free;
    if (token === this.#token) return null;
    if (token !== free) {
      const stillFor = this.#watch(name, `${token} ${row?.['beat'] ?? ''}`);
      if (stillFor < timing.freeMs) return { ...this.#told(row), freeInMs: timing.freeMs - stillFor };
    }
    await this.#beginBeating();
    try {
      await this.#take(sql.key(name), token, holder).catch((error: unknown) => {
        if (!isLostRace(error)) throw error;
      });
      const now = await this.#read(name);
      if (textOf(now?.['token']) !== this.#token) return { ...this.#told(now), held: true };
      this.#names.add(name);
      this.#seen.delete(name);
      return null;
    } finally {
      if (this.#names.size === 0) await this.#endBeating();
    }
  }

  async lockInfo(name: string): Promise<LockInfo> {
    return this.#told(await this.#read(name).catch(asMissing));
  }

  async unlock(name: string): Promise<void> {
    if (!this.#names.delete(name)) return;
    const isOurs = textOf((await this.#read(name))?.['token']) === this.#token;
    if (isOurs) await this.#give(name);
    if (this.#names.size === 0) await this.#endBeating();
    if (!isOurs) throw lostLease();
  }

  async confirm(always: boolean): Promise<void> {
    if (this.#names.size === 0) return;
    if (this.#isLate()) throw lostLease();
    if (!always && !this.#inDoubt) return;
    for (const name of this.#names) if (textOf((await this.#read(name))?.['token']) !== this.#token) throw lostLease();
    this.#inDoubt = false;
  }

  mayFree(sql: string): boolean {
    return touches.test(sql);
  }

  fence(): readonly string[] {
    const { sql } = this.#parts;
    return [...this.#names].map((name) => sql.fence(sql.key(name), this.#token));
  }

  async endHolder(name: string): Promise<'ended' | 'free'> {
    const { sql, query } = this.#parts;
    if (!this.#told(await this.#read(name).catch(asMissing)).held) return 'free';
    await query(`UPDATE ${sql.lease} SET token = $2 WHERE name = $1`, [sql.key(name), free]);
    return 'ended';
  }

  doubt(sql: string): void {
    this.#inDoubt ||= this.mayFree(sql);
  }

  abandon(): void {
    const beating = this.#beating;
    this.#beating = null;
    if (beating === null) return;
    clearInterval(beating.timer);
    void beating.connection.close();
  }

  async close(): Promise<void> {
    // Over a connection that is lost nothing can be given back: the beat stands still, which frees it as well.
    for (const name of this.#names) await this.#give(name).catch(() => undefined);
    this.#names.clear();
    await this.#endBeating();
  }

  #isLate(): boolean {
    return this.#lost || performance.now() - this.#beatAt > this.#parts.timing.lostMs;
  }

  async #readOrCreate(name: string): Promise<Row | undefined> {
    const { sql, query } = this.#parts;
    const found = await this.#read(name).catch(async (error: unknown) => {
      asMissing(error);
      for (const one of sql.create) await query(one);
      return undefined;
    });
    if (found !== undefined) return found;
    await query(sql.insertFree, [sql.key(name)]).catch((error: unknown) => {
      if (!isLostRace(error)) throw error;
    });
    return this.#read(name);
  }

  async #read(name: string): Promise<Row | undefined> {
    const { sql, query } = this.#parts;
    const rows = await query(
      `SELECT l.token, l.person, l.host, l.process, l.since, b.beat FROM ${sql.lease} l
         LEFT JOIN ${sql.beats} b ON b.token = l.token WHERE l.name = $1`,
      [sql.key(name)],
    );
    return rows[0];
  }

  /** Milliseconds for which a holder has given no sign of life, as far as this session has watched. */
  #watch(name: string, mark: string): number {
    const seen = this.#seen.get(name);
    if (seen?.mark === mark) return performance.now() - seen.since;
    this.#seen.set(name, { mark, since: performance.now() });
    return 0;
  }

  #take(key: string, from: string, { person, host, process, since }: LockHolder): Promise<readonly Row[]> {
    const { sql, query } = this.#parts;
    return query(
      `UPDATE ${sql.lease} SET token = $3, person = $4, host = $5, process = $6, since = $7 WHERE name = $1 AND token = $2`,
      [key, from, this.#token, person, host, process, since],
    );
  }

  #give(name: string): Promise<readonly Row[]> {
    const { sql, query } = this.#parts;
    return query(`UPDATE ${sql.lease} SET token = $3 WHERE name = $1 AND token = $2`, [
      sql.key(name),
      this.#token,
      free,
    ]);
  }

  /** Before the row is ours: nobody must see a holder without a beat for long. */
  async #beginBeating(): Promise<void> {
    if (this.#beating !== null) return;
    const connection = await this.#parts.openBeat();
    this.#lost = false;
    this.#beatAt = performance.now();
    try {
      await connection.query(this.#parts.sql.beat, [this.#token]);
    } catch (error) {
      await connection.close();
      throw error;
    }
    const timer = setInterval(() => void this.#beat(connection), this.#parts.timing.beatMs);
    timer.unref();
    this.#beating = { connection, timer };
  }

  async #beat(connection: BeatConnection): Promise<void> {
    const startedAt = performance.now();
    if (this.#isLate()) return this.#lose();
    if (this.#isBeating) return;
    this.#isBeating = true;
    const { sql } = this.#parts;
    try {
      await connection.query(sql.beat, [this.#token]);
      const [row] = await connection.query(`SELECT count(*) AS held FROM ${sql.lease} WHERE token = $1`, [this.#token]);
      this.#beatAt = startedAt;
      if (Number(row?.['held']) < this.#names.size) this.#lose();
    } catch {
      // The next beats try again; without one for too long the lease counts as lost.
    } finally {
      this.#isBeating = false;
    }
  }

  #lose(): void {
    if (this.#lost || this.#names.size === 0) return;
    this.#lost = true;
    this.#parts.stop();
  }

  async #endBeating(): Promise<void> {
    const beating = this.#beating;
    this.#beating = null;
    if (beating === null) return;
    clearInterval(beating.timer);
    await beating.connection
      .query(`DELETE FROM ${this.#parts.sql.beats} WHERE token = $1`, [this.#token])
      .catch(() => undefined);
    await beating.connection.close();
  }

  #told(row: Row | undefined): LockInfo {
    if (row === undefined || (textOf(row['token']) ?? free) === free) return { held: false, holder: null };
    const seconds = Math.ceil(this.#parts.timing.freeMs / 1000);
    return {
      held: true,
      holder: {
        person: textOf(row['person']),
        host: textOf(row['host']),
        process: textOf(row['process']),
        since: textOf(row['since']),
        alive: true,
        remedy: `Wait until that run has ended; a holder that has crashed is out of the way after ${seconds} s without a sign of life.`,
      },
    };
  }
}

const textOf = (value: Row[string] | undefined): string | null =>
  value === null || value === undefined ? null : String(value);

const isLostRace = (error: unknown): boolean =>
  error instanceof ServerFault && error.code !== null && lostRace.has(error.code);

/** There are no tables yet. */
function asMissing(error: unknown): undefined {
  if (error instanceof ServerFault && error.kind === 'noSuchTable') return undefined;
  throw error;
}

const lostLease = (): ServerFault =>
  new ServerFault('lockLost', 'The lock was taken over: this session gave no sign of life, or somebody freed it.');
