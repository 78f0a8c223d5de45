/** The rehearsal of a plan before it runs: what is known of it, what is missing, and the way to it. */
import { Checkbox } from '@mantine/core';
import type { EnvironmentSummary, PlanView } from '../../../shared/contract/views.ts';
import type { Target } from '../../../shared/model/plan.ts';
import { notRehearsed } from '../../../shared/model/rehearsal.ts';
import { Mark } from '../../components/Mark.tsx';
import { Moment } from '../../components/Time.tsx';
import { formatDuration } from '../../format.ts';
import { formatRoute } from '../../router.ts';
import { type GateAnswers, withAccepted } from '../gate/gate.ts';
import { RehearseButton } from './RehearseButton.tsx';
import { RehearsingNow } from './RehearsingNow.tsx';
import { copyWords } from './rehearsalFacts.ts';
import { useRehearsing } from './useRehearsing.ts';

interface GateRehearsalProps {
  readonly summary: EnvironmentSummary;
  readonly plan: PlanView;
  readonly target: Target;
  readonly answers: GateAnswers;
  readonly change: (part: Partial<GateAnswers>) => void;
}

export function GateRehearsal({ summary, plan, target, answers, change }: GateRehearsalProps) {
  const rehearsing = useRehearsing(summary, target);
  const { rehearsalHours } = summary.environment.protection;
  const missing = plan.gate.rehearsal ?? null;
  const possible = missing?.code !== 'gate.unrehearsable';
  return (
    <section className="panel" aria-label="Rehearsal">
      <div className="panel-head">
        <h2>Rehearsal</h2>
        <span className="push small dim">
          {rehearsalHours === null ? 'Not required' : `One of the last ${rehearsalHours} h is required`}
        </span>
      </div>
      <div className="panel-body column wide">
        <Known plan={plan} />
        {missing !== null && <p className="second">{missing.message}</p>}
        <RehearsingNow rehearsing={rehearsing} />
        {possible && (
          <RehearseButton
            summary={summary}
            rehearsing={rehearsing}
            label={plan.rehearsal === null ? 'Rehearse' : 'Rehearse again'}
            primary={missing !== null}
          />
        )}
        {missing !== null && (
          <Checkbox
            checked={answers.accepted.has(notRehearsed)}
            onChange={(event) =>
              change({ accepted: withAccepted(answers.accepted, notRehearsed, event.currentTarget.checked) })
            }
            label="Go on without a rehearsal"
            description="A reason is needed and recorded with your name."
          />
        )}
      </div>
    </section>
  );
}

function Known({ plan: { rehearsal, gate } }: { plan: PlanView }) {
  if (rehearsal === null)
    return gate.rehearsal === undefined ? <p className="second">Never rehearsed as it is now.</p> : null;
  const passed = rehearsal.outcome === 'passed';
  return (
    <p className="row wraps" style={{ gap: '2px 10px' }}>
      <Mark
        mark={passed ? { glyph: '✓', word: 'Passed', tone: 'ok' } : { glyph: '✕', word: 'Failed', tone: 'danger' }}
      />
      <span className="second">
        <Moment at={rehearsal.at} />, {formatDuration(rehearsal.durationMs)} on {copyWords[rehearsal.copy]}
      </span>
      <a className="link" href={formatRoute({ screen: 'rehearsal', id: rehearsal.id })}>
        What was seen
      </a>
    </p>
  );
}
