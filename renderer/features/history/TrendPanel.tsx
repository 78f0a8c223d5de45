/** One chart with its legend, and the same as a table. */
import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { EnvironmentColour } from '../../../shared/model/environment.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { Moment } from '../../components/Time.tsx';
import { navigate } from '../../useRoute.ts';
import { Chart, Shape } from './Chart.tsx';
import { historyTexts as texts } from './texts.ts';
import { type Measured, mostSeries, seriesOf, summaryOf } from './trendFacts.ts';

interface TrendPanelProps {
  readonly title: string;
  /** Of the values: `Took`, `Size`. */
  readonly unit: string;
  /** Oldest first. */
  readonly measured: readonly Measured[];
  readonly colours: ReadonlyMap<string, EnvironmentColour>;
  readonly format: (value: number) => string;
  readonly joined: boolean;
  /** What is here when nothing was measured. */
  readonly empty: string;
}

export function TrendPanel({ title, unit, measured, colours, format, joined, empty }: TrendPanelProps) {
  const [shown, setShown] = useState<'chart' | 'table'>('chart');
  const series = useMemo(() => seriesOf(measured, colours), [measured, colours]);
  const summary = summaryOf(measured, format);
  const environments = new Set(measured.map(({ environment }) => environment)).size;
  const words = texts.of(title, texts.values(measured.length), texts.environments(environments), summary ?? texts.none);
  return (
    <section className="panel trend" aria-label={title}>
      <div className="panel-head">
        <h2>{title}</h2>
        {summary !== null && <span className="small second">{summary}</span>}
        {measured.length > 0 && (
          <SegmentedControl
            size="xs"
            className="push"
            aria-label={texts.shownAs(title)}
            value={shown}
            onChange={(value) => setShown(value === 'table' ? 'table' : 'chart')}
            data={[
              { value: 'chart', label: texts.chart },
              { value: 'table', label: texts.table },
            ]}
          />
        )}
      </div>
      {measured.length === 0 ? (
        <p className="panel-body dim">{empty}</p>
      ) : shown === 'table' ? (
        <div className="trend-table">
          <ValueTable label={texts.asATable(title)} unit={unit} measured={measured} format={format} />
        </div>
      ) : (
        <div className="panel-body">
          <Chart title={title} summary={words} series={series} format={format} joined={joined} />
          <ul className="legend">
            {series.map(({ name, colour, points }, index) => (
              <li key={name} data-colour={colour} className="row">
                <svg width="14" height="14" className="chart-series" aria-hidden="true">
                  <Shape index={index} x={7} y={7} />
                </svg>
                {name} <span className="dim number">{points.length}</span>
              </li>
            ))}
            {environments > mostSeries && (
              <li className="dim">{texts.andMoreEnvironmentsInThe(environments - mostSeries)}</li>
            )}
          </ul>
        </div>
      )}
    </section>
  );
}

type ValueTableProps = Pick<TrendPanelProps, 'unit' | 'measured' | 'format'> & { readonly label: string };

function ValueTable({ label, unit, measured, format }: ValueTableProps) {
  const rows = useMemo(() => measured.toReversed(), [measured]);
  const columns = useMemo(() => columnsOf(unit, format), [unit, format]);
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      onOpen={({ run }) => {
        if (run !== null) navigate({ screen: 'run', id: run });
      }}
      empty={null}
    />
  );
}

const columnsOf = (unit: string, format: (value: number) => string): readonly Column<Measured>[] => [
  { id: 'at', title: texts.when, width: '150px', sortBy: ({ at }) => at, cell: ({ at }) => <Moment at={at} /> },
  {
    id: 'environment',
    title: texts.environment,
    width: 'minmax(150px, 2fr)',
    sortBy: ({ environment }) => environment,
    cell: ({ environment }) => <span className="clip strong">{environment}</span>,
  },
  {
    id: 'what',
    title: texts.what,
    width: 'minmax(150px, 3fr)',
    sortBy: ({ what }) => what,
    cell: ({ what }) => <span className="clip mono">{what}</span>,
  },
  {
    id: 'value',
    title: unit,
    width: '120px',
    align: 'end',
    sortBy: ({ value }) => value,
    cell: ({ value }) => <span className="number">{format(value)}</span>,
  },
];
