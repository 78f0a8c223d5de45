import type { HazardRule } from '../../../engine/hazards.ts';
import type { Demand } from '../alteration.ts';
import { algorithms, type Cost, lockLevels } from '../cost.ts';
import { usedChange } from './changes.ts';
import type { Parsed } from './reading.ts';

/** What it demands cannot be: the run would stop here, with everything before it committed. */
export const algorithmRefused: HazardRule<Parsed> = {
  code: 'algorithmRefused',
  category: 'notTransactional',
  look(parsed, context) {
    const used = usedChange(parsed, context);
    if (used === null || parsed.change === null || !used.cost.certain) return null;
    const { algorithm, lock } = parsed.change.alteration;
    const refused =
      tooMuch(algorithm, used.cost, parsed.server.isMariadb(0, 0)) ?? lockTooFree(lock, algorithm, used.cost);
    if (refused === null) return null;
    return {
      severity: 'warning',
      message: `The server will refuse ${refused}: this change of ${used.table.name} takes ALGORITHM=${used.cost.algorithm}, LOCK=${used.cost.lock}. What ran before it stays.`,
      remedy: 'Demand what it takes, or find another way to make the change.',
    };
  },
};

function tooMuch(demand: Demand | null, cost: Cost, isMariadb: boolean): string | null {
  const wanted = (algorithms as readonly string[]).indexOf(demand?.value ?? '');
  const needed = algorithms.indexOf(cost.algorithm === 'NOCOPY' && !isMariadb ? 'INPLACE' : cost.algorithm);
  return wanted >= 0 && wanted < needed ? `ALGORITHM=${demand?.value ?? ''}` : null;
}

/** A dearer algorithm locks more than the best one, which is not judged here. */
function lockTooFree(demand: Demand | null, algorithm: Demand | null, cost: Cost): string | null {
  if (algorithm !== null && algorithm.value !== cost.algorithm) return null;
  const wanted = (lockLevels as readonly string[]).indexOf(demand?.value ?? '');
  return wanted >= 0 && wanted < lockLevels.indexOf(cost.lock) ? `LOCK=${demand?.value ?? ''}` : null;
}
