/** Every fleet, newest first. */
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { FleetSummary } from '../../../shared/model/fleet.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { runningMark } from '../../texts.ts';
import { navigate } from '../../useRoute.ts';
import { fleetMarks, fleetTexts as texts } from './texts.ts';
import './fleet.css';

export default function FleetsPage() {
  const { data, problem } = useResource(readings.fleets());
  return (
    <div className="page tall">
      <nav className="crumbs" aria-label={texts.place}>
        <a href={formatRoute({ screen: 'runs' })}>{texts.runs}</a>
      </nav>
      <div className="page-head">
        <h1 tabIndex={-1}>{texts.fleets}</h1>
        <span className="sub">{texts.fleetsWhy}</span>
        <div className="push">
          <Button
            component="a"
            leftSection={<IconPlus size={16} />}
            href={formatRoute({ screen: 'newFleet', ids: [], to: null })}
          >
            {texts.newFleet}
          </Button>
        </div>
      </div>
      {problem !== null && <ProblemNotice problem={problem} />}
      {data === null && problem === null && <ReadingNotice>{texts.readingTheFleets}</ReadingNotice>}
      {data !== null && (
        <DataTable
          label={texts.fleets}
          columns={columns}
          rows={data}
          rowKey={({ id }) => id}
          onOpen={({ id }) => navigate({ screen: 'fleet', id })}
          empty={
            <section className="panel">
              <EmptyState title={texts.noFleetYet}>{texts.noFleetWhy}</EmptyState>
            </section>
          }
        />
      )}
    </div>
  );
}

const failedOf = ({ counts }: FleetSummary): number => counts.failed + counts.refused + counts.interrupted;
const doneOf = ({ counts }: FleetSummary): number => counts.succeeded + counts.upToDate;
const openOf = ({ counts }: FleetSummary): number => counts.waiting + counts.running + counts.cancelled;

const columns: readonly Column<FleetSummary>[] = [
  {
    id: 'outcome',
    title: texts.columns.outcome,
    width: '150px',
    sortBy: ({ outcome }) => outcome ?? '',
    cell: ({ outcome }) => <Mark mark={outcome === null ? runningMark : fleetMarks[outcome]} />,
  },
  {
    id: 'name',
    title: texts.columns.name,
    width: 'minmax(220px, 3fr)',
    sortBy: ({ name }) => name,
    cell: ({ name, shard, wanted }) => (
      <span className="clip">
        <span className="strong">{name}</span>
        {shard !== null && <span className="second"> {texts.part(shard.index, shard.count)}</span>}
        {wanted.to !== undefined && <span className="second mono"> {wanted.to}</span>}
      </span>
    ),
  },
  { id: 'done', title: texts.columns.done, width: '84px', align: 'end', sortBy: doneOf, cell: doneOf },
  { id: 'failed', title: texts.columns.failed, width: '84px', align: 'end', sortBy: failedOf, cell: failedOf },
  { id: 'open', title: texts.columns.open, width: '84px', align: 'end', sortBy: openOf, cell: openOf },
  {
    id: 'actor',
    title: texts.columns.who,
    width: 'minmax(84px, 1fr)',
    sortBy: ({ actor }) => actor,
    cell: ({ actor }) => <span className="clip">{actor}</span>,
  },
  {
    id: 'startedAt',
    title: texts.columns.started,
    width: '140px',
    sortBy: ({ startedAt }) => startedAt,
    cell: ({ startedAt }) => <Moment at={startedAt} />,
  },
];
