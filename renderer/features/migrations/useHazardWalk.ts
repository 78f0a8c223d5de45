/** Going from hazard to hazard of a script, in the order of its lines. */
import { useState } from 'react';
import type { Hazard } from '../../../shared/model/plan.ts';
import { useCommand } from '../../commands/useCommand.ts';
import { hazardWords } from '../../components/HazardChips.tsx';
import { announce } from '../../components/LiveRegion.tsx';

export interface HazardWalk {
  /** The one that was gone to last; null: none yet. */
  readonly current: Hazard | null;
  /** Its line; each time it is gone to, another object. */
  readonly at: { readonly line: number } | null;
  go(to: Hazard): void;
}

export function useHazardWalk(hazards: readonly Hazard[], onGo: () => void): HazardWalk {
  const [gone, setGone] = useState<{ readonly hazard: Hazard; readonly at: { readonly line: number } } | null>(null);
  const walked = hazards
    .filter(({ line }) => line !== null)
    .toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
  const go = (hazard: Hazard | undefined): void => {
    if (hazard === undefined || hazard.line === null) return;
    setGone({ hazard, at: { line: hazard.line } });
    onGo();
    announce(`Line ${hazard.line}, ${hazardWords(hazard.code)}: ${hazard.message}`);
  };
  const position = gone === null ? -1 : walked.indexOf(gone.hazard);
  const enabled = walked.length > 0;
  useCommand('hazard.previous', () => go(walked[position <= 0 ? walked.length - 1 : position - 1]), { enabled });
  useCommand('hazard.next', () => go(walked[(position + 1) % walked.length]), { enabled });
  return { current: gone?.hazard ?? null, at: gone?.at ?? null, go };
}
