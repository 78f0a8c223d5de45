/**
 * Looks after the session that executes. While a statement lasts longer than a second, a second connection tells who
 * stands in its way, how far it is, and whether the server is still there. While nothing is sent (a backup may take
 * hours), the session itself is asked, so that neither a server's limit for idle sessions nor a firewall ends it, and
 * the lock with it. What was cut off, or slept meanwhile, is a lost connection: its outcome is unknown, never failed.
 */
import type { Blocker, RunEvent } from '../../shared/model/run.ts';
import type { DatabaseActivity } from '../databases/activity.ts';
import type { Clock, Session } from '../engine/ports.ts';
import { ServerFault } from '../engine/ports.ts';
import { WatchedSession } from './watchedSession.ts';

/** Milliseconds between two looks at the session; of silence until the server is asked. */
const tickMs = 1_000;
/** Milliseconds of a statement after which it is looked at less often, and how often then. */
const longMs = 15_000;
const lookLessOftenMs = 5_000;
/** Milliseconds that nothing is sent until the session is asked. */
const idleMs = 2_000;
/** Milliseconds that a second connection may take to answer. */
const answerMs = 4_000;
/** Milliseconds without an answer to either connection until the first is given up. */
const cutMs = 7_000;
/** The same where the server answers the second connection, and says that the first has nothing to do. */
const lostAnswerMs = 15_000;
/** Milliseconds between two ticks beyond which this computer, or this process, slept. */
const sleptMs = 10_000;

export interface Watch extends AsyncDisposable {
  readonly session: Session;
}

export interface Watching {
  readonly clock: Clock;
  readonly activity: DatabaseActivity;
  /**
   * Opens the second connection within so many milliseconds; null: none may be opened now, and silence is just waited
   * for. @throws {ServerFault}
   */
  readonly open: ((connectTimeoutMs: number) => Promise<Session>) | null;
  /** There is a network between. */
  readonly remote: boolean;
  emit(event: RunEvent): void;
}

/** Ends looking when disposed of; the session is still the caller's to close. */
export function watchSession(watching: Watching, session: Session): Watch {
  const watcher = new Watcher(watching, session);
  return {
    session: watcher.watched,
    [Symbol.asyncDispose]: () => watcher.end(),
  };
}

class Watcher {
  readonly watched: WatchedSession;
  readonly #watching: Watching;
  readonly #timer: NodeJS.Timeout;
  readonly #pid: number;
  #second: Session | null = null;
  #looking: Promise<void> | null = null;
  #lookedAt = 0;
  /** Since when the second connection gets no answer either; null: it got one. */
  #unreachableSince: number | null = null;
  #tickedAt: number;
  #told = '';

  constructor(watching: Watching, session: Session) {
    this.#watching = watching;
    this.watched = new WatchedSession(session, watching.clock);
    this.#pid = Number(/\d+/.exec(session.identity.backend)?.[0]);
    this.#tickedAt = watching.clock.now();
    this.#timer = setInterval(() => this.#tick(), tickMs);
    this.#timer.unref();
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
    await this.#closeSecond();
  }

