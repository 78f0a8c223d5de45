/** The rehearsal of a plan before it runs: what is known of it, what is missing, and the way to it. */
import { Checkbox } from '@mantine/core';
import type { EnvironmentSummary, PlanView } from '../../../shared/contract/views.ts';
import type { Target } from '../../../shared/model/plan.ts';
import { rowsLost } from '../../../shared/model/plan.ts';
import { notRehearsed } from '../../../shared/model/rehearsal.ts';
import { Mark } from '../../components/Mark.tsx';
import { Moment } from '../../components/Time.tsx';
import { formatDuration } from '../../format.ts';
import { formatRoute } from '../../router.ts';
import { type GateAnswers, withAccepted } from '../gate/gate.ts';
import { RehearseButton } from './RehearseButton.tsx';
import { RehearsingNow } from './RehearsingNow.tsx';
import { copyWords } from './rehearsalFacts.ts';
import { rehearsalTexts as texts } from './texts.ts';
import { useRehearsing } from './useRehearsing.ts';

interface GateRehearsalProps {
  readonly summary: EnvironmentSummary;
  readonly plan: PlanView;
  readonly target: Target;
  readonly answers: GateAnswers;
  readonly change: (part: Partial<GateAnswers>) => void;
}

export function GateRehearsal({ summary, plan, target, answers, change }: GateRehearsalProps) {
  const rehearsing = useRehearsing(
    summary,
    target,
    [...answers.accepted].filter((code) => code === rowsLost),
  );
  const { rehearsalHours } = summary.environment.protection;
  const missing = plan.gate.rehearsal ?? null;
  const possible = missing?.code !== 'gate.unrehearsable';
  return (
    <section className="panel" aria-label={texts.rehearsal}>
      <div className="panel-head">
        <h2>{texts.rehearsal}</h2>
        <span className="push small dim">
          {rehearsalHours === null ? texts.notRequired : texts.oneOfTheLastH(rehearsalHours)}
        </span>
      </div>
      <div className="panel-body column wide">
        <Known plan={plan} />
        {missing !== null && <p className="second">{missing.message}</p>}
        <RehearsingNow rehearsing={rehearsing} environment={summary.environment} />
        {possible && (
          <RehearseButton
            summary={summary}
            rehearsing={rehearsing}
            label={plan.rehearsal === null ? texts.rehearse : texts.rehearseAgain}
            primary={missing !== null}
          />
        )}
        {missing !== null && (
          <Checkbox
            checked={answers.accepted.has(notRehearsed)}
            onChange={(event) =>
              change({ accepted: withAccepted(answers.accepted, notRehearsed, event.currentTarget.checked) })
            }
            label={texts.goOnWithoutARehearsal}
            description={texts.aReasonIsNeededAnd}
          />
        )}
      </div>
    </section>
  );
}

function Known({ plan: { rehearsal, gate } }: { plan: PlanView }) {
  if (rehearsal === null)
    return gate.rehearsal === undefined ? <p className="second">{texts.neverRehearsedAsItIs}</p> : null;
  const passed = rehearsal.outcome === 'passed';
  return (
    <p className="row wraps" style={{ gap: '2px 10px' }}>
      <Mark
        mark={
          passed ? { glyph: '✓', word: texts.passed, tone: 'ok' } : { glyph: '✕', word: texts.failed, tone: 'danger' }
        }
      />
      <span className="second">
        <Moment at={rehearsal.at} />
        {texts.on(formatDuration(rehearsal.durationMs), copyWords[rehearsal.copy])}
      </span>
      <a className="link" href={formatRoute({ screen: 'rehearsal', id: rehearsal.id })}>
        {texts.whatWasSeen}
      </a>
    </p>
  );
}
