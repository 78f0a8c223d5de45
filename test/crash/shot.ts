// One shot: where a run is hit, and by what.

export const faults = [
  'kill',
  'killAll',
  'interrupt',
  'serverCrash',
  'terminate',
  'reset',
  'blackHole',
  'sleep',
  'rival',
  'clientFull',
  'serverFull',
  'writeError',
  'tornWrite',
] as const;
export type Fault = (typeof faults)[number];

/** Where, counted from 0. `delayMs`: milliseconds after it was passed. */
export type Place =
  /** A protocol message: it does not arrive any more, or just still did. */
  | { readonly at: 'message'; readonly index: number; readonly arrives: boolean; readonly delayMs: number }
  /** A place of the program's own: a write, sync or rename of a file, an event, a message to a SQLite process. */
  | { readonly at: 'place'; readonly index: number; readonly delayMs: number }
  /** Milliseconds after the order. */
  | { readonly at: 'time'; readonly ms: number };

export interface Shot {
  readonly place: Place;
  readonly fault: Fault;
}

export const formatShot = ({ place, fault }: Shot): string => `${fault} ${formatPlace(place)}`;

function formatPlace(place: Place): string {
  if (place.at === 'time') return `after ${place.ms} ms`;
  const later = place.delayMs > 0 ? ` +${place.delayMs} ms` : '';
  return place.at === 'place'
    ? `at place ${place.index}${later}`
    : `${place.arrives ? 'after' : 'before'} message ${place.index}${later}`;
}

/** The same from text. @throws {Error} */
export function parseShots(text: string): Shot[] {
  return text.split(', then ').map((one) => {
    const [, name, rest = ''] = /^(\w+) (.*)$/.exec(one) ?? [];
    const fault = faults.find((known) => known === name);
    if (fault === undefined) throw new Error(`this is no shot: ${one}`);
    return { fault, place: parsePlace(rest) };
  });
}

function parsePlace(text: string): Place {
  const [, word, number, later] =
    /^(after|at place|before message|after message) (\d+)(?: ms)?(?: \+(\d+) ms)?$/.exec(text) ?? [];
  const [index, delayMs] = [Number(number), Number(later ?? 0)];
  switch (word) {
    case 'after':
      return { at: 'time', ms: index };
    case 'at place':
      return { at: 'place', index, delayMs };
    case 'before message':
    case 'after message':
      return { at: 'message', index, arrives: word === 'after message', delayMs };
    default:
      throw new Error(`this is no place: ${text}`);
  }
}
