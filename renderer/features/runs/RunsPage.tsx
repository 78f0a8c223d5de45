import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { FilterInput, matches } from '../../components/FilterInput.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { Elapsed, Moment } from '../../components/Time.tsx';
import { formatDuration } from '../../format.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { actionWords, outcomeMarks, runningMark } from '../../texts.ts';
import { navigate } from '../../useRoute.ts';
import { environmentTexts } from '../environment/texts.ts';
import { fleetTexts } from '../fleet/texts.ts';
import { scheduleTexts } from '../schedules/texts.ts';
import { ActiveRuns } from './ActiveRuns.tsx';
import './runs.css';
import { runTexts as texts } from './texts.ts';

export default function RunsPage() {
  const [filter, setFilter] = useState('');
  const { data, problem } = useResource(readings.runs(null));
  const environments = useResource(readings.environments()).data;
  const columns = useMemo(() => columnsOf(environments ?? []), [environments]);
  const rows = useMemo(
    () =>
      (data ?? []).filter((run) =>
        matches(filter, [run.environment, run.actor, actionWords[run.action], ...run.versions]),
      ),
    [data, filter],
  );
  return (
    <div className="page tall">
      <div className="page-head">
        <h1 tabIndex={-1}>{texts.runs2}</h1>
        <div className="row push">
          <Button component="a" variant="default" href={formatRoute({ screen: 'fleets' })}>
            {fleetTexts.fleets}
          </Button>
          <Button component="a" variant="default" href={formatRoute({ screen: 'schedules' })}>
            {scheduleTexts.schedules}
          </Button>
          <FilterInput label={texts.filterRuns} value={filter} onChange={setFilter} />
        </div>
      </div>
      {problem !== null && <ProblemNotice problem={problem} />}
      {data === null && problem === null && <ReadingNotice>{environmentTexts.readingTheRuns}</ReadingNotice>}
      {data !== null && <ActiveRuns runs={data} environments={environments ?? []} />}
      {data !== null && (
        <DataTable
          label={texts.runs2}
          columns={columns}
          rows={rows}
          rowKey={(run) => run.id}
          onOpen={(run) => navigate({ screen: 'run', id: run.id })}
          empty={
            <section className="panel">
              <EmptyState title={data.length === 0 ? texts.noRunYet : texts.noRunMatches}>
                {data.length === 0 ? texts.migrationsRollbacksBackupsAndChecks : undefined}
              </EmptyState>
            </section>
          }
        />
      )}
    </div>
  );
}

function columnsOf(environments: readonly EnvironmentSummary[]): readonly Column<RunSummary>[] {
  const byName = new Map(environments.map(({ environment }) => [environment.name, environment]));
  return [
    {
      id: 'outcome',
      title: texts.outcome,
      width: '132px',
      sortBy: (run) => run.outcome ?? '',
      cell: (run) => <Mark mark={run.outcome === null ? runningMark : outcomeMarks[run.outcome]} />,
    },
    {
      id: 'action',
      title: texts.what,
      width: '112px',
      sortBy: (run) => run.action,
      cell: (run) => (
        <span>
          {actionWords[run.action]}
          {run.versions.length > 0 && <span className="number"> {run.versions.length}</span>}
        </span>
      ),
    },
    {
      id: 'environment',
      title: texts.environment,
      width: 'minmax(264px, 3fr)',
      sortBy: (run) => run.environment,
      cell: (run) => {
        const environment = byName.get(run.environment);
        return environment === undefined ? (
          <span className="clip strong">{run.environment}</span>
        ) : (
          <EnvironmentName environment={environment} />
        );
      },
    },
    {
      id: 'versions',
      title: texts.versions,
      width: 'minmax(140px, 2fr)',
      cell: (run) => (
        <span className="mono clip second" title={run.versions.join(', ')}>
          {versionRange(run.versions)}
        </span>
      ),
    },
    {
      id: 'actor',
      title: texts.who,
      width: 'minmax(84px, 1fr)',
      sortBy: (run) => run.actor,
      cell: (run) => <span className="clip">{run.actor}</span>,
    },
    {
      id: 'startedAt',
      title: texts.started,
      width: '140px',
      sortBy: (run) => run.startedAt,
      cell: (run) => <Moment at={run.startedAt} />,
    },
    {
      id: 'took',
      title: texts.took,
      width: '84px',
      align: 'end',
      sortBy: durationOf,
      cell: (run) =>
        run.finishedAt === null ? (
          <Elapsed since={run.startedAt} until={null} />
        ) : (
          <span className="second">{formatDuration(durationOf(run))}</span>
        ),
    },
  ];
}

const durationOf = (run: RunSummary): number =>
  (run.finishedAt === null ? Date.now() : new Date(run.finishedAt).getTime()) - new Date(run.startedAt).getTime();

function versionRange(versions: readonly string[]): string {
  const [first, last] = [versions[0], versions.at(-1)];
  if (first === undefined || last === undefined) return '–';
  return versions.length === 1 ? first : `${first} … ${last}`;
}
