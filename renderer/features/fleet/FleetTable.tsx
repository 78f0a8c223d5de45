/** Members of a fleet as they stand, what needs somebody first. */
import { useMemo } from 'react';
import type { FleetMember } from '../../../shared/model/fleet.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { Elapsed } from '../../components/Time.tsx';
import { formatRoute } from '../../router.ts';
import { navigate } from '../../useRoute.ts';
import { failedFirst } from './fleetFacts.ts';
import { memberMarks, fleetTexts as texts } from './texts.ts';

export function FleetTable({ members }: { members: readonly FleetMember[] }) {
  const rows = useMemo(() => failedFirst(members), [members]);
  return (
    <DataTable
      label={texts.membersLabel}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      onOpen={({ run, id }) =>
        navigate(run === null ? { screen: 'environment', id, tab: 'plan', run: null } : { screen: 'run', id: run })
      }
      empty={
        <section className="panel">
          <EmptyState title={texts.noneMatches} />
        </section>
      }
    />
  );
}

const columns: readonly Column<FleetMember>[] = [
  {
    id: 'state',
    title: texts.columns.state,
    width: '130px',
    cell: ({ state }) => <Mark mark={memberMarks[state]} />,
  },
  {
    id: 'member',
    title: texts.columns.member,
    width: 'minmax(240px, 2fr)',
    sortBy: ({ name }) => name,
    cell: (member) => <EnvironmentName environment={member} />,
  },
  {
    id: 'progress',
    title: texts.columns.progress,
    width: '150px',
    cell: ({ steps, done, state, name }) =>
      steps === null || steps === 0 ? null : (
        <span className="fleet-progress">
          <span className="number">{texts.steps(done, steps)}</span>
          {state === 'running' && <ProgressLine done={done} total={steps} label={name} />}
        </span>
      ),
  },
  {
    id: 'took',
    title: texts.columns.took,
    width: '84px',
    align: 'end',
    cell: ({ startedAt, finishedAt }) => (startedAt === null ? null : <Elapsed since={startedAt} until={finishedAt} />),
  },
  {
    id: 'why',
    title: texts.columns.why,
    width: 'minmax(200px, 3fr)',
    cell: ({ problem }) =>
      problem === null ? null : (
        <span className="clip second" title={`${problem.message} ${problem.hint}`}>
          {problem.message}
        </span>
      ),
  },
  {
    id: 'run',
    title: texts.columns.run,
    width: '64px',
    cell: ({ run, name }) =>
      run === null ? null : (
        <a className="link" href={formatRoute({ screen: 'run', id: run })} aria-label={texts.openRunOf(name)}>
          {texts.openRun}
        </a>
      ),
  },
];
