/** What the charts of the history show, from what the workspace keeps. Pure. */
import type { EnvironmentColour } from '../../../shared/model/environment.ts';
import type { StepDuration } from '../../../shared/model/trends.ts';
import type { ChartPoint, ChartSeries } from './Chart.tsx';
import { median } from './chartScale.ts';

/** One thing at one time, as charts and tables take it. */
export interface Measured {
  /** Of this value alone. */
  readonly id: string;
  readonly at: string;
  readonly environment: string;
  readonly value: number;
  /** Its version, or what the run did. */
  readonly what: string;
  /** Null: no page tells of it. */
  readonly run: string | null;
}

/** More shapes and colours nobody tells apart; the table has all. */
export const mostSeries = 12;
/** Points drawn, the newest of all. */
const mostPoints = 2_000;

/** One for each environment, those with most points first. */
export function seriesOf(
  measured: readonly Measured[],
  colours: ReadonlyMap<string, EnvironmentColour>,
): readonly ChartSeries[] {
  const byEnvironment = Map.groupBy(measured.slice(-mostPoints), ({ environment }) => environment);
  return [...byEnvironment]
    .toSorted(([, one], [, other]) => other.length - one.length)
    .slice(0, mostSeries)
    .map(([name, points]) => ({ name, colour: colours.get(name) ?? 'grey', points: points.map(pointOf(name)) }));
}

const pointOf =
  (name: string) =>
  ({ id, at, value, what }: Measured): ChartPoint => ({ id, at, value, title: `${what} on ${name}` });

/** Null: there is nothing to sum up. */
export function summaryOf(measured: readonly Measured[], format: (value: number) => string): string | null {
  const values = measured.map(({ value }) => value);
  const [last, middle] = [values.at(-1), median(values)];
  if (last === undefined || middle === null) return null;
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  return `last ${format(last)}, median ${format(middle)}, most ${format(largest)}`;
}

export interface MigrationChoice {
  readonly key: string;
  readonly label: string;
}

/** Many folders have a version 1: a migration is its version and its name. */
export const migrationKey = ({ version, name }: Pick<StepDuration, 'version' | 'name'>): string =>
  `${version} ${name}`.trim();

/** Newest first, each once. */
export const migrationChoices = (steps: readonly StepDuration[]): readonly MigrationChoice[] =>
  [...new Set(steps.map(migrationKey))].toReversed().map((key) => ({ key, label: key }));
