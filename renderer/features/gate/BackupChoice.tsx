import { Checkbox } from '@mantine/core';
import type { Gate, GateAnswers } from './gate.ts';
import { gateTexts as texts } from './texts.ts';

interface BackupChoiceProps {
  readonly gate: Gate;
  readonly answers: GateAnswers;
  readonly change: (part: Partial<GateAnswers>) => void;
}

/** Whether a run other than a plain migration takes a backup before it. */
export function BackupChoice({ gate, answers, change }: BackupChoiceProps) {
  return (
    <Checkbox
      checked={answers.backup}
      onChange={(event) => change({ backup: event.currentTarget.checked })}
      label={texts.backUpFirst}
      description={gate.backup === 'none' ? texts.thisEnvironmentDoesNotAsk : texts.thisEnvironmentAsksForOne}
    />
  );
}
