// The fault points of a run, found in what a run passes that nobody hits.
import type { Course } from './course.ts';
import type { Place } from './shot.ts';
import type { Kind, Target } from './workload.ts';

export const points = [
  'preflight',
  'lock',
  'fence',
  'auditAppend',
  'backupStart',
  'backupMid',
  'backupFsync',
  'backupRename',
  'backupVerify',
  'intentWrite',
  'statementSent',
  'executing',
  'doneUnacked',
  'ackedUnjournaled',
  'outcomeWrite',
  'commitSent',
  'commitUnacked',
  'betweenSteps',
  'lockRelease',
  'undoStep',
  'restoreLoad',
  'beforeSwap',
  'insideSwap',
  'afterSwap',
] as const;
export type Point = (typeof points)[number];

/** What must run for a point to be passed. */
export type Scenario = 'up' | 'backup' | 'down' | 'restore';

export function scenarioOf(point: Point): Scenario {
  if (point.startsWith('backup')) return 'backup';
  if (point === 'undoStep') return 'down';
  return point === 'restoreLoad' || point.endsWith('Swap') ? 'restore' : 'up';
}

/** Points that every kind of step has of its own. */
export const stepPoints: readonly Point[] = [
  'intentWrite',
  'statementSent',
  'executing',
  'doneUnacked',
  'ackedUnjournaled',
  'outcomeWrite',
  'commitSent',
  'commitUnacked',
  'betweenSteps',
  'undoStep',
];

/** A step whose place is looked for: its version, and words of its statement. */
export interface StepMark {
  readonly kind: Kind;
  readonly version: string;
  readonly key: string;
  readonly downKey: string;
}

/** Milliseconds after a statement was sent: it is being executed, or has just been. */
const executingMs = 2;

/** A text: why there is no such point. */
export function findPoint(target: Target, point: Point, course: Course, step: StepMark | null): Place | string {
  const trace = traceOf(target, course);
  const { find, after } = trace;
  const statement =
    step === null ? null : find((text) => text.includes(point === 'undoStep' ? step.downKey : step.key));
  const inTransaction = step?.kind === 'transactional' || step?.kind === 'rebuild';
  const oneMessage = inTransaction || target === 'mysql';
  switch (point) {
    case 'preflight':
      return first(find((text) => /lockkeeper_history|pragma_table_xinfo/.test(text)));
    case 'lock':
      return first(find((text) => /pg_try_advisory_lock|GET_LOCK|sqlite tryLock/.test(text)));
    case 'fence':
      return first(find((text) => /INSERT INTO (?:main\.)?[`"]?lockkeeper[`"]?[._][`"]?run\b/.test(text)));
    case 'lockRelease':
      return first(find((text) => /pg_advisory_unlock|RELEASE_LOCK|sqlite unlock/.test(text)));
    case 'intentWrite':
      if (inTransaction) return 'effect and journal are one transaction: nothing is announced';
      return first(find((text) => /'intent'|'sent'/.test(text) && text.includes(`'${step?.version}'`)));
    case 'statementSent':
    case 'undoStep':
      return first(statement);
    case 'executing':
      return statement === null ? unseen : trace.arrived(statement, executingMs);
    case 'doneUnacked':
      return statement === null ? unseen : first(after(statement, 'answer'));
    case 'ackedUnjournaled':
      if (oneMessage) return 'what follows the statement travels in its message';
      return statement === null ? unseen : first(after(after(statement, 'answer'), 'request'));
    case 'outcomeWrite':
      return first(find((text) => /'done'/.test(text) && text.includes(`'${step?.version}'`)));
    case 'commitSent':
      return first(commitOf(trace, statement));
    case 'commitUnacked': {
      const commit = commitOf(trace, statement);
      return commit === null ? unseen : first(after(commit, 'answer'));
    }
    default:
      return inProgram(point, course, step);
  }
}

const unseen = 'such a run does not pass it';
const first = (place: Place | null): Place | string => place ?? unseen;

const commitOf = ({ find }: Trace, statement: Place | null): Place | null =>
  statement === null ? null : find((text) => /\bCOMMIT\b/.test(text), indexOf(statement));

const indexOf = (place: Place): number => (place.at === 'time' ? 0 : place.index);

/** Places that the program itself tells. */
function inProgram(point: Point, { places, versions }: Course, step: StepMark | null): Place | string {
  const at = (index: number): Place | string => (index < 0 ? unseen : { at: 'place', index, delayMs: 0 });
  const nth = (place: string, count: number): number =>
    places.reduce((found, one, index) => (one === place && count-- === 0 ? index : found), -1);
  const swap = places.indexOf('event phaseStarted swap');
  switch (point) {
    case 'auditAppend':
      return at(places.indexOf('audit before'));
    case 'backupStart':
      return at(places.indexOf('event phaseStarted backup'));
    case 'backupMid':
      return at(places.findIndex((one) => one === 'archive write' || one === 'event backupProgress'));
    case 'backupFsync':
      return at(places.indexOf('archive sync'));
    case 'backupRename':
      return at(places.indexOf('archive rename'));
    case 'backupVerify':
      return at(places.indexOf('event phaseStarted check'));
    case 'betweenSteps':
      return at(nth('event stepFinished', versions.indexOf(step?.version ?? '')));
    case 'restoreLoad':
      return at(places.findIndex((one) => one === 'event restoreProgress' || one === 'event phaseStarted restore'));
    case 'beforeSwap':
      return at(swap);
    case 'insideSwap':
      return at(places.findIndex((one, index) => index > swap && swap >= 0 && one === 'journal sync'));
    case 'afterSwap':
      return at(places.indexOf('event phaseFinished swap'));
    default:
      return unseen;
  }
}

interface Trace {
  /** The first request from there on that the test is true of. */
  find(test: (text: string) => boolean, from?: number): Place | null;
  after(place: Place | null, what: 'answer' | 'request'): Place | null;
  /** The place when it is past it, so many milliseconds. */
  arrived(place: Place, delayMs: number): Place;
}

/** Of protocol messages, or of those to and from a SQLite process. */
function traceOf(target: Target, { messages, places }: Course): Trace {
  const isFile = target === 'sqlite' || target === 'sqlite-wal';
  const texts = isFile ? places : messages.map(({ text }) => text);
  const isRequest = isFile
    ? (index: number) => /^sqlite (?!answer)/.test(places[index] ?? '')
    : (index: number) => messages[index]?.from === 'client';
  const isAnswer = isFile
    ? (index: number) => /^sqlite answer/.test(places[index] ?? '')
    : (index: number) => messages[index]?.from === 'server';
  const placeAt = (index: number): Place | null => {
    if (index < 0) return null;
    return isFile ? { at: 'place', index, delayMs: 0 } : { at: 'message', index, arrives: false, delayMs: 0 };
  };
  const next = (from: number, test: (index: number) => boolean): Place | null =>
    placeAt(texts.findIndex((_, index) => index >= from && test(index)));
  return {
    find: (test, from = 0) => next(from, (index) => isRequest(index) && test(texts[index] ?? '')),
    after: (place, what) =>
      place === null ? null : next(indexOf(place) + 1, what === 'answer' ? isAnswer : isRequest),
    arrived: (place, delayMs) =>
      place.at === 'message'
        ? { ...place, arrives: true, delayMs }
        : place.at === 'place'
          ? { ...place, delayMs }
          : place,
  };
}
