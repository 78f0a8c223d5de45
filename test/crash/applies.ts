// Which faults can be had at which place, and why not.
import type { Scenario } from './points.ts';
import type { Fault, Place } from './shot.ts';
import type { Target } from './workload.ts';

export interface CellFacts {
  readonly target: Target;
  readonly scenario: Scenario;
  /** Of a place of the program's own; empty for a message. */
  readonly placeName: string;
}

/** Null: it can be had. */
export function notApplicable(fault: Fault, place: Place, { target, scenario, placeName }: CellFacts): string | null {
  const isFile = target === 'sqlite' || target === 'sqlite-wal';
  switch (fault) {
    case 'serverCrash':
      return isFile ? 'no server' : null;
    case 'reset':
    case 'blackHole':
      return isFile ? 'no network' : null;
    case 'sleep':
    case 'rival':
      return scenario === 'restore' ? 'nobody else can do the work of a restore' : null;
    case 'writeError':
    case 'tornWrite':
      return isWrite(fault, place, placeName) ? null : 'no file is written there; the sweep fails every write there is';
    default:
      return null;
  }
}

const isWrite = (fault: Fault, place: Place, name: string): boolean =>
  place.at === 'place' && (fault === 'tornWrite' ? / write$/ : / (?:write|sync|rename)$/).test(name);
