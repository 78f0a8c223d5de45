import { Checkbox, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { filled } from '../../components/filled.tsx';
import { hazardWords } from '../../components/HazardChips.tsx';
import { ReasonField } from '../../components/ReasonField.tsx';
import { type Gate, type GateAnswers, needsReason, withAccepted } from './gate.ts';
import { gateTexts as texts } from './texts.ts';

interface GatePanelProps {
  readonly gate: Gate;
  /** What accepting a code means. */
  readonly meaningOf: (code: string) => string;
  readonly answers: GateAnswers;
  readonly change: (part: Partial<GateAnswers>) => void;
  /** Further questions of this kind of run. */
  readonly children?: ReactNode;
}

/** What the environment's protection wants from the person before the run. */
export function GatePanel({ gate, meaningOf, answers, change, children }: GatePanelProps) {
  const accept = (code: string, yes: boolean): void => change({ accepted: withAccepted(answers.accepted, code, yes) });
  const reasoned = needsReason(gate, answers);
  return (
    <section className="panel" aria-label={texts.beforeItStarts}>
      <div className="panel-head">
        <h2>{texts.beforeItStarts}</h2>
      </div>
      <div className="panel-body column wide">
        {gate.hazardsToAccept.map((code) => (
          <div key={code} className="accept">
            <Checkbox
              checked={answers.accepted.has(code)}
              onChange={(event) => accept(code, event.currentTarget.checked)}
              label={
                <strong>
                  {texts.iAccept} {hazardWords(code)}
                </strong>
              }
              description={meaningOf(code)}
            />
          </div>
        ))}
        <ReasonField
          label={reasoned ? texts.reason : texts.reasonOptional}
          description={texts.recordedInTheHistoryWith}
          value={answers.reason}
          onChange={(reason) => change({ reason })}
          required={reasoned}
        />
        {gate.typedName !== null && (
          <TypedName name={gate.typedName} value={answers.typed} onChange={(typed) => change({ typed })} />
        )}
        {children}
      </div>
    </section>
  );
}

interface TypedNameProps {
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function TypedName({ name, value, onChange }: TypedNameProps) {
  return (
    <TextInput
      label={filled(texts.typeToConfirm, { name: <span className="mono">{name}</span> })}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={value !== '' && !name.startsWith(value) ? texts.thisIsAnotherName : null}
      autoComplete="off"
      spellCheck={false}
      required
    />
  );
}
