/** What the tour says. */
import type { TourStep } from '../../../shared/model/tour.ts';

interface StepTexts {
  readonly title: string;
  /** Before its page is open. */
  readonly why: string;
  /** On its page: what to look at or do. */
  readonly there: string;
  readonly open: string;
}

export const tourTexts: Readonly<Record<TourStep, StepTexts>> = {
  plan: {
    title: 'See what is pending',
    why: 'bakery-test is two migrations behind its folder.',
    there: 'Each line is a migration that would run, in this order, with its hazards as chips.',
    open: 'Show the plan',
  },
  changed: {
    title: 'See what was changed',
    why: 'Somebody edited 1.4.0 after it was applied.',
    there: 'Its checksums differ. “Compare” shows both texts side by side: the database has the left one.',
    open: 'Show 1.4.0',
  },
  risky: {
    title: 'Read the risky one',
    why: '1.8.0 drops a column: its fax numbers would be gone.',
    there: 'Marks beside the SQL are hazards; point at one to read it. At the right is what its author says.',
    open: 'Show 1.8.0',
  },
  migrate: {
    title: 'Back up and migrate',
    why: 'Now for real, up to the harmless 1.7.0. A backup is taken first.',
    there: 'This is all that will happen. Start it at the bottom of the page.',
    open: 'Prepare it',
  },
  rollBack: {
    title: 'Roll back',
    why: '1.7.0 has a down script. Take it back.',
    there: 'Another backup, then the down script. Start it at the bottom of the page.',
    open: 'Prepare it',
  },
};

export const tourWords = {
  heading: 'Tour of the demo',
  next: 'Next',
  leave: 'Leave',
  leaveLabel: 'Leave the tour',
  close: 'Close',
  addOwn: 'Add your own',
  waits: 'It is running…',
  finished: (took: string): string => `You backed up, migrated and rolled back a real database, in ${took}.`,
  finishedPlain: 'You backed up, migrated and rolled back a real database.',
  again: 'The tour begins anew from the palette: Tour of the demo.',
  position: (step: number, of: number, title: string): string => `Tour, step ${step} of ${of}: ${title}`,
  done: ', done',
} as const;
