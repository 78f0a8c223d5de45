/** Points over time. Series differ by shape as well as colour, and the same values are there as a table. */
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { EnvironmentColour } from '../../../shared/model/environment.ts';
import { formatFullTime } from '../../format.ts';
import { amountScale, type Scale, timeScale } from './chartScale.ts';

export interface ChartPoint {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly value: number;
  /** What it is, for whoever points at it. */
  readonly title: string;
}

export interface ChartSeries {
  readonly name: string;
  readonly colour: EnvironmentColour;
  /** Oldest first. */
  readonly points: readonly ChartPoint[];
}

interface ChartProps {
  readonly title: string;
  /** The same in words, for people who do not see it. */
  readonly summary: string;
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
  /** Points of a series are joined: they are of one thing. */
  readonly joined: boolean;
}

const height = 240;
const margin = { top: 12, right: 16, bottom: 26, left: 76 };
/** Pixels that a moment's words need. */
const tickWidth = 120;

export function Chart({ title, summary, series, format, joined }: ChartProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const points = series.flatMap((one) => one.points);
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const amounts = amountScale(points.map(({ value }) => value));
  const times = timeScale(
    points.map(({ at }) => Date.parse(at)),
    Math.floor(inner.width / tickWidth),
  );
  const x = (at: string): number => margin.left + times.place(Date.parse(at)) * inner.width;
  const y = (value: number): number => margin.top + (1 - amounts.place(value)) * inner.height;
  return (
    <div ref={box} className="chart">
      <svg width={width} height={height} role="img" aria-labelledby={`${id}-title ${id}-summary`}>
        <title id={`${id}-title`}>{title}</title>
        <desc id={`${id}-summary`}>{summary}</desc>
        <Axes amounts={amounts} times={times} width={width} innerWidth={inner.width} y={y} format={format} />
        {series.map((one, index) => (
          <g key={one.name} data-colour={one.colour} className="chart-series">
            {joined && one.points.length > 1 && (
              <polyline points={one.points.map(({ at, value }) => `${x(at)},${y(value)}`).join(' ')} />
            )}
            {one.points.map(({ id: point, at, value, title: words }) => (
              <Shape key={point} index={index} x={x(at)} y={y(value)}>
                <title>{`${words}: ${format(value)}, ${formatFullTime(at)}`}</title>
              </Shape>
            ))}
          </g>
        ))}
      </svg>
    </div>
  );
}

interface AxesProps {
  readonly amounts: Scale;
  readonly times: Scale;
  readonly width: number;
  readonly innerWidth: number;
  readonly y: (value: number) => number;
  readonly format: (value: number) => string;
}

function Axes({ amounts, times, width, innerWidth, y, format }: AxesProps) {
  return (
    <g className="chart-axes">
      {amounts.ticks.map((value) => (
        <g key={value}>
          <line x1={margin.left} x2={width - margin.right} y1={y(value)} y2={y(value)} />
          <text x={margin.left - 8} y={y(value) + 4} textAnchor="end">
            {value === 0 ? '0' : format(value)}
          </text>
        </g>
      ))}
      {times.ticks.map((at, index) => (
        <text
          key={at}
          x={margin.left + times.place(at) * innerWidth}
          y={height - 8}
          textAnchor={
            times.ticks.length === 1
              ? 'middle'
              : index === 0
                ? 'start'
                : index === times.ticks.length - 1
                  ? 'end'
                  : 'middle'
          }
        >
          {tickWords(at, times.ticks)}
        </text>
      ))}
    </g>
  );
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayClock = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const dayMs = 86_400_000;

/** As exact as the time between them needs. */
function tickWords(at: number, ticks: readonly number[]): string {
  const whole = (ticks.at(-1) ?? at) - (ticks[0] ?? at);
  return (whole < dayMs / 2 ? clock : whole < 5 * dayMs ? dayClock : day).format(at);
}

interface ShapeProps {
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly children?: ReactNode;
}

const size = 4.5;

/** Six shapes, then the same ones again. */
export function Shape({ index, x, y, children }: ShapeProps) {
  const corners: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
    1: [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ],
    2: [
      [0, -1.2],
      [1.15, 1],
      [-1.15, 1],
    ],
    3: [
      [0, -1.35],
      [1.35, 0],
      [0, 1.35],
      [-1.35, 0],
    ],
    4: [
      [0, 1.2],
      [1.15, -1],
      [-1.15, -1],
    ],
    5: [
      [-1.3, -0.6],
      [1.3, -0.6],
      [1.3, 0.6],
      [-1.3, 0.6],
    ],
  };
  const polygon = corners[index % 6];
  if (polygon === undefined)
    return (
      <circle cx={x} cy={y} r={size}>
        {children}
      </circle>
    );
  return (
    <polygon points={polygon.map(([across, down]) => `${x + across * size},${y + down * size}`).join(' ')}>
      {children}
    </polygon>
  );
}

function useWidth(box: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(640);
  useEffect(() => {
    if (box.current === null) return;
    const sizes = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.max(320, Math.floor(entry.contentRect.width)));
    });
    sizes.observe(box.current);
    return () => sizes.disconnect();
  }, [box]);
  return width;
}
