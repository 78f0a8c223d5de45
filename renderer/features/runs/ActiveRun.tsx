/** A run that goes on, in one line: asked for again and again rather than watched, so that many may be shown at once. */
import { useEffect } from 'react';
import type { Run } from '../../../shared/model/run.ts';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { Elapsed } from '../../components/Time.tsx';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { rehearsalProgressWords } from '../rehearsal/rehearsalProgress.ts';
import { phaseWord } from './runFacts.ts';
import { runTexts as texts } from './texts.ts';

const everyMs = 1000;

const wordOf = (run: Run | null): string => {
  if (run?.phase == null) return texts.starting;
  return run.rehearsalProgress == null ? phaseWord(run, run.phase) : rehearsalProgressWords(run.rehearsalProgress);
};

export function ActiveRun({ id }: { id: string }) {
  const { data: run } = useResource(readings.run(id));
  const over = run !== null && run.outcome !== null;
  useEffect(() => {
    if (over) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void refresh(readings.run(id));
    }, everyMs);
    return () => clearInterval(timer);
  }, [id, over]);
  const done = run === null ? 0 : run.steps.filter((step) => step.state === 'finished').length;
  const total = run === null || run.steps.length === 0 ? null : run.steps.length;
  return (
    <a href={formatRoute({ screen: 'run', id })} className="column" style={{ gap: 5 }}>
      <span className="row">
        <span className="mark" data-tone="running">
          <span className="glyph" aria-hidden="true">
            ◐
          </span>
          {wordOf(run)}
        </span>
        {total !== null && <span className="number second">{texts.of(done, total)}</span>}
        {run !== null && (
          <span className="push dim">
            <Elapsed since={run.startedAt} until={run.finishedAt} />
          </span>
        )}
      </span>
      <ProgressLine done={done} total={run?.phase === 'migrate' ? total : null} label={texts.progressOfTheRun} />
    </a>
  );
}
