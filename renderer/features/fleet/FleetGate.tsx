import { Checkbox, TextInput } from '@mantine/core';
import { hazardWords } from '../../components/HazardChips.tsx';
import { ReasonField } from '../../components/ReasonField.tsx';
import { TypedName } from '../gate/GatePanel.tsx';
import { withAccepted } from '../gate/gate.ts';
import type { FleetAnswers, FleetAsked } from './fleetGate.ts';
import { fleetTexts as texts } from './texts.ts';

interface FleetGateProps {
  readonly asked: FleetAsked;
  readonly rehearses: boolean;
  readonly answers: FleetAnswers;
  readonly change: (part: Partial<FleetAnswers>) => void;
}

/** What the members' protection wants from the person: once for all, and never less than one of them alone would. */
export function FleetGate({ asked, rehearses, answers, change }: FleetGateProps) {
  return (
    <section className="panel" aria-label={texts.beforeItStarts}>
      <div className="panel-head">
        <h2>{texts.beforeItStarts}</h2>
      </div>
      <div className="panel-body column wide">
        <TextInput
          label={texts.name}
          description={texts.nameWhy}
          value={answers.name}
          maxLength={200}
          required
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        {asked.refused > 0 && <Warning>{texts.refusedOnes(asked.refused)}</Warning>}
        {asked.rehearsalsMissing > 0 && !rehearses && (
          <Warning>{texts.rehearsalsMissing(asked.rehearsalsMissing)}</Warning>
        )}
        {asked.hazards.map(([code, members]) => (
          <div key={code} className="accept">
            <Checkbox
              checked={answers.accepted.has(code)}
              onChange={(event) =>
                change({ accepted: withAccepted(answers.accepted, code, event.currentTarget.checked) })
              }
              label={
                <strong>
                  {texts.accept}
                  {hazardWords(code)}
                </strong>
              }
              description={texts.onMembers(members)}
            />
          </div>
        ))}
        <ReasonField
          label={asked.reason ? texts.reason : texts.reasonOptional}
          description={texts.reasonWhy}
          value={answers.reason}
          onChange={(reason) => change({ reason })}
          required={asked.reason}
        />
        {asked.confirmation !== null && (
          <>
            <p className="second small">{texts.protectedMembers(asked.confirmed)}</p>
            <TypedName name={asked.confirmation} value={answers.typed} onChange={(typed) => change({ typed })} />
          </>
        )}
      </div>
    </section>
  );
}

function Warning({ children }: { children: string }) {
  return (
    <p className="mark small" data-tone="attention">
      <span className="glyph" aria-hidden="true">
        ▲
      </span>
      <span className="wrap">{children}</span>
    </p>
  );
}
