import type { Announcement } from '../../electron/engine/ports.ts';

/** What is told of a statement before it is sent, where a test cares for its number and its probe only. */
export const announced = (statement: number, probe: string | null = null): Announcement => ({
  statement,
  part: null,
  sending: 'alone',
  text: `SELECT '${statement} \\ 😀'`,
  line: statement + 1,
  probe,
  batch: null,
});
