import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { DialogForm } from '../../components/DialogForm.tsx';
import { backend } from '../../connection.ts';
import { useAction } from '../../useAction.ts';
import { closeUnlock, roleChanged, useRole } from './roleStatus.ts';
import { roleTexts as texts } from './texts.ts';

export default function UnlockDialog() {
  const minutes = useRole()?.unlockMinutes ?? 15;
  const [passphrase, setPassphrase] = useState('');
  const unlocking = useAction(async () => {
    try {
      await backend().roles.unlock({ passphrase });
    } finally {
      setPassphrase('');
    }
    await roleChanged();
    closeUnlock();
  });
  return (
    <DialogForm
      title={texts.unlockTitle}
      action={unlocking}
      ready={passphrase !== ''}
      words={{ submit: texts.unlock, cancel: texts.cancel }}
      onClose={closeUnlock}
    >
      <PasswordInput
        label={texts.passphrase}
        description={texts.lockedFor(minutes)}
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
        autoComplete="current-password"
        data-autofocus
        required
      />
    </DialogForm>
  );
}
