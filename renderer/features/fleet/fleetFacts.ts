/** What pages of fleets make of members. Pure. */
import { type Tier, tiers } from '../../../shared/model/environment.ts';
import { type FleetMember, hasFailed, isSettled } from '../../../shared/model/fleet.ts';
import type { StageView } from '../gate/StageList.tsx';
import { fleetTexts as texts } from './texts.ts';

const rank: Readonly<Record<FleetMember['state'], number>> = {
  interrupted: 0,
  failed: 1,
  refused: 2,
  running: 3,
  cancelled: 4,
  waiting: 5,
  succeeded: 6,
  upToDate: 7,
};

/** What needs somebody first, then what goes on; each in its order. */
export const failedFirst = (members: readonly FleetMember[]): readonly FleetMember[] =>
  members.toSorted((left, right) => rank[left.state] - rank[right.state]);

/** Each tier that has members, with how far it is. */
export const stagesOf = (members: readonly FleetMember[]): readonly StageView[] =>
  tiersOf(members).map((tier) => {
    const all = members.filter((member) => member.tier === tier);
    const failed = all.filter(hasFailed).length;
    const done = all.filter(isSettled).length;
    const running = all.some(({ state }) => state === 'running');
    return {
      name: texts.tier(tier),
      ...(failed > 0
        ? { glyph: '✕', tone: 'danger' }
        : done === all.length
          ? { glyph: '✓', tone: 'ok' }
          : running
            ? { glyph: '◐', tone: 'running' }
            : { glyph: '○', tone: 'quiet' }),
      say: texts.stageSay(done, all.length, failed),
    };
  });

/** The same of what was not begun. */
export const stagesAhead = (members: readonly { readonly tier: Tier }[], canary: number): readonly StageView[] =>
  tiersOf(members).map((tier) => {
    const count = members.filter((member) => member.tier === tier).length;
    return {
      name: texts.tier(tier),
      glyph: '○',
      tone: 'quiet',
      say: texts.stageAhead(count, Math.min(canary, count - 1)),
    };
  });

const tiersOf = (members: readonly { readonly tier: Tier }[]): readonly Tier[] =>
  tiers.filter((tier) => members.some((member) => member.tier === tier));

export const isFailedState = ({ state }: FleetMember): boolean => state === 'failed' || state === 'refused';
