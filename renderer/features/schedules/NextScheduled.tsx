import { type ScheduleView, scheduledWorkWords } from '../../../shared/model/schedule.ts';
import { formatRoute } from '../../router.ts';
import { NextTime } from './SchedulePanel.tsx';
import { scheduleTexts as texts } from './texts.ts';

/** What the clock begins next in an environment, for its card. `schedules`: in the order of their times. */
export function NextScheduled({ schedules }: { schedules: readonly ScheduleView[] }) {
  const next = schedules.find((view) => view.next !== null) ?? null;
  return (
    <>
      <a className="value link-value" href={formatRoute({ screen: 'schedules' })}>
        {next === null ? texts.none : <NextTime view={next} />}
      </a>
      <span className="sub clip">{next === null ? texts.paused : scheduledWorkWords(next.schedule.work)}</span>
    </>
  );
}
