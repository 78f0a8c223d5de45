/** How long this migration took in each environment: a dot for each time, and the same as a table. */
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { MigrationDetail } from '../../../shared/model/status.ts';
import { Moment } from '../../components/Time.tsx';
import { formatDuration, formatTime } from '../../format.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { migrationTexts as texts } from './texts.ts';
import { type EnvironmentTimings, type Timings, timingsOf } from './timings.ts';

export default function TimingPanel({ detail }: { detail: MigrationDetail }) {
  const [shown, setShown] = useState<'chart' | 'table'>('chart');
  const { data } = useResource(readings.trends());
  const timings = data === null ? null : timingsOf(data, detail, detail.environment);
  if (timings === null) return null;
  return (
    <section className="panel" aria-label={texts.howLongItTook}>
      <div className="panel-head">
        <h2>{texts.howLongItTook}</h2>
        <SegmentedControl
          size="xs"
          className="push"
          aria-label={texts.howLongItTookShownAs}
          value={shown}
          onChange={(value) => setShown(value === 'table' ? 'table' : 'chart')}
          data={[
            { value: 'chart', label: texts.dots },
            { value: 'table', label: texts.table },
          ]}
        />
      </div>
      {shown === 'chart' ? <Dots timings={timings} /> : <TimingTable timings={timings} />}
    </section>
  );
}

function Dots({ timings: { environments, range } }: { timings: Timings }) {
  const known = useResource(readings.environments()).data ?? [];
  const colourOf = (name: string) => known.find(({ environment }) => environment.name === name)?.environment.colour;
  return (
    <div className="panel-body timings">
      <ul className="column">
        {environments.map((one) => (
          <li key={one.environment} data-colour={colourOf(one.environment) ?? 'grey'}>
            <div className="row small">
              <span className="clip">{one.environment}</span>
              <span className="push second number">{summaryOf(one)}</span>
            </div>
            <div className="timing-line" aria-hidden="true">
              {one.timings.map(({ run, at, durationMs, place }) => (
                <span
                  key={run}
                  className="timing-dot"
                  style={{ left: `${place * 100}%` }}
                  title={`${formatDuration(durationMs)}, ${formatTime(at)}`}
                />
              ))}
            </div>
          </li>
        ))}
      </ul>
      <div className="row small dim number" aria-hidden="true">
        <span>{range[0] === 0 ? '0' : formatDuration(range[0])}</span>
        <span className="push">{formatDuration(range[1])}</span>
      </div>
    </div>
  );
}

const summaryOf = ({ timings, median }: EnvironmentTimings): string =>
  timings.length === 1
    ? formatDuration(median)
    : texts.timesMedian(texts.times(timings.length), formatDuration(median));

function TimingTable({ timings: { environments } }: { timings: Timings }) {
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">{texts.environment}</th>
          <th scope="col">{texts.when}</th>
          <th scope="col" className="end">
            {texts.took}
          </th>
        </tr>
      </thead>
      <tbody>
        {environments.flatMap(({ environment, timings }) =>
          timings.toReversed().map(({ run, at, durationMs }) => (
            <tr key={run}>
              <th scope="row" className="wrap">
                {environment}
              </th>
              <td>
                <a className="link" href={formatRoute({ screen: 'run', id: run })}>
                  <Moment at={at} />
                </a>
              </td>
              <td className="number end">{formatDuration(durationMs)}</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}
