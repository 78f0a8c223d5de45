/** What people at the window wait for, measured in the built application and Debian's Chromium. */

import { measureRun } from './interfaceRun.ts';
import { measureFirstScripts, measureStart } from './interfaceStart.ts';
import { measureMatrix } from './matrix.ts';

export interface Figure {
  readonly title: string;
  /** Of each time that it was measured. */
  readonly values: readonly number[];
  readonly unit: 'ms' | 's' | 'kB' | 'MB' | 'a second';
  /** What the median must stay under; null: it is told only. */
  readonly aim: number | null;
}

export interface FigureGroup {
  readonly title: string;
  readonly figures: readonly Figure[];
}

export const measureInterface = async (): Promise<readonly FigureGroup[]> => [
  { title: 'From starting the server to the list, 200 environments', figures: await measureStart() },
  { title: 'The first scripts of the window', figures: await measureFirstScripts() },
  { title: 'Typing while a run streams', figures: await measureRun() },
  { title: 'The version matrix, 500 environments × 2,000 migrations', figures: await measureMatrix() },
];
