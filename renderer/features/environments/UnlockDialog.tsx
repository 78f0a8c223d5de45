import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { backend } from '../../connection.ts';
import { invalidate } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { connectionTexts as texts } from './texts.ts';

/** Asks for a password that is kept for this session only. */
export function UnlockDialog({ summary, onClose }: { summary: EnvironmentSummary; onClose: () => void }) {
  const { environment, url } = summary;
  const [password, setPassword] = useState('');
  const unlocking = useAction(async () => {
    await backend().environments.unlock({ id: environment.id, password });
    invalidate((key) => key.includes(environment.id));
    onClose();
  });
  return (
    <DialogForm
      title={<EnvironmentName environment={environment} />}
      action={unlocking}
      words={{ submit: texts.useForThisSession, cancel: texts.cancel }}
      onClose={onClose}
    >
      <p className="second wrap">{url}</p>
      <PasswordInput
        label={texts.password}
        description={texts.keptInMemoryUntilLockkeeper}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="off"
        data-autofocus
      />
    </DialogForm>
  );
}
