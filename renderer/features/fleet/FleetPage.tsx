/** One fleet, live: its stages, every member, and what may be done next. */
import { Switch } from '@mantine/core';
import { useState } from 'react';
import { type Fleet, type FleetMember, hasFailed, isSettled } from '../../../shared/model/fleet.ts';
import { FilterInput, matches } from '../../components/FilterInput.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { ReportMenu } from '../../components/ReportMenu.tsx';
import { Elapsed } from '../../components/Time.tsx';
import { formatRoute } from '../../router.ts';
import { runningMark } from '../../texts.ts';
import { StageList } from '../gate/StageList.tsx';
import { FleetActions } from './FleetActions.tsx';
import { FleetTable } from './FleetTable.tsx';
import { stagesOf } from './fleetFacts.ts';
import { fleetMarks, fleetTexts as texts } from './texts.ts';
import { useFleetStream } from './useFleetStream.ts';
import './fleet.css';

export default function FleetPage({ id }: { id: string }) {
  const [attempt, setAttempt] = useState(0);
  return <Followed key={attempt} id={id} onGoneOn={() => setAttempt((before) => before + 1)} />;
}

function Followed({ id, onGoneOn }: { id: string; onGoneOn: () => void }) {
  const { fleet, members, problem } = useFleetStream(id);
  return (
    <div className="page tall">
      <nav className="crumbs" aria-label={texts.place}>
        <a href={formatRoute({ screen: 'runs' })}>{texts.runs}</a>
        <span aria-hidden="true">/</span>
        <a href={formatRoute({ screen: 'fleets' })}>{texts.fleets}</a>
      </nav>
      {fleet === null && <h1 tabIndex={-1}>{texts.columns.name}</h1>}
      {problem !== null && <ProblemNotice problem={problem} />}
      {fleet === null && problem === null && <ReadingNotice>{texts.readingTheFleet}</ReadingNotice>}
      {fleet !== null && <Shown fleet={fleet} members={members} onGoneOn={onGoneOn} />}
    </div>
  );
}

interface ShownProps {
  readonly fleet: Fleet;
  readonly members: readonly FleetMember[];
  readonly onGoneOn: () => void;
}

function Shown({ fleet, members, onGoneOn }: ShownProps) {
  const [filter, setFilter] = useState('');
  const [onlyFailed, setOnlyFailed] = useState(false);
  const done = members.filter(isSettled).length;
  const failed = members.filter(hasFailed).length;
  const mark = fleet.outcome === null ? runningMark : fleetMarks[fleet.outcome];
  const shown = members.filter(
    (member) => (!onlyFailed || hasFailed(member)) && matches(filter, [member.name, texts.tier(member.tier)]),
  );
  return (
    <>
      <div className="page-head">
        <h1 tabIndex={-1}>{fleet.name}</h1>
        <Mark mark={mark} />
        <span className="sub" role="status">
          {texts.doneOf(done, members.length)}
          {failed > 0 && `, ${texts.failedOnes(failed)}`}
          {fleet.wanted.to !== undefined && ` · ${texts.upTo(fleet.wanted.to)}`}
        </span>
        <span className="second">
          <Elapsed since={fleet.startedAt} until={fleet.finishedAt} />
        </span>
        <div className="row push">
          <Switch
            size="xs"
            label={texts.onlyFailed}
            checked={onlyFailed}
            onChange={(event) => setOnlyFailed(event.currentTarget.checked)}
          />
          <FilterInput label={texts.filter} value={filter} onChange={setFilter} />
          <ReportMenu id={fleet.id} />
        </div>
      </div>
      {fleet.outcome === null && <ProgressLine done={done} total={members.length} label={texts.progress} />}
      <StageList stages={stagesOf(members)} />
      {fleet.problem !== null && <ProblemNotice problem={fleet.problem} />}
      <FleetActions fleet={fleet} members={members} onGoneOn={onGoneOn} />
      <FleetTable members={shown} />
    </>
  );
}
