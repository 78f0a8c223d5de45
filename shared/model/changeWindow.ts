export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

/** When changes may be made, by the clock on the wall of a time zone. */
export interface ChangeWindow {
  /** On which it begins; at least one. */
  readonly days: readonly Weekday[];
  /** `HH:MM`, inclusive. */
  readonly from: string;
  /** `HH:MM`, exclusive. Not after `from`: it ends on the next day, and equal to it after 24 hours. */
  readonly to: string;
  /** By its IANA name, as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** Nothing is changed until then. */
export interface Freeze {
  /** ISO 8601. */
  readonly until: string;
  readonly reason: string;
  /** Whoever set it. */
  readonly by: string;
}

/** `Saturday, Sunday 22:00–04:00 Europe/Berlin`. */
export function changeWindowWords({ days, from, to, timeZone }: ChangeWindow): string {
  const names = weekdays.filter((day) => days.includes(day)).map((day) => day[0]?.toUpperCase() + day.slice(1, 3));
  const which = days.length === weekdays.length ? 'daily' : names.join(', ');
  return `${which} ${from}–${to} ${timeZone}`;
}
