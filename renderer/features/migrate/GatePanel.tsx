import { Checkbox, Textarea, TextInput } from '@mantine/core';
import type { PlanView } from '../../../shared/contract/views.ts';
import { hazardWords } from '../../components/HazardChips.tsx';
import { type GateAnswers, hazardsToAccept, reasonNeeded } from './planFacts.ts';

interface GatePanelProps {
  readonly plan: PlanView;
  readonly answers: GateAnswers;
  readonly change: (part: Partial<GateAnswers>) => void;
}

/** What the environment's protection wants from the person before the run. */
export function GatePanel({ plan, answers, change }: GatePanelProps) {
  const hazards = hazardsToAccept(plan);
  const accept = (code: string, yes: boolean): void => {
    const accepted = new Set(answers.accepted);
    if (yes) accepted.add(code);
    else accepted.delete(code);
    change({ accepted });
  };
  const needsReason = reasonNeeded(plan, answers);
  return (
    <section className="panel" aria-label="Before it starts">
      <div className="panel-head">
        <h2>Before it starts</h2>
      </div>
      <div className="panel-body column wide">
        {hazards.map(({ code, hazard, versions }) => (
          <div key={code} className="accept">
            <Checkbox
              checked={answers.accepted.has(code)}
              onChange={(event) => accept(code, event.currentTarget.checked)}
              label={<strong>I accept: {hazardWords(code)}</strong>}
              description={`${versions.join(', ')}: ${hazard?.message ?? ''}`}
            />
          </div>
        ))}
        <Textarea
          label={needsReason ? 'Reason' : 'Reason (optional)'}
          description="Recorded in the history with your name."
          value={answers.reason}
          onChange={(event) => change({ reason: event.currentTarget.value })}
          required={needsReason}
          maxLength={2000}
          autosize
          minRows={2}
        />
        {plan.gate.typedName !== null && (
          <TextInput
            label={
              <>
                Type <span className="mono">{plan.gate.typedName}</span> to confirm
              </>
            }
            value={answers.typed}
            onChange={(event) => change({ typed: event.currentTarget.value })}
            error={
              answers.typed !== '' && !plan.gate.typedName.startsWith(answers.typed) ? 'This is another name' : null
            }
            autoComplete="off"
            spellCheck={false}
            required
          />
        )}
        {plan.steps.length > 1 && (
          <Checkbox
            checked={answers.continueOnError}
            onChange={(event) => change({ continueOnError: event.currentTarget.checked })}
            label="Go on after a step that fails"
            description="Usually the first failure ends the run."
          />
        )}
      </div>
    </section>
  );
}
