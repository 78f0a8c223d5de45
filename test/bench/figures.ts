/** Parts of the report that are lists of figures, each beside its aim. */
import { measureBackups } from './backups.ts';
import type { Engine } from './engines.ts';
import { measureFleets } from './fleet.ts';
import { type Figure, type FigureGroup, measureInterface } from './interface.ts';
import { median } from './measure.ts';
import { formatTable } from './table.ts';

export interface FigureOptions {
  readonly engines: readonly Engine[];
  readonly rounds: number;
  /** Of a fleet; null: as many as the figures ask for. */
  readonly databases: number | null;
  /** Of a backup; null: likewise. */
  readonly megabytes: number | null;
  /** Folder for the limit without its types. */
  readonly cache: string;
}

interface FigurePart {
  /** As `--only` names it. */
  readonly id: string;
  readonly heading: string;
  /** What a reader must know beside the tables. */
  readonly about: string;
  measure(options: FigureOptions): Promise<readonly FigureGroup[]>;
}

/** In the order of the report. */
export const figureParts: readonly FigurePart[] = [
  {
    id: 'fleet',
    heading: 'Fleets',
    about:
      'The limit does the same databases in one Node process, eight at a time, with the same durable writes; with latency the aim is a twentieth of the time of the best peer as a process for each database, two at a time.',
    measure: measureFleets,
  },
  {
    id: 'backups',
    heading: 'Backups',
    about:
      'Each program writes to a fresh folder. The aim of taking is 1.5 × the first line, of a proven backup 1.1 × the same by hand. Comparing by hand takes the quickest digest of the rows that the server itself has, on two connections.',
    measure: measureBackups,
  },
  {
    id: 'interface',
    heading: 'The interface',
    about: 'In Chromium without a graphics card.',
    measure: measureInterface,
  },
];

export function formatGroup({ title, figures }: FigureGroup): string {
  const rows = figures.map(({ title: what, values, unit, aim }) => [
    what,
    `${rounded(median(values), unit)} ${unit}`,
    values.length === 1 ? '' : `${rounded(Math.min(...values), unit)}–${rounded(quantile(values, 0.95), unit)}`,
    aim === null ? '' : `< ${Number(aim.toPrecision(3))} ${unit}`,
  ]);
  return [`### ${title}`, '', formatTable([['', 'median', 'least–95 %', 'aim'], ...rows])].join('\n');
}

const rounded = (value: number, unit: Figure['unit']): string => value.toFixed(unit === 'MB' ? 0 : 1);

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
