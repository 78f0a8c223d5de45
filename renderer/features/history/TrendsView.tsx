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
import { historyTexts as texts } from './texts.ts';

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
          aria-label={texts.environmentOfTheCharts}
          value={environment}
          onChange={(event) => setEnvironment(event.currentTarget.value)}
          data={[
            { value: '', label: texts.allEnvironments },
            ...environments.map((name) => ({ value: name, label: name })),
          ]}
        />
        <NativeSelect
          size="xs"
          aria-label={texts.migrationOfTheChart}
          value={migration}
          onChange={(event) => setMigration(event.currentTarget.value)}
          data={[
            { value: '', label: texts.allMigrations },
            ...choices.map(({ key, label }) => ({ value: key, label })),
          ]}
        />
        {trends.shortened && <span className="small dim push">{texts.theNewestRunsAndBackups}</span>}
      </div>
      <TrendPanel
        colours={colours}
        title={migration === '' ? texts.howLongMigrationsTook : texts.howLongTook(migration)}
        unit={texts.took}
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
        empty={texts.noMigrationWasAppliedFrom}
      />
      <TrendPanel
        colours={colours}
        title={texts.howLongRunsTook}
        unit={texts.took}
        measured={trends.runs
          .filter(isShown)
          .map((run): Measured => ({ ...run, id: run.run, value: run.durationMs, what: runActionWord(run.action) }))}
        format={formatDuration}
        joined={false}
        empty={texts.noRunHasSucceededYet}
      />
      <TrendPanel
        colours={colours}
        title={texts.howLargeBackupsWere}
        unit={texts.size}
        measured={trends.backups
          .filter(isShown)
          .filter(({ covers }) => covers === 'everything')
          .map((backup): Measured => ({ ...backup, value: backup.bytes, what: texts.backupOfEverything, run: null }))}
        format={formatBytes}
        joined
        empty={texts.noBackupOfEverythingWas}
      />
    </>
  );
}
