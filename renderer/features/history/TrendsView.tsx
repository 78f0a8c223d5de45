/** How long migrations and runs took, and how large backups were, over time: by environment and by migration. */
import { NativeSelect, Skeleton } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Trends } from '../../../shared/model/trends.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { formatBytes, formatDuration } from '../../format.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { TrendPanel } from './TrendPanel.tsx';
import { type Measured, migrationChoices, migrationKey } from './trendFacts.ts';
import { runActionWord } from './words.ts';
import './history.css';

export default function TrendsView() {
  const { data, problem } = useResource(readings.trends());
  const known = useResource(readings.environments()).data;
  const colours = useMemo(
    () => new Map((known ?? []).map(({ environment }) => [environment.name, environment.colour] as const)),
    [known],
  );
  if (data === null)
    return problem === null ? <Skeleton height={300} radius="md" /> : <ProblemNotice problem={problem} />;
  return (
    <>
      {problem !== null && <ProblemNotice problem={problem} />}
      <Panels trends={data} colours={colours} />
    </>
  );
}

function Panels({ trends, colours }: { trends: Trends; colours: Parameters<typeof TrendPanel>[0]['colours'] }) {
  const [environment, setEnvironment] = useState('');
  const [migration, setMigration] = useState('');
  const isShown = (one: { readonly environment: string }): boolean =>
    environment === '' || one.environment === environment;
  const environments = useMemo(
    () => [...new Set([...trends.runs, ...trends.backups].map((one) => one.environment))].sort(),
    [trends],
  );
  const steps = trends.steps.filter(({ action }) => action === 'apply').filter(isShown);
  const choices = useMemo(() => migrationChoices(trends.steps), [trends]);
  const chosen = steps.filter((step) => migration === '' || migrationKey(step) === migration);
  return (
    <>
      <div className="toolbar">
        <NativeSelect
          size="xs"
          aria-label="Environment of the charts"
          value={environment}
          onChange={(event) => setEnvironment(event.currentTarget.value)}
          data={[
            { value: '', label: 'All environments' },
            ...environments.map((name) => ({ value: name, label: name })),
          ]}
        />
        <NativeSelect
          size="xs"
          aria-label="Migration of the chart"
          value={migration}
          onChange={(event) => setMigration(event.currentTarget.value)}
          data={[{ value: '', label: 'All migrations' }, ...choices.map(({ key, label }) => ({ value: key, label }))]}
        />
        {trends.shortened && <span className="small dim push">The newest runs and backups only: there are more.</span>}
      </div>
      <TrendPanel
        colours={colours}
        title={migration === '' ? 'How long migrations took' : `How long ${migration} took`}
        unit="Took"
        measured={chosen.map(
          (step): Measured => ({
            ...step,
            id: `${step.run} ${step.version}`,
            value: step.durationMs,
            what: migrationKey(step),
          }),
        )}
        format={formatDuration}
        joined={migration !== ''}
        empty="No migration was applied from here yet."
      />
      <TrendPanel
        colours={colours}
        title="How long runs took"
        unit="Took"
        measured={trends.runs
          .filter(isShown)
          .map((run): Measured => ({ ...run, id: run.run, value: run.durationMs, what: runActionWord(run.action) }))}
        format={formatDuration}
        joined={false}
        empty="No run has succeeded yet."
      />
      <TrendPanel
        colours={colours}
        title="How large backups were"
        unit="Size"
        measured={trends.backups
          .filter(isShown)
          .filter(({ covers }) => covers === 'everything')
          .map((backup): Measured => ({ ...backup, value: backup.bytes, what: 'Backup of everything', run: null }))}
        format={formatBytes}
        joined
        empty="No backup of everything was taken yet."
      />
    </>
  );
}
