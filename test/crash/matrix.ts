// Every fault point with every fault, for every kind of step where it has one of its own.
import { notApplicable } from './applies.ts';
import type { Bench } from './bench.ts';
import { type Course, readCourse } from './course.ts';
import { findPoint, type Point, points, type Scenario, type StepMark, scenarioOf, stepPoints } from './points.ts';
import type { Cell } from './report.ts';
import { shootAt } from './series.ts';
import { type Fault, faults, type Place, type Shot } from './shot.ts';
import { type Kind, kindsOf, versionsOf, type Workload } from './workload.ts';

export interface Wanted {
  readonly point: Point | null;
  readonly fault: Fault | null;
  /** Of the points that steps have of their own. */
  readonly kind: Kind | null;
}

export interface Benches {
  readonly usual: Bench;
  /** On small disks; a text: why there is none. */
  small(): Promise<Bench | string>;
}

/** Runs what is wanted of the matrix, and tells each cell when it is known. */
export async function runMatrix(benches: Benches, wanted: Wanted, tell: (cell: Cell) => void): Promise<void> {
  const courses = new Map<Scenario, Course>();
  for (const point of points.filter((one) => (wanted.point ?? one) === one)) {
    const scenario = scenarioOf(point);
    const course =
      courses.get(scenario) ?? (await readCourse(benches.usual, scenario, kindsOf(benches.usual.target.id)));
    courses.set(scenario, course);
    const marks = stepPoints.includes(point) ? marksOf(course.workload, wanted.kind) : [null];
    for (const mark of marks)
      for (const fault of faults.filter((one) => (wanted.fault ?? one) === one))
        tell(await runCell(benches, course, { point, fault, mark }));
  }
}

/** One step of each kind, the first. `only`: of this one; null: of all. */
function marksOf(workload: Workload, only: Kind | null): StepMark[] {
  const versions = versionsOf(workload);
  const marks = new Map<Kind, StepMark>();
  for (const [index, { kind, key, downKey }] of workload.forms.entries())
    if (!marks.has(kind) && (only ?? kind) === kind)
      marks.set(kind, { kind, version: versions[index] ?? '', key, downKey });
  return [...marks.values()];
}

interface CellPlace {
  readonly point: Point;
  readonly fault: Fault;
  readonly mark: StepMark | null;
}

async function runCell({ usual, small }: Benches, course: Course, { point, fault, mark }: CellPlace): Promise<Cell> {
  const { target } = usual;
  const cell = { target: target.id, kind: mark?.kind ?? null, point, fault };
  const place = findPoint(target.id, point, course, mark);
  if (typeof place === 'string') return { ...cell, result: 'notApplicable', detail: place };
  const placeName = placeNameOf(course, place);
  const reason = notApplicable(fault, place, { target: target.id, scenario: course.scenario, placeName });
  if (reason !== null) return { ...cell, result: 'notApplicable', detail: reason };
  const bench = needsDisk(fault) ? await small() : usual;
  if (typeof bench === 'string') return { ...cell, result: 'notApplicable', detail: bench };
  return { ...cell, ...(await attempt(bench, course, { place, fault })) };
}

const needsDisk = (fault: Fault): boolean => fault === 'clientFull' || fault === 'serverFull';

const placeNameOf = ({ places }: Course, place: Place): string =>
  place.at === 'place' ? (places[place.index] ?? '') : '';

/** Runs differ by some messages or writes, on a busy machine by more: a place that was not reached is tried again. */
const attempts = 8;

async function attempt(bench: Bench, course: Course, shot: Shot): Promise<Pick<Cell, 'result' | 'detail'>> {
  for (let attempt = 1; ; attempt += 1) {
    const {
      violations,
      reached,
      shot: text,
    } = await shootAt(bench, course, [shot], { looks: attempt === 1, byCommand: false });
    if (violations.length > 0) return { result: 'violated', detail: `${text}: ${violations.join('; ')}` };
    if (reached) return { result: 'run', detail: text };
    if (attempt === attempts) return { result: 'violated', detail: `${text} was not reached in ${attempts} runs` };
  }
}

/** Beyond the named points: every message cut, every write, sync and rename of a file failing, one after the other. */
export async function runSweeps(bench: Bench, tell: (sweep: string, violations: readonly string[]) => void) {
  for (const scenario of ['up', 'backup'] as const) {
    const course = await readCourse(bench, scenario, kindsOf(bench.target.id));
    for (const [index, name] of course.places.entries()) {
      if (!/ (?:write|sync|rename)$/.test(name)) continue;
      const sweep: Fault[] = name.endsWith(' write') ? ['writeError', 'tornWrite'] : ['writeError'];
      for (const fault of sweep) await swept(bench, course, { place: { at: 'place', index, delayMs: 0 }, fault }, tell);
    }
    if (scenario === 'backup') continue;
    for (const index of course.messages.keys())
      for (const fault of ['kill', 'reset'] as const)
        await swept(bench, course, { place: { at: 'message', index, arrives: false, delayMs: 0 }, fault }, tell);
  }
}

async function swept(
  bench: Bench,
  course: Course,
  shot: Shot,
  tell: (sweep: string, violations: readonly string[]) => void,
): Promise<void> {
  const { violations, shot: text, where } = await shootAt(bench, course, [shot], { looks: false, byCommand: false });
  const kind = shot.place.at === 'message' ? 'every protocol message' : `every write of a file (${course.scenario})`;
  tell(
    `${shot.fault} at ${kind}`,
    violations.map((one) => `${text} (${where}): ${one}`),
  );
}
