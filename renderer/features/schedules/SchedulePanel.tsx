import { Button } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import {
  type Firing,
  type ScheduleView,
  scheduledWorkWords,
  scheduleTimeWords,
} from '../../../shared/model/schedule.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { backend } from '../../connection.ts';
import { invalidate } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { useAction } from '../../useAction.ts';
import { firingMarks, scheduleTexts as texts } from './texts.ts';

interface SchedulePanelProps {
  readonly view: ScheduleView;
  /** Null: not read yet. */
  readonly environment: EnvironmentSummary | null;
}

export function SchedulePanel({ view, environment }: SchedulePanelProps) {
  const { schedule, last, nextProblem } = view;
  const [removing, setRemoving] = useState(false);
  const changing = useAction(async () => {
    await (schedule.paused
      ? backend().schedules.resume({ id: schedule.id })
      : backend().schedules.pause({ id: schedule.id }));
    invalidateSchedules();
  });
  const title = `${scheduledWorkWords(schedule.work)}, ${scheduleTimeWords(schedule.time)}`;
  return (
    <section className="panel" aria-label={`${view.environment}: ${title}`}>
      <div className="panel-head">
        {environment === null ? (
          <span className="strong">{view.environment}</span>
        ) : (
          <EnvironmentName environment={environment.environment} />
        )}
        <h2>{title}</h2>
        <div className="row push">
          <Button size="xs" variant="default" loading={changing.busy} onClick={changing.run}>
            {schedule.paused ? texts.resume : texts.pause}
          </Button>
          <Button size="xs" variant="default" onClick={() => setRemoving(true)}>
            {texts.remove}
          </Button>
        </div>
      </div>
      <div className="panel-body column">
        <dl className="settings-grid">
          <dt>{texts.next}</dt>
          <dd>
            <NextTime view={view} />
          </dd>
          <dt>{texts.last}</dt>
          <dd>{last === null ? <span className="dim">{texts.never}</span> : <LastTime last={last} />}</dd>
          <dt>{texts.setBy}</dt>
          <dd className="second">{texts.by(schedule.createdBy, schedule.answers.reason)}</dd>
        </dl>
        {nextProblem !== null && <ProblemNotice problem={nextProblem} tone="attention" />}
        {last?.problem != null && <ProblemNotice problem={last.problem} tone="attention" />}
        {changing.problem !== null && <ProblemNotice problem={changing.problem} urgent />}
      </div>
      {removing && <RemoveSchedule view={view} title={title} onClose={() => setRemoving(false)} />}
    </section>
  );
}

export function NextTime({ view: { schedule, next } }: { view: ScheduleView }) {
  if (schedule.paused) return <span className="dim">{texts.paused}</span>;
  return next === null ? <span className="dim">{texts.nothingNext}</span> : <Moment at={next} />;
}

function LastTime({ last }: { last: Firing }) {
  return (
    <span className="row wraps">
      <Mark mark={firingMarks[last.outcome]} />
      <span className="second">
        <Moment at={last.at} />
        {last.passed > 0 && texts.passed(last.passed)}
      </span>
      {last.run !== null && (
        <a className="link" href={formatRoute({ screen: 'run', id: last.run })}>
          {texts.showRun}
        </a>
      )}
    </span>
  );
}

function RemoveSchedule({ view, title, onClose }: { view: ScheduleView; title: string; onClose: () => void }) {
  const removing = useAction(async () => {
    await backend().schedules.remove({ id: view.schedule.id });
    invalidateSchedules();
    onClose();
  });
  return (
    <DialogForm
      title={texts.removeTitle}
      action={removing}
      dangerous
      words={{ submit: texts.removeNow, cancel: texts.keep }}
      onClose={onClose}
    >
      <p>
        {view.environment}: {title}
      </p>
      <p className="second">{texts.removeHelp}</p>
    </DialogForm>
  );
}

export const invalidateSchedules = (): void => invalidate((key) => key.startsWith('schedules:'));
