import { Button, Modal, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
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
  useReturnFocus();
  const [passphrase, setPassphrase] = useState('');
  const unlocking = useAction(async () => {
    await backend().backups.unlock({ backup, passphrase });
    await refresh(readings.settings());
    onClose();
    onUnlocked?.();
  });
  return (
    <Modal opened onClose={onClose} title={<strong>{texts.passphraseOfTheBackups}</strong>}>
      <form
        className="column wide"
        onSubmit={(event) => {
          event.preventDefault();
          unlocking.run();
        }}
      >
        <PasswordInput
          label={texts.passphrase}
          description={texts.theKeyMadeFromIt}
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
        {unlocking.problem !== null && <ProblemNotice problem={unlocking.problem} urgent />}
        <div className="row">
          <Button variant="default" onClick={onClose}>
            {texts.cancel}
          </Button>
          <Button type="submit" className="push" disabled={passphrase === ''} loading={unlocking.busy}>
            {texts.useForThisSession}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
