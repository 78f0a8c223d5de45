import type { RestorePlan } from '../../../shared/model/restore.ts';
import { StageList, type StageView } from '../gate/StageList.tsx';
import { restoreTexts as texts } from './texts.ts';

interface RestoreStagesProps {
  readonly plan: RestorePlan;
  readonly backsUp: boolean;
  readonly blocked: boolean;
}

/** The way ahead: until the last stage the live database is untouched. */
export function RestoreStages({ plan, backsUp, blocked }: RestoreStagesProps) {
  const check: StageView = blocked
    ? { name: texts.check, glyph: '✕', tone: 'danger', say: texts.cannotStartAsItIs }
    : plan.hazards.length > 0
      ? { name: texts.check, glyph: '▲', tone: 'attention', say: texts.whatIsNewerIsLost }
      : { name: texts.check, glyph: '✓', tone: 'ok', say: texts.nothingStandsOut };
  const next = (name: string, say: string): StageView => ({ name, glyph: '○', tone: 'quiet', say });
  const swaps = plan.placement === 'swap';
  return (
    <StageList
      stages={[
        check,
        ...(swaps
          ? [
              backsUp
                ? next(texts.backUp, texts.whatIsThereNow2)
                : ({ name: texts.backUp, glyph: '⊘', tone: 'quiet', say: texts.keptAsideOnly } as const),
            ]
          : []),
        next(texts.restore, plan.placement === 'into' ? texts.intoTheNamedDatabase : texts.besideTheLiveOne),
        next(texts.verify, texts.objectsAndRows),
        swaps ? next(texts.swap, texts.theOneOfNowIs2) : next(texts.leave, texts.nothingIsReplaced),
      ]}
    />
  );
}
