import type { PlanView } from '../../../shared/contract/views.ts';
import { formatBytes, formatCount } from '../../format.ts';
import type { GateAnswers } from '../gate/gate.ts';
import { StageList, type StageView } from '../gate/StageList.tsx';
import { isBlocked, needsAttention } from './planFacts.ts';

/** The way ahead in four words, each with what is known of it now. */
export function Stages({ plan, answers }: { plan: PlanView; answers: GateAnswers }) {
  const risky = plan.steps.filter(needsAttention).length;
  const size = plan.backup?.estimatedBytes ?? null;
  const check: StageView = isBlocked(plan)
    ? { name: 'Check', glyph: '✕', tone: 'danger', say: 'cannot start as it is' }
    : risky > 0
      ? { name: 'Check', glyph: '▲', tone: 'attention', say: `${formatCount(risky, 'step')} to look at` }
      : { name: 'Check', glyph: '✓', tone: 'ok', say: 'nothing stands out' };
  const backup: StageView = !answers.backup
    ? { name: 'Backup', glyph: '⊘', tone: plan.gate.backup === 'none' ? 'quiet' : 'attention', say: 'skipped' }
    : plan.backup?.problem != null
      ? { name: 'Backup', glyph: '✕', tone: 'danger', say: 'cannot be taken' }
      : {
          name: 'Backup',
          glyph: '○',
          tone: 'quiet',
          say: size === null ? 'size unknown' : `about ${formatBytes(size)} of data`,
        };
  const verify: StageView = answers.backup
    ? { name: 'Verify', glyph: '○', tone: 'quiet', say: 'read to its end, counted' }
    : { name: 'Verify', glyph: '⊘', tone: 'quiet', say: 'no backup to verify' };
  const last: StageView = {
    name: plan.direction === 'up' ? 'Migrate' : 'Roll back',
    glyph: '○',
    tone: 'quiet',
    say: formatCount(plan.steps.length, 'step'),
  };
  return <StageList stages={[check, backup, verify, last]} />;
}
