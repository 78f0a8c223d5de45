// Many random shots at one target, several at a time.
import { type Bench, openBench } from './bench.ts';
import { type Course, readCourse } from './course.ts';
import { seedOf } from './random.ts';
import type { Series } from './report.ts';
import { type ShotResult, shootAt, shotsOf } from './series.ts';
import type { Fault } from './shot.ts';
import type { CrashTarget } from './targets.ts';
import { kindsOf, mixOf, type Workload } from './workload.ts';

export interface SeriesOrder {
  readonly target: CrashTarget;
  readonly program: string;
  readonly runs: number;
  readonly seed: number;
  readonly jobs: number;
  readonly fault: Fault | null;
}

/** Shots after which a data directory is given up: it grows with every run. */
const shotsOfBench = 100;

/** Shots that are all of one seed; each is the same whenever it is asked for. */
export class Shooter {
  readonly #order: Pick<SeriesOrder, 'target' | 'seed' | 'fault'>;
  readonly #kinds: Workload;
  readonly #mix: readonly Workload[];
  readonly #courses = new Map<string, Promise<Course | null>>();
  #changingServer: Promise<unknown> = Promise.resolve();
  /** Forms whose migration is refused, with the reason. */
  readonly refused = new Map<string, string>();

  constructor(order: Pick<SeriesOrder, 'target' | 'seed' | 'fault'>) {
    this.#order = order;
    this.#kinds = kindsOf(order.target.id);
    this.#mix = mixOf(order.target.id);
  }

  async shoot(bench: Bench, number: number): Promise<ShotResult> {
    const workload = this.#workload(number);
    const isShared = workload.teardown !== null && !workload.teardown.some((sql) => sql.includes('{db}'));
    if (!isShared) return this.#shoot(bench, number, workload);
    // What belongs to the whole server is changed by one at a time.
    const turn = this.#changingServer.then(() => this.#shoot(bench, number, workload));
    this.#changingServer = turn.catch(() => undefined);
    return turn;
  }

  async #shoot(bench: Bench, number: number, workload: Workload): Promise<ShotResult> {
    const course = (await this.#course(bench, workload)) ?? (await this.#course(bench, this.#kinds));
    if (course === null) throw new Error('the migrations of every kind cannot be run');
    const { shots, extras } = shotsOf(seedOf(this.#order.seed, number), course, this.#order.fault);
    const result = await shootAt(bench, course, shots, extras);
    return { ...result, shot: `${course.workload.id}: ${result.shot}` };
  }

  /** Every second one is a form of the mix, in turn. */
  #workload(number: number): Workload {
    const form = number % 2 === 0 ? undefined : this.#mix[((number - 1) / 2) % this.#mix.length];
    return form ?? this.#kinds;
  }

  #course(bench: Bench, workload: Workload): Promise<Course | null> {
    const known = this.#courses.get(workload.id);
    if (known !== undefined) return known;
    const course = readCourse(bench, 'up', workload).catch((error: unknown) => {
      if (workload === this.#kinds) throw error;
      this.refused.set(workload.id, error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
      return null;
    });
    this.#courses.set(workload.id, course);
    return course;
  }
}

export async function runSeries(
  order: SeriesOrder,
  tell: (number: number, result: ShotResult) => void,
): Promise<Omit<Series, 'date' | 'commit'>> {
  const { target, runs, seed, fault } = order;
  const results: { readonly number: number; readonly result: ShotResult }[] = [];
  const shooter = new Shooter(order);
  let next = 0;
  const began = performance.now();

  async function work(): Promise<void> {
    while (next < runs) {
      await using bench = await openBench(target, order.program);
      for (let shots = 0; shots < shotsOfBench && next < runs; shots += 1) {
        const number = next++;
        const result = await shooter.shoot(bench, number);
        tell(number, result);
        results.push({ number, result });
      }
    }
  }

  await Promise.all(Array.from({ length: order.jobs }, work));
  const violated = results.filter(({ result }) => result.violations.length > 0);
  const total = (count: (result: ShotResult) => number): number =>
    results.reduce((sum, { result }) => sum + count(result), 0);
  return {
    target: target.id,
    title: target.title,
    seed,
    fault,
    shots: runs,
    reached: total(({ reached }) => Number(reached)),
    double: total(({ double }) => Number(double)),
    violated: violated.map(({ number, result }) => ({ number, violations: result.violations })),
    minutes: (performance.now() - began) / 60_000,
    interrupted: {
      settled: total(({ settled }) => settled),
      asked: total(({ asked }) => asked),
      wrongly: violated.filter(({ result }) => result.settled > 0).length,
    },
    refused: [...shooter.refused].map(([form, reason]) => `${form}: ${reason}`),
  };
}
