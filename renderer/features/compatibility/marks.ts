import { type Suitability, suitabilityMarks } from '../../../shared/model/compatibility.ts';
import type { Mark, Tone } from '../../texts.ts';

const tones: Readonly<Record<Suitability | 'unknown', Tone>> = {
  suits: 'ok',
  tooOld: 'danger',
  tooNew: 'danger',
  unsaid: 'attention',
  unknown: 'unknown',
};

export const suitabilityMark = (suitability: Suitability | 'unknown'): Mark => ({
  ...suitabilityMarks[suitability],
  tone: tones[suitability],
});