  #tick(): void {
    const slept = this.#sleptFor();
    if (slept > sleptMs)
      this.#watching.emit({
        type: 'warning',
        message: `This computer or this program stood still for ${Math.round(slept / 1000)} s; the connection and the lock are checked.`,
      });
    if (this.#looking !== null) return;
    if (!this.watched.isWaiting) this.#looking = this.#rest(slept > sleptMs);
    else if (slept > sleptMs || this.#isDue()) this.#looking = this.#look();
    this.#looking?.finally(() => {
      this.#looking = null;
    });
  }

  /** By the wall's clock: a monotonic one may stand still while a computer sleeps. */
  #sleptFor(): number {
    const before = this.#tickedAt;
    this.#tickedAt = this.#watching.clock.now();
    return this.#tickedAt - before - tickMs;
  }

  #isDue(): boolean {
    const { quietMs } = this.watched;
    const pause = quietMs > longMs && this.#unreachableSince === null ? lookLessOftenMs : tickMs;
    return quietMs >= tickMs && this.#watching.clock.elapsed() - this.#lookedAt >= pause - tickMs / 2;
  }

  /** Nothing runs: whatever was told of the last statement is over. */
  async #rest(atOnce: boolean): Promise<void> {
    await this.#tell([], null);
    await this.#closeSecond();
    if (!atOnce && this.watched.quietMs < idleMs) return;
    // Not waited for: the next ticks watch it as any statement.
    this.watched.confirmLocks(true).catch((thrown: unknown) => {
      // A transaction that has failed answers no questions, and is alive.
      if (thrown instanceof ServerFault && thrown.kind === 'lockLost') this.watched.refuse(thrown);
    });
  }

  async #look(): Promise<void> {
    const { open, clock } = this.#watching;
    this.#lookedAt = clock.elapsed();
    if (open === null) return;
    try {
      const found = await this.#ask(open);
      this.#unreachableSince = null;
      // The answer may have come meanwhile.
      if (!this.watched.isWaiting || this.watched.quietMs < tickMs) return;
      if (!found.isAlive) return this.#giveUp('The server has ended the session.');
      if (found.isIdle && this.watched.quietMs > lostAnswerMs)
        return this.#giveUp('The server has nothing to do for the session, and no answer came.');
      await this.#tell(found.blockers, found.progress);
    } catch (thrown) {
      await this.#closeSecond();
      this.#failed(thrown);
    }
  }

  /** A server that refuses is there; one that says nothing, or nothing that listens, may be out of reach. */
  #failed(thrown: unknown): void {
    const silent = thrown instanceof ServerFault && (thrown.kind === 'unreachable' || thrown.kind === 'connectionLost');
    if (!silent || !this.watched.isWaiting) {
      this.#unreachableSince = null;
      return;
    }
    const now = this.#watching.clock.elapsed();
    this.#unreachableSince ??= this.#lookedAt;
    const silence = Math.min(this.watched.quietMs, now - this.#unreachableSince);
    if (silence < cutMs) return;
    this.#giveUp(`Nothing was heard from the server for ${Math.round(this.watched.quietMs / 1000)} s.`);
  }

  #giveUp(why: string): void {
    this.watched.abandon(new ServerFault('connectionLost', why));
  }

  async #ask(open: NonNullable<Watching['open']>) {
    const session = await this.#openSecond(open);
    const { activity } = this.#watching;
    const [all, progress] = await within(
      answerMs,
      Promise.all([activity.list(session), activity.progress(session, this.#pid)]),
    );
    const own = all.find(({ pid }) => pid === this.#pid);
    return {
      // Who holds a file is told by the operating system, and not by every one.
      isAlive: !this.#watching.remote || own !== undefined,
      isIdle: own !== undefined && /^(?:idle|Sleep)/.test(own.state ?? ''),
      blockers: all.filter(({ blocks }) => blocks.includes(this.#pid)).map(blocker),
      progress,
    };
  }

  async #openSecond(open: NonNullable<Watching['open']>): Promise<Session> {
    this.#second ??= await open(answerMs);
    return this.#second;
  }

  async #closeSecond(): Promise<void> {
    const second = this.#second;
    this.#second = null;
    await second?.close().catch(() => undefined);
  }

  /** Only what has changed. */
  async #tell(blockers: readonly Blocker[], progress: (RunEvent & { type: 'serverProgress' })['progress']) {
    const pids = blockers.map(({ pid }) => pid).join();
    const [before = '', progressBefore = ''] = this.#told.split('|');
    const now = JSON.stringify(progress).replaceAll('|', '/');
    this.#told = `${pids}|${now}`;
    if (pids !== before) this.#watching.emit({ type: 'blocked', blockers });
    if (now !== progressBefore && !(progress === null && progressBefore === ''))
      this.#watching.emit({ type: 'serverProgress', progress });
  }
}

const blocker = ({ pid, user, application, query, ageMs, state, inferred }: Blocker): Blocker => ({
  pid,
  user,
  application,
  query,
  ageMs,
  state,
  inferred,
});

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new ServerFault('unreachable', 'The server did not answer in time.')), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
