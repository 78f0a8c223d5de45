/**
 * Looks after the session that executes. While a statement lasts longer than a second, a second connection tells who
 * stands in its way, how far it is, and whether the server is still there. While nothing is sent (a backup may take
 * hours), the session itself is asked, so that neither a server's limit for idle sessions nor a firewall ends it, and
 * the lock with it. What was cut off, or slept meanwhile, is a lost connection: its outcome is unknown, never failed.
 */
import type { Blocker, RunEvent } from '../../shared/model/run.ts';
import type { Session } from '../engine/ports.ts';
import { ServerFault } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { sessionOptions, type TargetDatabase } from './target.ts';
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

/** Ends looking when disposed of; the session is still the caller's to close. */
export function watchSession(
  context: Context,
  target: TargetDatabase,
  session: Session,
  emit: (event: RunEvent) => void,
): Watch {
  const watcher = new Watcher(context, target, session, emit);
  return {
    session: watcher.watched,
    [Symbol.asyncDispose]: () => watcher.end(),
  };
}

class Watcher {
  readonly watched: WatchedSession;
  readonly #context: Context;
  readonly #target: TargetDatabase;
  readonly #emit: (event: RunEvent) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #pid: number;
  #second: Session | null = null;
  #looking: Promise<void> | null = null;
  #lookedAt = 0;
  /** Since when the second connection gets no answer either; null: it got one. */
  #unreachableSince: number | null = null;
  #tickedAt: number;
  #told = '';

  constructor(context: Context, target: TargetDatabase, session: Session, emit: (event: RunEvent) => void) {
    this.#context = context;
    this.#target = target;
    this.#emit = emit;
    this.watched = new WatchedSession(session, context.clock);
    this.#pid = Number(/\d+/.exec(session.identity.backend)?.[0]);
    this.#tickedAt = context.clock.now();
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
      this.#emit({
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
    this.#tickedAt = this.#context.clock.now();
    return this.#tickedAt - before - tickMs;
  }

  #isDue(): boolean {
    const { quietMs } = this.watched;
    const pause = quietMs > longMs && this.#unreachableSince === null ? lookLessOftenMs : tickMs;
    return quietMs >= tickMs && this.#context.clock.elapsed() - this.#lookedAt >= pause - tickMs / 2;
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
    this.#lookedAt = this.#context.clock.elapsed();
    try {
      const found = await this.#ask();
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
    const now = this.#context.clock.elapsed();
    this.#unreachableSince ??= this.#lookedAt;
    const silence = Math.min(this.watched.quietMs, now - this.#unreachableSince);
    if (silence < cutMs) return;
    this.#giveUp(`Nothing was heard from the server for ${Math.round(this.watched.quietMs / 1000)} s.`);
  }

  #giveUp(why: string): void {
    this.watched.abandon(new ServerFault('connectionLost', why));
  }

  async #ask() {
    const session = await this.#openSecond();
    const { activity } = this.#target.driver;
    const [all, progress] = await within(
      answerMs,
      Promise.all([activity.list(session), activity.progress(session, this.#pid)]),
    );
    const own = all.find(({ pid }) => pid === this.#pid);
    // Who holds a file is told by the operating system, and not by every one; there is no network in between.
    const inFile = this.#target.environment.connection.engine === 'sqlite';
    return {
      isAlive: inFile || own !== undefined,
      isIdle: own !== undefined && /^(?:idle|Sleep)/.test(own.state ?? ''),
      blockers: all.filter(({ blocks }) => blocks.includes(this.#pid)).map(blocker),
      progress,
    };
  }

  async #openSecond(): Promise<Session> {
    const { driver, environment } = this.#target;
    const options = { ...sessionOptions(this.#context, this.#target, true), connectTimeoutMs: answerMs };
    this.#second ??= await driver.connect(environment.connection, options);
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
    if (pids !== before) this.#emit({ type: 'blocked', blockers });
    if (now !== progressBefore && !(progress === null && progressBefore === ''))
      this.#emit({ type: 'serverProgress', progress });
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
