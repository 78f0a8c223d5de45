// Runs the program on a database and hits it where the shot says.
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import type { ClientProcess } from './clientProcess.ts';
import type { Completing } from './course.ts';
import type { Going } from './hooks.ts';
import type { Order } from './perform.ts';
import type { WireMessage } from './proxy.ts';
import type { Place, Shot } from './shot.ts';
import type { CrashDatabase } from './targets.ts';

/** Milliseconds that a program may take; longer means that it hangs. */
const patienceMs = 60_000;
/** Milliseconds that a network stays cut. */
const cutMs = 1_000;

export interface Hit {
  readonly client: ClientProcess;
  /** The shot's place was reached. */
  readonly reached: boolean;
  /** What it said last of a place, or of the message, for reports. */
  readonly where: string;
  readonly hung: boolean;
  readonly messages: readonly WireMessage[];
  readonly ms: number;
}

export type Aim = Pick<Order, 'action' | 'backup' | 'from' | 'run'>;

/** `shot`: null lets it live, and notes all its places. `complete`: what somebody else does who takes over. */
export async function shoot(
  bench: Bench,
  database: CrashDatabase,
  aim: Aim,
  shot: Shot | null,
  complete: Completing,
): Promise<Hit> {
  const client = bench.takeClient();
  const messages: WireMessage[] = [];
  const began = performance.now();
  const rival: Blow['rival'] = { finished: Promise.resolve() };
  let where = '';
  let reached = false;
  let blow: Promise<Going> | null = null;

  function hit(place: string): Promise<Going> {
    reached = true;
    where = place;
    blow ??= strike({ bench, database, client, shot, complete, rival });
    return blow;
  }

  const place: Place | null = shot?.place ?? null;
  bench.proxy?.begin(async (message) => {
    if (shot === null) messages.push(message);
    // What comes while somebody is being hit waits.
    await blow;
    if (place?.at !== 'message' || message.index !== place.index) return 'forward';
    if (!place.arrives) {
      await hit(labelOf(message));
      return isDeadly(shot) ? 'drop' : 'forward';
    }
    blow = delay(place.delayMs).then(() => {
      blow = null;
      return hit(labelOf(message));
    });
    return 'forward';
  });
  const timer = place?.at === 'time' ? setTimeout(() => void hit(`${place.ms} ms`), place.ms) : undefined;
  const stopAt = place?.at === 'place' ? place.index : shot === null ? 'record' : 'never';
  const order: Order = { dataDirectory: bench.dataDirectory, target: bench.request(database, false), stopAt, ...aim };
  client.order(order, async (told) => {
    if (place?.at !== 'place' || place.delayMs === 0) return hit(told);
    setTimeout(() => void hit(told), place.delayMs);
    return 'go';
  });
  const hung = await hangs(client);
  clearTimeout(timer);
  await blow;
  await rival.finished;
  return { client, reached, where, hung, messages, ms: performance.now() - began };
}

async function hangs(client: ClientProcess): Promise<boolean> {
  const patience = new AbortController();
  const late = delay(patienceMs, true, { signal: patience.signal }).catch(() => false);
  const hung = await Promise.race([client.ended.then(() => false), late]);
  patience.abort();
  if (!hung) return false;
  client.signal('SIGKILL', true);
  await client.ended;
  return true;
}

/** After these the message on its way is lost. */
const isDeadly = (shot: Shot | null): boolean =>
  shot !== null && ['kill', 'killAll', 'reset', 'blackHole'].includes(shot.fault);

/** First words of a message, without what is not text. */
export const labelOf = ({ from, index, text }: WireMessage): string =>
  `${from} message ${index}: ${text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 120)}`;

interface Blow {
  readonly bench: Bench;
  readonly database: CrashDatabase;
  readonly client: ClientProcess;
  readonly shot: Shot | null;
  readonly complete: Completing;
  /** A second runner, at work beside the first. */
  readonly rival: { finished: Promise<unknown> };
}

async function strike(blow: Blow): Promise<Going> {
  const { bench, database, client, shot } = blow;
  const { proxy, target, disks } = bench;
  switch (shot?.fault) {
    case 'kill':
    case 'killAll':
      client.signal('SIGKILL', shot.fault === 'killAll');
      await client.ended;
      return 'go';
    case 'interrupt':
      client.signal('SIGINT', false);
      return 'go';
    case 'serverCrash':
      await target.server?.kill();
      await target.server?.start();
      return 'go';
    case 'terminate':
      if (target.server === null) client.signalChildren('SIGKILL');
      else await database.endSessions();
      return 'go';
    case 'reset':
      proxy?.reset();
      return 'go';
    case 'blackHole':
      cut(blow);
      return 'go';
    case 'sleep':
      await sleep(blow);
      return 'go';
    case 'rival':
      blow.rival.finished = blow.complete();
      return 'go';
    case 'clientFull':
      disks.client?.fill();
      return 'go';
    case 'serverFull':
      disks.server?.fill();
      return 'go';
    case 'writeError':
      return 'EIO';
    case 'tornWrite':
      return 'torn';
    default:
      return 'go';
  }
}

/** The machine is closed while its network is gone; the server gives the sessions up. */
function cut({ bench, client }: Blow): void {
  bench.proxy?.hang();
  setTimeout(() => {
    client.signal('SIGKILL', true);
    bench.proxy?.heal();
  }, cutMs);
}

/**
 * It sleeps so long that the server gives its session up and somebody else does its work; then it wakes. Where no server
 * gives a session up, the sleeper keeps the lock.
 */
async function sleep({ bench, database, client, complete }: Blow): Promise<void> {
  client.signal('SIGSTOP', true);
  if (bench.target.server !== null) {
    await database.endSessions();
    await complete();
  }
  client.signal('SIGCONT', true);
}
