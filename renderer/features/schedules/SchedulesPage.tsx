/** Every schedule: when it is next, what became of the last time, and pausing or removing it. */
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { NewSchedule } from './NewSchedule.tsx';
import { SchedulePanel } from './SchedulePanel.tsx';
import { scheduleTexts as texts } from './texts.ts';

export default function SchedulesPage() {
  const [adding, setAdding] = useState(false);
  const { data, problem } = useResource(readings.schedules(null));
  const environments = useResource(readings.environments()).data ?? [];
  return (
    <div className="page">
      <nav className="crumbs" aria-label={texts.place}>
        <a href={formatRoute({ screen: 'runs' })}>{texts.runs}</a>
      </nav>
      <div className="page-head">
        <h1 tabIndex={-1}>{texts.schedules}</h1>
        <span className="sub">{texts.why}</span>
        <div className="push">
          <Button
            leftSection={<IconPlus size={16} />}
            disabled={environments.length === 0}
            onClick={() => setAdding(true)}
          >
            {texts.newSchedule}
          </Button>
        </div>
      </div>
      {problem !== null && <ProblemNotice problem={problem} />}
      {data === null && problem === null && <ReadingNotice>{texts.reading}</ReadingNotice>}
      {data?.length === 0 && (
        <section className="panel">
          <EmptyState title={texts.noneYet}>{texts.noneWhy}</EmptyState>
        </section>
      )}
      {data?.map((view) => (
        <SchedulePanel
          key={view.schedule.id}
          view={view}
          environment={environments.find(({ environment }) => environment.id === view.schedule.environmentId) ?? null}
        />
      ))}
      {adding && (
        <NewSchedule
          environments={environments.map(({ environment }) => environment)}
          onClose={() => setAdding(false)}
        />
      )}
    </div>
  );
}
