import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Environment } from '../../../shared/model/environment.ts';
import { Keys } from '../../commands/Keys.tsx';
import { useCommand } from '../../commands/useCommand.ts';
import { TierWord } from '../../components/EnvironmentName.tsx';
import './gate.css';
import { gateTexts as texts } from './texts.ts';

interface StartBarProps {
  readonly environment: Environment;
  /** Verb, count and target: `Migrate 3 on acme-prod`. */
  readonly label: string;
  /** Why it can never start as it is; null when it can. */
  readonly blocked: string | null;
  /** What is still needed, in words. */
  readonly open: readonly string[];
  readonly busy: boolean;
  readonly onStart: () => void;
  readonly onCancel: () => void;
}

/** Cancel has the focus first; start stands at the other end and says verb, count and target. */
export function StartBar({ environment, label, blocked, open, busy, onStart, onCancel }: StartBarProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus({ preventScroll: true }), []);
  const ready = blocked === null && open.length === 0;
  useCommand('plan.start', onStart, { enabled: ready && !busy, title: label, environment });
  return (
    <section className="start-bar" aria-label={texts.start} data-colour={environment.colour}>
      <Button ref={cancel} variant="default" onClick={onCancel}>
        {texts.cancel}
      </Button>
      <strong>{environment.name}</strong>
      <TierWord tier={environment.tier} />
      <span className="push second small still" role="status">
        {blocked ?? (open.length > 0 ? texts.stillNeeded(open.join(', ')) : '')}
      </span>
      {ready && <Keys keys="mod+Enter" />}
      <Button disabled={!ready} loading={busy} onClick={onStart}>
        {label}
      </Button>
    </section>
  );
}
