/** Says what to look at or do next, and can be left at any time. */
import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { type Tour, type TourStep, tourSteps } from '../../../shared/model/tour.ts';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { formatDuration } from '../../format.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { useAction } from '../../useAction.ts';
import { useRoute } from '../../useRoute.ts';
import { openAddEnvironment } from '../environments/dialogs.ts';
import { tourTexts, tourWords } from './texts.ts';
import { currentStep, pageOf, runOf, tookOf } from './tourFacts.ts';
import './tour.css';
import { tourWords as texts } from './texts.ts';

export default function TourPanel({ tour }: { tour: Tour }) {
  const panel = useRef<HTMLElement>(null);
  const runs = useResource(readings.runs(tour.environmentId)).data ?? [];
  const step = currentStep(tour);
  const run = step === null ? null : runOf(step, tour, runs);
  const marking = useAction(async (change: { done?: TourStep; left?: true }) => {
    await backend().tour.mark(change);
    await refresh(readings.tour());
  });
  const { run: mark } = marking;
  const succeeded = run?.outcome === 'succeeded' ? step : null;
  useEffect(() => {
    if (succeeded !== null) mark({ done: succeeded });
  }, [succeeded, mark]);
  const position = step === null ? null : tourSteps.indexOf(step) + 1;
  useEffect(() => {
    if (step !== null && position !== null)
      announce(tourWords.position(position, tourSteps.length, tourTexts[step].title));
  }, [step, position]);
  const next = (done: TourStep): void => {
    // The button goes with its step.
    panel.current?.focus();
    mark({ done });
  };
  return (
    <section ref={panel} className="tour" aria-label={tourWords.heading} tabIndex={-1}>
      <div className="row">
        <h2>{tourWords.heading}</h2>
        <span className="dim small number">
          {tour.done.length}/{tourSteps.length}
        </span>
        {step !== null && (
          <button
            type="button"
            className="plain-button link small push"
            aria-label={tourWords.leaveLabel}
            onClick={() => mark({ left: true })}
          >
            {tourWords.leave}
          </button>
        )}
      </div>
      <ol>
        {tourSteps.map((one) => (
          <li key={one} {...(one === step ? { 'aria-current': 'step' } : {})}>
            <span className="mark" data-tone={tour.done.includes(one) ? 'ok' : 'quiet'}>
              <span className="glyph" aria-hidden="true">
                {tour.done.includes(one) ? '✓' : one === step ? '▸' : '○'}
              </span>
              {tourTexts[one].title}
              {tour.done.includes(one) && <span className="hidden-text">{texts.done}</span>}
            </span>
            {one === step && <Step step={one} tour={tour} running={run?.outcome === null} onNext={() => next(one)} />}
          </li>
        ))}
      </ol>
      {step === null && <Ending took={tookOf(tour, runs)} onClose={() => mark({ left: true })} />}
      {marking.problem !== null && <ProblemNotice problem={marking.problem} urgent />}
    </section>
  );
}

interface StepProps {
  readonly step: TourStep;
  readonly tour: Tour;
  readonly running: boolean;
  readonly onNext: () => void;
}

function Step({ step, tour, running, onNext }: StepProps) {
  const page = formatRoute(pageOf(step, tour.environmentId));
  const isThere = formatRoute(useRoute()) === page;
  const isLooking = step !== 'migrate' && step !== 'rollBack';
  return (
    <div className="tour-step">
      <p className="small second">{running ? tourWords.waits : tourTexts[step][isThere ? 'there' : 'why']}</p>
      {!isThere && !running && (
        <Button component="a" href={page} size="compact-xs">
          {tourTexts[step].open}
        </Button>
      )}
      {isThere && isLooking && (
        <Button size="compact-xs" onClick={onNext}>
          {tourWords.next}
        </Button>
      )}
    </div>
  );
}

function Ending({ took, onClose }: { took: number | null; onClose: () => void }) {
  return (
    <div className="tour-step">
      <p className="small">{took === null ? tourWords.finishedPlain : tourWords.finished(formatDuration(took))}</p>
      <p className="small dim">{tourWords.again}</p>
      <div className="row">
        <Button size="compact-xs" onClick={openAddEnvironment}>
          {tourWords.addOwn}
        </Button>
        <Button size="compact-xs" variant="default" onClick={onClose}>
          {tourWords.close}
        </Button>
      </div>
    </div>
  );
}
