/** What people at the window wait for, measured in the built application and Debian's Chromium. */
import { measureMatrix } from './matrix.ts';

export interface Figure {
  readonly title: string;
  /** Of each time that it was measured. */
  readonly values: readonly number[];
  readonly unit: 'ms' | 's' | 'MB';
  /** What the median must stay under; null: it is told only. */
  readonly aim: number | null;
}

export interface FigureGroup {
  readonly title: string;
  readonly figures: readonly Figure[];
}

export const measureInterface = async (): Promise<readonly FigureGroup[]> => [
  { title: 'The version matrix, 500 environments × 2,000 migrations', figures: await measureMatrix() },
];
