import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { DialogForm } from '../../components/DialogForm.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { backupTexts as texts } from './texts.ts';

interface UnlockKeyProps {
  /** The backup whose key it is; null: the key that new backups get. */
  readonly backup: string | null;
  readonly onClose: () => void;
  readonly onUnlocked?: () => void;
}

/** Asks for the passphrase of encrypted backups, for this session only. */
export function UnlockKey({ backup, onClose, onUnlocked }: UnlockKeyProps) {
  const [passphrase, setPassphrase] = useState('');
  const unlocking = useAction(async () => {
    await backend().backups.unlock({ backup, passphrase });
    await refresh(readings.settings());
    onClose();
    onUnlocked?.();
  });
  return (
    <DialogForm
      title={texts.passphraseOfTheBackups}
      action={unlocking}
      ready={passphrase !== ''}
      words={{ submit: texts.useForThisSession, cancel: texts.cancel }}
      onClose={onClose}
    >
      <PasswordInput
        label={texts.passphrase}
        description={texts.theKeyMadeFromIt}
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
        autoComplete="off"
        data-autofocus
      />
    </DialogForm>
  );
}
