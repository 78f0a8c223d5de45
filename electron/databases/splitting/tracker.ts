import type { Place } from './lineCounter.ts';

/** Follows one statement after another, to tell which `;` end them. */
export interface Tracker {
  /** Nothing in the rest of this statement matters but its end: tokens need not be fed. */
  readonly plain: boolean;
  /** A `;` here belongs to the statement. */
  readonly holds: boolean;
  /** The statement is followed by data (PostgreSQL's `COPY … FROM stdin`). */
  readonly copiesData: boolean;
  /** What would be left open if the script ended here. */
  readonly open: OpenBlock | undefined;
  /** A new statement begins. */
  reset(): void;
  /** A word in upper case, a punctuation character, or `literal` for anything in quotes. */
  token(token: string, at: number): void;
}

export interface OpenBlock {
  readonly what: string;
  readonly closing: string;
  readonly place: Place;
}

/** Stands for a quoted text, and for a word too long to be a keyword. */
export const literal = '';
