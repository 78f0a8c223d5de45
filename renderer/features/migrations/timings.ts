/** How long one migration took, by environment. Pure. */
import type { Trends } from '../../../shared/model/trends.ts';
import { amountScale, median } from '../history/chartScale.ts';
import { migrationKey } from '../history/trendFacts.ts';

export interface Timing {
  readonly run: string;
  /** ISO 8601. */
  readonly at: string;
  readonly durationMs: number;
  /** On its line, from 0 to 1. */
  readonly place: number;
}

export interface EnvironmentTimings {
  readonly environment: string;
  readonly median: number;
  /** Oldest first; never empty. */
  readonly timings: readonly Timing[];
}

export interface Timings {
  /** `here` first, then by name. */
  readonly environments: readonly EnvironmentTimings[];
  /** Milliseconds at the beginning and the end of every line. */
  readonly range: readonly [least: number, most: number];
}

/** Null: it was applied nowhere from here. All lines have one scale, so that they can be compared. */
export function timingsOf(
  trends: Trends,
  migration: { readonly version: string; readonly name: string },
  here: string,
): Timings | null {
  const key = migrationKey(migration);
  const applied = trends.steps.filter((step) => step.action === 'apply' && migrationKey(step) === key);
  if (applied.length === 0) return null;
  const { place, ticks } = amountScale(applied.map(({ durationMs }) => durationMs));
  const environments = [...Map.groupBy(applied, ({ environment }) => environment)].map(([environment, steps]) => ({
    environment,
    median: median(steps.map(({ durationMs }) => durationMs)) ?? 0,
    timings: steps.map(({ run, at, durationMs }) => ({ run, at, durationMs, place: place(durationMs) })),
  }));
  return { environments: environments.toSorted(byName(here)), range: [ticks[0] ?? 0, ticks.at(-1) ?? 0] };
}

const byName =
  (here: string) =>
  (one: EnvironmentTimings, other: EnvironmentTimings): number =>
    Number(other.environment === here) - Number(one.environment === here) ||
    one.environment.localeCompare(other.environment);
