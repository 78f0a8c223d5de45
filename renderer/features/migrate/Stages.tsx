import type { PlanView } from '../../../shared/contract/views.ts';
import { notRehearsed } from '../../../shared/model/rehearsal.ts';
import { formatBytes, formatDuration } from '../../format.ts';
import type { GateAnswers } from '../gate/gate.ts';
import { StageList, type StageView } from '../gate/StageList.tsx';
import { isBlocked, needsAttention } from './planFacts.ts';
import { migrateTexts as texts } from './texts.ts';

/** Only where one is asked for, or there is one. */
function rehearsalStage({ gate, rehearsal }: PlanView, { accepted }: GateAnswers): readonly StageView[] {
  const name = texts.rehearse;
  if (gate.rehearsal !== undefined)
    return accepted.has(notRehearsed)
      ? [{ name, glyph: '⊘', tone: 'attention', say: texts.skipped }]
      : [{ name, glyph: '○', tone: 'attention', say: texts.stillNeeded }];
  if (rehearsal === null) return [];
  return rehearsal.outcome === 'passed'
    ? [{ name, glyph: '✓', tone: 'ok', say: texts.passedIn(formatDuration(rehearsal.durationMs)) }]
    : [{ name, glyph: '✕', tone: 'danger', say: texts.failed }];
}

/** The way ahead in a few words, each with what is known of it now. */
export function Stages({ plan, answers }: { plan: PlanView; answers: GateAnswers }) {
  const risky = plan.steps.filter(needsAttention).length;
  const size = plan.backup?.estimatedBytes ?? null;
  const check: StageView = isBlocked(plan)
    ? { name: texts.check, glyph: '✕', tone: 'danger', say: texts.cannotStartAsItIs }
    : risky > 0
      ? { name: texts.check, glyph: '▲', tone: 'attention', say: texts.toLookAt(texts.steps2(risky)) }
      : { name: texts.check, glyph: '✓', tone: 'ok', say: texts.nothingStandsOut };
  const backup: StageView = !answers.backup
    ? { name: texts.backup, glyph: '⊘', tone: plan.gate.backup === 'none' ? 'quiet' : 'attention', say: texts.skipped }
    : plan.backup?.problem != null
      ? { name: texts.backup, glyph: '✕', tone: 'danger', say: texts.cannotBeTaken }
      : {
          name: texts.backup,
          glyph: '○',
          tone: 'quiet',
          say: size === null ? texts.sizeUnknown : texts.aboutOfData(formatBytes(size)),
        };
  const verify: StageView = answers.backup
    ? {
        name: texts.verify,
        glyph: '○',
        tone: 'quiet',
        say: plan.gate.backup === 'proven' ? texts.restoredAndCompared : texts.readToItsEndCounted,
      }
    : { name: texts.verify, glyph: '⊘', tone: 'quiet', say: texts.noBackupToVerify };
  const last: StageView = {
    name: plan.direction === 'up' ? texts.migrate : texts.rollBack,
    glyph: '○',
    tone: 'quiet',
    say: texts.steps2(plan.steps.length),
  };
  return <StageList stages={[check, ...rehearsalStage(plan, answers), backup, verify, last]} />;
}
