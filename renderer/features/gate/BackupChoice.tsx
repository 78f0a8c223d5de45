import { Checkbox } from '@mantine/core';
import type { Gate, GateAnswers } from './gate.ts';

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
      label="Back up first"
      description={
        gate.backup === 'none'
          ? 'This environment does not ask for one.'
          : 'This environment asks for one; without it the reason above stands for it.'
      }
    />
  );
}
