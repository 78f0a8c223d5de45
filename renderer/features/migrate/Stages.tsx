import type { PlanView } from '../../../shared/contract/views.ts';
import { formatBytes, formatCount } from '../../format.ts';
import type { GateAnswers } from '../gate/gate.ts';
import { isBlocked, needsAttention } from './planFacts.ts';

/** The way ahead in four words, each with what is known of it now. */
export function Stages({ plan, answers }: { plan: PlanView; answers: GateAnswers }) {
  const risky = plan.steps.filter(needsAttention).length;
  const size = plan.backup?.estimatedBytes ?? null;
  const check = isBlocked(plan)
    ? { glyph: '✕', tone: 'danger', say: 'cannot start as it is' }
    : risky > 0
      ? { glyph: '▲', tone: 'attention', say: `${formatCount(risky, 'step')} to look at` }
      : { glyph: '✓', tone: 'ok', say: 'nothing stands out' };
  const backup = !answers.backup
    ? { glyph: '⊘', tone: plan.gate.backup === 'none' ? 'quiet' : 'attention', say: 'skipped' }
    : plan.backup?.problem != null
      ? { glyph: '✕', tone: 'danger', say: 'cannot be taken' }
      : { glyph: '○', tone: 'quiet', say: size === null ? 'size unknown' : `about ${formatBytes(size)} of data` };
  const verify = answers.backup
    ? { glyph: '○', tone: 'quiet', say: 'read to its end, counted' }
    : { glyph: '⊘', tone: 'quiet', say: 'no backup to verify' };
  const last = { glyph: '○', tone: 'quiet', say: formatCount(plan.steps.length, 'step') };
  const stages = [
    ['Check', check],
    ['Backup', backup],
    ['Verify', verify],
    [plan.direction === 'up' ? 'Migrate' : 'Roll back', last],
  ] as const;
  return (
    <ol className="panel stages" aria-label="Stages">
      {stages.map(([name, stage]) => (
        <li key={name}>
          <span className="name">
            <span className="mark bare" data-tone={stage.tone}>
              <span className="glyph" aria-hidden="true">
                {stage.glyph}
              </span>
            </span>
            {name}
          </span>
          <span className="say">{stage.say}</span>
        </li>
      ))}
    </ol>
  );
}
