import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';

/** Makes the demo where it is missing, and shows the tour of it. */
export async function beginTour(): Promise<void> {
  await backend().tour.begin();
  await Promise.all([refresh(readings.environments()), refresh(readings.tour())]);
}
