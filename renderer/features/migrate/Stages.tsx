import type { PlanView } from '../../../shared/contract/views.ts';
import { notRehearsed } from '../../../shared/model/rehearsal.ts';
import { formatBytes, formatCount, formatDuration } from '../../format.ts';
import type { GateAnswers } from '../gate/gate.ts';
import { StageList, type StageView } from '../gate/StageList.tsx';
import { isBlocked, needsAttention } from './planFacts.ts';

/** Only where one is asked for, or there is one. */
function rehearsalStage({ gate, rehearsal }: PlanView, { accepted }: GateAnswers): readonly StageView[] {
  const name = 'Rehearse';
  if (gate.rehearsal !== undefined)
    return accepted.has(notRehearsed)
      ? [{ name, glyph: '⊘', tone: 'attention', say: 'skipped' }]
      : [{ name, glyph: '○', tone: 'attention', say: 'still needed' }];
  if (rehearsal === null) return [];
  return rehearsal.outcome === 'passed'
    ? [{ name, glyph: '✓', tone: 'ok', say: `passed in ${formatDuration(rehearsal.durationMs)}` }]
    : [{ name, glyph: '✕', tone: 'danger', say: 'failed' }];
}

/** The way ahead in a few words, each with what is known of it now. */
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
    ? {
        name: 'Verify',
        glyph: '○',
        tone: 'quiet',
        say: plan.gate.backup === 'proven' ? 'restored and compared' : 'read to its end, counted',
      }
    : { name: 'Verify', glyph: '⊘', tone: 'quiet', say: 'no backup to verify' };
  const last: StageView = {
    name: plan.direction === 'up' ? 'Migrate' : 'Roll back',
    glyph: '○',
    tone: 'quiet',
    say: formatCount(plan.steps.length, 'step'),
  };
  return <StageList stages={[check, ...rehearsalStage(plan, answers), backup, verify, last]} />;
}
