import type { RestorePlan } from '../../../shared/model/restore.ts';
import { StageList, type StageView } from '../gate/StageList.tsx';

interface RestoreStagesProps {
  readonly plan: RestorePlan;
  readonly backsUp: boolean;
  readonly blocked: boolean;
}

/** The way ahead: until the last stage the live database is untouched. */
export function RestoreStages({ plan, backsUp, blocked }: RestoreStagesProps) {
  const check: StageView = blocked
    ? { name: 'Check', glyph: '✕', tone: 'danger', say: 'cannot start as it is' }
    : plan.hazards.length > 0
      ? { name: 'Check', glyph: '▲', tone: 'attention', say: 'what is newer is lost' }
      : { name: 'Check', glyph: '✓', tone: 'ok', say: 'nothing stands out' };
  const next = (name: string, say: string): StageView => ({ name, glyph: '○', tone: 'quiet', say });
  const swaps = plan.placement === 'swap';
  return (
    <StageList
      stages={[
        check,
        ...(swaps
          ? [
              backsUp
                ? next('Back up', 'what is there now')
                : ({ name: 'Back up', glyph: '⊘', tone: 'quiet', say: 'kept aside only' } as const),
            ]
          : []),
        next('Restore', plan.placement === 'into' ? 'into the named database' : 'beside the live one'),
        next('Verify', 'objects and rows'),
        swaps ? next('Swap', 'the one of now is kept') : next('Leave', 'nothing is replaced'),
      ]}
    />
  );
}
