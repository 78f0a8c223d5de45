// Shots: each is hit, brought to its end and checked.
import type { Bench } from './bench.ts';
import { checkAcknowledged, checkFinished, findSecret, findSecretInProcesses } from './check.ts';
import { checkBackups } from './checkBackups.ts';
import { type Course, prepare } from './course.ts';
import { finishByCommand } from './finishByCommand.ts';
import { createRandom, type Random } from './random.ts';
import { shoot } from './shoot.ts';
import { type Fault, formatShot, type Place, type Shot } from './shot.ts';

export interface ShotResult {
  readonly shot: string;
  readonly reached: boolean;
  /** What finished it was hit, too. */
  readonly double: boolean;
  /** The place in words. */
  readonly where: string;
  readonly violations: readonly string[];
  readonly settled: number;
  readonly asked: number;
  readonly ms: number;
}

const kills: readonly [Fault, ...Fault[]] = ['kill', 'killAll'];
const blows: readonly [Fault, ...Fault[]] = [...kills, ...kills, ...kills, 'reset', 'terminate', 'interrupt'];

/** Milliseconds between a message and the blow, so that statements are hit while they run. */
const longestDelay = 25;

/** Over all places that a run passes, most of them where it works, and now and then over its time. */
function randomShot(random: Random, course: Course, only: Fault | null): Shot {
  const statement = statementShot(random, course, only);
  if (statement !== null) return statement;
  const { messages, places, ms } = course;
  const fault = only ?? random.pick(messages.length > 0 ? blows : kills);
  if (random.next() < 0.2)
    return { place: { at: 'time', ms: random.below(Math.ceil(ms)) }, fault: only ?? random.pick(kills) };
  const delayMs = random.next() < 0.5 ? 0 : random.below(longestDelay);
  const [first, last] = random.next() < 0.7 ? workOf(course) : [0, messages.length];
  const index = first + random.below(last - first + places.length);
  const place: Place =
    index < last
      ? { at: 'message', index, arrives: delayMs > 0 || random.next() < 0.5, delayMs }
      : { at: 'place', index: index - last, delayMs };
  return { place, fault };
}

/** Of a single statement most hit that one, from before it to some time after it. */
function statementShot(random: Random, { workload, messages }: Course, only: Fault | null): Shot | null {
  const [form, ...others] = workload.forms;
  if (form === undefined || others.length > 0 || random.next() < 0.3) return null;
  const index = messages.findIndex(({ from, text }) => from === 'client' && text.includes(form.key));
  if (index < 0) return null;
  const delayMs = random.below(longestDelay);
  return { fault: only ?? random.pick(blows), place: { at: 'message', index, arrives: random.next() < 0.9, delayMs } };
}

/** Messages from the lock to its release: most of the others only ask. */
function workOf({ messages }: Course): readonly [number, number] {
  const find = (words: RegExp): number => messages.findIndex(({ from, text }) => from === 'client' && words.test(text));
  const [first, last] = [find(/pg_try_advisory_lock|GET_LOCK/), find(/pg_advisory_unlock|RELEASE_LOCK/)];
  return first < 0 || last < first ? [0, messages.length] : [first, last];
}

const secondShots = 0.2;
const looksForSecret = 0.05;
const finishedByCommand = 0.02;

/** What is done in some shots only, for it takes its time. */
export interface Extras {
  /** The password is looked for in all files and processes. */
  readonly looks: boolean;
  /** The command line finishes, not the services in this process. */
  readonly byCommand: boolean;
}

/** What a seed alone says, so that it can be repeated. */
export interface RandomShots {
  readonly shots: readonly Shot[];
  readonly extras: Extras;
}

export function shotsOf(seed: number, course: Course, only: Fault | null): RandomShots {
  const random = createRandom(seed);
  const shot = randomShot(random, course, only);
  const second = random.next() < secondShots ? [randomShot(random, course, only)] : [];
  const extras = { looks: random.next() < looksForSecret, byCommand: random.next() < finishedByCommand };
  return { shots: [shot, ...second], extras };
}

/** The first hits the run, the others what finishes it. */
export async function shootAt(
  bench: Bench,
  course: Course,
  shots: readonly Shot[],
  extras: Extras,
): Promise<ShotResult> {
  const began = performance.now();
  const { target, proxy, disks } = bench;
  const [shot = null, ...later] = shots;
  await using database = await target.createDatabase(course.workload);
  const { aim, complete } = await prepare(bench, database, course.scenario, course.expected);
  const violations: string[] = [];
  const hit = await shoot(bench, database, aim, shot, complete);
  disks.client?.free();
  disks.server?.free();
  if (disks.server !== null) await revive(bench);
  if (hit.hung) violations.push('it had to be killed: it went on for too long');
  if (aim.action === 'up') violations.push(...(await checkAcknowledged(database, hit.client.records)));
  if (extras.looks && target.secret !== null) violations.push(...(await findSecretInProcesses(target.secret)));
  for (const second of later)
    await shoot(bench, database, { ...aim, action: finishOf[course.scenario] }, second, complete);
  proxy?.begin(() => 'forward');
  const byCommand = extras.byCommand ? await finishByCommand(bench, database) : null;
  const { failure, settled, asked } = await complete();
  if (byCommand !== null) violations.push(`by the command line: ${byCommand}`);
  if (failure !== null) violations.push(`it could not be finished: ${failure}`);
  violations.push(...(await checkFinished(bench, database, course)));
  if (course.scenario === 'backup' || course.scenario === 'restore')
    violations.push(...(await checkBackups(bench, database, course)));
  if (extras.looks && target.secret !== null)
    violations.push(...(await findSecret(target.secret, bench.dataDirectory)));
  const text = shots.map(formatShot).join(', then ');
  return {
    shot: text,
    double: later.length > 0,
    reached: hit.reached,
    where: hit.where,
    violations,
    settled,
    asked,
    ms: performance.now() - began,
  };
}

const finishOf = { up: 'finish', backup: 'finish', down: 'finishDown', restore: 'undo' } as const;

/** A server whose disk was full may have ended itself. */
async function revive({ target: { server } }: Bench): Promise<void> {
  if (server === null) return;
  try {
    await server.query('SELECT 1');
  } catch {
    await server.kill();
    await server.start();
  }
}
