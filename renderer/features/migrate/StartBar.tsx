import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { PlanView } from '../../../shared/contract/views.ts';
import type { Environment } from '../../../shared/model/environment.ts';
import { Keys } from '../../commands/Keys.tsx';
import { useCommand } from '../../commands/useCommand.ts';
import { TierWord } from '../../components/EnvironmentName.tsx';
import { type GateAnswers, isBlocked, openQuestions, planLabel } from './planFacts.ts';

interface StartBarProps {
  readonly environment: Environment;
  readonly plan: PlanView;
  readonly answers: GateAnswers;
  readonly busy: boolean;
  readonly onStart: () => void;
  readonly onCancel: () => void;
}

/** Cancel has the focus first; start stands at the other end and says verb, count and target. */
export function StartBar({ environment, plan, answers, busy, onStart, onCancel }: StartBarProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus({ preventScroll: true }), []);
  const open = openQuestions(plan, answers);
  const ready = !isBlocked(plan) && plan.steps.length > 0 && open.length === 0;
  const label = answers.backup ? `Back up, then ${lowerFirst(planLabel(plan))}` : planLabel(plan);
  useCommand('plan.start', onStart, { enabled: ready && !busy, title: label });
  return (
    <section className="start-bar" aria-label="Start" data-colour={environment.colour}>
      <Button ref={cancel} variant="default" onClick={onCancel}>
        Cancel
      </Button>
      <strong>{environment.name}</strong>
      <TierWord tier={environment.tier} />
      <span className="push second small still" role="status">
        {isBlocked(plan) ? 'This plan cannot be started' : open.length > 0 ? `Still needed: ${open.join(', ')}` : ''}
      </span>
      {ready && <Keys keys="mod+Enter" />}
      <Button disabled={!ready} loading={busy} onClick={onStart}>
        {label}
      </Button>
    </section>
  );
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
