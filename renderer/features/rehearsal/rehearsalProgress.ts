/** Apart from the other words of rehearsals, since lists of runs need these alone. */
import type { RehearsalProgress } from '../../../shared/model/run.ts';

const wayWords: Readonly<Record<RehearsalProgress['way'], string>> = {
  forth: 'Trying',
  back: 'Rolling back',
  again: 'Applying again',
};

export const rehearsalProgressWords = ({ way, version, position, of }: RehearsalProgress): string =>
  `${wayWords[way]} ${version}, ${position} of ${of}`;
