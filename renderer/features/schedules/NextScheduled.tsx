import type { ScheduleView } from '../../../shared/model/schedule.ts';
import { scheduledWorkWords } from '../../../shared/model/schedule.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { NextTime } from './SchedulePanel.tsx';
import { scheduleTexts as texts } from './texts.ts';

/** What the clock begins next in an environment, for its card. */
export function NextScheduled({ environmentId }: { environmentId: string }) {
  const { data } = useResource(readings.schedules(environmentId));
  const next = data?.find((view: ScheduleView) => view.next !== null) ?? null;
  const href = formatRoute({ screen: 'schedules' });
  if (next === null)
    return (
      <>
        <a className="value link-value" href={href}>
          {texts.none}
        </a>
        <span className="sub">{data !== null && data.length > 0 ? texts.paused : ''}</span>
      </>
    );
  return (
    <>
      <a className="value link-value" href={href}>
        <NextTime view={next} />
      </a>
      <span className="sub clip">{scheduledWorkWords(next.schedule.work)}</span>
    </>
  );
}
