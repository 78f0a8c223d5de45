/** The tour of the demo, beside the real screens: what is little of it comes with the first page, its panel when it is wanted. */
import { lazy, Suspense } from 'react';
import { useCommand } from '../../commands/useCommand.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { beginTour } from './beginTour.ts';

const TourPanel = lazy(() => import('./TourPanel.tsx'));

export function Tour() {
  const tour = useResource(readings.tour()).data?.tour ?? null;
  const beginning = useAction(beginTour);
  useCommand('tour.begin', beginning.run);
  return (
    <>
      {beginning.problem !== null && <ProblemNotice problem={beginning.problem} urgent />}
      {tour !== null && tour.state !== 'off' && (
        <Suspense fallback={null}>
          <TourPanel tour={tour} />
        </Suspense>
      )}
    </>
  );
}
